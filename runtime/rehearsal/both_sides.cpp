#include "runtime/rehearsal/both_sides.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "planner/holds.hpp"

namespace segue::runtime::rehearsal {

namespace {

using planner::holds;

bool is_insert(const Statement& statement) {
  return statement.kind != StatementKind::update &&
         statement.kind != StatementKind::lock_and_update;
}

// The columns, by their names after the change, and what they are called in the statement.
std::map<std::string, std::string> written_beside(const TableShape& shape,
                                                  const Statement& statement) {
  const auto names = [&](const std::string& column) { return holds(statement.columns, column); };
  std::map<std::string, std::string> columns;
  for (const planner::Pairing& pairing : shape.pairings) {
    if (!pairing.by_app || pairing.map.empty()) continue;
    if (!is_insert(statement) &&
        std::none_of(pairing.old_columns.begin(), pairing.old_columns.end(), names))
      continue;
    for (const std::string& column : pairing.new_columns) columns[column] = column;
  }
  for (const planner::Mend& mend : shape.mends) {
    const std::string old_name = shape.old_name_of(mend.column);
    if (mend.by_app && (is_insert(statement) || names(old_name))) columns[mend.column] = old_name;
  }
  return columns;
}

}  // namespace

void write_both(Oracle& oracle, Statement& statement) {
  if (!statement.both || statement.kind == StatementKind::remove ||
      statement.kind == StatementKind::update_key)
    return;
  const TableShape& shape = oracle.shapes().tables[statement.table];
  statement.beside.clear();
  statement.beside_rows.clear();
  const auto columns = written_beside(shape, statement);
  for (const auto& [column, name] : columns) statement.beside.push_back(name);
  for (std::size_t i = 0; i < statement.rows.size(); ++i) {
    Row row;
    // The key of one that is copied is its source's.
    if (!statement.keys.empty() && statement.kind != StatementKind::insert_select)
      row = oracle.row(Release::after, statement.table, statement.keys.front());
    if (row.empty() && i < statement.new_keys.size())
      row = oracle.row(Release::after, statement.table, statement.new_keys[i]);
    Literals literals;
    for (const auto& [column, name] : columns) {
      const auto place = row.find(column);
      std::string value = place == row.end() ? "NULL" : literal(place->second);
      // In a SELECT's list nothing tells what a literal is.
      if (statement.kind == StatementKind::insert_select)
        value = fmt::format("CAST({} AS {})", value, shape.both->table.column(name)->type);
      literals.push_back(std::move(value));
    }
    statement.beside_rows.push_back(std::move(literals));
  }
}

}  // namespace segue::runtime::rehearsal
