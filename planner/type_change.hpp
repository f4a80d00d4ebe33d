// What a change of a column's type costs, and what becomes of its values.
//
// PostgreSQL changes some types in the catalogue alone, if nothing that hangs on the column stands
// in the way; measured on PostgreSQL 15. Whatever is not known to be free goes by a copy of the
// column.
#pragma once

#include <string>
#include <vector>

#include "planner/context.hpp"
#include "planner/type_shape.hpp"

namespace segue::planner {

// How a statement's column gets from one type to the other.
struct TypeChange {
  std::string type;  // the new one, as it goes into SQL
  TypeShape from;    // of a domain: what it is made of, whose values and operators are the same
  TypeShape to;
  bool of_domain = false;
  bool catalogue_only = false;
  bool utc = false;                // and only while the session's zone is UTC
  std::vector<const View*> aside;  // and only while these views step aside; each before its readers
  bool identity = true;            // no `using`, or one that only casts the column
  bool total = false;              // the cast cannot fail, nor does it depend on the session
  bool assignable = true;          // PostgreSQL casts it without being told how
};
// Whether a rule over the old values (a CHECK, an index's condition) says the same over the new
// ones.
bool rules_hold(const TypeChange& change);
// Says nothing of mistakes: `type` is empty where the type is none.
TypeChange type_change(Context& context, const Table& table, const Column& column,
                       const dsl::RetypeColumn& intent);

}  // namespace segue::planner
