#include "runtime/rehearsal/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "dsl/sql.hpp"
#include "runtime/rehearsal/writer_parts.hpp"

namespace segue::runtime::rehearsal {

namespace {

using dsl::sql::quote_literal;
using planner::Column;

}  // namespace

bool Writer::chance(double probability) {
  return static_cast<double>(random_() % 10000) < probability * 10000;
}

std::size_t Writer::below(std::size_t limit) {
  return limit == 0 ? 0 : random_() % limit;
}

std::optional<std::size_t> Writer::pick_table(const Permission& permission) {
  std::vector<std::size_t> fitting;
  for (std::size_t i = 0; i < shapes_.tables.size(); ++i) {
    const TableShape& shape = shapes_.tables[i];
    if (!shape.side(permission.release)) continue;
    // Nobody could say which row is which.
    if (shape.side(permission.release)->key.empty()) continue;
    // Made by the change: only the new release knows it, and only when it may read.
    if (!shape.before && !permission.reads_new) continue;
    const std::size_t weight = shape.pairings.empty() && shape.mends.empty() ? 1 : 4;
    fitting.insert(fitting.end(), weight, i);
  }
  if (fitting.empty()) return std::nullopt;
  return fitting[below(fitting.size())];
}

StatementKind Writer::pick_kind(bool keyless) {
  using Kind = StatementKind;
  static constexpr std::array all{
      Kind::update, Kind::update,      Kind::update,          Kind::update,        Kind::update,
      Kind::update, Kind::update,      Kind::insert,          Kind::insert,        Kind::insert,
      Kind::insert, Kind::upsert,      Kind::upsert,          Kind::upsert,        Kind::remove,
      Kind::copy,   Kind::insert_many, Kind::lock_and_update, Kind::insert_select, Kind::update_key,
      Kind::merge};
  Kind kind = all[below(all.size())];
  constexpr int knows_merge = 15;
  // Where a view stands in a table's place, triggers of its own would have to do it.
  if (kind == Kind::merge && (shapes_.before.major() < knows_merge || shapes_.views))
    kind = Kind::upsert;
  const bool needs_unique =
      kind == Kind::upsert || kind == Kind::merge || kind == Kind::insert_select;
  return keyless && needs_unique ? Kind::insert : kind;
}

std::optional<Statement> Writer::next(Oracle& oracle, const Permission& permission) {
  const auto table = pick_table(permission);
  if (!table) return std::nullopt;
  const TableShape& shape = shapes_.tables[*table];
  Permission adjusted = permission;
  // Where a column keeps its name and is swapped at contract, both releases see the old one.
  const bool old_form = permission.release == Release::after && !permission.alone && shape.before &&
                        shape.swaps_in(planner::Phase::contract);
  const bool both = permission.both && shape.both.has_value();
  if (both && shape.moves) return std::nullopt;
  if (old_form || both) adjusted.schema = Release::before;
  if (!shape.side(adjusted.schema)) return std::nullopt;
  Draft draft{oracle, adjusted, shape, *shape.side(adjusted.schema), {}};
  draft.statement.kind = pick_kind(shape.keyless);
  if (shapes_.views && draft.statement.kind == StatementKind::copy)
    draft.statement.kind = StatementKind::insert;
  draft.statement.release = permission.release;
  draft.statement.schema = adjusted.schema;
  draft.statement.both = both;
  draft.statement.table = *table;
  bool made = false;
  switch (draft.statement.kind) {
    case StatementKind::insert:
    case StatementKind::insert_many:
    case StatementKind::copy:
      made = insert(draft);
      break;
    case StatementKind::insert_select:
      made = insert_select(draft);
      break;
    case StatementKind::upsert:
    case StatementKind::merge:
      made = upsert(draft);
      break;
    case StatementKind::update:
    case StatementKind::lock_and_update:
      made = update(draft);
      break;
    case StatementKind::update_key:
      made = update_key(draft);
      break;
    case StatementKind::remove:
      made = lease_key(draft, careful_ || shape.keyless);
      break;
  }
  if (made) {
    try {
      for (Key& key : draft.statement.new_keys) key = oracle.key_text(draft.statement, key);
    } catch (const DatabaseError&) {
      made = false;
    }
  }
  if (!made) {
    keys_.give_back(*table, draft.statement.keys);
    return std::nullopt;
  }
  draft.statement.prepared = can_be_prepared(draft.statement) && chance(0.5);
  return std::move(draft.statement);
}

bool Writer::lease_key(Draft& draft, bool own) {
  // A row that is not filled yet is not to be found by what is new.
  const bool finds = draft.permission.reads_new ||
                     std::none_of(draft.side.key.begin(), draft.side.key.end(),
                                  [&](const std::string& column) { return is_new(draft, column); });
  if (!finds) return false;
  const auto key = keys_.lease(draft.statement.table, random_, own);
  if (!key || draft.side.key.empty()) return false;
  draft.statement.keys.push_back(*key);
  return true;
}

// ---- Statements
// ------------------------------------------------------------------

bool Writer::update(Draft& draft) {
  if (!lease_key(draft, draft.shape.keyless)) return false;
  Statement& statement = draft.statement;
  const Row now =
      draft.oracle.row(draft.permission.schema, statement.table, statement.keys.front());
  if (now.empty()) return false;  // gone with the row that it hung on
  std::vector<const Column*> columns;
  for (const Column& column : draft.table().columns) {
    if (is_writable(column) && !holds(draft.side.key, column.name) && column.identity != "always" &&
        !column.in_partition_key)
      columns.push_back(&column);
  }
  if (columns.empty()) return false;
  std::map<std::string, std::string> values;
  if (chance(0.3)) {  // as an ORM does: the whole row, whatever changed in it
    for (const Column* column : columns) values[column->name] = literal(now.at(column->name));
    const Column& changed = *columns[below(columns.size())];
    const std::string value = value_for(draft, changed, now);
    if (careful_ && !meets_nobody(draft, {{changed.name, value}}, {})) return false;
    values[changed.name] = value;
  } else {
    std::vector<const Column*> paired;
    for (const Column* column : columns) {
      if (is_paired(draft, column->name) || draft.shape.mended(column->name))
        paired.push_back(column);
    }
    const std::size_t number = chance(0.7) ? 1 : 2;
    for (std::size_t i = 0; i < number; ++i) {
      const auto& from = !paired.empty() && chance(0.7) ? paired : columns;
      const Column& changed = *from[below(from.size())];
      values[changed.name] = value_for(draft, changed, now);
    }
    std::map<std::string, std::string> unique = values;
    const std::set<std::string> fresh = freshen(draft, unique, now);
    if (careful_ && !meets_nobody(draft, values, fresh)) return false;
    for (auto& [column, value] : values) value = unique[column];
  }
  Literals row;
  for (const auto& [column, value] : values) {
    statement.columns.push_back(column);
    row.push_back(value);
  }
  statement.rows.push_back(std::move(row));
  return true;
}

bool Writer::update_key(Draft& draft) {
  if (!lease_key(draft, true)) return false;
  Statement& statement = draft.statement;
  if (draft.shape.told_by_references) {
    const auto references = free_references(draft);
    if (!references) return false;
    statement.columns = draft.side.key;
    statement.rows.emplace_back();
    for (const std::string& column : draft.side.key)
      statement.rows.front().push_back(references->at(column));
    statement.new_keys.push_back(statement.rows.front());
    return true;
  }
  const std::string column = easiest(draft, draft.side.key);
  if (column.empty() || draft.table().column(column)->identity == "always") return false;
  const Row now =
      draft.oracle.row(draft.permission.schema, statement.table, statement.keys.front());
  if (now.empty()) return false;
  const std::string value = fresh_value(*draft.table().column(column), now.at(column));
  statement.columns = {column};
  statement.rows = {{value}};
  Key key;
  for (std::size_t i = 0; i < draft.side.key.size(); ++i) {
    key.push_back(draft.side.key[i] == column ? value : quote_literal(statement.keys.front()[i]));
  }
  statement.new_keys.push_back(std::move(key));
  return true;
}

}  // namespace segue::runtime::rehearsal
