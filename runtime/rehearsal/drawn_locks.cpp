#include "runtime/rehearsal/drawn_locks.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace segue::runtime::rehearsal {

// A lock goes with the transaction that took it, at the end of its step.
void draw_locks(const std::vector<TracedStep>& steps, WaitBook& book) {
  const std::vector<Stretch> drawn = book.timeline();
  for (const TracedStep& step : steps) {
    const auto stretch = std::find_if(drawn.begin(), drawn.end(), [&](const Stretch& one) {
      return one.lane == "segue" && one.label == fmt::format("{} {}", step.id, step.title);
    });
    if (stretch == drawn.end()) continue;
    for (const HeldLock& lock : step.trace.locks) {
      // Weaker ones let every statement of an app through.
      if (lock.use.mode < planner::LockMode::share) continue;
      book.stretch(
          "lock",
          fmt::format("{} {}", planner::name_of(lock.use.mode), planner::quoted(lock.use.relation)),
          std::max(stretch->from, stretch->to - lock.held_ms / 1000), stretch->to);
    }
  }
}

}  // namespace segue::runtime::rehearsal
