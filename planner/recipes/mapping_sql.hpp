// The SQL by which old and new columns of a split or merge are computed from one another.
#pragma once

#include <string>
#include <vector>

#include "planner/recipes/mapping.hpp"

namespace segue::planner {

// Where the expressions cannot fail they stand in the SQL themselves. Elsewhere functions in schema
// segue compute them, and answer NULL for what does not convert. A `row` is "NEW", "OLD" or, over
// the table itself, "".
class MappingSql {
 public:
  MappingSql(const Context& context, const Mapping& mapping);

  bool total() const { return total_; }
  bool back_reads_old() const;

  std::string mapped(const MappedColumn& column, const std::string& row) const;  // what `=` gives
  std::string unfilled(const std::string& row) const;   // all new columns are NULL
  std::string has_value(const std::string& row) const;  // `=` gives some new column a value
  std::string differs() const;                // over the table: a row that breaks the promise
  std::string fails_where_it_counts() const;  // over the table: a row that does not convert
  std::string promise() const;
  std::string old_list() const;  // quoted, ", " between

  TriggerRule rule() const;
  void add_functions(TableDraft& draft) const;
  void add_null_marks(TableDraft& draft) const;

 private:
  std::string over(const std::string& row, const std::string& expression) const;
  std::string list(const std::vector<MappedColumn>& columns, const std::string& row) const;
  std::string all_mapped(const std::string& row) const;
  std::string all_back(const std::string& row) const;
  std::string back(const MappedColumn& old, const std::string& row) const;
  std::string given(const MappedColumn& old, const std::string& row) const;
  std::string settings_of(const MappedColumn& column) const;  // of the functions for its value
  std::string call(const std::string& function, const std::vector<MappedColumn>& arguments,
                   const std::string& row) const;
  std::string fails_function() const;
  std::string fails() const;  // over the table: the row does not convert
  std::string setting(const MappedColumn& column) const;
  std::string fill_new(const std::string& indent) const;
  std::string write_back(const std::string& indent) const;
  std::string back_of_an_insert() const;
  std::string new_side_written() const;
  std::string with_fallback(const MappedColumn& column, const std::string& value,
                            const std::string& row) const;

  const Context& context_;
  const Mapping& mapping_;
  std::vector<MappedColumn> both_;  // new columns, then old ones: what `back` may read
  bool total_ = true;
};

}  // namespace segue::planner
