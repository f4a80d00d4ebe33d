#include "runtime/rehearsal/oracle.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql.hpp"

namespace segue::runtime::rehearsal {

namespace {

using dsl::sql::quote_identifier;
using planner::Column;
using planner::Pairing;

// A statement that the two schemas do not agree on: nobody could say what it should do.
struct NotComparable {
  std::string why;
};

Key key_of(const Side& side, const Row& row) {
  Key key;
  for (const std::string& column : side.key) key.push_back(row.at(column).value_or(""));
  return key;
}

const Row* row_with_key(const Side& side, const std::vector<Row>& rows, const Key& key) {
  for (const Row& row : rows) {
    if (key_of(side, row) == key) return &row;
  }
  return nullptr;
}

bool differ(const Row& left, const Row& right, const std::vector<std::string>& columns) {
  return std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
    return left.at(column) != right.at(column);
  });
}

// As PostgreSQL would store them in the columns they are for.
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

Value value_in(const Row& row, const std::string& column) {
  const auto place = row.find(column);
  return place == row.end() ? Value{} : place->second;
}

}  // namespace

// ---- Values that were computed once
// ------------------------------------------------------------------

void Candidates::add(Release view, std::size_t table, const Key& key, const std::string& column,
                     const Value& value) {
  const std::lock_guard guard(mutex_);
  known_[{view, table, key, column}].values.insert(value);
}

void Candidates::settle(Release view, std::size_t table, const Key& key,
                        const std::string& column) {
  const std::lock_guard guard(mutex_);
  known_[{view, table, key, column}].told = true;
}

void Candidates::forget(Release view, std::size_t table, const Key& key,
                        const std::string& column) {
  const std::lock_guard guard(mutex_);
  known_.erase({view, table, key, column});
}

void Candidates::move(std::size_t table, const Key& from, const Key& to) {
  const std::lock_guard guard(mutex_);
  std::map<Place, Known> moved;
  std::erase_if(known_, [&](const auto& entry) {
    if (std::get<1>(entry.first) != table || std::get<2>(entry.first) != from) return false;
    Place place = entry.first;
    std::get<2>(place) = to;
    moved.emplace(std::move(place), entry.second);
    return true;
  });
  known_.merge(moved);
}

bool Candidates::told(std::size_t table, const Key& key, const std::string& column) const {
  const std::lock_guard guard(mutex_);
  const auto place = known_.find({Release::after, table, key, column});
  return place != known_.end() && place->second.told;
}

bool Candidates::allow(Release view, std::size_t table, const Key& key, const std::string& column,
                       const Value& value) const {
  const std::lock_guard guard(mutex_);
  const auto place = known_.find({view, table, key, column});
  return place != known_.end() && !place->second.told && place->second.values.contains(value);
}

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
  const Rows found = session(statement.schema).exec("SELECT " + items);
  for (const Value& value : found.rows.front()) key.push_back(value.value_or(""));
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
    for (const Value& value : line) key.push_back(value.value_or(""));
    keys.push_back(std::move(key));
  }
  return keys;
}

void Oracle::keep() {
  if (!open_) return;
  before_->exec("COMMIT");
  after_->exec("COMMIT");
  open_ = false;
}

void Oracle::forget() {
  if (!open_) return;
  before_->exec("ROLLBACK");
  after_->exec("ROLLBACK");
  open_ = false;
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

  before_->exec("BEGIN");
  after_->exec("BEGIN");
  open_ = true;
  Verdict verdict;
  bool at_home = true;
  try {
    const std::vector<Row> was = read(schema, shape, keys);
    home.exec(to_sql(alone, side));
    home.exec("SET CONSTRAINTS ALL IMMEDIATE");
    const std::vector<Row> is = read(schema, shape, keys);
    at_home = false;
    if (!parted_) {
      carry(statement, was, is);
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

namespace {

struct Applicant {
  std::size_t table = 0;
  std::string tableoid;
  std::string ctid;
  Row row;
};

// Rows may hang on others of the same table, or of one that comes later.
constexpr int admission_rounds = 4;

}  // namespace

std::map<std::size_t, std::uint64_t> Oracle::admit_rows() {
  std::vector<Applicant> waiting;
  for (std::size_t table = 0; table < shapes_.tables.size(); ++table) {
    const TableShape& shape = shapes_.tables[table];
    if (!shape.before || !shape.after) continue;
    const std::vector<std::string>& columns = shape.before->columns;
    const Rows found =
        before_->exec(fmt::format("SELECT tableoid, ctid, {} FROM {}", column_list(columns),
                                  planner::quoted(shape.before->table.name)));
    for (const auto& line : found.rows) {
      Applicant one{table, *line[0], *line[1], {}};
      for (std::size_t i = 0; i < columns.size(); ++i) one.row[columns[i]] = line[i + 2];
      waiting.push_back(std::move(one));
    }
  }
  for (int round = 0; round < admission_rounds && !waiting.empty(); ++round) {
    const std::size_t met = waiting.size();
    std::erase_if(waiting, [&](const Applicant& one) { return admit(one.table, one.row); });
    if (waiting.size() == met) break;
  }
  std::map<std::size_t, std::uint64_t> refused;
  for (const Applicant& one : waiting) {
    try {
      refused[one.table] +=
          before_
              ->exec(fmt::format("DELETE FROM {} WHERE tableoid = {} AND ctid = '{}'",
                                 planner::quoted(shapes_.tables[one.table].before->table.name),
                                 one.tableoid, one.ctid))
              .affected;
    } catch (const DatabaseError&) {
      continue;  // other rows hang on it: plain DDL will say what it thinks
    }
  }
  return refused;
}

bool Oracle::admit(std::size_t table, const Row& row) {
  Statement statement;
  statement.table = table;
  after_->exec("BEGIN");
  try {
    write(Release::after, shapes_.tables[table], {},
          carried_to_after(statement, nullptr, row, std::nullopt), false);
    after_->exec("COMMIT");
    return true;
  } catch (const DatabaseError&) {
    after_->exec("ROLLBACK");
    return false;
  }
}

// What became of the rows at home, row by row, into the other database.
void Oracle::carry(const Statement& statement, const std::vector<Row>& was,
                   const std::vector<Row>& is) {
  const Release schema = statement.schema;
  const TableShape& shape = shapes_.tables[statement.table];
  const Release away = other(schema);
  if (!shape.side(away)) return;
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
  for (const Row& row : is) carry_row(statement, row_with_key(here, was, key_of(here, row)), row);
}

void Oracle::carry_row(const Statement& statement, const Row* was, const Row& is) {
  const Release schema = statement.schema;
  const TableShape& shape = shapes_.tables[statement.table];
  const Release away = other(schema);
  const Key key = key_of(*shape.side(schema), is);
  const std::vector<Row> there = read(away, shape, {key});
  const std::optional<Row> now = there.empty() ? std::nullopt : std::optional(there.front());
  const Row carried = schema == Release::before ? carried_to_after(statement, was, is, now)
                                                : carried_to_before(statement, was, is, now);
  write(away, shape, key, carried, now.has_value());
}

Row Oracle::carried_to_after(const Statement& statement, const Row* was, const Row& is,
                             const std::optional<Row>& away) {
  const TableShape& shape = shapes_.tables[statement.table];
  const planner::Table& table = shape.before->table;
  const Key key = key_of(*shape.before, is);
  for (const std::string& column : shape.left_out_by_new()) {
    if (!value_in(is, column) && (was == nullptr || value_in(*was, column)))
      throw NotComparable{"the old release may not write NULL there"};
  }
  Row carried;
  for (const auto& [old_name, new_name] : shape.shared) carried[new_name] = is.at(old_name);
  for (const Pairing& pairing : shape.pairings) {
    if (pairing.map.empty() || pairing.new_columns.empty()) continue;
    const std::vector<std::string> expressions = values_of(pairing.map, shape.after->table);
    const std::vector<Value> values = evaluate(table, is, nullptr, nullptr, expressions);
    const auto set_all = [&] {
      for (std::size_t i = 0; i < values.size(); ++i) carried[pairing.map[i].column] = values[i];
    };
    if (pairing.once) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string& column = pairing.map[i].column;
        candidates_->add(Release::after, statement.table, key, column, values[i]);
        // As if it were computed only now: the backfill may not have been there yet.
        if (!candidates_->told(statement.table, key, column)) carried[column] = values[i];
      }
      continue;
    }
    const bool changed = was == nullptr || !away || differ(*was, is, pairing.old_columns) ||
                         evaluate(table, *was, nullptr, nullptr, expressions) != values;
    if (!changed) continue;
    set_all();
    for (const std::string& column : pairing.old_columns)
      candidates_->forget(Release::before, statement.table, key, column);
  }
  // Undo puts back what a mend overwrote, and cannot tell an app's value that is mended to the
  // same.
  for (const planner::Mend& one : shape.mends) {
    const std::string old_name = shape.old_name_of(one.column);
    if (old_name.empty()) continue;
    candidates_->add(Release::before, statement.table, key, old_name, is.at(old_name));
    if (was != nullptr)
      candidates_->add(Release::before, statement.table, key, old_name, was->at(old_name));
  }
  Row whole = away.value_or(Row{});
  for (const auto& [column, value] : carried) whole[column] = value;
  mend(shape, is, whole);
  for (const planner::Mend& one : shape.mends) carried[one.column] = whole[one.column];
  return carried;
}

// Rows of any release that meet a condition get another value.
void Oracle::mend(const TableShape& shape, const Row& before, Row& after) {
  for (const planner::Mend& one : shape.mends) {
    const planner::Table& table = one.names_after ? shape.after->table : shape.before->table;
    const Row& row = one.names_after ? after : before;
    const std::vector<Value> found =
        evaluate(table, row, nullptr, nullptr,
                 {one.when, values_of({{one.column, one.value}}, shape.after->table).front()});
    if (found[0] == "t") after[one.column] = found[1];
  }
}

Row Oracle::carried_to_before(const Statement& statement, const Row* was, const Row& is,
                              const std::optional<Row>& away) {
  const TableShape& shape = shapes_.tables[statement.table];
  const Key key = key_of(*shape.after, is);
  Row carried;
  for (const auto& [old_name, new_name] : shape.shared) {
    // A mended value that the new release only read is not one that it wrote.
    if (shape.mended(new_name) && was != nullptr && was->at(new_name) == is.at(new_name)) continue;
    carried[old_name] = is.at(new_name);
  }
  const Row nothing;
  for (const Pairing& pairing : shape.pairings) {
    for (const std::string& column : pairing.new_columns) {
      const bool written = std::find(statement.columns.begin(), statement.columns.end(), column) !=
                           statement.columns.end();
      if (pairing.once && written && value_in(is, column))
        candidates_->settle(Release::after, statement.table, key, column);
    }
    if (pairing.old_columns.empty()) continue;
    const bool all_null =
        std::all_of(pairing.new_columns.begin(), pairing.new_columns.end(),
                    [&](const std::string& column) { return !value_in(is, column).has_value(); });
    for (const std::string& column : pairing.old_columns) {
      const Column* old = shape.before->table.column(column);
      if (was == nullptr && !pairing.new_columns.empty() && all_null && old != nullptr &&
          (!old->default_value.empty() || !old->identity.empty()))
        throw NotComparable{"an explicit NULL cannot be told from an omitted column"};
    }
    if (pairing.back.empty()) continue;
    const std::vector<Value> values =
        evaluate(shape.after->table, is, &shape.before->table, away ? &*away : &nothing,
                 values_of(pairing.back, shape.before->table));
    const bool changed = was == nullptr || (!pairing.once && differ(*was, is, pairing.new_columns));
    // To a row that is not filled yet the very value that it will get is news: `back` has its say.
    const bool repeated =
        !changed && std::any_of(pairing.new_columns.begin(), pairing.new_columns.end(),
                                [&](const std::string& column) {
                                  return std::find(statement.columns.begin(),
                                                   statement.columns.end(),
                                                   column) != statement.columns.end();
                                });
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (pairing.once || repeated)
        candidates_->add(Release::before, statement.table, key, pairing.back[i].column, values[i]);
      if (changed) carried[pairing.back[i].column] = values[i];
    }
  }
  Row old_row = away.value_or(Row{});
  for (const auto& [column, value] : carried) old_row[column] = value;
  for (const Pairing& pairing : shape.pairings) {
    if (!pairing.once || pairing.map.empty()) continue;
    const std::vector<Value> values = evaluate(shape.before->table, old_row, nullptr, nullptr,
                                               values_of(pairing.map, shape.after->table));
    for (std::size_t i = 0; i < values.size(); ++i)
      candidates_->add(Release::after, statement.table, key, pairing.map[i].column, values[i]);
  }
  return carried;
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
