#include "runtime/rehearsal/oracle.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/rehearsal/oracle_parts.hpp"

namespace segue::runtime::rehearsal {

// ---- The oracle
// ------------------------------------------------------------------

Oracle::Oracle(const Shapes& shapes, std::unique_ptr<Session> before,
               std::unique_ptr<Session> after, std::shared_ptr<Candidates> candidates)
    : shapes_(shapes),
      before_(std::move(before)),
      after_(std::move(after)),
      candidates_(std::move(candidates)) {}

std::vector<Row> Oracle::read(Release view, const TableShape& shape, const std::vector<Key>& keys) {
  const Side& side = *shape.side(view);
  std::vector<Row> rows;
  if (keys.empty()) return rows;
  const Rows found =
      session(view).exec(fmt::format("SELECT {} FROM {} WHERE {}", column_list(side.columns),
                                     planner::quoted(side.table.name), where_keys(side, keys)));
  for (const auto& line : found.rows) {
    Row row;
    for (std::size_t i = 0; i < side.columns.size(); ++i) row[side.columns[i]] = line[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

Row Oracle::row(Release view, std::size_t table, const Key& key) {
  const std::vector<Row> rows = read(view, shapes_.tables[table], {key});
  return rows.empty() ? Row{} : rows.front();
}

std::optional<Row> Oracle::pick(Release view, std::size_t table, std::uint64_t number) {
  const Side& side = *shapes_.tables[table].side(view);
  const std::string name = planner::quoted(side.table.name);
  const Rows found = session(view).exec(fmt::format(
      "SELECT {} FROM {} ORDER BY {} LIMIT 1 OFFSET {} % greatest((SELECT count(*) FROM {}), 1)",
      column_list(side.columns), name, side.key.empty() ? "1" : column_list(side.key),
      number % 100000, name));
  if (found.empty()) return std::nullopt;
  Row row;
  for (std::size_t i = 0; i < side.columns.size(); ++i) row[side.columns[i]] = found.rows[0][i];
  return row;
}

std::vector<std::vector<Value>> Oracle::rows(Release view, std::size_t table,
                                             const std::vector<std::string>& columns,
                                             const std::vector<Key>& keys) {
  const Side& side = *shapes_.tables[table].side(view);
  return session(view)
      .exec(fmt::format("SELECT {} FROM {} WHERE {}", column_list(columns),
                        planner::quoted(side.table.name), where_keys(side, keys)))
      .rows;
}

std::vector<std::vector<Value>> Oracle::all_rows(Release view, std::size_t table,
                                                 const std::vector<std::string>& columns) {
  const Side& side = *shapes_.tables[table].side(view);
  return session(view)
      .exec(
          fmt::format("SELECT {} FROM {}", column_list(columns), planner::quoted(side.table.name)))
      .rows;
}

Key Oracle::key_text(const Statement& statement, const Key& literals) {
  const Side& side = *shapes_.tables[statement.table].side(statement.schema);
  std::string items;
  for (std::size_t i = 0; i < literals.size(); ++i) {
    items += fmt::format("{}CAST({} AS {})", i == 0 ? "" : ", ", literals[i],
                         side.table.column(side.key[i])->type);
  }
  Key key;
  if (items.empty()) return key;
  // A value that its column does not take must not end the model's transaction.
  Session& session = this->session(statement.schema);
  if (within_) session.exec("SAVEPOINT key");
  try {
    const Rows found = session.exec("SELECT " + items);
    if (within_) session.exec("RELEASE key");
    for (const Value& value : found.rows.front()) key.push_back(value.value_or(""));
  } catch (const DatabaseError&) {
    if (within_) session.exec("ROLLBACK TO key; RELEASE key");
    throw;
  }
  return key;
}

std::vector<Key> Oracle::all_keys(Release view, std::size_t table) {
  const Side& side = *shapes_.tables[table].side(view);
  std::vector<Key> keys;
  if (side.key.empty()) return keys;
  const Rows found =
      session(view).exec(fmt::format("SELECT {} FROM {} ORDER BY {}", column_list(side.key),
                                     planner::quoted(side.table.name), column_list(side.key)));
  for (const auto& line : found.rows) {
    Key key;
    for (const Value& value : line) key.push_back(value.value_or(no_value));
    // No statement of an app would find it by that.
    if (std::find(key.begin(), key.end(), no_value) == key.end()) keys.push_back(std::move(key));
  }
  return keys;
}

// A copy of a database takes longer than all that a model does in it. Sequences do not roll back,
// but for those that were altered before.
void Oracle::roll_back_at_end() {
  for (Session* session : {before_.get(), after_.get()}) {
    session->exec("BEGIN");
    session->exec(R"sql(DO $body$
DECLARE
  s record;
BEGIN
  FOR s IN SELECT schemaname, sequencename, increment_by FROM pg_catalog.pg_sequences LOOP
    EXECUTE pg_catalog.format('ALTER SEQUENCE %I.%I INCREMENT BY %s', s.schemaname, s.sequencename,
                              s.increment_by);
  END LOOP;
END
$body$)sql");
  }
  within_ = true;
}

void Oracle::begin() {
  for (Session* session : {before_.get(), after_.get()})
    session->exec(within_ ? "SAVEPOINT attempt; SET CONSTRAINTS ALL DEFERRED" : "BEGIN");
  began_ = candidates_->mark();
  open_ = true;
}

void Oracle::keep() {
  if (!open_) return;
  for (Session* session : {before_.get(), after_.get()})
    session->exec(within_ ? "RELEASE attempt" : "COMMIT");
  open_ = false;
}

void Oracle::forget() {
  if (!open_) return;
  for (Session* session : {before_.get(), after_.get()})
    session->exec(within_ ? "ROLLBACK TO attempt; RELEASE attempt" : "ROLLBACK");
  candidates_->take_back(began_);
  open_ = false;
}

// PostgreSQL looks at the proposed row before it finds the one that is in its way: what a trigger
// makes of it has to hold by itself. So it is inserted for a moment, as if nothing were there.
void Oracle::try_proposed_rows(const Statement& statement) {
  const TableShape& shape = shapes_.tables[statement.table];
  Statement insert = statement;
  insert.kind = StatementKind::insert;
  insert.key_left_out = false;
  const std::size_t known = candidates_->mark();
  for (Session* session : {before_.get(), after_.get()}) {
    session->exec("SAVEPOINT proposed");
    session->exec("SET LOCAL session_replication_role = replica");
  }
  for (const Release view : {Release::before, Release::after}) {
    const auto& side = shape.side(view);
    if (!side) continue;
    session(view).exec(fmt::format("DELETE FROM {} WHERE {}", planner::quoted(side->table.name),
                                   where_keys(*side, statement.keys)));
  }
  for (Session* session : {before_.get(), after_.get()})
    session->exec("SET LOCAL session_replication_role = origin");
  session(statement.schema).exec(to_sql(insert, *shape.side(statement.schema)));
  carry(statement, {}, read(statement.schema, shape, statement.new_keys));
  for (Session* session : {before_.get(), after_.get()}) session->exec("ROLLBACK TO proposed");
  candidates_->take_back(known);
}

// A value that cannot be made up, another table's for one, may be a row's that nobody has named:
// what became of that one would not be carried over.
bool Oracle::meets_others(const Statement& statement) {
  if (statement.kind != StatementKind::upsert) return false;
  const Side& side = *shapes_.tables[statement.table].side(statement.schema);
  std::string met;
  for (std::size_t i = 0; i < statement.columns.size(); ++i) {
    const std::string& column = statement.columns[i];
    if (std::find(statement.conflict.begin(), statement.conflict.end(), column) !=
        statement.conflict.end())
      met += fmt::format("{}{} = {}", met.empty() ? "" : " AND ", column_list({column}),
                         statement.rows.front()[i]);
  }
  return !session(statement.schema)
              .exec(fmt::format("SELECT FROM {} WHERE {} AND NOT ({})",
                                planner::quoted(side.table.name), met,
                                where_keys(side, statement.keys)))
              .empty();
}

Verdict Oracle::attempt(const Statement& statement) {
  const Release schema = statement.schema;
  const TableShape& shape = shapes_.tables[statement.table];
  const Side& side = *shape.side(schema);
  Session& home = session(schema);
  Statement alone = statement;
  if (alone.kind == StatementKind::lock_and_update) alone.kind = StatementKind::update;
  alone.key_left_out = false;
  std::vector<Key> keys = statement.keys;
  keys.insert(keys.end(), statement.new_keys.begin(), statement.new_keys.end());

  begin();
  Verdict verdict;
  bool at_home = true;
  try {
    if (meets_others(statement)) throw NotComparable{"it meets a row that it was not made for"};
    if (!parted_ && takes_others_along(statement))
      throw NotComparable{"rows of another table go with it to one release only"};
    if (statement.kind == StatementKind::upsert && !statement.keys.empty() && !parted_)
      try_proposed_rows(statement);
    const std::vector<Row> was = read(schema, shape, keys);
    home.exec(to_sql(alone, side));
    home.exec("SET CONSTRAINTS ALL IMMEDIATE");
    const std::vector<Row> is = read(schema, shape, keys);
    at_home = false;
    if (parted_) {
      keep_candidates(statement, is);
    } else {
      carry(statement, was, is);
      pass_on(statement, was, is);
      session(other(schema)).exec("SET CONSTRAINTS ALL IMMEDIATE");
    }
    verdict.accepted = true;
  } catch (const DatabaseError& error) {
    verdict.refused_at_home = at_home;
    verdict.sqlstate = error.sqlstate();
    verdict.why = error.what();
  } catch (const NotComparable& reason) {
    verdict.why = reason.why;
  }
  if (!verdict.accepted) forget();
  return verdict;
}

}  // namespace segue::runtime::rehearsal
