// The name that PostgreSQL gives a column of a SELECT list which bears none.
#pragma once

#include <string>

#include "dsl/sql_tree.hpp"

namespace segue::dsl::sql {

// As FigureIndexColname in PostgreSQL's parse_target.c; empty where it finds nothing.
std::string figured_name(const Tree& expression);

// As FigureColname there; "?column?" where it finds nothing better.
std::string implicit_output_name(const Tree& expression);

// The name of one ResTarget: written, or implied.
std::string output_name(const Tree& target);

// The column reference that the implied name comes from; null if it comes from anything else.
const Tree* naming_column(const Tree& expression);

}  // namespace segue::dsl::sql
