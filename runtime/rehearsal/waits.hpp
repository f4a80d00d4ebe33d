// How long the apps' statements took, and what ran meanwhile, while it is still going on.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/rehearsal/result.hpp"

namespace segue::runtime::rehearsal {

class WaitBook {
 public:
  double now() const;  // seconds since the book was opened
  void statement(int phase, bool new_release, double ms, bool failed);
  void stretch(const std::string& lane, const std::string& label, double from, double to);

  std::map<int, Waits> waits() const;
  std::vector<Stretch> timeline() const;
  std::vector<Latency> latencies() const;  // the slowest of each twentieth of a second

 private:
  using Clock = std::chrono::steady_clock;
  struct Phase {
    std::vector<double> ms;
    std::uint64_t errors = 0;
  };
  Clock::time_point start_ = Clock::now();
  mutable std::mutex mutex_;
  std::map<int, Phase> phases_;
  std::vector<Stretch> timeline_;
  std::map<int, Latency> slowest_;
};

}  // namespace segue::runtime::rehearsal
