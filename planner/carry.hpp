// What the parts of carrying share: which object needs which column.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "planner/context.hpp"

namespace segue::planner {

inline bool holds(const std::vector<std::string>& columns, const std::string& column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

inline bool uses(const std::vector<ColumnUse>& all, const QualifiedName& table,
                 const std::string& column) {
  return std::find(all.begin(), all.end(), ColumnUse{table, column}) != all.end();
}

// Views that read a column which goes without another in its place.
void view_hazards_of_drop(Context& context, const Table& table, const std::string& column);

}  // namespace segue::planner
