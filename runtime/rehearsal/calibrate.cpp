#include "runtime/rehearsal/calibrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "runtime/rehearsal/app.hpp"
#include "runtime/rehearsal/oracle.hpp"
#include "runtime/rehearsal/writer.hpp"

namespace segue::runtime::rehearsal {

namespace {

using ByKey = std::map<Key, std::vector<Value>>;

ByKey by_key(const Side& side, const std::vector<std::vector<Value>>& lines) {
  ByKey rows;
  for (const auto& line : lines) {
    Key key;
    for (const std::string& column : side.key) {
      const auto place = std::find(side.columns.begin(), side.columns.end(), column);
      key.push_back(line[static_cast<std::size_t>(place - side.columns.begin())].value_or(""));
    }
    rows.emplace(std::move(key), line);
  }
  return rows;
}

std::set<std::string> differing(Release release, std::size_t table, const Side& side,
                                Oracle& oracle, App& app) {
  std::set<std::string> columns;
  const ByKey left = by_key(side, oracle.all_rows(release, table, side.columns));
  const ByKey right = by_key(side, app.select_all(side, side.columns));
  for (const auto& [key, row] : left) {
    const auto twin = right.find(key);
    if (twin == right.end()) continue;
    for (std::size_t i = 0; i < side.columns.size(); ++i) {
      if (row[i] != twin->second[i]) columns.insert(side.columns[i]);
    }
  }
  return columns;
}

void send(Oracle& oracle, App& app, LiveKeys& keys, const Statement& statement, const Side& side) {
  Statement known = statement;
  if (statement.key_left_out) {
    const Answer answer = app.send(statement, side);
    if (!answer.ok || answer.returned.empty()) return;
    known.new_keys.front().clear();
    for (const Value& value : answer.returned) known.new_keys.front().push_back(value.value_or(""));
    if (oracle.attempt(with_key(known, side)).accepted) oracle.keep();
    return;
  }
  if (!oracle.attempt(statement).accepted) return;
  oracle.keep();
  app.send(statement, side);
  if (statement.kind == StatementKind::remove) return;
  for (const Key& key : statement.new_keys) keys.add(statement.table, key, true);
}

// A value that is passed on to another table is an update there: the table's own triggers see it,
// where they would not have seen one before.
std::set<std::string> moved_by_triggers(Oracle& oracle, Release release, std::size_t table) {
  constexpr std::size_t enough = 40;
  const Side& side = *oracle.shapes().tables[table].side(release);
  const auto touched = std::find_if(
      side.table.columns.begin(), side.table.columns.end(), [](const planner::Column& column) {
        return column.generated.empty() && column.identity != "always";
      });
  if (touched == side.table.columns.end()) return {};
  const std::string name = column_list({touched->name});
  std::vector<Key> keys = oracle.all_keys(release, table);
  keys.resize(std::min(keys.size(), enough));
  std::set<std::string> columns;
  Session& session = oracle.session(release);
  session.exec("SAVEPOINT touched");
  for (const Key& key : keys) {
    const Row was = oracle.row(release, table, key);
    try {
      session.exec(fmt::format("UPDATE {0} SET {1} = {1} WHERE {2}",
                               planner::quoted(side.table.name), name, where_key(side, key)));
    } catch (const DatabaseError& error) {
      if (error.connection_lost()) throw;
      // A row that its table's own triggers do not let anybody write: nothing is passed on to it.
      session.exec("ROLLBACK TO touched");
      continue;
    }
    const Row is = oracle.row(release, table, key);
    for (const auto& [column, value] : is) {
      if (was.at(column) != value) columns.insert(column);
    }
  }
  session.exec("ROLLBACK TO touched; RELEASE touched");
  return columns;
}

// Left out by chance only: a few statements may not meet it. A sequence is not asked in vain.
std::set<std::string> made_up_by_defaults(const Side& side, Oracle& oracle, Release release,
                                          App& app) {
  constexpr int tries = 3;  // one of two values may come twice
  std::set<std::string> columns;
  for (const planner::Column& column : side.table.columns) {
    const std::string& value = column.default_value;
    if (value.empty() || !column.generated.empty() || value.find("nextval(") != std::string::npos)
      continue;
    const std::string sql = fmt::format("SELECT ({})::text", value);
    Session& session = oracle.session(release);
    session.exec("SAVEPOINT value");
    try {
      for (int i = 0; i < tries; ++i) {
        if (session.exec(sql).rows != app.session().exec(sql).rows) columns.insert(column.name);
      }
    } catch (const DatabaseError&) {
      columns.insert(column.name);  // no value to compare
    }
    session.exec("ROLLBACK TO value; RELEASE value");
  }
  return columns;
}

std::vector<std::set<std::string>> try_release(Stage& stage, Release release, std::uint64_t seed,
                                               int statements) {
  const Shapes& shapes = stage.shapes();
  const bool before = release == Release::before;
  const Database twin = before ? stage.fresh() : stage.plain();
  Oracle oracle(shapes, stage.model(Release::before).open(), stage.model(Release::after).open(),
                std::make_shared<Candidates>());
  oracle.roll_back_at_end();
  oracle.part();
  App app(twin.open(), stage.server().directory());
  const Pools pools(shapes, seed);
  LiveKeys keys(shapes.tables.size());
  for (std::size_t i = 0; i < shapes.tables.size(); ++i) {
    if (!shapes.tables[i].side(release)) continue;
    for (const Key& key : oracle.all_keys(release, i)) keys.add(i, key, false);
  }
  std::vector<std::set<std::string>> found(shapes.tables.size());
  Writer writer(shapes, pools, keys, seed, false);
  const Permission permission{release, release, true, true};
  for (int i = 0; i < statements; ++i) {
    const auto statement = writer.next(oracle, permission);
    if (!statement) continue;
    send(oracle, app, keys, *statement, *shapes.tables[statement->table].side(release));
    keys.give_back(statement->table, statement->keys);
  }
  // Only now: before, a table may be empty.
  for (const MoveShape& move : shapes.moves) {
    for (const std::size_t table : {move.from, move.to})
      found[table].merge(moved_by_triggers(oracle, release, table));
  }
  for (std::size_t i = 0; i < shapes.tables.size(); ++i) {
    const auto& side = shapes.tables[i].side(release);
    if (!side) continue;
    found[i].merge(made_up_by_defaults(*side, oracle, release, app));
    if (!side->key.empty()) found[i].merge(differing(release, i, *side, oracle, app));
  }
  return found;
}

// A column that cannot be told makes those untold that are computed from it.
void mark(TableShape& shape, Release release, const std::set<std::string>& columns) {
  for (const std::string& column : columns) {
    (release == Release::before ? shape.untold_before : shape.untold_after).insert(column);
    if (release == Release::before) {
      const auto place = shape.shared.find(column);
      if (place != shape.shared.end()) shape.untold_after.insert(place->second);
    } else if (const std::string old_name = shape.old_name_of(column); !old_name.empty()) {
      shape.untold_before.insert(old_name);
    }
    for (const planner::Pairing& pairing : shape.pairings) {
      const auto& here = release == Release::before ? pairing.old_columns : pairing.new_columns;
      if (std::find(here.begin(), here.end(), column) == here.end()) continue;
      shape.untold_before.insert(pairing.old_columns.begin(), pairing.old_columns.end());
      shape.untold_after.insert(pairing.new_columns.begin(), pairing.new_columns.end());
    }
  }
}

}  // namespace

std::vector<std::string> calibrate(Stage& stage, std::uint64_t seed, int statements_per_release) {
  for (const Release release : {Release::before, Release::after}) {
    const auto found = try_release(stage, release, seed, statements_per_release);
    for (std::size_t i = 0; i < found.size(); ++i)
      mark(stage.shapes().tables[i], release, found[i]);
  }
  std::vector<std::string> notes;
  for (const TableShape& shape : stage.shapes().tables) {
    std::set<std::string> untold = shape.untold_before;
    untold.insert(shape.untold_after.begin(), shape.untold_after.end());
    for (const std::string& column : untold)
      notes.push_back(fmt::format("{}.{} was not compared: nobody can foretell its values",
                                  shape.name(), column));
    if (!shape.keyless) continue;
    const auto& side = shape.before ? shape.before : shape.after;
    notes.push_back(shape.name() +
                    (side->key.empty()
                         ? " has nothing that tells its rows apart: no app wrote to it"
                         : " has no unique key: apps wrote only to rows of their own"));
  }
  return notes;
}

}  // namespace segue::runtime::rehearsal
