// Signals of the operating system: ending after the batch in hand, pausing, going on.
#pragma once

#include <string>

namespace segue::runtime::pacing {

// While it lives, SIGINT and SIGTERM ask for an end at the next safe point (a second one ends the
// process at once, which is safe too), SIGUSR1 pauses and SIGUSR2 goes on. One at a time.
class SignalScope {
 public:
  SignalScope();
  ~SignalScope();
  SignalScope(const SignalScope&) = delete;
  SignalScope& operator=(const SignalScope&) = delete;
};

// The signal that asked for an end, "SIGTERM"; empty: none has.
std::string stop_asked();
bool paused_by_signal();

// At a safe point: throws Failed ("run again") where an end was asked for. `step` may be empty.
void stop_if_asked(const std::string& step);

}  // namespace segue::runtime::pacing
