// Statements that touch one table share one fill and one validation: PostgreSQL's own counters.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <thread>

#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

constexpr int rows = 20000;

struct Counted {
  long updated = 0;
  long sequential_scans = 0;
  long index_scans = 0;
};

class OnePass : public ::testing::Test {
 protected:
  void SetUp() override {
    conninfo_ = server_.create_database("app");
    session_ = runtime::connect(conninfo_);
    session_->exec(fmt::format(
        "CREATE TABLE people (id bigint PRIMARY KEY, full_name text, nick text, age text) WITH "
        "(autovacuum_enabled = off);"
        "INSERT INTO people SELECT n, 'First' || n || ' Last' || n, 'nick ' || n, n % 90 FROM "
        "generate_series(1, {}) AS n;"
        "ANALYZE people",
        rows));
    const auto input = directory_.path() / "combined.segue";
    write_text(input,
               "rename people.nick -> nickname\n"
               "add people.phone text required backfill 'unknown'\n"
               "split people.full_name -> first_name text = (split_part(full_name, ' ', 1)), "
               "last_name text = (split_part(full_name, ' ', 2))\n"
               "  back (first_name || ' ' || last_name)\n"
               "retype people.age -> integer using (age::integer)\n");
    plan_ = (directory_.path() / "plan").string();
    const auto planned =
        run({SEGUE_BINARY, "plan", input.string(), "--db", conninfo_, "--out", plan_});
    ASSERT_EQ(planned.exit_code, 0) << planned.both();
  }

  void apply(int phase) const {
    const auto done =
        run({SEGUE_BINARY, "apply", plan_, "--phase", std::to_string(phase), "--db", conninfo_});
    ASSERT_EQ(done.exit_code, 0) << "phase " << phase << ": " << done.both();
  }

  // A server process reports what it did when it ends, or a little later.
  Counted counted(long at_least_updated) const {
    Counted now;
    for (int tries = 0; tries < 100; ++tries) {
      const auto row = session_
                           ->exec(
                               "SELECT n_tup_upd, seq_scan, coalesce(idx_scan, 0) FROM "
                               "pg_stat_user_tables WHERE relname = 'people'")
                           .rows.front();
      now = {std::stol(*row[0]), std::stol(*row[1]), std::stol(*row[2])};
      if (now.updated >= at_least_updated) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return now;
  }

  runtime::ThrowawayServer server_;
  TemporaryDirectory directory_;
  std::string conninfo_;
  std::string plan_;
  std::unique_ptr<runtime::Session> session_;
};

TEST_F(OnePass, FourStatementsWriteEachRowOnceAndScanTheTableOnce) {
  apply(1);
  apply(2);
  // The trial before phase 3 is rolled back, and PostgreSQL counts its rows all the same.
  const long untouched = counted(0).updated;
  const auto tried = run({SEGUE_BINARY, "preview", plan_, "--db", conninfo_});
  ASSERT_EQ(tried.exit_code, 0) << tried.both();
  const Counted before = counted(untouched + 1);
  const long trial = before.updated - untouched;
  EXPECT_LT(trial, rows / 10);
  apply(3);
  const Counted after = counted(before.updated + trial + rows);
  EXPECT_EQ(after.updated - before.updated - trial, rows)
      << "each row is written once, for all four";
  // What goes by ranges of blocks (fill, sweeps, checks) is no sequential scan; the validation of
  // all constraints together is one. A check's range that covers the whole of so small a table may
  // be read as one, too: PostgreSQL finds both equally dear.
  EXPECT_GE(after.sequential_scans - before.sequential_scans, 1);
  EXPECT_LE(after.sequential_scans - before.sequential_scans, 2);
  EXPECT_EQ(after.index_scans - before.index_scans, 0);
  EXPECT_EQ(session_
                ->exec("SELECT count(*) FROM people WHERE nickname = nick AND phone = 'unknown' "
                       "AND first_name || ' ' || last_name = full_name")
                .scalar(),
            std::to_string(rows));
}

}  // namespace
}  // namespace segue::test
