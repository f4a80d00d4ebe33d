// A view in a table's place: what either release does through it, in every phase, and what that
// costs. SEGUE_STAND_IN_ROWS is the size of the table whose rename may write no row.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>

#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "support/golden.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

using ::testing::HasSubstr;

// One release of the app: it changes rows by statements of its own, and every one that it was told
// is done has to be found at the end.
class Release {
 public:
  Release(std::string conninfo, std::string table, std::string column, unsigned number)
      : table_(std::move(table)), column_(std::move(column)), number_(number) {
    thread_ = std::thread([this, conninfo = std::move(conninfo)] { run(conninfo); });
  }
  ~Release() { stop(); }
  Release(const Release&) = delete;
  Release& operator=(const Release&) = delete;

  void stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }

  std::atomic<int> hits{0};
  std::atomic<int> rows{0};
  std::atomic<int> statements{0};
  std::string failure;  // once it is stopped

 private:
  void run(const std::string& conninfo) {
    std::mt19937 random(number_);
    try {
      const auto session = runtime::connect(conninfo, fmt::format("release {}", number_));
      session->exec(fmt::format("PREPARE look (int) AS SELECT id, {} FROM {} WHERE id = $1",
                                column_, table_));
      while (!stop_) {
        const auto id = random() % 100 + 1;
        switch (random() % 5) {
          case 0:
            session->exec(fmt::format("UPDATE {0} SET hits = hits + 1, {1} = 'w{2}' WHERE id = {3}",
                                      table_, column_, number_, id));
            ++hits;
            break;
          case 1:
            session->exec(fmt::format(
                "INSERT INTO {0} (id, {1}) VALUES ({2}, 'x') ON CONFLICT (id) DO UPDATE SET hits = "
                "{0}.hits + 1, {1} = EXCLUDED.{1}",
                table_, column_, id));
            ++hits;
            break;
          case 2:
            last_ = session
                        ->exec(fmt::format("INSERT INTO {} ({}) VALUES ('new') RETURNING id",
                                           table_, column_))
                        .scalar();
            ++rows;
            break;
          case 3:
            if (last_.empty()) break;
            session->exec(fmt::format("DELETE FROM {} WHERE id = {}", table_, last_));
            last_.clear();
            --rows;
            break;
          default:
            session->exec(fmt::format("EXECUTE look({})", id));
            session->exec(
                fmt::format("SELECT {} FROM {} WHERE id = {} FOR UPDATE", column_, table_, id));
        }
        ++statements;
      }
    } catch (const std::exception& problem) {
      failure = problem.what();
    }
  }

  std::string table_;
  std::string column_;
  unsigned number_;
  std::string last_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

constexpr const char* schema =
    "CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL DEFAULT 'nobody' CHECK (name <> "
    "''), hits integer NOT NULL DEFAULT 0, number bigint GENERATED ALWAYS AS IDENTITY, made "
    "timestamptz DEFAULT now(), length integer GENERATED ALWAYS AS (length(name)) STORED);"
    "INSERT INTO users (name) SELECT 'user ' || n FROM generate_series(1, 100) n";

class StandIn : public ::testing::Test {
 protected:
  static void TearDownTestSuite() { server_.reset(); }

  void begin(const std::string& sql, const std::string& change) {
    if (!server_) server_ = std::make_unique<runtime::ThrowawayServer>();
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    conninfo_ = server_->create_database(test->name());
    session_ = runtime::connect(conninfo_);
    session_->exec(sql);
    write_text(directory_.path() / "change.segue", change);
    const auto planned = run({SEGUE_BINARY, "plan", "change.segue", "--db", conninfo_, "--out",
                              "plan", "--allow", "view-default"},
                             directory_.path());
    ASSERT_EQ(planned.exit_code, 0) << planned.both();
  }

  std::vector<std::string> command(int phase) const {
    const auto plan = (directory_.path() / "plan").string();
    if (phase == 0) return {SEGUE_BINARY, "undo", plan, "--db", conninfo_};
    std::vector<std::string> words{SEGUE_BINARY,          "apply", plan,     "--phase",
                                   std::to_string(phase), "--db",  conninfo_};
    if (phase == 4) words.insert(words.end(), {"--release", "v2", "--skip-soak", "a test"});
    return words;
  }
  void apply(int phase) const {
    const auto done = run(command(phase));
    ASSERT_EQ(done.exit_code, 0) << "phase " << phase << ": " << done.both();
  }
  std::string ask(const std::string& sql) const { return session_->exec(sql).scalar(); }
  // What PostgreSQL answers to a statement that it refuses.
  std::string refusal(const std::string& sql) const {
    try {
      session_->exec(sql);
    } catch (const std::exception& problem) {
      return problem.what();
    }
    return "done";
  }

  // Old and new release run through all phases, undo among them; nothing is lost.
  void run_both(const std::string& new_table, const std::string& new_column) {
    constexpr std::chrono::milliseconds moment{400};
    Release old_release(conninfo_, "users", "name", 1);
    apply(1);
    {
      Release early(conninfo_, new_table, new_column, 2);
      std::this_thread::sleep_for(moment);
      early.stop();
      EXPECT_EQ(early.failure, "");
      hits_ += early.hits;
      rows_ += early.rows;
    }
    apply(2);
    apply(0);
    std::this_thread::sleep_for(moment);
    for (const int phase : {1, 2}) apply(phase);
    Release new_release(conninfo_, new_table, new_column, 3);
    std::this_thread::sleep_for(moment);
    apply(3);
    std::this_thread::sleep_for(moment);
    old_release.stop();
    apply(4);
    std::this_thread::sleep_for(moment);
    new_release.stop();
    for (const Release* release : {&old_release, &new_release}) {
      EXPECT_EQ(release->failure, "");
      EXPECT_GT(release->statements, 50);
      hits_ += release->hits;
      rows_ += release->rows;
    }
    EXPECT_EQ(ask(fmt::format("SELECT sum(hits) FROM {}", new_table)), std::to_string(hits_));
    EXPECT_EQ(ask(fmt::format("SELECT count(*) FROM {}", new_table)), std::to_string(100 + rows_));
  }

  TemporaryDirectory directory_;
  std::string conninfo_;
  std::string oid_;
  std::unique_ptr<runtime::Session> session_;
  int hits_ = 0;
  int rows_ = 0;
  static inline std::unique_ptr<runtime::ThrowawayServer> server_;
};

TEST_F(StandIn, BothReleasesRunWhileATableIsRenamed) {
  begin(schema, "rename table users -> people\n");
  run_both("people", "name");
}

TEST_F(StandIn, BothReleasesRunWhileAColumnIsRenamedViaView) {
  begin(schema, "rename users.name -> title via view\n");
  run_both("users", "title");
}

TEST_F(StandIn, KilledAnywhereItGoesOn) {
  begin(schema, "rename users.name -> title via view\n");
  std::mt19937 random(std::random_device{}());
  Release old_release(conninfo_, "users", "name", 1);
  for (const int phase : {1, 2, 3, 0, 1, 2, 3, 4}) {
    if (phase == 4) old_release.stop();
    for (int kill = 0; kill < 3; ++kill) {
      Process process(command(phase));
      std::this_thread::sleep_for(std::chrono::milliseconds(random() % 120));
      process.kill();
      process.wait();
    }
    apply(phase);
  }
  EXPECT_EQ(old_release.failure, "");
  EXPECT_EQ(ask("SELECT sum(hits) FROM users"), std::to_string(old_release.hits));
  EXPECT_EQ(ask("SELECT relkind FROM pg_class WHERE oid = 'users'::regclass"), "r");
}

TEST_F(StandIn, KeepsOwnerPoliciesAndWhatAnInsertLeavesOut) {
  if (server_major() < 15) GTEST_SKIP() << "refused before PostgreSQL 15: view-row-security";
  begin(std::string(schema) +
            ";CREATE ROLE stand_in_owner; CREATE ROLE stand_in_clerk; CREATE ROLE stand_in_nobody;"
            "GRANT USAGE, CREATE ON SCHEMA public TO stand_in_owner; ALTER TABLE users OWNER TO "
            "stand_in_owner; GRANT SELECT, INSERT, UPDATE ON users TO stand_in_clerk;"
            "GRANT USAGE ON SEQUENCE users_id_seq TO stand_in_clerk;"
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO stand_in_nobody;"
            "ALTER TABLE users ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY low ON users TO stand_in_clerk USING (id <= 10) WITH CHECK (true)",
        "rename users.name -> title via view\n");
  apply(1);
  EXPECT_EQ(ask("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'users'::regclass"),
            "stand_in_owner");
  session_->exec("SET ROLE stand_in_clerk");
  EXPECT_EQ(ask("SELECT count(*) FROM users WHERE title = name"), "10");
  session_->exec(
      "INSERT INTO users (title) VALUES ('a'), (DEFAULT); INSERT INTO users DEFAULT VALUES");
  EXPECT_THAT(refusal("DELETE FROM users"), HasSubstr("permission denied"));
  session_->exec("SET ROLE stand_in_nobody");
  EXPECT_THAT(refusal("SELECT title FROM users"), HasSubstr("permission denied"));
  session_->exec("RESET ROLE");
  EXPECT_EQ(ask("SELECT string_agg(name, ',' ORDER BY id) FROM users WHERE id > 100"),
            "a,nobody,nobody");
  EXPECT_EQ(ask("SELECT max(number) = count(*) AND bool_and(made IS NOT NULL) FROM users"), "t");
  EXPECT_THAT(refusal("INSERT INTO users (name, title) VALUES ('a', 'b')"),
              HasSubstr("multiple assignments to same column"));
}

TEST_F(StandIn, KeepsGrantsOnSingleColumns) {
  begin(std::string(schema) +
            ";CREATE ROLE stand_in_guest; GRANT SELECT (id, name), UPDATE (name) ON users TO "
            "stand_in_guest",
        "rename users.name -> title via view\n");
  apply(1);
  session_->exec("SET ROLE stand_in_guest");
  EXPECT_EQ(ask("SELECT count(title) FROM users"), "100");
  EXPECT_EQ(refusal("UPDATE users SET title = 'x' WHERE id = 1"), "done");
  EXPECT_THAT(refusal("SELECT hits FROM users"), HasSubstr("permission denied"));
  EXPECT_THAT(refusal("UPDATE users SET hits = 1 WHERE id = 1"), HasSubstr("permission denied"));
}

TEST_F(StandIn, DefaultMeansTheTablesDefault) {
  begin(schema, "rename table users -> people\n");
  apply(1);
  session_->exec(
      "UPDATE users SET name = DEFAULT, made = DEFAULT WHERE id = 1;"
      "INSERT INTO users (id, name) VALUES (2, 'x') ON CONFLICT (id) DO UPDATE SET name = DEFAULT, "
      "hits = DEFAULT;"
      "INSERT INTO users (hits) SELECT 7 FROM generate_series(1, 3);"
      "INSERT INTO users (name) VALUES ('a'), (DEFAULT)");
  EXPECT_EQ(ask("SELECT string_agg(name, ',' ORDER BY id) FROM users WHERE id < 3 OR id > 100"),
            "nobody,nobody,nobody,nobody,nobody,a,nobody");
  EXPECT_EQ(ask("SELECT max(id) = 105 AND max(number) = 106 AND bool_and(made IS NOT NULL) FROM "
                "users"),
            "t");
  EXPECT_THAT(refusal("MERGE INTO users u USING users v ON u.id = v.id WHEN MATCHED THEN DELETE"),
              HasSubstr(session_->server_version() >= 170000 ? "done" : "users"));
  EXPECT_THAT(refusal("UPDATE users SET number = DEFAULT"), HasSubstr("number"));
}

TEST_F(StandIn, NamesWhatAViewCannotDo) {
  begin(schema, "rename table users -> people\n");
  apply(1);
  EXPECT_THAT(refusal("COPY users TO STDOUT"), HasSubstr("cannot copy from view"));
  EXPECT_THAT(refusal("TRUNCATE users"), HasSubstr("is not a table"));
  EXPECT_THAT(refusal("INSERT INTO users (id) VALUES (1) ON CONFLICT ON CONSTRAINT users_pkey DO "
                      "NOTHING"),
              HasSubstr("constraint \"users_pkey\" for table \"users\" does not exist"));
  EXPECT_THAT(refusal("SELECT ctid FROM users"), HasSubstr("column \"ctid\" does not exist"));
  EXPECT_THAT(refusal("CREATE TABLE t (u integer REFERENCES users (id))"),
              HasSubstr("is not a table"));
  EXPECT_EQ(ask("SELECT pg_get_serial_sequence('users', 'id') IS NULL"), "t");
  EXPECT_EQ(refusal("BEGIN; LOCK TABLE users; COMMIT"), "done");
  for (const int phase : {2, 3}) apply(phase);
  session_->exec("CREATE VIEW counted AS SELECT count(*) FROM users");
  const auto refused = run(command(4));
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("these still need the view public.users"));
  EXPECT_THAT(refused.err, HasSubstr("counted"));
  session_->exec("DROP VIEW counted");
  apply(4);
}

// No row is read or written, whatever the table's size.
TEST_F(StandIn, ARenameViaViewWritesNoRow) {
  const char* const given = std::getenv("SEGUE_STAND_IN_ROWS");
  const std::string rows = given == nullptr ? "200000" : given;
  begin(
      "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, hits integer);"
      "INSERT INTO users SELECT n, 'user ' || n, 0 FROM generate_series(1, " +
          rows + ") n; CREATE INDEX users_name ON users (name)",
      "rename users.name -> title via view\n");
  session_->exec("VACUUM ANALYZE users");
  const auto written = [&] {
    session_->exec("SELECT pg_stat_clear_snapshot()");
    return ask(
        "SELECT format('%s rows, %s scans, node %s, %s bytes', n_tup_ins + n_tup_upd + n_tup_del, "
        "seq_scan + coalesce(idx_scan, 0), pg_relation_filenode(relid), pg_relation_size(relid)) "
        "FROM pg_stat_user_tables WHERE relid = " +
        oid_);
  };
  oid_ = ask("SELECT 'users'::regclass::oid");
  session_->exec("SELECT pg_sleep(1.2)");  // until statistics are in, on servers before 15
  const std::string before = written();
  const std::string wal = ask("SELECT pg_current_wal_insert_lsn()");
  std::chrono::duration<double> taken{0};
  for (int phase = 1; phase <= 4; ++phase) {
    const auto start = std::chrono::steady_clock::now();
    apply(phase);
    taken += std::chrono::steady_clock::now() - start;
  }
  const std::string bytes =
      ask("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '" + wal + "')");
  session_->exec("SELECT pg_sleep(1.2)");
  EXPECT_EQ(written(), before);
  EXPECT_LT(std::stoll(bytes), 2'000'000) << "WAL of the ledger and the catalogue";
  fmt::print("{} rows: all phases in {:.2f} s, {} bytes of WAL\n", rows, taken.count(), bytes);
  EXPECT_EQ(ask("SELECT count(title) FROM users"), rows);
}

}  // namespace
}  // namespace segue::test
