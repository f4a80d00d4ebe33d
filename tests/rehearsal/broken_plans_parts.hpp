// How plans are broken; inside these tests only.
#pragma once

#include <string>
#include <vector>

#include "broken_plans.hpp"

namespace segue::test {

planner::Step& step(planner::Plan& plan, const std::string& id);
std::string& sql(planner::Plan& plan, const std::string& id);
planner::BackfillPass& pass(planner::Plan& plan, const std::string& id);
// Throws std::logic_error where `what` is not there: nothing would be broken.
void replace(std::string& text, const std::string& what, const std::string& by);
// A line of SQL that holds `what` is gone.
void drop_line(std::string& text, const std::string& what);
void erase(planner::Plan& plan, const std::string& id);
// Nobody looks again: neither the plan's own verification nor the proof before contract.
void blind(planner::Plan& plan);
void swap_phases(planner::Plan& plan, const std::string& id, planner::Phase phase,
                 const std::string& new_id);

void by_hand(std::vector<BrokenPlan>& plans);

}  // namespace segue::test
