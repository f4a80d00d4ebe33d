// What split and merge share: some columns that become others, both computed from one another.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planner/context.hpp"

namespace segue::planner {

// A column and the author's expression that computes it.
struct MappedColumn {
  std::string name;
  std::string type;                       // as it goes into SQL
  std::optional<dsl::Fragment> value;     // none: an old column without `back`
  std::optional<dsl::Fragment> fallback;  // `backfill` of a `require` of the same file
  const Column* base = nullptr;           // of an old one
  bool total = false;  // its expressions give a value for every input and never fail
};

struct Mapping {
  const Table* table = nullptr;
  std::vector<MappedColumn> olds;
  std::vector<MappedColumn> news;
  std::string verb;  // "split", "merged"
  dsl::Span span;    // of the old columns in the statement

  bool two_way() const { return olds.front().value.has_value(); }
};

// Old columns that can be mapped at all: complains otherwise.
bool may_be_mapped(Context& context, const Table& table, const Column& column, dsl::Span span);
// The new column as the author wrote it, checked; names only columns of `olds`.
std::optional<MappedColumn> new_column(Context& context, const Table& table,
                                       const dsl::ComputedColumn& column,
                                       const std::vector<std::string>& olds);
// The old column, with its `back` checked where there is one.
std::optional<MappedColumn> old_column(Context& context, const Table& table, const Column& column,
                                       const std::optional<dsl::Fragment>& back,
                                       const std::vector<std::string>& news,
                                       const std::vector<std::string>& olds);

// What goes with an old column that nothing takes the place of: a hazard each.
void name_what_is_lost(Context& context, const Table& table, const std::string& column);

// Columns, trigger, fill, promises and contract.
void plan_mapping(Context& context, const Mapping& mapping);

}  // namespace segue::planner
