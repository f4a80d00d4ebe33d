// The two ways to another type: in PostgreSQL's catalogue alone, or by a copy of the column.
#pragma once

#include <optional>
#include <string>

#include "planner/context.hpp"
#include "planner/type_change.hpp"

namespace segue::planner {

// Phase 1 and no more.
void retype_in_place(Context& context, const Table& table, const Column& column,
                     const TypeChange& change);

// What the author says of the copy.
struct TypedCopy {
  std::string value;                  // `using`; empty: the cast
  std::optional<dsl::Fragment> back;  // the old value, from the row after the change
  std::optional<std::string> as;      // both names side by side; none: swapped at the end
  dsl::Span span;                     // where a message about the column points
};

void retype_by_copy(Context& context, const Table& table, const Column& column,
                    const TypeChange& change, const TypedCopy& wanted);

}  // namespace segue::planner
