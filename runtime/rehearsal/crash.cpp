#include "runtime/rehearsal/crash.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace segue::runtime::rehearsal {

namespace {

// No destructor runs, no buffer is written: as `kill -9` has it.
[[noreturn]] void live_and_die(const std::function<void(const Moments&)>& work,
                               const Death& death) {
  const auto die_at = [&](const planner::Step& step) {
    if (step.id == death.step) raise(SIGKILL);
  };
  Moments moments;
  if (!death.step.empty() && death.behind) {
    moments.after_step = die_at;
  } else if (!death.step.empty()) {
    moments.before_step = die_at;
    moments.before_undo = die_at;
  }
  try {
    work(moments);
  } catch (const std::exception&) {
    _exit(1);  // the run that follows meets the same, and tells it
  }
  _exit(0);
}

}  // namespace

bool killed_while(const std::function<void(const Moments&)>& work, const Death& death) {
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error(std::strerror(errno));
  if (child == 0) live_and_die(work, death);
  if (death.step.empty()) {
    std::this_thread::sleep_for(death.after);
    kill(child, SIGKILL);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

}  // namespace segue::runtime::rehearsal
