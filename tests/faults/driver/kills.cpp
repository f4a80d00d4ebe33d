// segue is killed, or its server processes are.
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "driver/faults.hpp"
#include "runtime/session.hpp"

namespace segue::test {
namespace {

bool killed(const Finished& finished) {
  return finished.exit_code == 128 + SIGKILL;
}

Tally kill_at_moment(Stage& stage, int phase, std::chrono::duration<double> moment) {
  Trial trial(stage, phase);
  Process process(trial.command());
  std::this_thread::sleep_for(moment);
  process.kill();
  const Finished finished = process.wait();
  return trial.settle(finished, killed(finished));
}

// Once the server has carried out a request, and before segue knows: so between any two of them
// too, and at every boundary of a step.
Tally kill_at_request(Stage& stage, int phase, int number) {
  Trial trial(stage, phase);
  std::atomic<pid_t> victim{0};
  std::atomic<int> seen{0};
  Relay relay(stage.socket());
  relay.watch([&](const Request& request) {
    if (request.connection != 1 || ++seen != number) return Fate::pass;
    while (victim == 0) std::this_thread::yield();
    ::kill(victim, SIGKILL);
    return Fate::cut_after;
  });
  Process process(trial.command(relay.conninfo(trial.database())));
  victim = process.pid();
  const Finished finished = process.wait();
  return trial.settle(finished, killed(finished));
}

Tally terminate(Stage& stage, int phase, std::chrono::duration<double> moment) {
  Trial trial(stage, phase);
  Process process(trial.command());
  const auto session = runtime::connect(trial.conninfo(), "saboteur");
  std::this_thread::sleep_for(moment);
  const bool hit = session
                       ->exec(
                           "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
                           "datname = current_database() AND application_name = 'segue'")
                       .scalar() != "0";
  return trial.settle(process.wait(), hit);
}

Tally at_each_request(Stage& stage, const Effort& effort) {
  std::vector<Play> plays;
  for (const int phase : effort.phases) {
    for (const int number : every(stage.requests(phase), effort.every))
      plays.emplace_back([&stage, phase, number] { return kill_at_request(stage, phase, number); });
  }
  return play(plays, effort.jobs);
}

Tally at_random_moments(Stage& stage, const Effort& effort) {
  std::vector<Play> plays;
  for (const int phase : effort.phases) {
    for (int i = 0; i < effort.moments; ++i) {
      plays.emplace_back([&stage, phase, moment = stage.moment(phase)] {
        return kill_at_moment(stage, phase, moment);
      });
    }
  }
  return play(plays, effort.jobs);
}

Tally terminated_sessions(Stage& stage, const Effort& effort) {
  std::vector<Play> plays;
  for (const int phase : effort.phases) {
    for (int i = 0; i < std::max(1, effort.moments / 8); ++i) {
      plays.emplace_back([&stage, phase, moment = stage.moment(phase)] {
        return terminate(stage, phase, moment);
      });
    }
  }
  return play(plays, effort.jobs);
}

}  // namespace

const std::vector<Fault>& kill_faults() {
  static const std::vector<Fault> faults{
      {"kill -9 of segue at every request and so every step boundary", at_each_request},
      {"kill -9 of segue at a random moment", at_random_moments},
      {"pg_terminate_backend of its sessions", terminated_sessions},
  };
  return faults;
}

}  // namespace segue::test
