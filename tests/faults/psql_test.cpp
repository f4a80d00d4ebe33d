// The plan's files by psql alone: roles, settings and columns that segue itself would go around.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

using ::testing::HasSubstr;

class UnderPsql : public ::testing::Test {
 protected:
  static void TearDownTestSuite() { server_.reset(); }

  void begin(const std::string& schema) {
    if (!server_) server_ = std::make_unique<runtime::ThrowawayServer>();
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    conninfo_ = server_->create_database(test->name());
    session_ = runtime::connect(conninfo_);
    session_->exec(schema);
  }
  void plan(const std::string& change, const std::vector<std::string>& more = {}) {
    write_text(directory_.path() / "change.segue", change);
    std::vector<std::string> command{SEGUE_BINARY, "plan",  "change.segue", "--db",
                                     conninfo_,    "--out", "plan"};
    command.insert(command.end(), more.begin(), more.end());
    const auto planned = run(command, directory_.path());
    ASSERT_EQ(planned.exit_code, 0) << planned.both();
  }
  Finished psql(int phase, const std::string& role = "postgres") {
    constexpr const char* files[] = {"1_expand.sql", "2_dual_write.sql", "3_backfill.sql",
                                     "4_contract.sql"};
    if (phase == 4) {
      session_->exec(
          "SELECT segue.ack(name, 'v2'), segue.skip_soak(name, 'a test') FROM segue.change");
    }
    return run({"psql", "-X", "-q", "-d", conninfo_ + " user=" + role, "-f",
                (directory_.path() / "plan" / files[phase - 1]).string()});
  }
  void run_phases(int first, int last, const std::string& role = "postgres") {
    for (int phase = first; phase <= last; ++phase) {
      const auto done = psql(phase, role);
      ASSERT_EQ(done.exit_code, 0) << "phase " << phase << ": " << done.both();
    }
  }
  Finished segue(const std::vector<std::string>& words) {
    std::vector<std::string> command{SEGUE_BINARY};
    command.insert(command.end(), words.begin(), words.end());
    command.insert(command.begin() + 2, (directory_.path() / "plan").string());
    command.insert(command.end(), {"--db", conninfo_});
    return run(command);
  }
  std::string value(const std::string& sql) { return session_->exec(sql).scalar(); }

  TemporaryDirectory directory_;
  std::string conninfo_;
  std::unique_ptr<runtime::Session> session_;
  static inline std::unique_ptr<runtime::ThrowawayServer> server_;
};

// Names of the blocks' own variables and aliases, and of the block's label.
TEST_F(UnderPsql, ColumnsThatAreCalledAsAVariableIs) {
  begin(
      "CREATE TABLE segue_fill (v text PRIMARY KEY, found text, segue_lower int, segue_upper int, "
      "segue_batch int, segue_filled int, segue_pass int); INSERT INTO segue_fill SELECT 'n' || g, "
      "NULLIF(g, 7)::text, -g, -g, -g, -g, -g FROM generate_series(1, 30000) g");
  plan(
      "rename segue_fill.segue_lower -> segue_fill_\nrename segue_fill.found -> v2\n"
      "require segue_fill.v2\n");
  run_phases(1, 1);
  const auto listed = psql(2);
  EXPECT_EQ(listed.exit_code, 3);
  EXPECT_THAT(listed.err, HasSubstr("DETAIL:  (n7"));
  session_->exec("UPDATE segue_fill SET found = '7' WHERE v = 'n7'");
  run_phases(2, 4);
  EXPECT_EQ(value("SELECT count(*) FROM segue_fill WHERE segue_fill_ = segue_upper"), "30000");
}

// The table's own triggers fire only where the role may not say that they shall not.
TEST_F(UnderPsql, ARoleThatMayNotSilenceTriggersFillsWhereThePlanAllowsIt) {
  begin(
      "CREATE TABLE users (id int PRIMARY KEY, name text); INSERT INTO users SELECT g, 'n' || g "
      "FROM "
      "generate_series(1, 300) g; CREATE TABLE fired (id int); CREATE FUNCTION tell() RETURNS "
      "trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN INSERT INTO fired VALUES (NEW.id); "
      "RETURN NEW; END $$; CREATE TRIGGER tell AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION "
      "tell(); CREATE ROLE humble LOGIN; ALTER TABLE users OWNER TO humble");
  session_->exec("GRANT ALL ON DATABASE \"" + value("SELECT current_database()") +
                 "\" TO humble; GRANT ALL ON SCHEMA public TO humble");
  plan("rename users.name -> title\n");
  run_phases(1, 2, "humble");
  const auto refused = psql(3, "humble");
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err,
              HasSubstr("permission denied to set parameter \"session_replication_role\""));
  EXPECT_EQ(segue({"undo"}).exit_code, 0);

  std::filesystem::remove_all(directory_.path() / "plan");
  plan("rename users.name -> title\n", {"--allow", "own-triggers-fire"});
  run_phases(1, 2, "humble");
  run_phases(3, 3);  // a superuser may
  EXPECT_EQ(value("SELECT count(*) FROM users WHERE title = name"), "300");
  EXPECT_EQ(value("SELECT count(*) FROM fired"), "0");
  EXPECT_EQ(segue({"undo"}).exit_code, 0);

  run_phases(1, 4, "humble");
  EXPECT_EQ(value("SELECT count(*) FROM users WHERE title = 'n' || id"), "300");
  EXPECT_EQ(value("SELECT count(*) FROM fired"), "300");
}

// Whoever reads '\' in the old way sees in it the beginning of a longer string.
TEST_F(UnderPsql, ADatabaseThatReadsBackslashesInStringsTheOldWay) {
  begin(
      "CREATE TABLE files (id int PRIMARY KEY, path text, size text); "
      "INSERT INTO files SELECT g, 'C:\\f' || g, g FROM generate_series(1, 300) g");
  session_->exec("ALTER DATABASE \"" + value("SELECT current_database()") +
                 "\" SET standard_conforming_strings = off");
  session_ = runtime::connect(conninfo_);
  ASSERT_EQ(value("SHOW standard_conforming_strings"), "off");
  plan(
      "split files.path -> drive text = (split_part(path, '\\', 1)), name text = "
      "(split_part(path, '\\', 2)) back (drive || '\\' || name)\n"
      "retype files.size -> bigint as bytes using (replace(size, '\\', '')::bigint) back "
      "(bytes::text)\n"
      "add files.root text required backfill 'C:\\new'\n");
  run_phases(1, 2);
  session_->exec("INSERT INTO files (id, path, size) VALUES (301, E'D:\\\\f301', '301')");
  EXPECT_EQ(value("SELECT drive || ' ' || name || ' ' || bytes FROM files WHERE id = 301"),
            "D: f301 301");
  session_->exec("INSERT INTO files (id, drive, name, bytes) VALUES (302, 'E:', 'f302', 302)");
  EXPECT_EQ(value("SELECT path FROM files WHERE id = 302"), "E:\\f302");
  run_phases(3, 4);
  EXPECT_EQ(value("SELECT count(*) FROM files WHERE name = 'f' || id AND bytes = id"), "302");
  EXPECT_EQ(value("SELECT DISTINCT root FROM files"), "C:\\new");
}

// Forced row security binds the owner too: what it hides must not pass for absent.
TEST_F(UnderPsql, APolicyHidesNoRowFromTheLookBeforeContract) {
  begin(
      "CREATE TABLE users (id int PRIMARY KEY, a text); INSERT INTO users SELECT g, 'c|' || "
      "g FROM generate_series(1, 300) g; ALTER TABLE users ENABLE ROW LEVEL SECURITY; "
      "ALTER TABLE users FORCE ROW LEVEL SECURITY; CREATE POLICY low ON users USING (id < 100); "
      "CREATE ROLE tenant LOGIN; ALTER TABLE users OWNER TO tenant");
  session_->exec("GRANT ALL ON DATABASE \"" + value("SELECT current_database()") +
                 "\" TO tenant; GRANT ALL ON SCHEMA public TO tenant");
  plan(
      "split users.a -> c text = (split_part(a, '|', 1)), d int = (split_part(a, '|', 2)::int) "
      "back (c || '|' || d)\n");
  run_phases(1, 2, "tenant");
  run_phases(3, 3);  // a superuser: the tenant may not fill what it does not see
  session_->exec(
      "ALTER TABLE users DISABLE TRIGGER USER; UPDATE users SET d = 7 WHERE id = 200; ALTER "
      "TABLE users ENABLE TRIGGER USER");
  const auto blind = psql(4, "tenant");
  EXPECT_EQ(blind.exit_code, 3);
  EXPECT_THAT(blind.err, HasSubstr("would be affected by row-level security policy"));
  const auto seen = psql(4);
  EXPECT_EQ(seen.exit_code, 3);
  EXPECT_THAT(seen.err, HasSubstr("200"));
  EXPECT_EQ(value("SELECT count(*) FROM users WHERE a = 'c|' || id"), "300");
}

// Between the look and the drop: what was written while a trigger slept, nobody has read.
TEST_F(UnderPsql, ATriggerThatSleptBetweenTheLookAndTheDropIsSeen) {
  begin(
      "CREATE TABLE users (id int PRIMARY KEY, a text); INSERT INTO users SELECT g, 'c|' || "
      "g FROM generate_series(1, 300) g");
  plan(
      "split users.a -> c text = (split_part(a, '|', 1)), d int = (split_part(a, '|', 2)::int) "
      "back (c || '|' || d)\n");
  run_phases(1, 3);
  const auto file = directory_.path() / "plan" / "4_contract.sql";
  const std::string planned = read_text(file);
  const auto drop = planned.find("-- ── 4.2");
  ASSERT_NE(drop, std::string::npos);
  std::string slept = planned;
  slept.insert(drop,
               "ALTER TABLE users DISABLE TRIGGER USER;\nUPDATE users SET d = 7 WHERE id = 200;\n"
               "ALTER TABLE users ENABLE TRIGGER USER;\n");
  write_text(file, slept);
  const auto refused = psql(4);
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("a dual-write trigger of public.users was altered since the "
                                     "rows were looked at"));
  EXPECT_EQ(value("SELECT a FROM users WHERE id = 200"), "c|200");

  write_text(file, planned);
  const auto seen = psql(4);
  EXPECT_EQ(seen.exit_code, 3);
  EXPECT_THAT(seen.err, HasSubstr("200"));
  session_->exec("UPDATE users SET d = 200 WHERE id = 200");
  run_phases(4, 4);
  EXPECT_EQ(value("SELECT count(*) FROM users WHERE d = id"), "300");
}

}  // namespace
}  // namespace segue::test
