#include "runtime/rehearsal/apps_at_work.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "runtime/errors.hpp"
#include "runtime/rehearsal/both_sides.hpp"
#include "runtime/rehearsal/permitted.hpp"

namespace segue::runtime::rehearsal {

namespace {

// Between two steps nothing may hold an app up; this is for what should not happen.
constexpr const char* patience_between_steps = "SET lock_timeout = '1s'";

}  // namespace

AppsAtWork::AppsAtWork(Stage& stage, const planner::Plan& plan, const PlayOptions& options,
                       const Pools& pools, std::uint64_t seed, RunRecord& record)
    : stage_(stage),
      shapes_(stage.shapes()),
      options_(options),
      pools_(pools),
      record_(record),
      database_(options.crash ? stage.fresh_on_victim() : stage.fresh()),
      oracle_(shapes_, stage.model(Release::before).open(), stage.model(Release::after).open(),
              std::make_shared<Candidates>()),
      audit_(shapes_, oracle_),
      blame_(plan, shapes_),
      keys_(shapes_.tables.size()),
      writer_(shapes_, pools_, keys_, seed, false) {
  oracle_.roll_back_at_end();
  connect();
  for (std::size_t i = 0; i < shapes_.tables.size(); ++i) {
    if (!shapes_.tables[i].before || shapes_.tables[i].keyless) continue;
    for (const Key& key : oracle_.all_keys(Release::before, i)) keys_.add(i, key, false);
  }
}

void AppsAtWork::connect() {
  apps_.clear();
  for (const Release release : {Release::before, Release::after}) {
    auto session = database_.open(std::string(name_of(release)));
    session->exec(patience_between_steps);
    apps_.emplace(release, App(std::move(session), stage_.server().directory()));
  }
}

// ---- What they write ----

void AppsAtWork::moment(const std::string& what, const planner::Step* step) {
  if (!record_.good()) return;
  record_.moment = fmt::format("{}/{}", record_.leg, what);
  if (step != nullptr) record_.phase = step->phase;
  if (options_.script != nullptr) {
    for (const Sent& sent : *options_.script) {
      if (sent.moment == record_.moment && record_.good()) act(sent.statement);
    }
    return;
  }
  const std::vector<Permission> allowed = permitted(shapes_, record_.at);
  if (allowed.empty()) return;
  Chance chance{record_.moment, {}};
  for (const Permission& one : allowed) chance.releases.insert(one.release);
  record_.played.chances.push_back(std::move(chance));
  for (std::size_t i = 0; i < options_.batch && record_.good(); ++i) {
    const Permission& one = allowed[writer_.random()() % allowed.size()];
    if (const auto statement = writer_.next(oracle_, one)) {
      act(*statement);
      keys_.give_back(statement->table, statement->keys);
    }
  }
}

void AppsAtWork::act(Statement statement) {
  const TableShape& shape = shapes_.tables[statement.table];
  if (is_in_between(shape, record_.at)) return;
  const Side& side = *shape.side(statement.schema);
  const std::string what =
      fmt::format("{}: {}", name_of(statement.release), name_of(statement.kind));
  const Verdict verdict =
      oracle_.attempt(statement.key_left_out ? with_key(statement, side) : statement);
  if (!verdict.accepted) {
    ++record_.played.tried[fmt::format("{}: left out, the two schemas do not agree on it",
                                       name_of(statement.release))];
    return;
  }
  write_both(oracle_, statement);
  if (statement.key_left_out) oracle_.forget();
  record_.played.sent.push_back({record_.moment, statement});
  ++record_.played.tried[what];
  App& app = apps_.at(statement.release);
  const Statement sent = whole(statement);
  const Side& names = shape.side_of(statement.schema, statement.both);
  Answer answer = app.send(sent, names);
  if (!answer.ok && must_reconnect(shape, record_.at, answer.sqlstate)) {
    app.forget_plans();
    answer = app.send(sent, names);
  }
  ++record_.played.checks[Promise::executable];
  if (!answer.ok) {
    oracle_.forget();
    const bool waited = answer.sqlstate == sqlstate::lock_not_available;
    record_.fail(waited ? Promise::stall : Promise::executable, answer.text(), "ok", {}, statement);
    return;
  }
  Statement known = statement;
  if (statement.key_left_out) {
    known.new_keys.clear();
    Key key;
    for (const Value& value : answer.returned) key.push_back(value.value_or(""));
    known.new_keys.push_back(key);
    if (!oracle_.attempt(with_key(known, side)).accepted) return;
  }
  oracle_.keep();
  settle(known);
  look(known);
}

void AppsAtWork::settle(const Statement& statement) {
  for (const auto* list : {&statement.keys, &statement.new_keys}) {
    for (const Key& key : *list) blame_.wrote(statement.table, key);
  }
  if (options_.script != nullptr || statement.kind == StatementKind::remove) return;
  for (const Key& key : statement.new_keys) keys_.add(statement.table, key, true);
}

// ---- What they read ----

void AppsAtWork::look(const Statement& statement) {
  std::vector<Key> keys = statement.keys;
  keys.insert(keys.end(), statement.new_keys.begin(), statement.new_keys.end());
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  for (const Permission& one : permitted(shapes_, record_.at)) {
    if (!record_.good()) return;
    ++record_.played.checks[Promise::no_lost_write];
    const auto mismatch = reads(one.release, statement.table, [&](App& app) {
      return audit_.rows(app, one.release, statement.table, keys, record_.at);
    });
    if (mismatch) lost(*mismatch, Promise::no_lost_write, true);
  }
}

std::optional<Mismatch> AppsAtWork::reads(
    Release release, std::size_t table, const std::function<std::optional<Mismatch>(App&)>& read) {
  App& app = apps_.at(release);
  try {
    try {
      return read(app);
    } catch (const DatabaseError& error) {
      if (!must_reconnect(shapes_.tables[table], record_.at, error.sqlstate())) throw;
      app.forget_plans();
      return read(app);
    }
  } catch (const DatabaseError& error) {
    record_.fail(
        error.sqlstate() == sqlstate::lock_not_available ? Promise::stall : Promise::executable,
        fmt::format("{}: SELECT: ERROR: {} ({})", name_of(release), error.what(), error.sqlstate()),
        "ok");
    return std::nullopt;
  }
}

void AppsAtWork::check_everything(std::optional<Promise> promise) {
  for (const Permission& one : permitted(shapes_, record_.at)) {
    for (std::size_t table = 0; table < shapes_.tables.size() && record_.good(); ++table) {
      if (!shapes_.tables[table].side(one.release)) continue;
      ++record_.played.checks[Promise::no_lost_write];
      if (record_.at.filled()) ++record_.played.checks[Promise::complete];
      const auto mismatch = reads(one.release, table, [&](App& app) {
        return audit_.table(app, one.release, table, record_.at);
      });
      if (mismatch) lost(*mismatch, promise, false);
    }
  }
}

void AppsAtWork::lost(const Mismatch& mismatch, std::optional<Promise> promise, bool at_once) {
  const bool by_app = blame_.knows(mismatch.table, mismatch.key);
  const bool unfilled = record_.at.filled() && !by_app;
  record_.fail(promise.value_or(unfilled ? Promise::complete : Promise::no_lost_write),
               mismatch.saw, mismatch.should_see, mismatch);
  const bool both_are_there = record_.at.complete == 3 || (record_.at.complete == 2 && at_once);
  if (!both_are_there || record_.at.undoing || record_.at.under_way == 4) return;
  const Culprit culprit = blame_.of(mismatch, at_once);
  record_.played.violation->because = culprit.because;
  if (culprit.step == nullptr) return;
  record_.played.violation->step = id_and_title(*culprit.step);
  record_.played.violation->phase = culprit.step->phase;
}

// ---- What the notes ask of them ----

void AppsAtWork::bring_home_strays() {
  if (shapes_.moves.empty()) return;
  for (const MoveShape& move : shapes_.moves) {
    apps_.at(Release::before).session().exec(take_back_strays(move.move, Release::before));
    for (const Release release : {Release::before, Release::after}) {
      const std::string sql = take_back_strays(move.move, release);
      if (!sql.empty()) oracle_.session(release).exec(sql);
    }
  }
  oracle_.hold_to_pairs();
}

void AppsAtWork::fill_left_out() {
  for (std::size_t i = 0; i < shapes_.tables.size(); ++i) {
    const TableShape& shape = shapes_.tables[i];
    for (const std::string& column : shape.left_out_by_new()) {
      const Literals& pool = pools_.of(Release::before, i, column);
      const auto value = std::find_if(pool.begin(), pool.end(),
                                      [](const std::string& one) { return one != "NULL"; });
      if (value == pool.end()) continue;
      const std::string sql = fmt::format("UPDATE {} SET {} = {} WHERE {} IS NULL", shape.name(),
                                          column_list({column}), *value, column_list({column}));
      apps_.at(Release::before).session().exec(sql);
      oracle_.session(Release::before).exec(sql);
    }
  }
}

}  // namespace segue::runtime::rehearsal
