#include "runtime/rehearsal/waits.hpp"

#include <algorithm>

namespace segue::runtime::rehearsal {

double WaitBook::now() const {
  return Seconds(Clock::now() - start_).count();
}

void WaitBook::statement(int phase, bool new_release, double ms, bool failed) {
  constexpr double slices_per_second = 20;
  const double at = now() - ms / 1000;
  const std::lock_guard guard(mutex_);
  Phase& one = phases_[phase];
  one.ms.push_back(ms);
  if (failed) ++one.errors;
  Latency& slowest = slowest_[static_cast<int>(at * slices_per_second)];
  if (ms > slowest.ms) slowest = {std::max(at, 0.0), ms, new_release};
}

void WaitBook::stretch(const std::string& lane, const std::string& label, double from, double to) {
  const std::lock_guard guard(mutex_);
  timeline_.push_back({lane, label, from, to});
}

std::map<int, Waits> WaitBook::waits() const {
  const std::lock_guard guard(mutex_);
  std::map<int, Waits> all;
  for (const auto& [phase, seen] : phases_) {
    std::vector<double> ms = seen.ms;
    std::sort(ms.begin(), ms.end());
    const auto part = [&](double fraction) {
      return ms[std::min(ms.size() - 1,
                         static_cast<std::size_t>(fraction * static_cast<double>(ms.size())))];
    };
    all[phase] = {ms.size(), seen.errors, part(0.5), part(0.99), ms.back()};
  }
  return all;
}

std::vector<Stretch> WaitBook::timeline() const {
  const std::lock_guard guard(mutex_);
  return timeline_;
}

std::vector<Latency> WaitBook::latencies() const {
  const std::lock_guard guard(mutex_);
  std::vector<Latency> all;
  for (const auto& [slice, latency] : slowest_) all.push_back(latency);
  return all;
}

}  // namespace segue::runtime::rehearsal
