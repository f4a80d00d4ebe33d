// What the parts of the writer share.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "planner/holds.hpp"
#include "runtime/rehearsal/writer.hpp"

namespace segue::runtime::rehearsal {

using planner::holds;

// Columns that a statement of an app may name with a value.
inline bool is_writable(const planner::Column& column) {
  return column.generated.empty();
}

inline bool has_own_value(const planner::Column& column) {
  return !column.default_value.empty() || !column.identity.empty();
}

inline bool asks_sequence(const planner::Column& column) {
  return !column.identity.empty() || column.default_value.find("nextval(") != std::string::npos;
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
