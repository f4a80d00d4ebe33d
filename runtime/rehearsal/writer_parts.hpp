// What the parts of the writer share.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "runtime/rehearsal/writer.hpp"

namespace segue::runtime::rehearsal {

inline bool holds(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// Columns that a statement of an app may name with a value.
inline bool is_writable(const planner::Column& column) {
  return column.generated.empty();
}

inline bool has_own_value(const planner::Column& column) {
  return !column.default_value.empty() || !column.identity.empty();
}

// A statement while it is put together.
struct Writer::Draft {
  Oracle& oracle;
  const Permission& permission;
  const TableShape& shape;
  const Side& side;
  Statement statement;

  const planner::Table& table() const { return side.table; }
};

}  // namespace segue::runtime::rehearsal
