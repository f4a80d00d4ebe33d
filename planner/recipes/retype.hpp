// How an old value becomes a new one in SQL, and what to do about values that do not.
#pragma once

#include <string>
#include <vector>

#include "planner/context.hpp"
#include "planner/recipes/session_settings.hpp"
#include "planner/type_change.hpp"

namespace segue::planner {

// `of("NEW.")` is the new value of the trigger's row, `of("")` that of a table's.
struct Conversion {
  std::vector<std::string> columns;  // that the value follows from
  std::string call;                  // a function in schema segue; empty: the cast itself
  std::string type;
  std::string fails;      // true for a row whose value does not convert; empty: all do
  std::string back_call;  // a function for `back`; empty: its own words will do
  std::vector<std::string> back_columns;
  std::vector<std::string> drop;  // the functions, to be dropped at the end

  std::string of(const std::string& row) const;
  std::string back_of(const std::string& row) const;
};

// A cast that cannot fail stands in place; any other conversion is a function that answers NULL
// where it fails, so that no statement of the old release does. Adds the step that makes the
// functions.
Conversion conversion_of(Context& context, const Table& table, const Column& column,
                         const TypeChange& change, const std::string& expression);

// Where what a session has set would decide what `back` says: a function of `column`'s type that
// says it under settings of its own. `made`: the new column. Adds the step that makes it.
void add_back(Context& context, const Table& table, const Column& column, const TypedName& made,
              const std::string& back, Conversion& conversion);

// The functions go when the constraints over them are gone.
void drop_conversion(Context& context, const Table& table, const Conversion& conversion);

}  // namespace segue::planner
