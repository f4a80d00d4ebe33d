// What the parts of carrying share: which object needs which column.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "planner/context.hpp"
#include "planner/holds.hpp"

namespace segue::planner {

inline bool uses(const std::vector<ColumnUse>& all, const QualifiedName& table,
                 const std::string& column) {
  return std::find(all.begin(), all.end(), ColumnUse{table, column}) != all.end();
}

inline bool holds_function(const std::vector<Trigger>& triggers, const QualifiedName& name) {
  return std::any_of(triggers.begin(), triggers.end(),
                     [&](const Trigger& trigger) { return trigger.function == name; });
}

// Whether it is of a kind that has no copy beside itself: PostgreSQL 18's NOT ENFORCED, WITHOUT
// OVERLAPS and PERIOD, whose copy would be enforced, or of another meaning. Then it is an error.
bool has_no_copy(Context& context, const Table& table, const Constraint& constraint);

// What is there after contract in the place of a column that goes.
enum class Instead { nothing, new_name, same_name };

// What PostgreSQL would refuse to lose the column under, or would break without it: stops contract.
void dependent_hazards(Context& context, const Table& table, const std::string& column,
                       Instead instead);

// Views that read a column which goes without another in its place.
void view_hazards_of_drop(Context& context, const Table& table, const std::string& column);

}  // namespace segue::planner
