// A NOT NULL column that the new release does not write.
#pragma once

#include <string>

#include "planner/context.hpp"

namespace segue::planner {

// The new release leaves the column out: it must not fail on NOT NULL. `undo_hint`: what to do
// about rows that it left without a value, which stop an undo.
void let_it_be_left_out(Context& context, const Table& table, const Column& column,
                        std::string undo_hint);

}  // namespace segue::planner
