// Which expressions cannot fail, whatever the row holds.
#pragma once

#include <string>

#include "dsl/sql.hpp"
#include "planner/catalog.hpp"

namespace segue::planner {

// True for an expression over text columns that gives text for every input: it may stand in a WHEN
// clause and in a CHECK. False where that is not certain.
bool never_fails(const Table& table, const std::string& text,
                 const dsl::sql::Expression& expression, const std::string& type);

}  // namespace segue::planner
