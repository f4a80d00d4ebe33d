// A reporter that lets somebody else act between the steps of an apply or undo.
#pragma once

#include <functional>
#include <string>

#include "runtime/reporter.hpp"

namespace segue::runtime::rehearsal {

struct Moments {
  std::function<void(const planner::Step&)> before_step;
  std::function<void(const planner::Step&)> after_step;
  std::function<void(const planner::Step&)> within_step;  // between the transactions of a backfill
  std::function<void(const planner::Step&)> before_undo;
};

// Passes everything on to `inner` as well; both must outlive the answer.
std::unique_ptr<Reporter> with_moments(Reporter& inner, const Moments& moments);

}  // namespace segue::runtime::rehearsal
