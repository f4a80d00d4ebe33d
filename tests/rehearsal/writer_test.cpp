// The statements that apps send: what is made up for several sessions at once depends on nobody.
#include "runtime/rehearsal/writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "runtime/introspect.hpp"
#include "runtime/server.hpp"

namespace segue::runtime::rehearsal {
namespace {

constexpr std::uint64_t some = 120;

class MadeUp : public ::testing::Test {
 protected:
  // The same before and after: what is written is all that matters here.
  void schema(const std::string& sql, const planner::QualifiedName& table) {
    static ThrowawayServer server({.major = {}, .in_memory = true, .settings = {}});
    static int number = 0;
    std::vector<std::unique_ptr<Session>> sessions;
    for (int i = 0; i < 2; ++i) {
      sessions.push_back(connect(server.create_database("made_up_" + std::to_string(++number))));
      sessions.back()->exec(sql);
    }
    planner::Plan plan;
    planner::Step step;
    step.locks = {{table, planner::LockMode::access_exclusive}};
    plan.steps.push_back(step);
    const planner::Catalog catalog = read_catalog(*sessions.front());
    shapes_ = shapes_of(plan, catalog, catalog);
    oracle_.emplace(shapes_, std::move(sessions[0]), std::move(sessions[1]),
                    std::make_shared<Candidates>());
    oracle_->roll_back_at_end();
  }

  // What comes of it when the model takes each as soon as it is made.
  std::vector<Statement> made(bool careful, std::uint64_t statements = some) {
    const Pools pools(shapes_, 1);
    LiveKeys keys(shapes_.tables.size());
    for (std::size_t i = 0; i < shapes_.tables.size(); ++i) {
      if (shapes_.tables[i].keyless) continue;
      for (const Key& key : oracle_->all_keys(Release::before, i)) keys.add(i, key, false);
    }
    Writer writer(shapes_, pools, keys, 1, careful);
    std::vector<Statement> all;
    for (std::uint64_t i = 0; i < statements; ++i) {
      const Release release = i % 2 == 0 ? Release::before : Release::after;
      auto statement = writer.next(*oracle_, {release, release});
      if (!statement) continue;
      const Side& side = *shapes_.tables[statement->table].side(release);
      const bool by_server = statement->key_left_out;
      if (oracle_->attempt(by_server ? with_key(*statement, side) : *statement).accepted) {
        oracle_->keep();
        for (const Key& key : statement->new_keys) keys.add(statement->table, key, true);
        all.push_back(*statement);
      }
      keys.give_back(statement->table, statement->keys);
    }
    return all;
  }

  // In any order, as each release's model has them.
  std::multiset<std::vector<Value>> rows(Release release, std::size_t table) {
    const auto rows =
        oracle_->all_rows(release, table, shapes_.tables[table].side(release)->columns);
    return {rows.begin(), rows.end()};
  }

  Shapes shapes_;
  std::optional<Oracle> oracle_;
};

TEST_F(MadeUp, ForSeveralAtOnceNoDefaultStandsInForAUniqueValue) {
  schema(
      "CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL DEFAULT 'nobody' UNIQUE, "
      "note text DEFAULT 'none')",
      {"public", "users"});
  std::size_t inserts = 0;
  bool leaves_out = false;
  for (const Statement& one : made(true)) {
    if (one.kind != StatementKind::insert && one.kind != StatementKind::insert_many) continue;
    ++inserts;
    const auto place = std::find(one.columns.begin(), one.columns.end(), "name");
    ASSERT_NE(place, one.columns.end()) << to_sql(one, *shapes_.tables.front().before);
    for (const Literals& row : one.rows)
      EXPECT_NE(row[static_cast<std::size_t>(place - one.columns.begin())], "DEFAULT");
    leaves_out = leaves_out ||
                 std::find(one.columns.begin(), one.columns.end(), "note") == one.columns.end();
  }
  EXPECT_GT(inserts, 10U);
  EXPECT_TRUE(leaves_out) << "what is not unique may be left out";
}

TEST_F(MadeUp, WhatIsFreshIsSoInFewCharactersToo) {
  schema("CREATE TABLE currencies (id bigint PRIMARY KEY, code char(3) NOT NULL UNIQUE)",
         {"public", "currencies"});
  constexpr std::uint64_t many = 500;  // more numbers than two digits can say
  std::map<std::string, std::string> seen;
  for (const Statement& one : made(true, many)) {
    const bool inserts =
        one.kind == StatementKind::insert || one.kind == StatementKind::insert_many ||
        one.kind == StatementKind::copy || one.kind == StatementKind::insert_select;
    if (!inserts) continue;
    const auto place = std::find(one.columns.begin(), one.columns.end(), "code");
    if (place == one.columns.end()) continue;
    const std::string sql = to_sql(one, *shapes_.tables.front().before);
    for (const Literals& row : one.rows) {
      const std::string& code = row[static_cast<std::size_t>(place - one.columns.begin())];
      EXPECT_TRUE(seen.emplace(code, sql).second) << sql << "\n" << seen[code];
    }
  }
  EXPECT_GT(seen.size(), 100U);
}

// What one release writes the other has, even where a value is another table's.
TEST_F(MadeUp, AnUpsertMeetsNoRowThatItDoesNotName) {
  schema(
      "CREATE TABLE users (id integer PRIMARY KEY);"
      "CREATE TABLE cards (id serial PRIMARY KEY, user_id integer NOT NULL UNIQUE REFERENCES "
      "users, printed text, sent text);"
      "INSERT INTO users SELECT generate_series(1, 30);"
      "INSERT INTO cards (user_id) SELECT generate_series(1, 20)",
      {"public", "cards"});
  std::size_t upserts = 0;
  for (const Statement& one : made(false, 800)) {
    if (one.kind == StatementKind::upsert) ++upserts;
  }
  EXPECT_GT(upserts, 10U);
  EXPECT_EQ(rows(Release::before, 0), rows(Release::after, 0));
}

// A table that only joins others has nothing but them to tell its rows apart.
TEST_F(MadeUp, WhatOnlyRefersToOthersIsWrittenToo) {
  schema(
      "CREATE TABLE users (id integer PRIMARY KEY);"
      "CREATE TABLE teams (region text, no integer, PRIMARY KEY (region, no));"
      "CREATE TABLE members (user_id integer NOT NULL REFERENCES users, region text, team integer,"
      "  lead boolean, FOREIGN KEY (region, team) REFERENCES teams);"
      "INSERT INTO users SELECT generate_series(1, 30);"
      "INSERT INTO teams SELECT 'eu', generate_series(1, 9);"
      "INSERT INTO members SELECT n % 30 + 1, 'eu', n % 9 + 1 FROM generate_series(1, 60) n",
      {"public", "members"});
  for (const bool careful : {false, true}) {
    std::map<StatementKind, std::size_t> kinds;
    for (const Statement& one : made(careful, 200)) ++kinds[one.kind];
    for (const StatementKind kind :
         {StatementKind::insert, StatementKind::insert_many, StatementKind::copy,
          StatementKind::update, StatementKind::update_key, StatementKind::remove})
      EXPECT_GT(kinds[kind], 0U) << name_of(kind) << (careful ? ", careful" : "");
    EXPECT_EQ(rows(Release::before, 0), rows(Release::after, 0));
  }
}

}  // namespace
}  // namespace segue::runtime::rehearsal
