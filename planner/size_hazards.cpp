#include "planner/table_hazards.hpp"

namespace segue::planner {

void size_hazards(Context&) {}

}  // namespace segue::planner
