// What one release wrote, as the other has to read it.
#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql.hpp"
#include "runtime/rehearsal/oracle_parts.hpp"

namespace segue::runtime::rehearsal {

namespace {

using dsl::sql::quote_identifier;
using planner::Column;
using planner::Pairing;

bool differ(const Row& left, const Row& right, const std::vector<std::string>& columns) {
  return std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
    return left.at(column) != right.at(column);
  });
}

bool must_differ(const planner::Table& table, const std::string& column) {
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const planner::Index& index) {
    return index.unique &&
           std::any_of(index.keys.begin(), index.keys.end(),
                       [&](const planner::IndexKeyPart& part) { return part.column == column; });
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

}  // namespace

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
  for (const Row& row : is) {
    const Key key = key_of(here, row);
    // One that is copied is read, not written.
    if (statement.kind == StatementKind::insert_select && key == statement.source) continue;
    carry_row(statement, row_with_key(here, was, key), row);
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
      // EXCLUDED is the row as the trigger left it, and so may a row be that is copied.
      const bool reads_mended =
          !shape.mends.empty() && (statement.kind == StatementKind::upsert ||
                                   statement.kind == StatementKind::insert_select);
      const std::vector<Value> mended =
          reads_mended ? evaluate(table, mended_row(shape, is), nullptr, nullptr, expressions)
                       : values;
      // The backfill may have been there before this write.
      const std::vector<Value> earlier =
          was == nullptr ? values : evaluate(table, *was, nullptr, nullptr, expressions);
      for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string& column = pairing.map[i].column;
        candidates_->add(Release::after, statement.table, key, column, mended[i]);
        candidates_->add(Release::after, statement.table, key, column, earlier[i]);
        candidates_->add(Release::after, statement.table, key, column, values[i]);
        // As if it were computed only now: the backfill may not have been there yet.
        if (!candidates_->told(statement.table, key, column)) carried[column] = values[i];
      }
      continue;
    }
    // One column, whatever either release calls its type: a value that was cut short when the old
    // one read it is written all the same.
    const bool written =
        pairing.swaps == planner::Phase::expand &&
        std::any_of(pairing.old_columns.begin(), pairing.old_columns.end(),
                    [&](const std::string& column) { return names_column(statement, column); });
    if (pairing.swaps == planner::Phase::expand && statement.kind == StatementKind::insert_select)
      throw NotComparable{"a copy of a value that only the new release knows whole"};
    const bool changed = was == nullptr || !away || written ||
                         differ(*was, is, pairing.old_columns) ||
                         evaluate(table, *was, nullptr, nullptr, expressions) != values;
    if (!changed) continue;
    set_all();
    for (const std::string& column : pairing.old_columns)
      candidates_->forget(Release::before, statement.table, key, column);
  }
  for (const MoveShape& move : shapes_.moves) {
    if (move.to != statement.table || was != nullptr) continue;
    const auto waiting = partners(move, false, is);
    if (!waiting.empty() && waiting.begin()->second)
      carried[move.move.new_column] = waiting.begin()->second;
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

Row Oracle::mended_row(const TableShape& shape, const Row& before) {
  Row after;
  for (const auto& [old_name, new_name] : shape.shared) after[new_name] = before.at(old_name);
  mend(shape, before, after);
  Row mended = before;
  for (const auto& [old_name, new_name] : shape.shared) mended[old_name] = after[new_name];
  return mended;
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
      if (pairing.once && statement.kind == StatementKind::insert_select &&
          names_column(statement, column) &&
          !candidates_->told(statement.table, statement.source, column))
        throw NotComparable{"a copy of a value that may be one or another"};
      if (pairing.once && names_column(statement, column) && value_in(is, column))
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
    std::vector<planner::Assignment> backs = pairing.back;
    if (backs.empty() && pairing.swaps) {
      for (const std::string& column : pairing.old_columns)
        backs.push_back({column, quote_identifier(column)});
    }
    if (backs.empty()) continue;
    const std::vector<Value> values =
        evaluate(shape.after->table, is, &shape.before->table, away ? &*away : &nothing,
                 values_of(backs, shape.before->table));
    const bool changed = was == nullptr || (!pairing.once && differ(*was, is, pairing.new_columns));
    // To a row that is not filled yet the very value that it will get is news: `back` has its say.
    const bool repeated =
        !changed &&
        std::any_of(pairing.new_columns.begin(), pairing.new_columns.end(),
                    [&](const std::string& column) { return names_column(statement, column); });
    if (pairing.swaps && changed) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string& column = backs[i].column;
        if (must_differ(shape.before->table, column) && values[i] != value_in(is, column))
          throw NotComparable{"a key that only the new release's type takes whole"};
      }
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (pairing.once || repeated)
        candidates_->add(Release::before, statement.table, key, backs[i].column, values[i]);
      if (changed) carried[backs[i].column] = values[i];
    }
  }
  Row old_row = away.value_or(Row{});
  for (const auto& [column, value] : carried) old_row[column] = value;
  for (const Pairing& pairing : shape.pairings) {
    if (!pairing.once || pairing.map.empty()) continue;
    const std::vector<Value> values = evaluate(shape.before->table, old_row, nullptr, nullptr,
                                               values_of(pairing.map, shape.after->table));
    Row filled;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string& column = pairing.map[i].column;
      candidates_->add(Release::after, statement.table, key, column, values[i]);
      if (values[i] != value_in(is, column) && !candidates_->told(statement.table, key, column))
        filled[column] = values[i];
    }
    // It may be computed only now, and has to be such as the new schema takes.
    if (filled.empty()) continue;
    after_->exec("SAVEPOINT filled");
    write(Release::after, shape, key, filled, true);
    after_->exec("ROLLBACK TO filled; RELEASE filled");
  }
  return carried;
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
