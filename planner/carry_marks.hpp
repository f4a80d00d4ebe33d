// What hangs on a sequence beside its definition, for one that takes another's place.
#pragma once

#include <string>

#include "planner/catalog.hpp"

namespace segue::planner {

// Statements that say it again of one that has taken over the name; each ends in ";\n".
std::string marks_of(const OwnedSequence& sequence);

}  // namespace segue::planner
