// Rows of other tables that a statement takes along in one schema and not in the other.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/rehearsal/oracle_parts.hpp"

namespace segue::runtime::rehearsal {

namespace {

using planner::Constraint;

bool acts(const std::string& action) {
  return !action.empty() && action != "NO ACTION" && action != "RESTRICT";
}

// A foreign key that both have does the same in both.
bool has_twin(const planner::Catalog& catalog, const Constraint& key) {
  return std::any_of(catalog.tables.begin(), catalog.tables.end(), [&](const auto& table) {
    const Constraint* twin = table.constraint(key.name);
    return twin != nullptr && twin->on_delete == key.on_delete && twin->on_update == key.on_update;
  });
}

bool is_set_off_by(const Constraint& key, const Statement& statement) {
  if (statement.kind == StatementKind::remove) return acts(key.on_delete);
  return acts(key.on_update) &&
         std::any_of(key.target_columns.begin(), key.target_columns.end(),
                     [&](const std::string& column) { return names_column(statement, column); });
}

}  // namespace

bool Oracle::takes_others_along(const Statement& statement) {
  if (statement.keys.empty()) return false;
  for (const Release view : {Release::before, Release::after}) {
    const auto& side = shapes_.tables[statement.table].side(view);
    if (!side) continue;
    const bool before = view == Release::before;
    const planner::Catalog& catalog = before ? shapes_.before : shapes_.after;
    for (const planner::Table& table : catalog.tables) {
      for (const Constraint& key : table.constraints) {
        if (key.kind != planner::ConstraintKind::foreign_key || key.target != side->table.name ||
            !is_set_off_by(key, statement) ||
            has_twin(before ? shapes_.after : shapes_.before, key))
          continue;
        const Rows found = session(view).exec(fmt::format(
            "SELECT FROM {} WHERE ({}) IN (SELECT {} FROM {} WHERE {}) LIMIT 1",
            planner::quoted(table.name), column_list(key.columns), column_list(key.target_columns),
            planner::quoted(side->table.name), where_keys(*side, statement.keys)));
        if (!found.empty()) return true;
      }
    }
  }
  return false;
}

}  // namespace segue::runtime::rehearsal
