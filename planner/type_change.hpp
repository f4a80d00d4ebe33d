// What a change of a column's type costs, and what becomes of its values.
//
// PostgreSQL changes some types in the catalogue alone, if nothing that hangs on the column stands
// in the way; measured on PostgreSQL 15. Whatever is not known to be free goes by a copy of the
// column.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "planner/context.hpp"

namespace segue::planner {

// A type's name and modifiers, taken apart.
struct TypeShape {
  std::string name;            // as the catalogue calls it: "int4", "varchar", "public.mood"
  std::vector<int> modifiers;  // 12 and 2 of numeric(12,2)
  bool array = false;
  bool fields = false;  // interval day to second

  friend bool operator==(const TypeShape&, const TypeShape&) = default;
};
// `text` has to parse; user types bear their schema.
TypeShape shape_of_type(std::string_view text);

bool is_integer(const TypeShape& type);
// Equal values stay equal, and a foreign key between the two works.
bool keys_match(const TypeShape& from, const TypeShape& to);
bool has_collation(const TypeShape& type);
bool is_temporal(const TypeShape& type);
// json and xml have no order: no index can be built on them without an operator class.
bool is_ordered(const TypeShape& type);

// How a statement's column gets from one type to the other.
struct TypeChange {
  std::string type;  // the new one, as it goes into SQL
  TypeShape from;  // of a domain: what it is made of, whose values and operators are the same
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

// A condition that is true once the column has the type.
std::string has_type(const QualifiedName& table, const std::string& column, const TypeShape& type);

// A condition over the row that is true where the column's value does not fit a narrower type;
// empty: all fit.
std::string does_not_fit(const std::string& column, const TypeShape& type);

}  // namespace segue::planner
