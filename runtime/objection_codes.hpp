// What a run or a gate objects to beside a plan's hazards, and `--allow` passes over.
#pragma once

#include <string>
#include <vector>

namespace segue::runtime {

// Sorted. What no `--allow` passes over (a phase before that is missing, rows that differ) is not
// among them.
const std::vector<std::string>& passable_objections();

}  // namespace segue::runtime
