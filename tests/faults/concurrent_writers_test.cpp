// Both releases of the shop write to a table of 100,000 rows during every phase of a change;
// nothing that they were told is written may be lost, also when segue is killed at any moment.
//
// SEGUE_SEED chooses the moments; it is printed, so that a failure can be had again.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "support/process.hpp"
#include "workload.hpp"

namespace segue::test {
namespace {

using std::chrono::milliseconds;
using ::testing::IsEmpty;

constexpr const char* rows = "100000";
// The lock budget: what an app's statement may wait behind one try of a DDL step, and as much again
// for a machine that runs other tests beside this one.
constexpr double longest_wait_ms = 2000;

std::uint64_t seed() {
  const char* const value = std::getenv("SEGUE_SEED");
  return value != nullptr ? std::strtoull(value, nullptr, 10) : std::random_device()();
}

const std::filesystem::path shop = std::filesystem::path(SEGUE_SOURCE_DIR) / "examples" / "shop";

class ConcurrentWriters : public ::testing::Test {
 protected:
  ConcurrentWriters() : server_(durable()) {
    conninfo_ = server_.create_database("shop");
    for (const auto* file : {"schema.sql", "data.sql"}) {
      const auto done =
          run({"psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", std::string("users=") + rows,
               "-d", conninfo_, "-f", (shop / file).string()});
      EXPECT_EQ(done.exit_code, 0) << done.both();
    }
    plan_ = directory_.path() / "0001_display_name";
    const auto planned =
        run({SEGUE_BINARY, "plan", (shop / "changes" / "0001_display_name.segue").string(),
             "--schema", (shop / "schema.sql").string(), "--out", plan_.string()});
    EXPECT_EQ(planned.exit_code, 0) << planned.both();
  }

  static runtime::ServerOptions durable() {
    runtime::ServerOptions options;
    options.durable = true;
    return options;
  }

  std::vector<std::string> apply(int phase) const {
    std::vector<std::string> command{SEGUE_BINARY,          "apply", plan_.string(), "--phase",
                                     std::to_string(phase), "--db",  conninfo_};
    if (phase == 4) {
      for (const auto* word : {"--release", "v2", "--skip-soak", "a test"})
        command.emplace_back(word);
    }
    return command;
  }

  shop::WorkloadOptions workload_options(std::uint64_t number) const {
    shop::WorkloadOptions options;
    options.conninfo = conninfo_;
    options.seed = number;
    options.rate = 250;
    return options;
  }

  // Lets the releases of a finished phase run for a moment, then holds every row against the model.
  void settle(shop::Workload& workload, int phase) {
    if (phase < 4) workload.enter(phase);
    if (phase == 3) {
      const auto verified = run({SEGUE_BINARY, "verify", plan_.string(), "--db", conninfo_});
      EXPECT_EQ(verified.exit_code, 0) << verified.both();
      EXPECT_EQ(differing_rows(), "0");
    }
    std::this_thread::sleep_for(milliseconds(700));
    expect_clean(workload.check_all(), phase, "check of every row");
    const auto report = workload.take_report();
    expect_clean(report, phase, "application");
    EXPECT_LT(report.longest_ms, longest_wait_ms) << "phase " << phase;
    EXPECT_GT(report.statements, 100U);
  }

  std::string differing_rows() const {
    return runtime::connect(conninfo_)
        ->exec(
            "SELECT count(*) FROM users WHERE record_image_ne(ROW(full_name), ROW(display_name)) "
            "OR phone IS NULL")
        .scalar();
  }

  static void expect_clean(const shop::Report& report, int phase, const std::string& what) {
    EXPECT_TRUE(report.clean()) << "phase " << phase << ", " << what << ": " << report.json();
  }

  runtime::ThrowawayServer server_;
  TemporaryDirectory directory_;
  std::string conninfo_;
  std::filesystem::path plan_;
};

TEST_F(ConcurrentWriters, LoseNothingInAnyPhase) {
  const auto number = seed();
  std::cout << "SEGUE_SEED=" << number << std::endl;
  shop::Workload workload(workload_options(number));
  for (int phase = 1; phase <= 4; ++phase) {
    if (phase == 4) workload.enter(4);
    const auto done = run(apply(phase));
    ASSERT_EQ(done.exit_code, 0) << "phase " << phase << ": " << done.both();
    settle(workload, phase);
  }
}

TEST_F(ConcurrentWriters, LoseNothingWhenSegueIsKilledInEachPhase) {
  const auto number = seed();
  std::cout << "SEGUE_SEED=" << number << std::endl;
  std::mt19937_64 random(number);
  // How long a phase takes depends on the machine, so the kill falls anywhere from its start to
  // well into it; several kills a phase, until one run comes through.
  constexpr int latest_kill_ms[] = {0, 250, 250, 4000, 300};
  constexpr int kills = 4;
  shop::Workload workload(workload_options(number));
  for (int phase = 1; phase <= 4; ++phase) {
    if (phase == 4) workload.enter(4);
    for (int kill = 0; kill < kills; ++kill) {
      const auto after = std::uniform_int_distribution<>(5, latest_kill_ms[phase])(random);
      Process process(apply(phase));
      std::this_thread::sleep_for(milliseconds(after));
      process.kill();
      const auto killed = process.wait();
      std::cout << fmt::format("phase {} killed after {} ms: {}\n", phase, after,
                               killed.exit_code == 128 + 9 ? "in flight" : "it had ended");
      if (killed.exit_code != 128 + 9) {
        EXPECT_EQ(killed.exit_code, 0) << killed.both();
        break;
      }
    }
    const auto done = run(apply(phase));
    ASSERT_EQ(done.exit_code, 0) << "phase " << phase << ": " << done.both();
    settle(workload, phase);
  }
}

// The way back while both releases write: the old one must not notice.
TEST_F(ConcurrentWriters, LoseNothingOnTheWayBack) {
  const auto number = seed();
  std::cout << "SEGUE_SEED=" << number << std::endl;
  shop::Workload workload(workload_options(number));
  for (int last = 1; last <= 3; ++last) {
    for (int phase = 1; phase <= last; ++phase) {
      const auto done = run(apply(phase));
      ASSERT_EQ(done.exit_code, 0) << "phase " << phase << ": " << done.both();
      workload.enter(phase);
      std::this_thread::sleep_for(milliseconds(300));
    }
    workload.enter(0);
    const auto undone = run({SEGUE_BINARY, "undo", plan_.string(), "--db", conninfo_});
    ASSERT_EQ(undone.exit_code, 0) << "undo from phase " << last << ": " << undone.both();
    settle(workload, 0);
  }
}

// The model itself must be able to fail.
TEST_F(ConcurrentWriters, ALostWriteWouldBeSeen) {
  shop::Workload workload(workload_options(1));
  std::this_thread::sleep_for(milliseconds(200));
  EXPECT_TRUE(workload.check_all().clean());
  runtime::connect(conninfo_)->exec("UPDATE users SET full_name = 'lost' WHERE id = 5000");
  const auto report = workload.check_all();
  EXPECT_EQ(report.lost_writes, 1U);
  EXPECT_THAT(report.messages,
              ::testing::ElementsAre(::testing::HasSubstr("the name of row 5000 is 'lost'")));
}

}  // namespace
}  // namespace segue::test
