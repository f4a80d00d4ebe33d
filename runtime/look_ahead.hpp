// What a plan's first checks would find in a live database today.
#pragma once

#include <string>
#include <vector>

#include "planner/plan.hpp"
#include "runtime/session.hpp"

namespace segue::runtime {

// One sentence for each check, of those that phase 3 makes before it builds anything, that finds
// rows now: "rows of public.users have no email: id = 7, id = 9, …". A check that would take longer
// than a few seconds is left out: the phase makes it anyway. Reads only; throws DatabaseError.
std::vector<std::string> look_ahead(Session& session, const planner::Plan& plan);

}  // namespace segue::runtime
