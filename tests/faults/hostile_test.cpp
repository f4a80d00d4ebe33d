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
