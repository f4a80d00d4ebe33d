// The memory that segue takes does not grow with the table that it fills.
//
// SEGUE_MEMORY_ROWS: rows of the larger table.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

constexpr double most_megabytes = 50;
// What one run differs from the next by: the allocator's own doing.
constexpr double leeway_megabytes = 3;

// The most that a running process has had resident, in MB; 0: it is gone.
double peak_of(pid_t pid) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
  }
  return 0;
}

class Memory : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<runtime::ThrowawayServer>(); }
  static void TearDownTestSuite() { server_.reset(); }

  // Phases 1 to 3 of a rename over so many rows; the peak of phase 3.
  static double peak_of_a_fill(int rows) {
    const std::string conninfo = server_->create_database(fmt::format("rows_{}", rows));
    runtime::connect(conninfo)->exec(fmt::format(
        "CREATE TABLE users (id bigint PRIMARY KEY, full_name text, note text); "
        "INSERT INTO users SELECT g, 'name ' || g, 'note' FROM generate_series(1, {}) g; "
        "CREATE INDEX ON users (full_name); ANALYZE users",
        rows));
    const TemporaryDirectory directory;
    write_text(directory.path() / "change.segue", "rename users.full_name -> display_name\n");
    const std::string plan = (directory.path() / "plan").string();
    const auto planned = run(
        {SEGUE_BINARY, "plan", "change.segue", "--db", conninfo, "--out", plan}, directory.path());
    EXPECT_EQ(planned.exit_code, 0) << planned.both();
    double peak = 0;
    for (const char* phase : {"1", "2", "3"}) {
      Process process({SEGUE_BINARY, "apply", plan, "--phase", phase, "--db", conninfo});
      // A peak never falls, so the last look before the end has it.
      for (peak = 0; process.running(); std::this_thread::sleep_for(std::chrono::milliseconds(5)))
        peak = std::max(peak, peak_of(process.pid()));
      const Finished done = process.wait();
      EXPECT_EQ(done.exit_code, 0) << done.both();
    }
    return peak;
  }

  static inline std::unique_ptr<runtime::ThrowawayServer> server_;
};

TEST_F(Memory, StaysWhereItIsWhateverTheRows) {
  const char* const asked = std::getenv("SEGUE_MEMORY_ROWS");
  const int rows = asked == nullptr ? 200'000 : std::atoi(asked);
  const double small = peak_of_a_fill(rows / 10);
  const double large = peak_of_a_fill(rows);
  fmt::print("{} rows: {:.1f} MB; {} rows: {:.1f} MB\n", rows / 10, small, rows, large);
  EXPECT_GT(small, 1) << "nothing was measured";
  EXPECT_LT(large, most_megabytes);
  EXPECT_LT(large, small + leeway_megabytes);
}

}  // namespace
}  // namespace segue::test
