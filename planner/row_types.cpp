#include "planner/row_types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "dsl/sql.hpp"
#include "dsl/sql_lexer.hpp"
#include "planner/draft.hpp"

namespace segue::planner {

bool names_type(const std::string& printed, const QualifiedName& type) {
  using dsl::sql::next_token;
  using dsl::sql::quote_identifier;
  using dsl::sql::TokenKind;
  const auto is = [&](const dsl::sql::Token& token, const std::string& name) {
    const bool word =
        token.kind == TokenKind::identifier || token.kind == TokenKind::quoted_identifier;
    return word && printed.substr(token.begin, token.end - token.begin) == quote_identifier(name);
  };
  for (auto token = next_token(printed, 0); token.kind != TokenKind::end;
       token = next_token(printed, token.end)) {
    if (!is(token, type.schema)) continue;
    const auto dot = next_token(printed, token.end);
    if (dot.kind == TokenKind::end || printed[dot.begin] != '.') continue;
    if (is(next_token(printed, dot.end), type.name)) return true;
  }
  return false;
}

std::string column_of_rows(const Catalog& catalog, const QualifiedName& relation) {
  std::vector<QualifiedName> holders{relation};
  std::set<QualifiedName> seen{relation};
  for (std::size_t at = 0; at < holders.size(); ++at) {
    for (const Type& type : catalog.types) {
      const bool holds = names_type(type.base, holders[at]) ||
                         (type.kind != TypeKind::domain && names_type(type.made_as, holders[at]));
      if (holds && seen.insert(type.name).second) holders.push_back(type.name);
    }
    for (const Table& table : catalog.tables) {
      for (const Column& column : table.columns) {
        if (names_type(column.type, holders[at]))
          return fmt::format("{}.{}", quoted(table.name), dsl::sql::quote_identifier(column.name));
      }
    }
  }
  return {};
}

bool rows_held_elsewhere(const CatalogIndex& catalog, const Table& root) {
  const std::vector<const Table*> tree = tree_of(catalog, root);
  return std::any_of(tree.begin(), tree.end(), [&](const Table* table) {
    return !column_of_rows(catalog.catalog(), table->name).empty();
  });
}

std::string user_of_view(const Catalog& catalog, const View& view) {
  for (const Function& function : catalog.functions) {
    const bool reads = std::any_of(function.uses.begin(), function.uses.end(),
                                   [&](const ColumnUse& use) { return use.table == view.name; });
    if (reads || names_type(function.arguments, view.name) ||
        names_type(function.returns, view.name))
      return fmt::format("function {}({})", quoted(function.name), function.arguments);
  }
  for (const Type& type : catalog.types) {
    if (names_type(type.base, view.name) || names_type(type.made_as, view.name))
      return "type " + quoted(type.name);
  }
  const std::string column = column_of_rows(catalog, view.name);
  return column.empty() ? "" : "column " + column;
}

}  // namespace segue::planner
