// What a plan's notes and hazards say about a team's own statements.
#pragma once

#include <string>

#include "planner/plan.hpp"
#include "runtime/rehearsal/team_statements.hpp"

namespace segue::runtime::rehearsal {

// Whether statements that were prepared before have to be prepared again.
bool notes_name_reconnect(const planner::Plan& plan);

// What forbids or explains something that the statement names, newest phase first, up to `phase`.
// Empty: nothing does.
std::string because_of_notes(const planner::Plan& plan, planner::Phase phase,
                             const TeamStatement& statement);

}  // namespace segue::runtime::rehearsal
