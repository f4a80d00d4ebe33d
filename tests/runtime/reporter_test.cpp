#include "runtime/reporter.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace segue::runtime {
namespace {

class StoppedClock final : public Clock {
 public:
  std::chrono::steady_clock::time_point now() const override { return time; }
  void sleep(Milliseconds duration) override { time += duration; }
  std::chrono::steady_clock::time_point time{std::chrono::hours(1)};
};

Progress half_way() {
  Progress progress;
  progress.step = "3.1";
  progress.activity = "backfill public.users";
  progress.rows = 1250000;
  progress.blocks_done = 500;
  progress.blocks_total = 1000;
  progress.seconds = 125;
  return progress;
}

TEST(Reporter, Durations) {
  EXPECT_EQ(duration_text(0.0123), "12 ms");
  EXPECT_EQ(duration_text(1.25), "1.2 s");
  EXPECT_EQ(duration_text(35.2), "35 s");
  EXPECT_EQ(duration_text(250), "4 min 10 s");
  EXPECT_EQ(duration_text(7500), "2 h 5 min");
  EXPECT_EQ(duration_text(7 * 86400), "7 d 0 h");
}

TEST(Reporter, Counts) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000), "1,000");
  EXPECT_EQ(count_text(1234567), "1,234,567");
}

TEST(Reporter, TimeLeftCountsThisRunsBlocksOnly) {
  Progress progress = half_way();
  EXPECT_DOUBLE_EQ(*progress.seconds_left(), 125);
  progress.blocks_at_start = 400;
  EXPECT_DOUBLE_EQ(*progress.seconds_left(), 625);
  progress.blocks_at_start = 500;
  EXPECT_FALSE(progress.seconds_left());
}

TEST(Reporter, PlainLinesOnlyNowAndThen) {
  StoppedClock clock;
  std::ostringstream out;
  const auto reporter = make_reporter(ReportStyle::plain, out, clock);
  planner::Step step;
  step.id = "3.1";
  step.title = "Fill display_name";
  reporter->step_begins(step);
  for (int i = 0; i < 25; ++i) {
    clock.sleep(Milliseconds(1000));
    reporter->advances(half_way());
  }
  StepOutcome outcome;
  outcome.rows = 2500000;
  outcome.seconds = 250;
  reporter->step_ends(step, outcome);
  const std::string line =
      "  3.1 backfill public.users: 50 %, 1,250,000 rows, 10,000 rows/s, 2 min 5 s left\n";
  EXPECT_EQ(out.str(),
            line + line + "  3.1 Fill display_name: done in 4 min 10 s, 2,500,000 rows\n");
}

TEST(Reporter, ATerminalKeepsToOneLine) {
  StoppedClock clock;
  std::ostringstream out;
  const auto reporter = make_reporter(ReportStyle::terminal, out, clock);
  reporter->advances(half_way());
  EXPECT_EQ(
      out.str(),
      "\r\x1b[K  3.1 backfill public.users: 50 %, 1,250,000 rows, 10,000 rows/s, 2 min 5 s left");
}

TEST(Reporter, JsonIsOneObjectALine) {
  StoppedClock clock;
  std::ostringstream out;
  const auto reporter = make_reporter(ReportStyle::json, out, clock);
  reporter->waits("3.1", "for a \"lock\"");
  reporter->advances(half_way());
  EXPECT_EQ(out.str(),
            "{\"event\":\"waits\",\"step\":\"3.1\",\"why\":\"for a \\\"lock\\\"\"}\n"
            "{\"event\":\"progress\",\"step\":\"3.1\",\"activity\":\"backfill "
            "public.users\",\"rows\":1250000,"
            "\"blocks_done\":500,\"blocks_total\":1000,\"rows_per_second\":10000.0,\"seconds_"
            "left\":125.0}\n");
}

}  // namespace
}  // namespace segue::runtime
