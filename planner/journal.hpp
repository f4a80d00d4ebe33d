// The table in which a pass keeps what it overwrites.
#pragma once

#include <string>

#include "planner/plan.hpp"

namespace segue::planner {

// Complete statements: `journal` for rows of `table`, empty, with their key.
std::string create_journal(const QualifiedName& table, const Journal& journal);

}  // namespace segue::planner
