// Running a phase's file as a person would: through psql.
#pragma once

#include <string>

#include "planner/plan.hpp"

namespace segue::runtime::rehearsal {

struct PsqlAnswer {
  bool ok = false;
  std::string message;   // the first error
  std::size_t line = 0;  // of the file; 0: not known
};

bool psql_is_installed();
PsqlAnswer run_psql(const std::string& conninfo, const std::string& text);

// The step whose part of the file a line is in: "3.2 Build …"; empty: none.
std::string step_at(const planner::Plan& plan, planner::Phase phase, const std::string& text,
                    std::size_t line);

}  // namespace segue::runtime::rehearsal
