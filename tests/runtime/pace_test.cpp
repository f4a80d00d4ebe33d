// How fast a backfill may go: every rule by itself, without a server.
#include "runtime/pacing/pace.hpp"

#include <gtest/gtest.h>

namespace segue::runtime::pacing {
namespace {

constexpr std::uint64_t megabyte = 1 << 20;

// An app is at work, and nothing hurts.
Signals beside_app() {
  Signals signals;
  signals.app_at_work = true;
  return signals;
}

Pace after(const Signals& signals, int looks, Pace pace, const Limits& limits = {}) {
  for (int i = 0; i < looks; ++i) pace = decide(signals, limits, pace);
  return pace;
}

TEST(Pace, FastAloneAndGentleBesideAnApp) {
  const Pace alone = decide({}, {}, std::nullopt);
  EXPECT_EQ(alone.rows, rows_when_idle);
  EXPECT_EQ(alone.workers, 2U);
  EXPECT_EQ(alone.duty, 1);
  EXPECT_EQ(alone.why, "nobody else is at work");
  const Pace beside = decide(beside_app(), {}, alone);
  EXPECT_EQ(beside.rows, 250U);
  EXPECT_EQ(beside.workers, 1U);
  EXPECT_EQ(beside.duty, duty_beside_app);
  EXPECT_EQ(beside.why, "an app is at work");
}

TEST(Pace, WorkersThatWereAskedForStay) {
  Limits limits;
  limits.workers = 4;
  EXPECT_EQ(decide(beside_app(), limits, std::nullopt).workers, 4U);
}

TEST(Pace, SomebodyWhoWaitsForUsHalvesTheBatchAndTheTime) {
  Signals signals = beside_app();
  const Pace before = decide(signals, {}, std::nullopt);
  signals.waiting_on_us = 2;
  signals.first_waiting_on_us = "pid 4711 (app billing)";
  const Pace pace = decide(signals, {}, before);
  EXPECT_EQ(pace.rows, 125U);
  EXPECT_EQ(pace.duty, duty_beside_app / 2);
  EXPECT_EQ(pace.code, "lock-waiters");
  EXPECT_EQ(pace.why, "pid 4711 (app billing) waits for rows of a batch");
  const Pace worst = after(signals, 20, pace);
  EXPECT_EQ(worst.rows, fewest_rows);
  EXPECT_EQ(worst.duty, least_duty);
  EXPECT_FALSE(worst.waits);
  // It comes back by and by, not at once.
  const Pace better = decide(beside_app(), {}, worst);
  EXPECT_LT(better.rows, 50U);
  EXPECT_LT(better.duty, 0.1);
  EXPECT_EQ(after(beside_app(), 20, better), decide(beside_app(), {}, std::nullopt));
}

TEST(Pace, ABatchThatTakesTooLongIsMadeSmaller) {
  Signals signals = beside_app();
  const Pace before = decide(signals, {}, std::nullopt);
  signals.batch_ms = 50;
  EXPECT_EQ(decide(signals, {}, before).rows, 200U);
  signals.batch_ms = 4000;
  EXPECT_EQ(decide(signals, {}, before).rows, 125U);  // no more than half at once
  signals.app_at_work = false;
  signals.batch_ms = 400;
  EXPECT_EQ(after(signals, 20, before).rows, rows_when_idle);
}

TEST(Pace, SlowCommitsTakeTimeFromIt) {
  Signals signals = beside_app();
  signals.commit_ms = 80;
  const Pace pace = decide(signals, {}, decide(beside_app(), {}, std::nullopt));
  EXPECT_EQ(pace.duty, duty_beside_app / 2);
  EXPECT_EQ(pace.why, "a COMMIT takes 80 ms (slow above 50)");
}

TEST(Pace, AJamOfLocksElsewhereToo) {
  Signals signals = beside_app();
  signals.waiting_elsewhere = lock_jam - 1;
  EXPECT_EQ(decide(signals, {}, std::nullopt).code, "app");
  signals.waiting_elsewhere = lock_jam;
  const Pace pace = decide(signals, {}, decide(beside_app(), {}, std::nullopt));
  EXPECT_EQ(pace.why, "5 sessions wait for locks");
  EXPECT_EQ(pace.rows, rows_beside_app / 2);
  EXPECT_EQ(pace.duty, duty_beside_app / 2);
}

TEST(Pace, MoreWalThanCheckpointsKeepUpWith) {
  Signals signals = beside_app();
  signals.wal_comfortable = 34.0 * megabyte;
  signals.wal_per_second = 136.0 * megabyte;
  const Pace pace = decide(signals, {}, decide(beside_app(), {}, std::nullopt));
  EXPECT_EQ(pace.duty, duty_beside_app / 4);
  EXPECT_EQ(pace.why, "136 MB of WAL a second; checkpoints keep up with 34 MB");
  signals.app_at_work = false;  // nobody is there to feel it
  EXPECT_EQ(decide(signals, {}, std::nullopt).code, "idle");
}

TEST(Pace, VacuumAndDeadRowsSlowItAndNeverStopIt) {
  Signals signals;
  signals.vacuum_at_work = true;
  const Pace pace = after(signals, 10, decide({}, {}, std::nullopt));
  EXPECT_EQ(pace.why, "VACUUM is at work on the table");
  EXPECT_EQ(pace.workers, 1U);
  EXPECT_EQ(pace.duty, least_duty);
  EXPECT_FALSE(pace.waits);
  signals = {};
  signals.dead_share = 0.45;
  EXPECT_EQ(decide(signals, {}, std::nullopt).why,
            "45 % of the table's rows are dead and not vacuumed");
}

TEST(Pace, AReplicaThatIsBehindIsWaitedForUntilHalfOfIt) {
  Signals signals;
  signals.replicas = {{"near", megabyte}, {"far", 65 * megabyte}};
  const Pace pace = decide(signals, {}, std::nullopt);
  EXPECT_TRUE(pace.waits);
  EXPECT_EQ(pace.code, "replica-lag");
  EXPECT_EQ(pace.why, "replica far is 65 MB behind (limit 64 MB)");
  signals.replicas[1].behind = 33 * megabyte;
  EXPECT_TRUE(decide(signals, {}, pace).waits);
  EXPECT_FALSE(decide(signals, {}, std::nullopt).waits);  // who did not wait does not begin
  signals.replicas[1].behind = 31 * megabyte;
  EXPECT_FALSE(decide(signals, {}, pace).waits);
  Limits limits;
  limits.max_lag = megabyte;
  EXPECT_EQ(decide(signals, limits, std::nullopt).why, "replica far is 31 MB behind (limit 1 MB)");
}

TEST(Pace, AReplicaThatVanishedIsWaitedFor) {
  Signals signals;
  signals.replicas_gone = {"far"};
  EXPECT_EQ(decide(signals, {}, std::nullopt).why, "replica far is gone since this run began");
  Limits limits;
  limits.allowed = {"replica-lost"};
  EXPECT_FALSE(decide(signals, limits, std::nullopt).waits);
}

TEST(Pace, ASlotThatWouldBeLostOrFillsTheDisk) {
  Signals signals;
  signals.slots = {{"cdc", true, "reserved", 10 * megabyte, 200LL * megabyte}};
  const Pace pace = decide(signals, {}, std::nullopt);
  EXPECT_EQ(pace.why, "slot cdc is lost after 200 MB more of WAL");
  EXPECT_TRUE(pace.waits);
  signals.slots[0].spare = 400LL * megabyte;
  EXPECT_FALSE(decide(signals, {}, std::nullopt).waits);
  signals.slots = {{"old", false, "extended", 5000 * megabyte, std::nullopt}};
  EXPECT_EQ(decide(signals, {}, std::nullopt).why,
            "slot old keeps 4.9 GB of WAL on the disk (limit 4.0 GB)");
  Limits limits;
  limits.allowed = {"slot-retention"};
  EXPECT_FALSE(decide(signals, limits, std::nullopt).waits);
  signals.slots = {{"gone", false, "lost", 0, std::nullopt}};
  EXPECT_FALSE(decide(signals, {}, std::nullopt).waits);
}

TEST(Pace, AnArchiveThatFailsOrLags) {
  Signals signals;
  signals.archive_fails = true;
  EXPECT_EQ(decide(signals, {}, std::nullopt).why, "the last try to archive WAL failed");
  signals = {};
  signals.archive_backlog = 1100 * megabyte;
  EXPECT_EQ(decide(signals, {}, std::nullopt).why,
            "1.1 GB of WAL wait to be archived (limit 1.0 GB)");
}

TEST(Pace, TheUsersOwnQuery) {
  Signals signals;
  signals.throttle = "the throttle query says true";
  const Pace pace = decide(signals, {}, std::nullopt);
  EXPECT_TRUE(pace.waits);
  EXPECT_EQ(pace.code, "throttle-query");
}

TEST(Pace, WhatIsHiddenIsTakenForPain) {
  Signals signals;
  signals.unseen = {"what 3 other sessions do is hidden: GRANT pg_read_all_stats TO deploy"};
  const Pace pace = decide(signals, {}, std::nullopt);
  EXPECT_EQ(pace.rows, rows_when_blind);
  EXPECT_EQ(pace.duty, blind_duty);
  EXPECT_EQ(pace.workers, 1U);
  EXPECT_EQ(pace.code, "blind");
  EXPECT_EQ(pace.why, signals.unseen[0]);
}

TEST(Pace, WishesFromAnotherTerminal) {
  Signals signals = beside_app();
  signals.wish = {true, 0, "alice"};
  EXPECT_EQ(decide(signals, {}, std::nullopt).why, "paused by alice");
  signals.wish = {false, -1, "alice"};
  const Pace slower = decide(signals, {}, std::nullopt);
  EXPECT_EQ(slower.rows, 125U);
  EXPECT_EQ(slower.duty, duty_beside_app / 2);
  EXPECT_EQ(slower.code, "slower");
  signals.wish.speed = 2;
  EXPECT_EQ(decide(signals, {}, std::nullopt).rows, 1000U);
  EXPECT_EQ(decide(signals, {}, std::nullopt).duty, 1);  // no rest any more
  // Nobody's wish overrules what stops it.
  signals.archive_fails = true;
  EXPECT_TRUE(decide(signals, {}, std::nullopt).waits);
}

TEST(Pace, RowsThatWereAskedForAreTheMost) {
  Limits limits;
  limits.batch = 700;
  Signals signals = beside_app();
  const Pace pace = decide(signals, limits, std::nullopt);
  EXPECT_EQ(pace.rows, 700U);
  signals.waiting_on_us = 1;
  EXPECT_EQ(decide(signals, limits, pace).rows, 350U);
  limits.batch = 10;
  EXPECT_EQ(after(beside_app(), 3, decide({}, limits, std::nullopt), limits).rows, 10U);
}

}  // namespace
}  // namespace segue::runtime::pacing
