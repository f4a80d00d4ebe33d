// What the expressions of a plan make of one row.
#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql.hpp"
#include "runtime/rehearsal/oracle_parts.hpp"

namespace segue::runtime::rehearsal {

namespace {

using dsl::sql::quote_identifier;
using planner::Column;
using planner::Pairing;

}  // namespace

std::vector<std::string> values_of(const std::vector<planner::Assignment>& assignments,
                                   const planner::Table& table) {
  std::vector<std::string> values;
  for (const planner::Assignment& one : assignments) {
    const Column* column = table.column(one.column);
    values.push_back(column == nullptr ? one.value
                                       : fmt::format("CAST(({}) AS {})", one.value, column->type));
  }
  return values;
}

// Expressions over one row that need not be in any table; `more` adds the columns that the first
// does not have. Always in the database that has the types of both releases.
std::vector<Value> Oracle::evaluate(const planner::Table& table, const Row& row,
                                    const planner::Table* more, const Row* more_row,
                                    const std::vector<std::string>& expressions) {
  std::string columns;
  const auto add = [&](const planner::Table& from, const Row& values) {
    for (const Column& column : from.columns) {
      if (&from != &table && table.column(column.name) != nullptr) continue;
      columns += fmt::format("{}CAST({} AS {}) AS {}", columns.empty() ? "" : ", ",
                             literal(value_in(values, column.name)), column.type,
                             quote_identifier(column.name));
    }
  };
  add(table, row);
  if (more != nullptr) add(*more, *more_row);
  std::string items;
  for (const std::string& expression : expressions)
    items += fmt::format("{}({})", items.empty() ? "" : ", ", expression);
  return after_
      ->exec(fmt::format("SELECT {} FROM (SELECT {}) AS {}", items, columns,
                         quote_identifier(table.name.name)))
      .rows.front();
}

bool Oracle::agree(std::size_t table, const Key& key, const Pairing& pairing, const Row& old_values,
                   const Row& new_values) {
  const TableShape& shape = shapes_.tables[table];
  Row before = row(Release::before, table, key);
  Row after = row(Release::after, table, key);
  for (const auto& [column, value] : old_values) before[column] = value;
  for (const auto& [column, value] : new_values) after[column] = value;
  const auto same = [](const std::vector<planner::Assignment>& assignments,
                       const std::vector<Value>& values, const Row& found) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (value_in(found, assignments[i].column) != values[i]) return false;
    }
    return true;
  };
  bool agrees = false;
  begin();
  try {
    agrees = same(pairing.map,
                  evaluate(shape.before->table, before, nullptr, nullptr,
                           values_of(pairing.map, shape.after->table)),
                  after) ||
             same(pairing.back,
                  evaluate(shape.after->table, after, &shape.before->table, &before,
                           values_of(pairing.back, shape.before->table)),
                  before);
  } catch (const DatabaseError&) {
    agrees = false;  // what cannot be computed is no value's source
  }
  forget();
  return agrees;
}

}  // namespace segue::runtime::rehearsal
