#include "planner/recipes/total.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "dsl/sql_lexer.hpp"

namespace segue::planner {

namespace {

// Of pg_catalog, over text: each answers every input, and the same at all times. Those that read a
// pattern, a format or a position that the row gives may fail and are not here.
constexpr std::array total_functions{
    "btrim",      "coalesce",    "concat", "concat_ws", "initcap",   "left",    "length", "lower",
    "ltrim",      "md5",         "nullif", "position",  "replace",   "reverse", "right",  "rtrim",
    "split_part", "starts_with", "strpos", "substr",    "substring", "upper"};
constexpr std::array total_operators{"||", "=", "<>", "!=", "<", ">", "<=", ">="};

bool is_text(std::string_view type) {
  return type == "text" || type == "varchar" || type == "character varying";
}

}  // namespace

bool never_fails(const Table& table, const std::string& text,
                 const dsl::sql::Expression& expression, const std::string& type) {
  if (!is_text(dsl::sql::fold(type)) || expression.has_subquery || expression.has_parameter)
    return false;
  for (const dsl::sql::ColumnUse& use : expression.columns) {
    const Column* column = table.column(use.name);
    // A new column's name: its type is the caller's to check.
    if (column != nullptr && !column->type.starts_with("character varying") &&
        column->type != "text")
      return false;
  }
  for (const dsl::sql::FunctionUse& use : expression.functions) {
    const bool known = std::find(total_functions.begin(), total_functions.end(), use.name) !=
                       total_functions.end();
    if (!known || (!use.schema.empty() && use.schema != "pg_catalog")) return false;
  }
  for (auto token = dsl::sql::next_token(text, 0); token.kind != dsl::sql::TokenKind::end;
       token = dsl::sql::next_token(text, token.end)) {
    const std::string_view word =
        std::string_view(text).substr(token.begin, token.end - token.begin);
    switch (token.kind) {
      case dsl::sql::TokenKind::operator_:
        if (std::find(total_operators.begin(), total_operators.end(), word) ==
            total_operators.end())
          return false;
        break;
      case dsl::sql::TokenKind::number:
        if (word.find_first_not_of("0123456789") != std::string_view::npos || word == "0" ||
            word.size() > 6)
          return false;
        break;
      case dsl::sql::TokenKind::identifier:
        if (const std::string folded = dsl::sql::fold(word);
            folded == "cast" || folded == "collate" || folded == "array" || folded == "row" ||
            folded == "similar" || folded == "like" || folded == "ilike" || folded == "at") {
          return false;
        }
        break;
      case dsl::sql::TokenKind::punctuation:
        if (word == "[") return false;
        break;
      default:
        break;
    }
  }
  return true;
}

}  // namespace segue::planner
