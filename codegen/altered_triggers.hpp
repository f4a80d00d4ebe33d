// What segue itself asks under contract's lock, for the files that psql runs: whether the
// dual-write triggers are still those that were there before the rows were looked at.
#pragma once

#include <string>
#include <string_view>

#include "planner/plan.hpp"

namespace segue::codegen {

// The first line of what `psql_asks_for_triggers` gives, and the last.
inline constexpr std::string_view psql_alone_begin =
    "-- psql asks whether a trigger was altered since the rows were looked at; segue does it "
    "itself\n";
inline constexpr std::string_view psql_alone_end = "\\endif\n";

// Before contract's first look at rows: keeps in a variable of psql what the catalogue says of the
// triggers that a step drops. Empty: no look leans on them.
std::string psql_remembers_triggers(const planner::Plan& plan, const planner::Step& step);

// In that step's transaction, before its statements: takes its locks and compares. Empty likewise.
std::string psql_asks_for_triggers(const planner::Plan& plan, const planner::Step& step);

}  // namespace segue::codegen
