#include "runtime/rehearsal/crash.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <thread>

#include "runtime/clock.hpp"

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

bool killed_while(const std::function<void(const Moments&)>& work, const Death& death,
                  const std::function<void()>& before_death) {
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error(std::strerror(errno));
  if (child == 0) live_and_die(work, death);
  if (death.step.empty()) {
    std::this_thread::sleep_for(death.after);
    before_death();
    kill(child, SIGKILL);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

bool wait_for_the_dead(const Database& database) {
  const auto session = database.open("watch");
  constexpr int looks = 500;
  for (int i = 0; i < looks; ++i) {
    if (session
            ->exec("SELECT pid FROM pg_catalog.pg_stat_activity WHERE datname = "
                   "pg_catalog.current_database() AND application_name LIKE 'segue%'")
            .empty())
      return true;
    real_clock().sleep(Milliseconds(20));
  }
  return false;
}

}  // namespace segue::runtime::rehearsal
