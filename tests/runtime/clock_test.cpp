#include "runtime/clock.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace segue::runtime {
namespace {

class SteppingClock final : public Clock {
 public:
  std::chrono::steady_clock::time_point now() const override { return time; }
  void sleep(Milliseconds duration) override {
    pauses.push_back(duration);
    time += duration;
  }
  std::chrono::steady_clock::time_point time{};
  std::vector<Milliseconds> pauses;
};

TEST(Backoff, JitterIsFullAndItsBoundDoublesUpToTheCap) {
  SteppingClock clock;
  Backoff::Limits limits;
  limits.budget = std::chrono::hours(10);
  std::vector<Milliseconds> longest(12);
  std::vector<Milliseconds> shortest(12, std::chrono::hours(1));
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    clock.pauses.clear();
    Backoff backoff(limits, clock, seed);
    for (std::size_t i = 0; i < longest.size(); ++i) {
      backoff.pause();
      longest[i] = std::max(longest[i], clock.pauses[i]);
      shortest[i] = std::min(shortest[i], clock.pauses[i]);
    }
  }
  for (std::size_t i = 0; i < longest.size(); ++i) {
    const Milliseconds bound = std::min(limits.cap, limits.first * (1 << i));
    EXPECT_LE(longest[i], bound);
    EXPECT_GT(longest[i], bound * 9 / 10) << "try " << i;
    EXPECT_LT(shortest[i], bound / 10 + Milliseconds(2)) << "try " << i;
  }
}

TEST(Backoff, EndsWithItsBudgetAndNeverSleepsPastIt) {
  SteppingClock clock;
  Backoff::Limits limits;
  limits.budget = Milliseconds(1000);
  Backoff backoff(limits, clock, 1);
  while (!backoff.exhausted()) backoff.pause();
  EXPECT_LE(clock.time.time_since_epoch(), Milliseconds(1001));
  EXPECT_GE(backoff.tries(), 4);
}

}  // namespace
}  // namespace segue::runtime
