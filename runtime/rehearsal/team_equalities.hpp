// What is held against a team's own statements: old and new say the same in every row.
#pragma once

#include <string>
#include <vector>

#include "planner/plan.hpp"

namespace segue::runtime::rehearsal {

// Rows where old and new do not say the same, for each pair of columns.
struct Equality {
  std::string table;
  std::string promise;  // "body and text"
  std::string count;    // a query of one number
};
std::vector<Equality> equalities(const planner::Plan& plan);

}  // namespace segue::runtime::rehearsal
