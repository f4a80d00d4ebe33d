// What a running backfill sees of a real server, each thing provoked, and what it does then.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "run_fixture.hpp"
#include "runtime/pacing/pacer.hpp"
#include "runtime/pacing/stop.hpp"
#include "runtime/status.hpp"
#include "support/standby.hpp"

namespace segue::runtime::test {
namespace {

using namespace std::chrono_literals;
using pacing::PostgresSampler;
using pacing::Signals;
using pacing::Wish;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PacingTest : public RunTest {
 protected:
  Signals look(const std::string& throttle = "", const std::string& more = "") const {
    const auto session = connect(conninfo_ + more, "segue");
    return PostgresSampler({"display_name", {{"public", "users"}}, throttle, {}}, real_clock())
        .look(*session);
  }
  void prepare(int rows) {
    make_users(rows);
    for (const int phase : {1, 2}) apply_phase(phase);
    pacing::ensure_live_tables(*open());
  }
  static ApplyOptions watched() {
    ApplyOptions options = RunTest::watched();
    options.run.batch = 50;
    return options;
  }
  std::string status() const { return status_text(read_status(*open("segue status"))); }
  bool paced(const std::string& code) {
    const std::lock_guard lock(recorder_.mutex);
    for (const pacing::Pace& pace : recorder_.paced) {
      if (pace.code == code) return true;
    }
    return false;
  }
  static std::string last_wish(const Wish& wish) {
    return fmt::format("{} {} {}", wish.paused, wish.speed, wish.asked_by);
  }
};

TEST_F(PacingTest, AnAppAtWorkAndOneThatHasLeft) {
  prepare(10);
  const auto app = open();
  app->exec("BEGIN");
  EXPECT_TRUE(look().app_at_work);
  app->exec("ROLLBACK");
  EXPECT_TRUE(look().app_at_work) << "a moment ago counts";
}

TEST_F(PacingTest, SessionsThatWait) {
  prepare(10);
  const auto holder = open();
  const auto waiter = open("billing");
  holder->exec("BEGIN; UPDATE users SET note = 'x' WHERE id = 1");
  std::jthread waits([&] { waiter->exec("UPDATE users SET note = 'y' WHERE id = 1"); });
  ASSERT_TRUE(soon([&] { return look().waiting_elsewhere == 1; }));
  const auto session = open("segue");
  PostgresSampler ours({"display_name", {}, "", {holder->backend_pid()}}, real_clock());
  const Signals seen = ours.look(*session);
  EXPECT_EQ(seen.waiting_on_us, 1U);
  EXPECT_EQ(seen.waiting_elsewhere, 0U);
  EXPECT_EQ(seen.first_waiting_on_us, fmt::format("pid {} (app billing)", waiter->backend_pid()));
  holder->exec("COMMIT");
}

// A COMMIT waits for as long as it takes; the reason is told, and seen from another terminal.
TEST_F(PacingTest, ACommitThatWaitsForAStandbyIsTold) {
  ServerOptions settings;
  settings.settings = {{"synchronous_commit", "on"}};
  ThrowawayServer server(settings);
  conninfo_ = server.create_database("lonely");
  prepare(20000);
  const auto admin = open("admin");
  std::jthread run([&] { apply_with(3, watched()); });
  ASSERT_TRUE(soon([&] { return paced("asked"); }));
  admin->exec("SET synchronous_commit = off");
  admin->exec("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
  admin->exec("SELECT pg_reload_conf()");
  EXPECT_TRUE(soon([&] { return paced("sync-standby"); }));
  EXPECT_TRUE(
      soon([&] { return status().find("waits for a synchronous standby") != status().npos; }));
  admin->exec("ALTER SYSTEM RESET synchronous_standby_names");
  admin->exec("SELECT pg_reload_conf()");
  run.join();
  EXPECT_EQ(ask("SELECT count(*) FROM users WHERE display_name IS DISTINCT FROM full_name"), "0");
}

TEST_F(PacingTest, FewDeadRowsAreNoReasonToWait) {
  prepare(200);
  const auto session = open("segue");
  PostgresSampler sampler({"display_name", {{"public", "users"}}, "", {}}, real_clock());
  open()->exec(
      "ALTER TABLE users SET (autovacuum_enabled = off); UPDATE users SET note = 'x'; "
      "UPDATE users SET note = 'y'");
  EXPECT_TRUE(soon([&] {
    return session->exec("SELECT pg_stat_get_dead_tuples('users'::regclass) > 200").scalar() == "t";
  }));
  EXPECT_EQ(sampler.look(*session).dead_share, 0);
}

TEST_F(PacingTest, WalDeadRowsAndVacuum) {
  prepare(10'000);
  const auto session = open("segue");
  PostgresSampler sampler({"display_name", {{"public", "users"}}, "", {}}, real_clock());
  EXPECT_EQ(sampler.look(*session).wal_per_second, 0);
  open()->exec(
      "ALTER TABLE users SET (autovacuum_enabled = off); UPDATE users SET note = 'x'; "
      "UPDATE users SET note = 'y'");
  Signals seen;
  EXPECT_TRUE(soon([&] {
    seen = sampler.look(*session);
    return seen.dead_share > 0.3;
  }));
  EXPECT_GT(seen.wal_comfortable, 1e6);
  const auto vacuum = open();
  const auto slow_vacuum = [&] {
    vacuum->exec("SET vacuum_cost_delay = 100; SET vacuum_cost_limit = 1");
    EXPECT_THROW(vacuum->exec("VACUUM users"), DatabaseError) << "ended below";
  };
  const int pid = vacuum->backend_pid();
  std::jthread slow(slow_vacuum);
  EXPECT_TRUE(soon([&] { return sampler.look(*session).vacuum_at_work; }));
  open()->exec(fmt::format("SELECT pg_terminate_backend({})", pid));
  EXPECT_TRUE(soon([&] {
    open()->exec(
        "CREATE TABLE IF NOT EXISTS more AS SELECT repeat('x', 1000) FROM "
        "generate_series(1, 500); DROP TABLE more");
    return sampler.look(*session).wal_per_second > 1e5;
  }));
}

TEST_F(PacingTest, AStandbyThatIsBehindAndOneThatVanishes) {
  prepare(10);
  segue::test::Standby standby(*server_, "far");
  const auto session = open("segue");
  PostgresSampler sampler({"display_name", {}, "", {}}, real_clock());
  standby.pause_replay();
  open()->exec("CREATE TABLE more AS SELECT repeat('x', 1000) FROM generate_series(1, 3000)");
  Signals seen;
  EXPECT_TRUE(soon([&] {
    seen = sampler.look(*session);
    return seen.replicas.size() == 1 && seen.replicas[0].behind > 2'000'000;
  }));
  EXPECT_EQ(seen.replicas[0].name, "far");
  EXPECT_THAT(seen.slots, testing::SizeIs(1));
  standby.resume_replay();
  standby.catch_up();
  EXPECT_LT(sampler.look(*session).replicas.at(0).behind, 1'000'000U);
  standby.stop();
  EXPECT_TRUE(soon([&] {
    seen = sampler.look(*session);
    return !seen.replicas_gone.empty();
  }));
  EXPECT_THAT(seen.replicas_gone, ElementsAre("far"));
  EXPECT_FALSE(seen.slots.at(0).active);
  open()->exec("DROP TABLE more");
  EXPECT_GT(sampler.look(*session).slots.at(0).retained, 0U);
}

// A nightly pg_basebackup streams WAL while it copies, and then goes.
TEST_F(PacingTest, ABaseBackupThatEndsIsNoLostReplica) {
  prepare(10);
  const auto session = open("segue");
  PostgresSampler sampler({"display_name", {}, "", {}}, real_clock());
  auto backup = connect(conninfo_ + " replication=database", "pg_basebackup");
  auto replica = connect(conninfo_ + " replication=database", "near");
  ASSERT_EQ(ask("SELECT count(*) FROM pg_stat_replication"), "2");
  sampler.look(*session);
  backup.reset();
  replica.reset();
  ASSERT_TRUE(soon([&] { return ask("SELECT count(*) FROM pg_stat_replication") == "0"; }));
  EXPECT_THAT(sampler.look(*session).replicas_gone, ElementsAre("near"));
}

// A role has so many connections and no more: its own session, the two that watch, and a worker.
TEST_F(PacingTest, ARoleOfFewConnectionsFillsWithFewerWorkers) {
  prepare(100000);
  open()->exec(
      "CREATE ROLE limited LOGIN CONNECTION LIMIT 3; GRANT pg_read_all_stats TO limited; "
      "ALTER TABLE users OWNER TO limited; GRANT CREATE, USAGE ON SCHEMA public, segue TO limited; "
      "GRANT ALL ON ALL TABLES IN SCHEMA segue TO limited; "
      "GRANT ALL ON ALL SEQUENCES IN SCHEMA segue TO limited");
  const std::string everybody = conninfo_;
  conninfo_ += " user=limited";
  ApplyOptions options = watched();
  options.run.batch = 1000;
  options.run.workers = 2;
  options.run.allowed = {"own-triggers-fire"};
  apply_with(3, options);
  EXPECT_THAT(recorder_.said, Contains(HasSubstr("3.1 goes on with fewer workers: the server gives "
                                                 "no further session: ")));
  conninfo_ = everybody;
  EXPECT_EQ(ask("SELECT count(*) FROM users WHERE display_name IS DISTINCT FROM full_name"), "0");
}

TEST_F(PacingTest, ARunWaitsForItsStandbyAndGoesOnWhenItHasCaughtUp) {
  prepare(3000);
  segue::test::Standby standby(*server_, "far");
  standby.pause_replay();
  open()->exec("CREATE TABLE more AS SELECT repeat('x', 1000) FROM generate_series(1, 3000)");
  ApplyOptions options = watched();
  options.run.pacing->max_lag = 1U << 20;
  std::jthread run([&] { apply_with(3, options); });
  ASSERT_TRUE(soon([&] { return paced("replica-lag"); }));
  EXPECT_THAT(status(), testing::ContainsRegex("display_name 3.1 waits: replica far is [0-9]+ MB "
                                               "behind \\(limit 1 MB\\)\n"));
  EXPECT_EQ(ask("SELECT coalesce(sum(rows), 0) FROM segue.cursor"), "0");
  standby.resume_replay();
  run.join();
  EXPECT_EQ(ask("SELECT count(*) FROM users WHERE display_name IS DISTINCT FROM full_name"), "0");
}

TEST_F(PacingTest, AnArchiveThatFails) {
  ServerOptions options;
  options.settings = {{"archive_mode", "on"}, {"archive_command", "false"}};
  const ThrowawayServer server(options);
  const auto session = connect(server.conninfo(), "segue");
  session->exec("CREATE SCHEMA segue");
  pacing::ensure_live_tables(*session);
  session->exec("CREATE TABLE t (id int); SELECT pg_switch_wal()");
  PostgresSampler sampler({"display_name", {}, "", {}}, real_clock());
  EXPECT_TRUE(soon([&] { return sampler.look(*session).archive_fails; }));
}

TEST_F(PacingTest, AnArchiveThatLags) {
  ServerOptions options;
  options.settings = {{"archive_mode", "on"}, {"archive_command", "sleep 0.5"}};
  const ThrowawayServer server(options);
  const auto session = connect(server.conninfo(), "segue");
  session->exec("CREATE SCHEMA segue");
  pacing::ensure_live_tables(*session);
  PostgresSampler sampler({"display_name", {}, "", {}}, real_clock());
  EXPECT_TRUE(soon([&] {
    session->exec("CREATE TABLE t (id int); DROP TABLE t");
    session->exec("SELECT pg_switch_wal()");
    const Signals seen = sampler.look(*session);
    EXPECT_FALSE(seen.archive_fails);
    return seen.archive_backlog >= 3U << 20;  // segments of a throwaway server are of 1 MB
  }));
}

TEST_F(PacingTest, TheUsersOwnQueryFailsClosed) {
  prepare(10);
  EXPECT_EQ(look("SELECT false").throttle, "");
  EXPECT_EQ(look("SELECT 0").throttle, "");
  EXPECT_EQ(look("SELECT -1.5").throttle, "");
  EXPECT_EQ(look("SELECT true").throttle, "the throttle query says true");
  EXPECT_EQ(look("SELECT 2.5").throttle, "the throttle query says 2.5");
  EXPECT_EQ(look("SELECT NULL").throttle, "the throttle query gives no value");
  EXPECT_EQ(look("SELECT 1 WHERE false").throttle, "the throttle query gives no value");
  EXPECT_EQ(look("SELECT 'maybe'").throttle,
            "the throttle query gives maybe, neither a truth value nor a number");
  EXPECT_THAT(look("SELECT nothing").throttle,
              HasSubstr("the throttle query fails: column \"nothing\" does not exist"));
  EXPECT_THAT(look("CREATE TABLE side_effect ()").throttle,
              HasSubstr("cannot execute CREATE TABLE in a read-only transaction"));
  EXPECT_THAT(look("SELECT pg_sleep(2)").throttle, HasSubstr("statement timeout"));
}

TEST_F(PacingTest, WhatARoleMayNotSeeIsNamedWithItsGrant) {
  prepare(10);
  open()->exec(
      "DO $$ BEGIN IF to_regrole('blind') IS NULL THEN CREATE ROLE blind LOGIN; END IF; END $$; "
      "GRANT SELECT ON segue.control TO blind");
  const auto app = open();
  const Signals seen = look("", " user=blind");
  EXPECT_TRUE(seen.app_at_work);
  ASSERT_EQ(seen.unseen.size(), 1U);
  EXPECT_THAT(seen.unseen[0], testing::MatchesRegex("what [0-9]+ other sessions do is hidden: "
                                                    "GRANT pg_read_all_stats TO blind"));
  open()->exec("GRANT pg_read_all_stats TO blind");
  EXPECT_THAT(look("", " user=blind").unseen, IsEmpty());
}

TEST_F(PacingTest, WishesAreKeptInTheLedger) {
  const auto session = open("segue");
  EXPECT_EQ(thrown_by<Refused>([&] { pacing::ask(*session, "display_name", pacing::Ask::pause); })
                .objections()[0]
                .code,
            "not-applied");
  prepare(10);
  using pacing::Ask;
  const auto ask_for = [&](Ask what) {
    return last_wish(pacing::ask(*session, "display_name", what));
  };
  EXPECT_EQ(ask_for(Ask::pause), "true 0 postgres");
  EXPECT_EQ(ask_for(Ask::slower), "true -1 postgres");
  EXPECT_EQ(ask_for(Ask::resume), "false -1 postgres");
  for (int i = 0; i < 9; ++i) ask_for(Ask::faster);
  EXPECT_EQ(ask_for(Ask::faster), "false 3 postgres");
  EXPECT_THAT(status(), HasSubstr("display_name: faster (3 of 3), asked for by postgres\n"));
}

// The one command that has to work in a bad night.
TEST_F(PacingTest, ItIsAskedForWhateverTheDatabaseHasSetAndUndoForgetsIt) {
  prepare(100);
  const std::string database = ask("SELECT current_database()");
  pacing::ask(*open(), "display_name", pacing::Ask::resume);  // its table is there
  open()->exec(
      fmt::format("ALTER DATABASE {0} SET default_transaction_read_only = on; ALTER DATABASE "
                  "{0} SET statement_timeout = 200",
                  database));
  const auto session = open("segue control");
  const auto slow = open();
  slow->exec("BEGIN; SET TRANSACTION READ WRITE; LOCK TABLE segue.control");
  {
    std::jthread leaves([&] {
      std::this_thread::sleep_for(600ms);
      slow->exec("COMMIT");
    });
    pacing::ask(*session, "display_name", pacing::Ask::pause);  // waits longer than the time-out
  }
  open()->exec(
      fmt::format("SET transaction_read_only = off; ALTER DATABASE {0} RESET ALL", database));
  EXPECT_EQ(session->exec("SHOW transaction_read_only").scalar(), "on") << "nothing outlives it";
  pacing::ask(*open(), "display_name", pacing::Ask::faster);
  EXPECT_EQ(ask("SELECT paused || ' ' || speed FROM segue.control"), "true 1");
  pacing::ask(*open(), "display_name", pacing::Ask::resume);
  apply_with(3, watched());
  UndoOptions options;
  undo(plan_, options, connector(), real_clock(), recorder_);
  EXPECT_EQ(ask("SELECT count(*) FROM segue.control"), "0");
}

TEST_F(PacingTest, PauseAndResumeAreSeenWithinASecond) {
  prepare(60000);
  const auto session = open("segue control");
  pacing::ask(*session, "display_name", pacing::Ask::pause);
  std::jthread run([&] { apply_with(3, watched()); });
  ASSERT_TRUE(soon([&] { return paced("paused"); }));
  EXPECT_EQ(ask("SELECT coalesce(sum(rows), 0) FROM segue.cursor"), "0");
  EXPECT_THAT(status(), HasSubstr("display_name 3.1 waits: paused by postgres\n"));
  const auto rows = [&] {
    return std::stol(ask("SELECT coalesce(sum(rows), 0) FROM segue.cursor"));
  };
  pacing::ask(*session, "display_name", pacing::Ask::resume);
  ASSERT_TRUE(soon([&] { return rows() > 0; }));
  EXPECT_THAT(status(), HasSubstr("display_name 3.1 works: "));
  pacing::ask(*session, "display_name", pacing::Ask::pause);
  std::this_thread::sleep_for(1s);
  const long then = rows();
  std::this_thread::sleep_for(300ms);
  EXPECT_EQ(rows(), then);
  EXPECT_LT(then, 60000);
  pacing::ask(*session, "display_name", pacing::Ask::resume);
  pacing::ask(*session, "display_name", pacing::Ask::faster);
  run.join();
  EXPECT_EQ(rows(), 60000);
  EXPECT_EQ(ask("SELECT count(*) FROM segue.pace"), "0");
}

TEST_F(PacingTest, AThrottleQueryIsOneStatementAndReadsOnly) {
  prepare(100);
  open()->exec("CREATE TABLE kept AS SELECT 1 AS id");
  for (const std::string query :
       {"COMMIT; DELETE FROM kept RETURNING id", "DELETE FROM kept RETURNING id"}) {
    ApplyOptions options = watched();
    options.run.pacing->throttle_query = query;
    recorder_.paced.clear();
    std::jthread run([&] { EXPECT_THROW(apply_with(3, options), Failed); });
    const pacing::SignalScope signals;
    EXPECT_TRUE(soon([&] { return paced("throttle-query"); }));
    std::raise(SIGTERM);
    run.join();
    EXPECT_EQ(ask("SELECT count(*) FROM kept"), "1") << query;
  }
}

TEST_F(PacingTest, AThrottleQueryHoldsItUpAndLetsItGo) {
  prepare(3000);
  open()->exec("CREATE TABLE busy AS SELECT true AS yes");
  ApplyOptions options = watched();
  options.run.pacing->throttle_query = "SELECT yes FROM busy";
  std::jthread run([&] { apply_with(3, options); });
  ASSERT_TRUE(soon([&] { return paced("throttle-query"); }));
  open()->exec("UPDATE busy SET yes = false");
  run.join();
  EXPECT_EQ(ask("SELECT count(*) FROM users WHERE display_name IS DISTINCT FROM full_name"), "0");
}

// The look at every row, behind the last step, is no safe haven either.
TEST_F(PacingTest, ASignalEndsTheVerificationAndTheNextRunGoesOn) {
  prepare(1000);
  plan_.plan.verifications.push_back(plan_.plan.verifications.front());
  std::atomic<bool> raised = false;
  recorder_.on_progress = [&](const Progress& progress) {
    if (progress.activity.starts_with("verify") && !raised.exchange(true)) std::raise(SIGTERM);
  };
  {
    const pacing::SignalScope signals;
    const Failed failed = thrown_by<Failed>([&] { apply_with(3, watched()); });
    EXPECT_STREQ(failed.what(), "ended by SIGTERM; what was begun is committed or rolled back");
  }
  EXPECT_EQ(ask("SELECT phase FROM segue.status"), "2");
  recorder_.on_progress = nullptr;
  apply_with(3, watched());
  EXPECT_EQ(ask("SELECT phase FROM segue.status"), "3");
}

TEST_F(PacingTest, ASignalEndsItAfterTheBatchAndTheNextRunGoesOn) {
  prepare(40000);
  const pacing::SignalScope signals;
  std::atomic<bool> raised = false;  // a second one would end the process at once
  recorder_.on_progress = [&](const Progress& progress) {
    if (progress.rows >= 2000 && !raised.exchange(true)) std::raise(SIGTERM);
  };
  const Failed failed = thrown_by<Failed>([&] { apply_with(3, watched()); });
  EXPECT_STREQ(failed.what(),
               "step 3.1: ended by SIGTERM; what was begun is committed or rolled back");
  EXPECT_EQ(failed.advice(), "Run the same command again: it goes on from here.");
  const long filled = std::stol(ask("SELECT sum(rows) FROM segue.cursor"));
  EXPECT_GE(filled, 2000);
  EXPECT_LT(filled, 3000);
  EXPECT_EQ(ask("SELECT count(*) FROM users WHERE display_name IS NOT NULL"),
            std::to_string(filled));
  recorder_.on_progress = nullptr;
  const pacing::SignalScope again;
  ApplyOptions options = watched();
  options.run.batch = 5000;
  apply_with(3, options);
  EXPECT_EQ(ask("SELECT rows FROM segue.step WHERE step = '3.1'"), "40000");
}

TEST_F(PacingTest, AWatcherThatLosesItsSessionConnectsAgain) {
  prepare(30000);
  std::jthread run([&] { apply_with(3, watched()); });
  ASSERT_TRUE(soon([&] { return paced("asked"); }));
  open()->exec(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'segue' AND "
      "datname = current_database() AND query LIKE '%segue.control%'");
  run.join();
  EXPECT_EQ(ask("SELECT count(*) FROM users WHERE display_name IS DISTINCT FROM full_name"), "0");
}

}  // namespace
}  // namespace segue::runtime::test
