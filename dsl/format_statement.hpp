// The words of a statement in their canonical form; where lines break and comments go is
// dsl/format.cpp's.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "dsl/change.hpp"
#include "dsl/parse_builder.hpp"

namespace segue::dsl {

// A statement that is wider has each clause on a line of its own.
inline constexpr std::size_t format_columns = 90;

// What stands before the clauses: "rename users.full_name -> display_name".
std::string statement_head(const Intent& intent);

// What follows the keyword of a clause that the statement has; empty for a bare keyword.
std::string clause_argument(Clause clause, const Statement& statement);

// In the largest unit that holds it whole: "2 days".
std::string duration_text(std::chrono::seconds time);

}  // namespace segue::dsl
