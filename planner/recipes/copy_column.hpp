// A second column beside the first, whether under another name or of another type.
#pragma once

#include <string>

#include "planner/context.hpp"

namespace segue::planner {

// What PostgreSQL has no online way for; says so and answers false. `above` is the statement to
// write where the table is a partition.
bool may_copy(Context& context, dsl::Span span, const Table& table, const Column& column,
              const std::string& above);

struct ColumnCopy {
  std::string to;
  std::string type;       // with its collation
  bool same_type = true;  // storage and compression fit
};

// Phase 1: the column, nullable and without a default, with comment, grants and settings of the old
// one.
void add_copy(Context& context, const Table& table, const Column& column, const ColumnCopy& copy);

// Phases 3 and 4: a validated CHECK is PostgreSQL's own word for the promise on every row; the
// contract asks for it under its lock and reads no row.
void prove_promise(Context& context, const Table& table, const std::string& what,
                   const std::string& condition, const std::string& promise,
                   const std::string& comment);

}  // namespace segue::planner
