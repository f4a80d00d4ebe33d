// What tells a row of a table from all others, in both releases.
#include <algorithm>

#include "dsl/sql.hpp"
#include "planner/holds.hpp"
#include "runtime/rehearsal/shape_parts.hpp"

namespace segue::runtime::rehearsal {

namespace {

using planner::Column;
using planner::holds;
using planner::Pairing;
using planner::Table;

// One column that was renamed and nothing else: `map` is the old column itself.
bool is_rename(const Pairing& pairing) {
  return pairing.old_columns.size() == 1 && pairing.new_columns.size() == 1 &&
         pairing.map.size() == 1 && !pairing.by_app &&
         pairing.map.front().value == dsl::sql::quote_identifier(pairing.old_columns.front());
}

bool is_integer(const Table& table, const std::string& name) {
  const Column* column = table.column(name);
  return column != nullptr &&
         (column->type == "smallint" || column->type == "integer" || column->type == "bigint");
}

// The new name of an old column that holds the very same value; empty: there is none.
std::string carried_to(const TableShape& shape, const std::string& column) {
  if (!shape.after) return column;
  const auto place = shape.shared.find(column);
  if (place != shape.shared.end()) return place->second;
  for (const Pairing& pairing : shape.pairings) {
    const bool widened = pairing.swaps && is_integer(shape.before->table, column) &&
                         is_integer(shape.after->table, column);
    if ((widened || is_rename(pairing)) && pairing.old_columns.front() == column)
      return pairing.new_columns.front();
  }
  return {};
}

// Unique column lists, the primary key first.
std::vector<std::vector<std::string>> keys_of(const Table& table) {
  std::vector<std::vector<std::string>> keys;
  for (const bool primary : {true, false}) {
    for (const planner::Index& index : table.indexes) {
      if (!index.unique || index.primary != primary || !index.predicate.empty()) continue;
      std::vector<std::string> columns;
      bool plain = true;
      for (const planner::IndexKeyPart& part : index.keys) {
        const Column* column = table.column(part.column);
        plain = plain && column != nullptr && column->not_null && column->comparable;
        columns.push_back(part.column);
      }
      if (plain) keys.push_back(std::move(columns));
    }
  }
  return keys;
}

// A column that apps may give unique values although nothing says that it is unique.
bool may_tell_rows_apart(const Column& column) {
  return column.generated.empty() &&
         (column.type == "bigint" || column.type == "integer" || column.type == "text" ||
          column.type == "uuid" || column.type.starts_with("character varying"));
}

// Another table gives its values: an app cannot make them up.
bool is_given(const Table& table, const std::string& column) {
  return std::any_of(table.constraints.begin(), table.constraints.end(),
                     [&](const planner::Constraint& constraint) {
                       return constraint.kind == planner::ConstraintKind::foreign_key &&
                              holds(constraint.columns, column);
                     });
}

void take_key(TableShape& shape, const std::vector<std::string>& old_key) {
  if (shape.before) shape.before->key = old_key;
  if (!shape.after) return;
  for (const std::string& column : old_key) {
    shape.after->key.push_back(shape.before ? carried_to(shape, column) : column);
  }
}

}  // namespace

void find_key(TableShape& shape) {
  const Table& table = shape.before ? shape.before->table : shape.after->table;
  const auto is_carried = [&](const std::string& column) {
    return !shape.before || !carried_to(shape, column).empty();
  };
  for (const auto& key : keys_of(table)) {
    if (std::all_of(key.begin(), key.end(), is_carried)) return take_key(shape, key);
  }
  shape.keyless = true;
  std::vector<std::string> references;
  for (const Column& column : table.columns) {
    if (!is_carried(column.name) ||
        std::any_of(shape.mends.begin(), shape.mends.end(),
                    [&](const planner::Mend& mend) { return mend.column == column.name; }))
      continue;
    const bool given = is_given(table, column.name);
    if (!given && may_tell_rows_apart(column)) return take_key(shape, {column.name});
    if (given && column.comparable && column.generated.empty()) references.push_back(column.name);
  }
  shape.told_by_references = !references.empty();
  take_key(shape, references);
}

}  // namespace segue::runtime::rehearsal
