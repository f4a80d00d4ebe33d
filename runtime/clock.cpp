#include "runtime/clock.hpp"

#include <algorithm>
#include <thread>

namespace segue::runtime {

namespace {

class RealClock final : public Clock {
 public:
  std::chrono::steady_clock::time_point now() const override {
    return std::chrono::steady_clock::now();
  }
  void sleep(Milliseconds duration) override { std::this_thread::sleep_for(duration); }
};

}  // namespace

Clock& real_clock() {
  static RealClock clock;
  return clock;
}

Backoff::Backoff(const Limits& limits, Clock& clock, std::uint64_t seed)
    : limits_(limits), clock_(clock), random_(seed), start_(clock.now()) {}

bool Backoff::exhausted() const {
  return clock_.now() - start_ >= limits_.budget;
}

void Backoff::pause() {
  constexpr int doublings = 20;  // far above any cap; keeps the shift defined
  const Milliseconds bound =
      std::min(limits_.cap, limits_.first * (std::int64_t{1} << std::min(tries_, doublings)));
  ++tries_;
  std::uniform_int_distribution<Milliseconds::rep> distribution(0, bound.count());
  const auto left =
      std::chrono::duration_cast<Milliseconds>(limits_.budget - (clock_.now() - start_));
  // A pause of nothing would make a busy loop of a budget that is nearly spent.
  clock_.sleep(std::clamp(Milliseconds(distribution(random_)), Milliseconds(1),
                          std::max(left, Milliseconds(1))));
}

}  // namespace segue::runtime
