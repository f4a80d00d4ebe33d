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

// Views that read a column which goes without another in its place.
void view_hazards_of_drop(Context& context, const Table& table, const std::string& column);

}  // namespace segue::planner
