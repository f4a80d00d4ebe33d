// The line between segue and the server is cut, or stands still.
#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "driver/faults.hpp"
#include "runtime/session.hpp"

namespace segue::test {
namespace {

using std::chrono::milliseconds;

enum class Which { all, commits };

// At one request of the run's own session; `number` counts only those that are meant.
Tally cut_once(Stage& stage, int phase, int number, Fate fate, Which which) {
  Trial trial(stage, phase);
  std::atomic<int> seen{0};
  std::atomic<bool> hit{false};
  Relay relay(stage.socket());
  relay.watch([&](const Request& request) {
    if (request.connection != 1) return Fate::pass;
    if (which == Which::commits && request.sql != "COMMIT") return Fate::pass;
    if (++seen != number) return Fate::pass;
    hit = true;
    return fate;
  });
  const Finished finished = run(trial.command(relay.conninfo(trial.database())));
  return trial.settle(finished, hit);
}

Tally cut_at(Stage& stage, const Effort& effort, Fate fate, int each) {
  std::vector<Play> plays;
  for (const int phase : effort.phases) {
    for (const int number : every(stage.requests(phase), each * effort.every))
      plays.emplace_back([&stage, phase, number, fate] {
        return cut_once(stage, phase, number, fate, Which::all);
      });
  }
  return play(plays, effort.jobs);
}

// A reconnecting run takes its time: every third request, and every COMMIT.
Tally before_requests(Stage& stage, const Effort& effort) {
  return cut_at(stage, effort, Fate::cut_before, 3);
}
Tally after_requests(Stage& stage, const Effort& effort) {
  return cut_at(stage, effort, Fate::cut_after, 3);
}
Tally vanished(Stage& stage, const Effort& effort) {
  return cut_at(stage, effort, Fate::vanish, 5);
}
Tally commit_without_reply(Stage& stage, const Effort& effort) {
  std::vector<Play> plays;
  for (const int phase : effort.phases) {
    for (int number = 1; number <= stage.commits(phase); number += effort.every)
      plays.emplace_back([&stage, phase, number] {
        return cut_once(stage, phase, number, Fate::cut_after, Which::commits);
      });
  }
  return play(plays, effort.jobs);
}

Tally stall_once(Stage& stage, int phase, std::chrono::duration<double> moment, milliseconds stall,
                 bool cuts) {
  Trial trial(stage, phase);
  Relay relay(stage.socket());
  Process process(trial.command(relay.conninfo(trial.database())));
  std::this_thread::sleep_for(moment);
  relay.stall();
  const bool hit = process.running();
  std::this_thread::sleep_for(stall);
  if (cuts) relay.cut();
  relay.resume();
  return trial.settle(process.wait(), hit);
}

Tally stall_at_random(Stage& stage, const Effort& effort, milliseconds stall, bool cuts) {
  std::vector<Play> plays;
  for (const int phase : effort.phases) {
    for (int i = 0; i < effort.repetitions; ++i)
      plays.emplace_back([&stage, phase, stall, cuts, moment = stage.moment(phase)] {
        return stall_once(stage, phase, moment, stall, cuts);
      });
  }
  return play(plays, effort.jobs);
}

Tally stalls(Stage& stage, const Effort& effort) {
  return stall_at_random(stage, effort, milliseconds(1500), false);
}
Tally stalls_that_end_in_a_cut(Stage& stage, const Effort& effort) {
  return stall_at_random(stage, effort, milliseconds(700), true);
}

}  // namespace

const std::vector<Fault>& network_faults() {
  static const std::vector<Fault> faults{
      {"line cut before a request reaches the server", before_requests},
      {"line cut between a request and its reply", after_requests},
      {"line cut between COMMIT and its reply", commit_without_reply},
      {"line cut and the server not told", vanished},
      {"line stalled for 1.5 s", stalls},
      {"line stalled for 0.7 s, then cut", stalls_that_end_in_a_cut},
  };
  return faults;
}

}  // namespace segue::test
