// The codes that a hazard can bear: what `--allow` may name.
#pragma once

#include <string>
#include <vector>

namespace segue::planner {

// Sorted; the table of grammar.md has the same ones, and tests/planner holds both to the sources.
const std::vector<std::string>& hazard_codes();

}  // namespace segue::planner
