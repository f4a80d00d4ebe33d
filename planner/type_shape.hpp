// A column's type, taken apart: what is known of it by itself, and how SQL asks for it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "planner/catalog.hpp"

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

// An integer's place among smallint, integer and bigint; 0 for any other type.
int integer_width(const TypeShape& type);
// Of these four an array is none.
bool is_integer(const TypeShape& type);
bool is_number(const TypeShape& type);
bool is_string(const TypeShape& type);  // text, varchar, char
bool is_citext(const TypeShape& type);
bool has_collation(const TypeShape& type);
bool is_temporal(const TypeShape& type);
// Values that `=` takes for equal are the same bytes: of a string only in a deterministic collation,
// which the database's own always is. Not so float (0 and -0), numeric (1.0 and 1.00), char(n).
bool equal_is_same(const TypeShape& type);
// json and xml have no order: no index can be built on them without an operator class.
bool is_ordered(const TypeShape& type);
// Equal values stay equal, and a foreign key between the two works.
bool keys_match(const TypeShape& from, const TypeShape& to);

// A condition that is true once the column has the type.
std::string has_type(const QualifiedName& table, const std::string& column, const TypeShape& type);

// A condition over the row that is true where the column's value does not fit a narrower type;
// empty: all fit.
std::string does_not_fit(const std::string& column, const TypeShape& type);

}  // namespace segue::planner
