#include "planner/back_value.hpp"

#include <algorithm>
#include <variant>

#include "dsl/sql.hpp"

namespace segue::planner {

bool answers_for_null(const std::string& back, const std::string& old_column) {
  const auto parsed = dsl::sql::parse_expression(back);
  const auto* expression = std::get_if<dsl::sql::Expression>(&parsed);
  return expression != nullptr &&
         (expression->answers_for_null ||
          std::any_of(expression->columns.begin(), expression->columns.end(),
                      [&](const dsl::sql::ColumnUse& use) { return use.name == old_column; }));
}

}  // namespace segue::planner
