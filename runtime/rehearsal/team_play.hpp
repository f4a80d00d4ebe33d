// A run of a plan with the team's own statements at work between all steps.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "codegen/plan_files.hpp"
#include "runtime/rehearsal/result.hpp"
#include "runtime/rehearsal/stage.hpp"
#include "runtime/rehearsal/team_statements.hpp"

namespace segue::runtime::rehearsal {

struct TeamRun {
  std::map<std::string, std::uint64_t> tried;
  std::map<Promise, std::uint64_t> checks;
  std::vector<std::string> notes;
  std::optional<Story> story;  // the first promise that broke
};

// Each statement must run wherever its release may: what PostgreSQL says to it is held against what
// it says on that release's schema where no plan was ever applied. What it writes must leave old
// and new equal, as the plan's meaning has it.
TeamRun play_team(Stage& stage, const codegen::ReviewedPlan& plan,
                  const std::vector<TeamStatement>& statements, std::uint64_t seed);

}  // namespace segue::runtime::rehearsal
