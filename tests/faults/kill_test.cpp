// kill -9, terminated backends, crashed servers: run again, and the end is the same.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <random>
#include <thread>

#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "support/database_state.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

using runtime::Session;
using runtime::ThrowawayServer;
using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* schema = R"(
CREATE TABLE users (id bigint PRIMARY KEY, full_name text NOT NULL, note text);
CREATE UNIQUE INDEX users_full_name_idx ON users (full_name);
CREATE INDEX users_note_idx ON users (note);
CREATE TABLE visits (id bigint PRIMARY KEY, user_id bigint REFERENCES users, at timestamptz);
INSERT INTO users SELECT g, 'name ' || g, 'note ' || g % 1000 FROM generate_series(1, 30000) g;
INSERT INTO visits SELECT g, g, '2030-01-01' FROM generate_series(1, 3000) g;
ANALYZE users;
)";

constexpr const char* change = R"(change display_name

rename users.full_name -> display_name
add users.phone varchar(20) required
  backfill 'unknown'
index visits(at)
)";

// How many kills per phase; SEGUE_FAULT_ROUNDS=200 for a long night.
int rounds() {
  const char* text = std::getenv("SEGUE_FAULT_ROUNDS");
  return text == nullptr ? 6 : std::atoi(text);
}

std::uint64_t seed() {
  const char* text = std::getenv("SEGUE_SEED");
  return text == nullptr ? std::random_device{}() : std::strtoull(text, nullptr, 10);
}

class KillTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    runtime::ServerOptions options;
    options.durable = true;
    server_ = std::make_unique<ThrowawayServer>(options);
    place_ = std::make_unique<TemporaryDirectory>();
    write_text(place_->path() / "schema.sql", schema);
    write_text(place_->path() / "display_name.segue", change);
    const Finished planned =
        run({SEGUE_BINARY, "plan", "display_name.segue", "--schema", "schema.sql", "--out", "plan"},
            place_->path());
    ASSERT_EQ(planned.exit_code, 0) << planned.both();
  }
  static void TearDownTestSuite() {
    server_.reset();
    place_.reset();
  }
  void SetUp() override {
    seed_ = seed();
    random_.seed(seed_);
    fmt::print("SEGUE_SEED={}\n", seed_);
    make_database();
  }

  void make_database() {
    static int number = 0;
    conninfo_ = server_->create_database(fmt::format("kill_{}", ++number));
    open()->exec(schema);
  }
  std::unique_ptr<Session> open() const { return runtime::connect(conninfo_, "app"); }
  std::string ask(const std::string& sql) const { return open()->exec(sql).scalar(); }

  static std::string plan() { return (place_->path() / "plan").string(); }
  std::vector<std::string> command(int phase) const {
    if (phase == 0) return {SEGUE_BINARY, "undo", plan(), "--db", conninfo_};
    std::vector<std::string> words{
        SEGUE_BINARY, "apply",   plan(),    "--phase", std::to_string(phase),
        "--db",       conninfo_, "--batch", "200"};
    if (phase == 4) words.insert(words.end(), {"--release", "v2"});
    return words;
  }
  void finish(int phase) const {
    const Finished finished = run(command(phase));
    ASSERT_EQ(finished.exit_code, 0) << "phase " << phase << ", SEGUE_SEED=" << seed_ << "\n"
                                     << finished.both();
  }
  std::chrono::duration<double> timed(int phase) const {
    const auto start = std::chrono::steady_clock::now();
    finish(phase);
    return std::chrono::steady_clock::now() - start;
  }
  // Kills it somewhere between its start and its end, `usual` s after it. The machine may have been
  // busier when that was measured: a run that was over before shortens it.
  void kill_somewhere(int phase, double& usual) {
    Process process(command(phase));
    const double after = std::uniform_real_distribution<double>(0, usual)(random_);
    std::this_thread::sleep_for(std::chrono::duration<double>(after));
    process.kill();
    if (process.wait().exit_code == 128 + SIGKILL)
      ++hits_;
    else
      usual = after;
  }
  // No index half-built, no trigger left, no lock held.
  void expect_clean() const {
    EXPECT_EQ(ask("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), "0");
    EXPECT_EQ(ask("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'zz_segue%'"), "0");
    EXPECT_EQ(ask("SELECT count(*) FROM pg_constraint WHERE NOT convalidated"), "0");
  }

  static std::unique_ptr<ThrowawayServer> server_;
  static std::unique_ptr<TemporaryDirectory> place_;
  std::string conninfo_;
  std::uint64_t seed_ = 0;
  std::mt19937_64 random_;
  int hits_ = 0;  // runs that were killed before their end
};
std::unique_ptr<ThrowawayServer> KillTest::server_;
std::unique_ptr<TemporaryDirectory> KillTest::place_;

TEST_F(KillTest, KilledAnywhereItEndsTheSame) {
  double usual[5] = {};
  for (const int phase : {1, 2, 3, 4}) usual[phase] = timed(phase).count();
  const DatabaseState expected = read_state(conninfo_);
  const int ledger_rows = std::stoi(ask("SELECT count(*) FROM segue.step WHERE state = 'done'"));
  expect_clean();
  for (int round = 0; round < rounds(); ++round) {
    make_database();
    for (const int phase : {1, 2, 3, 4}) {
      // Two kills in a row now and then: the second run meets what the first left.
      for (int kills = 0; kills <= round % 2; ++kills) {
        kill_somewhere(phase, usual[phase]);
      }
      finish(phase);
      if (HasFatalFailure()) return;
    }
    EXPECT_THAT(compare(expected, read_state(conninfo_)), IsEmpty()) << "SEGUE_SEED=" << seed_;
    EXPECT_EQ(std::stoi(ask("SELECT count(*) FROM segue.step WHERE state = 'done'")), ledger_rows);
    expect_clean();
  }
  EXPECT_GE(hits_, rounds() * 2)
      << "most runs were over before they were killed: the test shows little";
}

TEST_F(KillTest, AnUndoThatIsKilledIsFinishedByTheNext) {
  const DatabaseState before = read_state(conninfo_);
  for (const int phase : {1, 2, 3}) finish(phase);
  double usual = timed(0).count();
  EXPECT_THAT(compare(before, read_state(conninfo_)), IsEmpty());
  for (int round = 0; round < rounds(); ++round) {
    for (const int phase : {1, 2, 3}) finish(phase);
    kill_somewhere(0, usual);
    finish(0);
    if (HasFatalFailure()) return;
    EXPECT_THAT(compare(before, read_state(conninfo_)), IsEmpty()) << "SEGUE_SEED=" << seed_;
    expect_clean();
  }
}

// A phase that was cut short is undone as well as a complete one.
TEST_F(KillTest, APhaseThatWasKilledCanBeUndone) {
  const DatabaseState before = read_state(conninfo_);
  for (const int phase : {1, 2}) finish(phase);
  for (int round = 0; round < rounds(); ++round) {
    double second = 1.0;
    kill_somewhere(3, second);
    finish(0);
    if (HasFatalFailure()) return;
    EXPECT_THAT(compare(before, read_state(conninfo_)), IsEmpty()) << "SEGUE_SEED=" << seed_;
    expect_clean();
    for (const int phase : {1, 2}) finish(phase);
  }
}

TEST_F(KillTest, ABackendThatIsTerminatedInABatchIsReplaced) {
  for (const int phase : {1, 2}) finish(phase);
  Process process(command(3));
  const auto session = open();
  std::string killed;
  while (process.running() && killed.empty()) {
    const auto rows = session->exec(
        "SELECT pg_terminate_backend(pid), pid FROM pg_stat_activity WHERE datname = "
        "current_database() AND "
        "application_name = 'segue' AND query LIKE 'UPDATE%' AND (SELECT sum(rows) > 3000 FROM "
        "segue.cursor)");
    if (!rows.empty()) killed = *rows.rows[0][1];
  }
  ASSERT_FALSE(killed.empty()) << "the backfill was over too soon: the test shows nothing";
  const Finished finished = process.wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.both();
  EXPECT_THAT(finished.out, HasSubstr("the connection was lost"));
  EXPECT_EQ(ask("SELECT count(*) FROM users WHERE display_name IS DISTINCT FROM full_name"), "0");
}

TEST_F(KillTest, AServerThatCrashesInTheBackfillAndComesBack) {
  for (const int phase : {1, 2}) finish(phase);
  Process process(command(3));
  while (process.running() &&
         ask("SELECT coalesce(sum(rows), 0) < 3000 FROM segue.cursor") == "t") {
  }
  ASSERT_TRUE(process.running()) << "the backfill was over too soon: the test shows nothing";
  server_->crash();
  std::this_thread::sleep_for(milliseconds(500));
  server_->restart();
  const Finished finished = process.wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.both();
  EXPECT_EQ(ask("SELECT count(*) FROM users WHERE display_name IS DISTINCT FROM full_name"), "0");
  finish(4);
  expect_clean();
}

TEST_F(KillTest, OfTwoRunnersOneIsRefused) {
  for (const int phase : {1, 2}) finish(phase);
  Process first(command(3));
  while (ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query "
             "LIKE 'UPDATE%'") == "0") {
    ASSERT_TRUE(first.running()) << "the backfill was over too soon: the test shows nothing";
  }
  // Held up, so that the second meets it whatever the machine's speed.
  const auto holder = open();
  holder->exec("BEGIN; LOCK TABLE users IN SHARE MODE");
  const Finished second = run(command(3));
  holder->exec("COMMIT");
  EXPECT_EQ(second.exit_code, 3) << second.both();
  EXPECT_THAT(second.err, HasSubstr("another run of segue is at work in this database: process "));
  const Finished finished = first.wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.both();
}

TEST_F(KillTest, AFileThatWasEditedIsRefused) {
  const TemporaryDirectory copy;
  std::filesystem::copy(plan(), copy.path() / "plan");
  const auto file = copy.path() / "plan" / "1_expand.sql";
  write_text(file, read_text(file) + "-- a harmless comment\n");
  const Finished finished = run(
      {SEGUE_BINARY, "apply", (copy.path() / "plan").string(), "--phase", "1", "--db", conninfo_});
  EXPECT_EQ(finished.exit_code, 3) << finished.both();
  EXPECT_THAT(finished.err, HasSubstr("1_expand.sql: edited since it was planned"));
  EXPECT_EQ(ask("SELECT count(*) FROM pg_namespace WHERE nspname = 'segue'"), "0");
}

TEST_F(KillTest, AServerThatIsNotThere) {
  const Finished finished = run({SEGUE_BINARY, "apply", plan(), "--phase", "1", "--db",
                                 "host=/nowhere user=postgres dbname=x password=secret"});
  EXPECT_EQ(finished.exit_code, 1) << finished.both();
  EXPECT_EQ(finished.both().find("secret"), std::string::npos) << finished.both();
}

}  // namespace
}  // namespace segue::test
