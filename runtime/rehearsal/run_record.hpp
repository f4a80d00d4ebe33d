// What a run has found so far, and where it is just now.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "planner/plan.hpp"
#include "runtime/rehearsal/audit.hpp"
#include "runtime/rehearsal/run.hpp"
#include "runtime/rehearsal/statement.hpp"

namespace segue::runtime::rehearsal {

std::string id_and_title(const planner::Step& step);

// Shared by those who play a run: whoever sees a promise broken says so here.
struct RunRecord {
  Played played;
  std::size_t leg = 0;
  Progressed at;
  // Where a violation is said to have happened.
  planner::Phase phase = planner::Phase::expand;
  std::string step;  // id and title
  std::string moment;

  bool good() const { return !played.violation; }
  // The first one counts: what comes behind it may follow from it.
  void fail(Promise promise, std::string saw, std::string should_see,
            std::optional<Mismatch> mismatch = {}, std::optional<Statement> statement = {});
};

}  // namespace segue::runtime::rehearsal
