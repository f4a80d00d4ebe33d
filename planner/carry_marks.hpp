// What hangs on an index or a sequence beside its definition, for one that takes another's place.
#pragma once

#include <string>

#include "planner/catalog.hpp"

namespace segue::planner {

// Statements that say it again of one that has taken over the name; each ends in ";\n".
std::string marks_of(const OwnedSequence& sequence);
// `above`: the index of the partitioned table that this one is a part of, whose statistics targets
// went to it too.
std::string marks_of(const Index& index, const std::string& schema, const Index* above = nullptr);

}  // namespace segue::planner
