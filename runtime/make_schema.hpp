// A catalogue made again in an empty database.
#pragma once

#include <string>
#include <vector>

#include "planner/catalog.hpp"
#include "runtime/session.hpp"

namespace segue::runtime {

// Runs what codegen::schema_of writes. A statement that needs a later one is run again behind it;
// what cannot be made at all is left out. Returns what was left out or made up, a sentence each.
// Leaves the session with settings of its own: RESET ALL.
std::vector<std::string> make_schema(Session& session, const planner::Catalog& catalog);

}  // namespace segue::runtime
