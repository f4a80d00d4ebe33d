// Hazards of the tables that a change touches, whatever its statements are; they run after the
// recipes, over the whole draft.
#pragma once

#include "planner/context.hpp"

namespace segue::planner {

// Statements that do not name columns: what they see is the number, order and types of them.
void shape_hazards(Context& context);
// What else takes part in a write: the table's own triggers and rules, inheritance, replication.
void write_hazards(Context& context);
// How much there is to fill.
void size_hazards(Context& context);
// How much room is left in the keys.
void sequence_hazards(Context& context);

}  // namespace segue::planner
