// A segue that is killed: a process of its own, SIGKILL, nothing cleaned up.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "runtime/rehearsal/moments.hpp"

namespace segue::runtime::rehearsal {

// Where it dies: at a boundary of a step, or after a while, wherever it is then.
struct Death {
  std::string step;  // id; empty: by the clock
  bool behind = false;
  std::chrono::milliseconds after{0};
};

// Runs `work` in a child process with the moments that make it die. False: it came to its end
// before. Only for a process with one thread, which shares no connection with the work.
bool killed_while(const std::function<void(const Moments&)>& work, const Death& death);

}  // namespace segue::runtime::rehearsal
