// What a plan's first checks would find in a live database today.
#pragma once

#include <string>
#include <vector>

#include "planner/plan.hpp"
#include "runtime/session.hpp"

namespace segue::runtime {

// One sentence for each check, of those that phases 2 and 3 make before they build anything, that
// finds rows now: "phase 3 would stop today: rows of public.users have no email: id = 7, …"; or
// that this role may not make. One that would take longer than a few seconds is left out: the phase
// makes it anyway. Reads only; throws DatabaseError for a lost connection.
std::vector<std::string> look_ahead(Session& session, const planner::Plan& plan);

}  // namespace segue::runtime
