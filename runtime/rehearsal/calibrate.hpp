// Which columns nobody can foretell: clocks, random numbers, what triggers make of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/rehearsal/stage.hpp"

namespace segue::runtime::rehearsal {

// Sends the same statements to two copies of the same database, before the change and after it;
// what differs then has nothing to do with the plan. Marks it in the stage's shapes and says so.
std::vector<std::string> calibrate(Stage& stage, std::uint64_t seed,
                                   int statements_per_release = 120);

}  // namespace segue::runtime::rehearsal
