// How the rows of two tables pair: the `on` of a move.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planner/context.hpp"

namespace segue::planner {

struct PairedColumns {
  std::string source;  // of the table that the column leaves
  std::string target;  // of the one that it goes to
};

// Equalities between columns of the two tables, joined by AND, of which each side is unique: one
// row pairs with at most one. Complains and answers nothing otherwise.
std::optional<std::vector<PairedColumns>> pairs_of(Context& context, const dsl::MoveColumn& intent,
                                                   const Table& from, const Table& to);

}  // namespace segue::planner
