// The triggers that keep what a look at rows has found, until contract takes them away: whether
// anybody altered them in between.
#pragma once

#include <map>
#include <set>
#include <string>

#include "planner/plan.hpp"

namespace segue::planner {

// The names of the plan's own triggers, by table.
std::map<QualifiedName, std::set<std::string>> dual_write_triggers(const Plan& plan);

// SQL, a text in parentheses: other than before if anybody altered, dropped or made one of them
// since. By name alone, which only the partitions of a table share.
std::string as_they_are(const std::set<std::string>& triggers);

// Whether the step holds the table under ACCESS EXCLUSIVE.
bool locks_out_all(const Step& step, const QualifiedName& table);

}  // namespace segue::planner
