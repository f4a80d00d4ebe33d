// Roles, settings and tables that nobody made with segue in mind.
#include "hostile.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace segue::test {
namespace {

using ::testing::HasSubstr;

TEST_F(Hostile, ARoleThatOwnsNothingIsToldWhatItLacks) {
  begin(users, rename_name);
  session_->exec("CREATE ROLE visitor LOGIN");
  const auto no_ledger = apply(1, "visitor");
  EXPECT_EQ(no_ledger.exit_code, 1);
  EXPECT_THAT(no_ledger.err, HasSubstr("role visitor may not make or use the ledger"));
  EXPECT_THAT(no_ledger.err, HasSubstr("GRANT CREATE ON DATABASE"));

  session_->exec("GRANT CREATE ON DATABASE \"" + value("SELECT current_database()") +
                 "\" TO visitor");
  const auto no_owner = apply(1, "visitor");
  EXPECT_EQ(no_owner.exit_code, 1);
  EXPECT_THAT(no_owner.err, HasSubstr("must be owner of table users"));
  EXPECT_EQ(columns("users"), "full_name id");

  apply_all();  // by the owner, on the ledger that the visitor made
  EXPECT_EQ(columns("users"), "display_name id");
  session_->exec("DROP OWNED BY visitor CASCADE; DROP ROLE visitor");
}

// Whoever lists pg_catalog behind a schema of their own lets that one's operators come first.
TEST_F(Hostile, WhatARoleSetsForItselfChangesNothing) {
  begin(std::string(users) +
            "; ALTER TABLE users ADD born date; UPDATE users SET born = '2001-02-03'",
        "rename users.full_name -> display_name\nretype users.born -> timestamptz\n"
        "  using (born::timestamp at time zone 'UTC')\n"
        "add users.place text required backfill 'C:\\new'\n");
  session_->exec(R"(CREATE SCHEMA evil;
CREATE FUNCTION evil.never(oid, oid) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR evil.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = evil.never);
CREATE FUNCTION evil.never(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.never);
CREATE FUNCTION evil.never(name, name) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR evil.= (LEFTARG = name, RIGHTARG = name, FUNCTION = evil.never);
CREATE FUNCTION evil.never(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR evil.= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = evil.never);)");
  const std::string database = value("SELECT current_database()");
  for (const char* setting :
       {"search_path = evil, pg_catalog, public", "standard_conforming_strings = off",
        "quote_all_identifiers = on", "DateStyle = 'SQL, DMY'", "IntervalStyle = 'sql_standard'",
        "TimeZone = 'Asia/Kathmandu'", "bytea_output = 'escape'", "extra_float_digits = -3",
        "statement_timeout = '20ms'", "idle_in_transaction_session_timeout = '1ms'",
        "default_transaction_read_only = on", "default_transaction_deferrable = on",
        "session_replication_role = replica", "row_security = off", "check_function_bodies = off",
        "client_min_messages = debug1", "synchronous_commit = off"})
    session_->exec(fmt::format("ALTER ROLE postgres IN DATABASE \"{}\" SET {}", database, setting));
  apply_all();
  EXPECT_EQ(columns("users"), "born display_name id place");
  EXPECT_EQ(value("SELECT DISTINCT place FROM users"), "C:\\new");
  EXPECT_EQ(value("SELECT DISTINCT born AT TIME ZONE 'UTC' FROM users"), "2001-02-03 00:00:00");
}

TEST_F(Hostile, ALedgerOfANewerVersionIsLeftAlone) {
  begin(users, rename_name);
  ASSERT_EQ(apply(1).exit_code, 0);
  session_->exec("INSERT INTO segue.ledger_version (version) VALUES (999)");
  for (const auto& refused : {apply(2), segue({"undo"})}) {
    EXPECT_EQ(refused.exit_code, 3) << refused.both();
    EXPECT_THAT(refused.err, HasSubstr("a newer segue made this database's ledger (version 999"));
  }
  EXPECT_EQ(columns("users"), "display_name full_name id");
  EXPECT_EQ(value("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"), "0");
}

TEST_F(Hostile, ATableThatTakesNoMoreColumns) {
  std::string wide = "CREATE TABLE users (id int PRIMARY KEY, full_name text";
  for (int i = 3; i <= 1600; ++i) wide += fmt::format(", c{} bool", i);
  begin(wide + ")", rename_name);
  const auto failed = apply(1);
  EXPECT_EQ(failed.exit_code, 1) << failed.both();
  EXPECT_THAT(failed.err, HasSubstr("tables can have at most 1600 columns"));
  EXPECT_EQ(segue({"undo"}).exit_code, 0);
}

constexpr const char* events =
    "CREATE TABLE events (id int, at date, what text) PARTITION BY RANGE (at);"
    "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');"
    "CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');"
    "INSERT INTO events VALUES (1, '2024-01-05', 'a:007'), (2, '2024-01-05', 'abc')";

// PostgreSQL moves it as a DELETE and an INSERT, which carries both sides.
TEST_F(Hostile, ARowThatMovesToAnotherPartitionKeepsWhatItSays) {
  begin(events,
        "split events.what -> kind text = (split_part(what, ':', 1)),\n"
        "  number integer = (nullif(split_part(what, ':', 2), '')::integer)\n"
        "  back (kind || ':' || number)\n");
  for (const int phase : {1, 2}) ASSERT_EQ(apply(phase).exit_code, 0);
  const auto said = [&](int id) {
    return value(
        fmt::format("SELECT concat_ws(' ', what, kind, number) FROM events WHERE id = {}", id));
  };
  session_->exec(
      "UPDATE events SET what = 'b:008' WHERE id = 1; UPDATE events SET what = 'xyz' WHERE id = 2");
  EXPECT_EQ(said(1), "b:008 b 8");
  EXPECT_EQ(said(2), "xyz xyz");
  session_->exec("UPDATE events SET at = '2024-02-05'");
  EXPECT_EQ(value("SELECT count(*) FROM events_2"), "2");
  EXPECT_EQ(said(1), "b:008 b 8");
  EXPECT_EQ(said(2), "xyz xyz");
  // The new release's rows still bring the old side what it reads.
  session_->exec("INSERT INTO events (id, at, kind, number) VALUES (3, '2024-01-05', 'c', 9)");
  EXPECT_EQ(said(3), "c:9 c 9");
  session_->exec("UPDATE events SET at = '2024-02-05', number = 10 WHERE id = 3");
  EXPECT_EQ(said(3), "c:10 c 10");
}

TEST_F(Hostile, APartitionsOwnReplicaIdentityStays) {
  begin(std::string(events) +
            "; ALTER TABLE events ALTER id SET NOT NULL, ALTER at SET NOT NULL;"
            "CREATE UNIQUE INDEX events_id ON events (id, at);"
            "ALTER TABLE events_1 REPLICA IDENTITY USING INDEX events_1_id_at_idx;"
            "ALTER TABLE events_2 CLUSTER ON events_2_id_at_idx",
        "rename events.id -> number\n");
  apply_all();
  EXPECT_EQ(value("SELECT string_agg(indexrelid::regclass::text || CASE WHEN indisreplident THEN ' "
                  "replica identity' ELSE ' cluster' END, ', ' ORDER BY 1) FROM pg_index WHERE "
                  "indisreplident OR indisclustered"),
            "events_1_id_at_idx replica identity, events_2_id_at_idx cluster");
}

// A copy of one would be enforced, or would say something else.
TEST_F(Hostile, ConstraintsOfANewerServerThatHaveNoCopy) {
  begin(users, rename_name);
  if (server_->major() < 18) GTEST_SKIP() << "PostgreSQL 18 has them";
  const auto planned = [&](const std::string& schema, const std::string& change) {
    session_->exec(schema);
    write_text(directory_.path() / "other.segue", change);
    return run({SEGUE_BINARY, "plan", "other.segue", "--db", conninfo_, "--out", "other"},
               directory_.path());
  };
  const auto not_enforced =
      planned("CREATE TABLE orders (id int PRIMARY KEY, user_id int REFERENCES users NOT ENFORCED)",
              "rename orders.user_id -> owner_id\n");
  EXPECT_EQ(not_enforced.exit_code, 2);
  EXPECT_THAT(not_enforced.err, HasSubstr("stands on the column, and is NOT ENFORCED"));
  const auto over_time = planned(
      "CREATE TABLE stays (room int4range, during daterange, PRIMARY KEY (room, during WITHOUT "
      "OVERLAPS))",
      "rename stays.during -> period\n");
  EXPECT_EQ(over_time.exit_code, 2);
  EXPECT_THAT(over_time.err, HasSubstr("stands on the column, and is over a period"));
}

TEST_F(Hostile, TablesWithoutRows) {
  begin(
      "CREATE TABLE users (id int PRIMARY KEY, full_name text, cents int); CREATE TABLE bios (id "
      "int PRIMARY KEY REFERENCES users)",
      "split users.full_name -> first text = (split_part(full_name, ' ', 1)), last text = "
      "(split_part(full_name, ' ', 2)) back (first || ' ' || last)\n"
      "move users.cents -> bios.cents on (bios.id = users.id)\n"
      "add users.phone text required backfill 'unknown'\n");
  apply_all();
  EXPECT_EQ(columns("users"), "first id last phone");
  EXPECT_EQ(columns("bios"), "cents id");
}

}  // namespace
}  // namespace segue::test
