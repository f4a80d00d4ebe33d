// Inside of shape: what its files ask of one another.
#pragma once

#include "runtime/rehearsal/shape.hpp"

namespace segue::runtime::rehearsal {

// None: nullptr.
const planner::Table* find_table(const planner::Catalog& catalog,
                                 const planner::QualifiedName& name);

// Needs the columns that are the same to both releases.
void find_key(TableShape& shape);

// Needs both tables of a move among the shapes.
void find_moves(Shapes& shapes, const planner::Plan& plan);

}  // namespace segue::runtime::rehearsal
