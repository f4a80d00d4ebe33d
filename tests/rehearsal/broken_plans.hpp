// Plans that were broken on purpose: what a rehearsal has to find, each with the promise it breaks.
#pragma once

#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "planner/plan.hpp"
#include "runtime/rehearsal/result.hpp"

namespace segue::test {

struct BrokenPlan {
  std::string name;    // "NoTrigger"
  std::string golden;  // the folder that it is made from
  std::function<void(planner::Plan&)> break_it;
  std::set<runtime::rehearsal::Promise> promises;  // one of which the story must name
  std::string step;  // the id of the story's step; "no step …": what it says where one is missing;
                     // empty: none
  std::string step_before_14 = {};  // where a fill block by block brings it to light elsewhere
};

inline std::ostream& operator<<(std::ostream& out, const BrokenPlan& one) {
  return out << one.name;
}

std::vector<BrokenPlan> broken_plans();

}  // namespace segue::test
