// What a `move` may take from one table and bring to another.
#pragma once

#include "planner/context.hpp"

namespace segue::planner {

// Complains of what stands against it: the column's kind, the target's, a name that is taken, a
// `require … backfill` of the same file.
bool can_be_moved(Context& context, const dsl::MoveColumn& intent, const Table& from,
                  const Column& column, const Table& to);

}  // namespace segue::planner
