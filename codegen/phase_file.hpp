// One phase as an SQL file that people review, psql runs, and segue takes its steps from.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "planner/plan.hpp"

namespace segue::codegen {

// The lines of a file (from 1, both inclusive) that hold a step's SQL.
struct LineRange {
  std::size_t first = 0;
  std::size_t last = 0;
};

struct PhaseFile {
  std::string text;
  std::map<std::string, LineRange> steps;  // by step id
};

PhaseFile render_phase(const planner::Plan& plan, planner::Phase phase,
                       const std::string& fingerprint);

}  // namespace segue::codegen
