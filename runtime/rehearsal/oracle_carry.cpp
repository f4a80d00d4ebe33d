// What became of the rows of one release, row by row into the other's database.
#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql.hpp"
#include "runtime/rehearsal/oracle_parts.hpp"

namespace segue::runtime::rehearsal {

namespace {

using dsl::sql::quote_identifier;
using planner::Column;

}  // namespace

// What became of the rows at home, row by row, into the other database.
void Oracle::carry(const Statement& statement, const std::vector<Row>& was,
                   const std::vector<Row>& is) {
  const Release schema = statement.schema;
  const TableShape& shape = shapes_.tables[statement.table];
  const Release away = other(schema);
  if (!shape.side(away)) return;
  refuse_open_copies(statement);
  const Side& here = *shape.side(schema);
  const Side& there = *shape.side(away);
  const std::string name = planner::quoted(there.table.name);
  if (statement.kind == StatementKind::update_key && !is.empty()) {
    const Row& now = is.front();
    std::string sets;
    for (std::size_t i = 0; i < here.key.size(); ++i) {
      sets += fmt::format("{}{} = {}", sets.empty() ? "" : ", ", quote_identifier(there.key[i]),
                          literal(now.at(here.key[i])));
    }
    session(away).exec(
        fmt::format("UPDATE {} SET {} WHERE {}", name, sets, where_keys(there, statement.keys)));
    candidates_->move(statement.table, statement.keys.front(), key_of(here, now));
    carry_row(statement, was.empty() ? nullptr : &was.front(), now);
    return;
  }
  for (const Row& row : was) {
    const Key key = key_of(here, row);
    if (row_with_key(here, is, key) == nullptr)
      session(away).exec(fmt::format("DELETE FROM {} WHERE {}", name, where_key(there, key)));
  }
  for (const Row& row : is) {
    const Key key = key_of(here, row);
    // One that is copied is read, not written.
    if (statement.kind == StatementKind::insert_select && key == statement.source) continue;
    carry_row(statement, row_with_key(here, was, key), row);
  }
}

void Oracle::refuse_open_copies(const Statement& statement) const {
  if (statement.kind != StatementKind::insert_select) return;
  for (const planner::Mend& mend : shapes_.tables[statement.table].mends) {
    if (candidates_->open(Release::after, statement.table, statement.source, mend.column))
      throw NotComparable{"a copy of a value that may be one or another"};
  }
}

// A release that is alone carries nothing over, and still meets values that may be one or another:
// they go with their rows.
void Oracle::keep_candidates(const Statement& statement, const std::vector<Row>& is) {
  const TableShape& shape = shapes_.tables[statement.table];
  if (statement.kind == StatementKind::update_key && !is.empty())
    candidates_->move(statement.table, statement.keys.front(),
                      key_of(*shape.side(statement.schema), is.front()));
  refuse_open_copies(statement);
  if (statement.kind != StatementKind::insert_select || statement.schema == Release::before) return;
  for (const planner::Pairing& pairing : shape.pairings) {
    for (const std::string& column : pairing.new_columns) {
      if (pairing.once && names_column(statement, column) &&
          !candidates_->told(statement.table, statement.source, column))
        throw NotComparable{"a copy of a value that may be one or another"};
    }
  }
}

void Oracle::carry_row(const Statement& statement, const Row* was, const Row& is) {
  const Release schema = statement.schema;
  const TableShape& shape = shapes_.tables[statement.table];
  const Release away = other(schema);
  const Key key = key_of(*shape.side(schema), is);
  const std::vector<Row> there = read(away, shape, {key});
  const std::optional<Row> now = there.empty() ? std::nullopt : std::optional(there.front());
  Row carried = schema == Release::before ? carried_to_after(statement, was, is, now)
                                          : carried_to_before(statement, was, is, now);
  // A column that is set is one that triggers of the table's own may wait for.
  if (now) {
    std::erase_if(carried, [&](const auto& one) {
      const auto place = now->find(one.first);
      return place != now->end() && place->second == one.second;
    });
  }
  write(away, shape, key, carried, now.has_value());
}

void Oracle::write(Release view, const TableShape& shape, const Key& key, const Row& row,
                   bool exists) {
  const Side& side = *shape.side(view);
  std::string columns;
  std::string values;
  std::string sets;
  bool always = false;
  for (const auto& [column, value] : row) {
    const Column* known = side.table.column(column);
    if (known == nullptr || !known->generated.empty()) continue;
    always = always || known->identity == "always";
    columns += (columns.empty() ? "" : ", ") + quote_identifier(column);
    values += (values.empty() ? "" : ", ") + literal(value);
    const bool in_key = std::find(side.key.begin(), side.key.end(), column) != side.key.end();
    if (in_key || known->identity == "always") continue;
    sets += fmt::format("{}{} = {}", sets.empty() ? "" : ", ", quote_identifier(column),
                        literal(value));
  }
  const std::string name = planner::quoted(side.table.name);
  if (exists && sets.empty()) return;
  session(view).exec(
      exists ? fmt::format("UPDATE {} SET {} WHERE {}", name, sets, where_key(side, key))
             : fmt::format("INSERT INTO {} ({}){} VALUES ({})", name, columns,
                           always ? " OVERRIDING SYSTEM VALUE" : "", values));
}

}  // namespace segue::runtime::rehearsal
