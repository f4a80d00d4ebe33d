// A segue that is killed: a process of its own, SIGKILL, nothing cleaned up.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "runtime/rehearsal/moments.hpp"
#include "runtime/rehearsal/stage.hpp"

namespace segue::runtime::rehearsal {

// Where it dies: at a boundary of a step, or after a while, wherever it is then.
struct Death {
  std::string step;  // id; empty: by the clock
  bool behind = false;
  std::chrono::milliseconds after{0};
};

// Runs `work` in a child process with the moments that make it die. False: it came to its end
// before. `before_death`, where it dies by the clock, comes just before that. Only for a process
// with one thread, which shares no connection with the work.
bool killed_while(const std::function<void(const Moments&)>& work, const Death& death,
                  const std::function<void()>& before_death);

// Returns when no session of a killed segue is left there: a server notices that a client is gone
// when it next has something to say to it. False: one lives on.
bool wait_for_the_dead(const Database& database);

}  // namespace segue::runtime::rehearsal
