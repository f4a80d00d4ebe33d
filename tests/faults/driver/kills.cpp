// segue is killed, or its server processes are.
#include <fmt/format.h>
#include <signal.h>

#include <atomic>
#include <thread>

#include "driver/faults.hpp"
#include "runtime/session.hpp"

namespace segue::test {
namespace {

using Seconds = std::chrono::duration<double>;

Seconds moment_in(Stage& stage, int phase) {
  return Seconds(
      std::uniform_real_distribution<double>(0, stage.usual(phase).count())(stage.random()));
}

bool killed(const Finished& finished) {
  return finished.exit_code == 128 + SIGKILL;
}

Tally at_random_moments(Stage& stage, const Effort& effort) {
  Tally tally;
  for (const int phase : effort.phases) {
    for (int i = 0; i < effort.moments; ++i) {
      Trial trial(stage, phase);
      Process process(trial.command());
      std::this_thread::sleep_for(moment_in(stage, phase));
      process.kill();
      const Finished finished = process.wait();
      trial.settle(finished, killed(finished), tally);
    }
  }
  return tally;
}

// A request that is a COMMIT, or is a transaction by itself, ends a step or a batch; the requests
// between them are killed at as well.
Tally at_each_request(Stage& stage, const Effort& effort, Fate fate) {
  Tally tally;
  Relay relay(stage.socket());
  for (const int phase : effort.phases) {
    for (int number = 1; number <= stage.requests(phase); number += effort.every) {
      Trial trial(stage, phase);
      std::atomic<pid_t> victim{0};
      const auto before = relay.requests();
      relay.watch([&, number](const Request& request) {
        if (request.number - before != static_cast<std::size_t>(number)) return Fate::pass;
        while (victim == 0) std::this_thread::yield();
        ::kill(victim, SIGKILL);
        return fate;
      });
      Process process(trial.command(relay.conninfo(trial.database())));
      victim = process.pid();
      const Finished finished = process.wait();
      relay.watch({});
      trial.settle(finished, killed(finished), tally);
    }
  }
  return tally;
}

Tally before_each_request(Stage& stage, const Effort& effort) {
  return at_each_request(stage, effort, Fate::cut_before);
}
Tally after_each_request(Stage& stage, const Effort& effort) {
  return at_each_request(stage, effort, Fate::cut_after);
}

Tally terminated_sessions(Stage& stage, const Effort& effort) {
  Tally tally;
  for (const int phase : effort.phases) {
    for (int i = 0; i < effort.moments; ++i) {
      Trial trial(stage, phase);
      Process process(trial.command());
      const auto session = runtime::connect(trial.conninfo(), "saboteur");
      std::this_thread::sleep_for(moment_in(stage, phase));
      const bool hit =
          session
              ->exec(
                  "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = "
                  "current_database() AND application_name = 'segue'")
              .scalar() != "0";
      trial.settle(process.wait(), hit, tally);
    }
  }
  return tally;
}

}  // namespace

const std::vector<Fault>& kill_faults() {
  static const std::vector<Fault> faults{
      {"kill -9 of segue before each request reaches the server", before_each_request},
      {"kill -9 of segue after each request is carried out", after_each_request},
      {"kill -9 of segue at a random moment", at_random_moments},
      {"pg_terminate_backend of its sessions", terminated_sessions},
  };
  return faults;
}

}  // namespace segue::test
