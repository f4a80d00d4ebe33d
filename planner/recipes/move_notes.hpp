// What the releases around a `move` may and must not do.
#pragma once

#include "planner/context.hpp"
#include "planner/recipes/move_sql.hpp"

namespace segue::planner {

void move_notes(Context& context, const Move& move);
// … where the application itself keeps the two columns in step.
void move_notes_by_app(Context& context, const Move& move);

}  // namespace segue::planner
