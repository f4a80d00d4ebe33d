// Tables filled from the catalogue alone: what a schema may ask of a row, and what breaks others.
#include "runtime/rehearsal/rows.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "planner/catalog_index.hpp"
#include "runtime/introspect.hpp"
#include "runtime/rehearsal/statistics.hpp"
#include "runtime/server.hpp"
#include "support/golden.hpp"
#include "support/process.hpp"

namespace segue::runtime::rehearsal {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

const fs::path source = SEGUE_SOURCE_DIR;

class RowsTest : public ::testing::Test {
 protected:
  static ThrowawayServer& server() {
    static ThrowawayServer one;
    return one;
  }
  void load(const std::string& sql, const std::string& path = "schema.sql") {
    static int number = 0;
    conninfo_ = server().create_database(fmt::format("rows_{}", number++));
    load_schema(*connect(conninfo_), path, sql);
    session_ = connect(conninfo_);
    catalog_ = read_catalog(*session_);
  }
  Filled fill(std::uint64_t rows, std::uint64_t seed = 1, const Statistics* like = nullptr) {
    return fill_tables(*session_, catalog_, {rows, seed, like});
  }
  std::string ask(const std::string& sql) { return session_->exec(sql).scalar(); }
  std::vector<std::string> list(const std::string& sql) {
    std::vector<std::string> values;
    for (const auto& row : session_->exec(sql).rows) values.push_back(row[0].value_or("NULL"));
    return values;
  }

  std::string conninfo_;
  std::unique_ptr<Session> session_;
  planner::Catalog catalog_;
};

TEST_F(RowsTest, EveryGoldenSchemaIsFilled) {
  std::vector<std::string> notes;
  for (const auto& entry : fs::directory_iterator(source / "tests" / "golden")) {
    const fs::path file = entry.path() / "schema.sql";
    if (!fs::exists(file) || fs::exists(entry.path() / "exit_code")) continue;
    if (!test::needs_newer_server(entry.path().filename().string()).empty()) continue;
    load(test::read_text(file), file.string());
    const Filled filled = fill(200);
    for (const std::string& note : filled.notes) {
      notes.push_back(entry.path().filename().string() + ": " + note);
    }
  }
  std::sort(notes.begin(), notes.end());
  EXPECT_THAT(notes, IsEmpty());
}

// Rows in the order of their places, all tables: the same seed must give the same.
std::string dump(Session& session, const planner::Catalog& catalog) {
  std::string text;
  for (const planner::Table& table : catalog.tables) {
    for (const auto& row :
         session.exec(fmt::format("SELECT t::text FROM {} t", planner::quoted(table.name))).rows) {
      text += row[0].value_or("") + "\n";
    }
  }
  return text;
}

TEST_F(RowsTest, EverythingThatCanHangOnAColumn) {
  if (test::server_major() < 15) GTEST_SKIP() << "its schema needs PostgreSQL 15";
  const fs::path file = source / "tests" / "runtime" / "everything.sql";
  load(test::read_text(file), file.string());
  const Filled filled = fill(300);
  EXPECT_THAT(filled.notes, ElementsAre("app.logs has 0 of 300 rows: it has no partition"));
  EXPECT_EQ(filled.rows.at("public.users"), 300U);
  EXPECT_EQ(filled.rows.at("app.events"), 300U);
  EXPECT_EQ(ask("SELECT count(*) > 0 FROM app.events_2020"), "t");
  EXPECT_EQ(ask("SELECT count(*) > 0 FROM app.events_rest_0"), "t");
}

TEST_F(RowsTest, TriggersOfTheSchemasOwnDoNotFire) {
  load(
      "CREATE TABLE t (a integer NOT NULL); CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql "
      "AS 'BEGIN RAISE EXCEPTION ''no''; END'; CREATE TRIGGER no BEFORE INSERT ON t FOR EACH ROW "
      "EXECUTE FUNCTION no()");
  EXPECT_THAT(fill(20).notes, IsEmpty());
}

TEST_F(RowsTest, EdgeValuesAreThere) {
  load(
      "CREATE TABLE t (id serial PRIMARY KEY, a text, b integer, c numeric, d timestamptz, e "
      "varchar(5), f double precision, g date NOT NULL)");
  EXPECT_THAT(fill(200).notes, IsEmpty());
  EXPECT_THAT(list("SELECT DISTINCT a FROM t"),
              IsSupersetOf({"", "NULL", "007", "7", "caf\u00e9", "cafe\u0301", "O'Reilly",
                            "back\\slash", "line\nbreak", "\U0001D49C\U0001F600"}));
  EXPECT_THAT(list("SELECT DISTINCT b FROM t"),
              IsSupersetOf({"2147483647", "-2147483648", "0", "NULL"}));
  EXPECT_THAT(list("SELECT DISTINCT c::text FROM t"),
              IsSupersetOf({"1.0", "1.00", "NaN", "0.005", "NULL"}));
  EXPECT_THAT(list("SELECT DISTINCT d::text FROM t"), IsSupersetOf({"infinity", "-infinity"}));
  EXPECT_THAT(list("SELECT DISTINCT e FROM t"), IsSupersetOf({"", "007", "yyyyy", "1.00"}));
  EXPECT_THAT(list("SELECT DISTINCT f::text FROM t"), IsSupersetOf({"NaN", "-Infinity", "-0"}));
  EXPECT_EQ(ask("SELECT max(length(a)) FROM t"), "2500");
  EXPECT_EQ(ask("SELECT count(*) - count(DISTINCT a) > 0 FROM t"), "t");
}

TEST_F(RowsTest, EveryCommonType) {
  if (test::server_major() < 14) GTEST_SKIP() << "PostgreSQL 14 has multiranges";
  load(
      "CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE TYPE mood AS ENUM ('sad', 'ok'); "
      "CREATE TYPE pair AS (a integer, b text); CREATE TYPE span AS RANGE (subtype = numeric); "
      "CREATE DOMAIN email AS citext CHECK (VALUE ~ '^[^@]+@[^@]+$'); CREATE DOMAIN positive AS "
      "integer NOT NULL CHECK (VALUE > 0); "
      "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, a smallint NOT NULL, b integer NOT "
      "NULL, c bigint NOT NULL, d numeric(8,3) NOT NULL, e numeric NOT NULL, f real NOT NULL, g "
      "double precision NOT NULL, h money NOT NULL, i text NOT NULL, j varchar(20) NOT NULL, k "
      "char(3) NOT NULL, l name NOT NULL, m citext NOT NULL, n \"char\" NOT NULL, o bytea NOT "
      "NULL, "
      "p boolean NOT NULL, q date NOT NULL, r timestamp(3) NOT NULL, s timestamptz NOT NULL, t "
      "time "
      "NOT NULL, u timetz NOT NULL, v interval NOT NULL, w interval year to month NOT NULL, x uuid "
      "NOT NULL, y json NOT NULL, z jsonb NOT NULL, aa inet NOT NULL, ab cidr NOT NULL, ac macaddr "
      "NOT NULL, ad macaddr8 NOT NULL, ae bit(4) NOT NULL, af bit varying(9) NOT NULL, ag xml NOT "
      "NULL, ah tsvector NOT NULL, ai tsquery NOT NULL, aj point NOT NULL, ak line NOT NULL, al "
      "lseg NOT NULL, am box NOT NULL, an path NOT NULL, ao polygon NOT NULL, ap circle NOT NULL, "
      "aq pg_lsn NOT NULL, ar oid NOT NULL, at int4range NOT NULL, au int8range NOT NULL, av "
      "numrange NOT NULL, aw tsrange NOT NULL, ax tstzrange NOT NULL, ay daterange NOT NULL, az "
      "int4multirange NOT NULL, ba tstzmultirange NOT NULL, bb mood NOT NULL, bc mood[] NOT NULL, "
      "bd pair NOT NULL, be span NOT NULL, bf email NOT NULL, bg positive, bh text[] NOT NULL, bi "
      "integer[][] NOT NULL, bj hstore NOT NULL, bk regclass NOT NULL, bl pair[] NOT NULL, bm "
      "numeric(2,2) NOT NULL, bn bit NOT NULL, bo timestamptz[] NOT NULL, bp varchar(3)[] NOT "
      "NULL)");
  EXPECT_THAT(fill(150).notes, IsEmpty());
  EXPECT_EQ(ask("SELECT count(*) FROM t"), "150");
  EXPECT_EQ(ask("SELECT count(DISTINCT bf) > 10 FROM t"), "t");
}

TEST_F(RowsTest, ConstraintsAreLearntFromTheirConstants) {
  load(
      "CREATE TABLE t (id integer PRIMARY KEY, year integer NOT NULL CHECK (year BETWEEN 1900 AND "
      "2100), code text NOT NULL UNIQUE CHECK (code LIKE 'X-%'), zip text NOT NULL CHECK "
      "(char_length(zip) = 5), state text NOT NULL CHECK (state IN ('new', 'paid', 'it''s')), low "
      "numeric NOT NULL, high numeric NOT NULL, CHECK (low < high), born date NOT NULL CHECK (born "
      "> '1900-01-01' AND born < '2020-01-01'), minus integer NOT NULL CHECK (minus < -5), mail "
      "text NOT NULL CHECK (mail ~ '^[a-z0-9.]+@[a-z.]+$'), ratio numeric(5,4) NOT NULL CHECK "
      "(ratio >= 0 AND ratio <= 1), doc jsonb NOT NULL CHECK (jsonb_typeof(doc) = 'object'), CHECK "
      "(10 / nullif(year - 1950, 0) IS NULL OR 10 / (year - 1950) < 5))");
  EXPECT_THAT(fill(500).notes, IsEmpty());
  EXPECT_EQ(ask("SELECT count(*) FROM t"), "500");
  EXPECT_EQ(ask("SELECT count(DISTINCT state) FROM t"), "3");
  EXPECT_EQ(ask("SELECT count(DISTINCT year) > 5 FROM t"), "t");
}

TEST_F(RowsTest, KeysFindTheirTargets) {
  load(
      "CREATE TABLE parents (a integer, b text, PRIMARY KEY (a, b)); "
      "CREATE TABLE children (id serial PRIMARY KEY, a integer NOT NULL, b text NOT NULL, boss "
      "integer REFERENCES children, root integer NOT NULL REFERENCES children, FOREIGN KEY (a, b) "
      "REFERENCES parents); "
      "CREATE TABLE one_to_one (id integer PRIMARY KEY REFERENCES children, note text); "
      "CREATE TABLE pairs (child integer REFERENCES children, other integer REFERENCES children, "
      "PRIMARY KEY (child, other)); "
      "CREATE TABLE hens (id serial PRIMARY KEY, egg integer); CREATE TABLE eggs (id serial "
      "PRIMARY "
      "KEY, hen integer NOT NULL REFERENCES hens); ALTER TABLE hens ADD FOREIGN KEY (egg) "
      "REFERENCES eggs DEFERRABLE; "
      "CREATE TABLE wide (a integer, b text, c integer, FOREIGN KEY (a, b) REFERENCES parents "
      "MATCH "
      "FULL, FOREIGN KEY (c) REFERENCES children)");
  EXPECT_THAT(fill(200).notes, IsEmpty());
  for (const char* name : {"parents", "children", "one_to_one", "pairs", "hens", "eggs", "wide"}) {
    EXPECT_EQ(ask(fmt::format("SELECT count(*) FROM {}", name)), "200") << name;
  }
  EXPECT_EQ(ask("SELECT count(*) > 100 FROM children WHERE boss IS NOT NULL"), "t");
  EXPECT_EQ(ask("SELECT count(*) > 0 FROM children WHERE boss IS NULL"), "t");
  EXPECT_EQ(ask("SELECT count(*) > 100 FROM hens JOIN eggs ON eggs.id = hens.egg"), "t");
  // What the server itself says of every key.
  for (const auto& row : session_
                             ->exec("SELECT format('ALTER TABLE %s DROP CONSTRAINT %I; ALTER TABLE "
                                    "%1$s ADD %3$s', conrelid::regclass, conname, "
                                    "pg_get_constraintdef(oid)) FROM pg_constraint WHERE contype = "
                                    "'f'")
                             .rows) {
    EXPECT_NO_THROW(session_->exec(row[0].value_or("")));
  }
}

TEST_F(RowsTest, OddKeysPartitionsAndExclusion) {
  load(
      "CREATE TABLE lists (kind text NOT NULL, n integer NOT NULL, PRIMARY KEY (kind, n)) "
      "PARTITION "
      "BY LIST (kind); CREATE TABLE lists_a PARTITION OF lists FOR VALUES IN ('a', 'b'); CREATE "
      "TABLE lists_c PARTITION OF lists FOR VALUES IN ('c') PARTITION BY RANGE (n); CREATE TABLE "
      "lists_c1 PARTITION OF lists_c FOR VALUES FROM (100) TO (200); "
      "CREATE TABLE hashed (id bigint PRIMARY KEY) PARTITION BY HASH (id); CREATE TABLE hashed_0 "
      "PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0); "
      "CREATE TABLE dated (at timestamptz NOT NULL, v text) PARTITION BY RANGE (at); CREATE TABLE "
      "dated_5 PARTITION OF dated FOR VALUES FROM ('2024-05-01') TO ('2024-06-01'); "
      "CREATE EXTENSION btree_gist; CREATE TABLE bookings (room integer NOT NULL, during tsrange "
      "NOT NULL, EXCLUDE USING gist (room WITH =, during WITH &&)); "
      "CREATE TABLE slow (id integer UNIQUE DEFERRABLE, name text); CREATE UNIQUE INDEX ON slow "
      "(lower(name)) WHERE id IS NOT NULL; "
      "CREATE TABLE ruled (a integer); CREATE RULE nothing AS ON UPDATE TO ruled DO INSTEAD "
      "NOTHING; "
      "CREATE TABLE small (yes boolean UNIQUE NOT NULL); CREATE TABLE none (a text CHECK (a = "
      "md5(a)) NOT NULL); CREATE TABLE empty (a integer) PARTITION BY LIST (a); CREATE TABLE bare "
      "()");
  const Filled filled = fill(200);
  EXPECT_THAT(filled.notes,
              ElementsAre("public.bare has 0 of 200 rows: it has no column that a row could give a "
                          "value",
                          "public.empty has 0 of 200 rows: it has no partition",
                          "public.\"none\" has 0 of 200 rows: no value is known that column a "
                          "(text) takes",
                          "public.small has 2 of 200 rows: its constraints refuse the rest, or the "
                          "values of its unique columns are used up"));
  EXPECT_EQ(ask("SELECT count(*) > 0 FROM lists_c1"), "t");
  EXPECT_EQ(filled.rows.at("public.lists"), 200U);
  EXPECT_EQ(filled.rows.at("public.bookings"), 200U);
  EXPECT_EQ(filled.rows.at("public.slow"), 200U);
}

TEST_F(RowsTest, TheSameSeedGivesTheSameRows) {
  if (test::server_major() < 15) GTEST_SKIP() << "its schema needs PostgreSQL 15";
  const std::string schema = test::read_text(source / "tests" / "runtime" / "everything.sql");
  std::vector<std::string> dumps;
  for (const std::uint64_t seed : {7, 7, 8}) {
    load(schema);
    fill(120, seed);
    dumps.push_back(dump(*session_, catalog_));
  }
  const auto first = std::mismatch(dumps[0].begin(), dumps[0].end(), dumps[1].begin());
  EXPECT_TRUE(dumps[0] == dumps[1]) << std::string(first.second, dumps[1].end()).substr(0, 200);
  EXPECT_TRUE(dumps[0] != dumps[2]);
}

TEST_F(RowsTest, StatisticsShapeTheRows) {
  load(
      "CREATE TABLE big (id serial PRIMARY KEY, state text, gone text); CREATE TABLE little (id "
      "serial PRIMARY KEY)");
  session_->exec(
      "INSERT INTO big (state) SELECT CASE WHEN n % 10 < 9 THEN 'usual' ELSE 'rare' END FROM "
      "generate_series(1, 3000) n; INSERT INTO little SELECT FROM generate_series(1, 30); ANALYZE");
  const Statistics live = read_statistics(*session_, catalog_, 0);
  EXPECT_EQ(live.row_counts().at("public.big"), 3000U);
  EXPECT_EQ(live.table({"public", "big"})->columns.at("gone").null_fraction, 1);
  EXPECT_TRUE(live.table({"public", "big"})->sample.empty());
  const std::string schema =
      "CREATE TABLE big (id serial PRIMARY KEY, state text, gone text); CREATE TABLE little (id "
      "serial PRIMARY KEY)";
  load(schema);
  const Filled filled = fill(1000, 1, &live);
  EXPECT_EQ(filled.rows.at("public.big"), 1000U);
  EXPECT_EQ(filled.rows.at("public.little"), 50U);
  EXPECT_EQ(ask("SELECT count(*) > 600 FROM big WHERE state = 'usual'"), "t");
  EXPECT_EQ(ask("SELECT count(*) > 900 FROM big WHERE gone IS NULL"), "t");
}

TEST_F(RowsTest, ValuePoolsAreTakenByTheServer) {
  if (test::server_major() < 15) GTEST_SKIP() << "its schema needs PostgreSQL 15";
  const fs::path file = source / "tests" / "runtime" / "everything.sql";
  load(test::read_text(file), file.string());
  session_->exec("BEGIN");
  const auto* users = planner::CatalogIndex(catalog_).table({"public", "users"});
  for (const planner::Column& column : users->columns) {
    if (!column.generated.empty() || column.type == "app.work_email") continue;  // its CHECK
    const auto pool = value_pool(catalog_, *users, column, 3, 40);
    EXPECT_THAT(std::set<std::string>(pool.begin(), pool.end()).size(), pool.size());
    EXPECT_EQ(std::count(pool.begin(), pool.end(), "NULL"), column.not_null ? 0 : 1);
    for (const std::string& literal : pool) {
      EXPECT_NO_THROW(session_->exec(fmt::format("SELECT {}::{}", literal, column.type)))
          << column.name << ": " << literal;
    }
  }
}

}  // namespace
}  // namespace segue::runtime::rehearsal
