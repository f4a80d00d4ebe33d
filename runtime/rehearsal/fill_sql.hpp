// Pieces of the SQL that fills tables.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "planner/catalog.hpp"

namespace segue::runtime::rehearsal {

std::string joined(const std::vector<std::string>& parts, std::string_view between);

// A foreign key sees the rows of its target alone, not those of tables that inherit from it.
std::string only(const planner::Table& table);

}  // namespace segue::runtime::rehearsal
