#include "planner/row_types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "dsl/sql.hpp"
#include "dsl/sql_lexer.hpp"
#include "planner/draft.hpp"

namespace segue::planner {

namespace {

using dsl::sql::next_token;
using dsl::sql::Token;
using dsl::sql::TokenKind;

std::string function_text(const Function& function) {
  return fmt::format("function {}({})", quoted(function.name), function.arguments);
}

}  // namespace

// PostgreSQL prints a user type with its schema, and none of its own with one.
std::vector<QualifiedName> types_named(const std::string& printed) {
  std::vector<QualifiedName> names;
  if (printed.find('.') == std::string::npos) return names;
  const auto name_of = [&](const Token& token) -> std::optional<std::string> {
    if (token.kind != TokenKind::identifier && token.kind != TokenKind::quoted_identifier)
      return std::nullopt;
    return dsl::sql::identifier_name(
        std::string_view(printed).substr(token.begin, token.end - token.begin));
  };
  std::optional<std::string> schema;
  bool dot = false;
  for (Token token = next_token(printed, 0); token.kind != TokenKind::end;
       token = next_token(printed, token.end)) {
    const auto name = name_of(token);
    if (name && dot && schema) names.push_back({*schema, *name});
    dot = !name && schema && printed[token.begin] == '.';
    if (!dot) schema = name;
  }
  return names;
}

bool names_type(const std::string& printed, const QualifiedName& type) {
  const auto names = types_named(printed);
  return std::find(names.begin(), names.end(), type) != names.end();
}

std::string column_of_rows(const CatalogIndex& catalog, const QualifiedName& relation) {
  std::vector<QualifiedName> holders{relation};
  std::set<QualifiedName> seen{relation};
  for (std::size_t at = 0; at < holders.size(); ++at) {
    for (const CatalogIndex::Made& made : catalog.made_of(holders[at])) {
      if (made.column != nullptr)
        return fmt::format("{}.{}", quoted(made.table->name),
                           dsl::sql::quote_identifier(made.column->name));
      if (seen.insert(made.type->name).second) holders.push_back(made.type->name);
    }
  }
  return {};
}

bool rows_held_elsewhere(const CatalogIndex& catalog, const Table& root) {
  const std::vector<const Table*> tree = tree_of(catalog, root);
  return std::any_of(tree.begin(), tree.end(), [&](const Table* table) {
    return !column_of_rows(catalog, table->name).empty();
  });
}

std::string user_of_view(const CatalogIndex& catalog, const View& view) {
  const auto& bodies = catalog.bodies_over(view.name);
  if (!bodies.empty()) return function_text(*bodies.front());
  for (const Function& function : catalog.catalog().functions) {
    if (names_type(function.arguments, view.name) || names_type(function.returns, view.name))
      return function_text(function);
  }
  for (const CatalogIndex::Made& made : catalog.made_of(view.name)) {
    if (made.type != nullptr) return "type " + quoted(made.type->name);
  }
  const std::string column = column_of_rows(catalog, view.name);
  return column.empty() ? "" : "column " + column;
}

}  // namespace segue::planner
