// A key and the columns that hold its values in other tables.
#pragma once

#include <string>
#include <vector>

#include "planner/context.hpp"

namespace segue::planner {

struct FamilyColumn {
  const Table* table = nullptr;
  const Column* column = nullptr;
  const Constraint* by =
      nullptr;  // the foreign key that makes it one of them; none: the key itself
};

// The column and all that reference it, those that reference these, and so on, as far as they are
// narrower than `type`; the key first, then in the order in which they are found. Foreign keys that
// the file drops do not count.
std::vector<FamilyColumn> key_family(const Context& context, const Table& table,
                                     const Column& column, const std::string& type);

// An integer's place among smallint, integer and bigint; 0 for any other type. A domain counts as
// what it is made of.
int integer_width(const Context& context, const std::string& type);

}  // namespace segue::planner
