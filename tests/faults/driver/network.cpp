// The line between segue and the server is cut, or stands still.
#include <fmt/format.h>

#include <thread>

#include "driver/faults.hpp"
#include "runtime/session.hpp"

namespace segue::test {
namespace {

using std::chrono::milliseconds;

enum class Which { all, commits };

// Cuts one run at one request; `number` counts only the requests that are meant.
void cut_once(Stage& stage, Relay& relay, int phase, int number, Fate fate, Which which,
              Tally& tally, bool& reached) {
  Trial trial(stage, phase);
  int seen = 0;
  bool hit = false;
  relay.watch([&](const Request& request) {
    if (which == Which::commits && request.sql != "COMMIT") return Fate::pass;
    if (++seen != number) return Fate::pass;
    hit = true;
    return fate;
  });
  const Finished finished = run(trial.command(relay.conninfo(trial.database())));
  relay.watch({});
  reached = hit;
  if (hit) trial.settle(finished, true, tally);
}

Tally cut_at(Stage& stage, const Effort& effort, Fate fate, Which which) {
  Tally tally;
  Relay relay(stage.socket());
  for (const int phase : effort.phases) {
    bool reached = true;
    for (int number = 1; reached; number += effort.every)
      cut_once(stage, relay, phase, number, fate, which, tally, reached);
  }
  return tally;
}

Tally before_requests(Stage& stage, const Effort& effort) {
  return cut_at(stage, effort, Fate::cut_before, Which::all);
}
Tally after_requests(Stage& stage, const Effort& effort) {
  return cut_at(stage, effort, Fate::cut_after, Which::all);
}
Tally commit_without_reply(Stage& stage, const Effort& effort) {
  return cut_at(stage, effort, Fate::cut_after, Which::commits);
}
Tally vanished(Stage& stage, const Effort& effort) {
  return cut_at(stage, effort, Fate::vanish, Which::all);
}

Tally stalls(Stage& stage, const Effort& effort) {
  constexpr milliseconds stall{1500};
  Tally tally;
  Relay relay(stage.socket());
  for (const int phase : effort.phases) {
    for (int i = 0; i < effort.repetitions; ++i) {
      Trial trial(stage, phase);
      Process process(trial.command(relay.conninfo(trial.database())));
      std::this_thread::sleep_for(std::chrono::duration<double>(
          std::uniform_real_distribution<double>(0, stage.usual(phase).count())(stage.random())));
      relay.stall();
      const bool hit = process.running();
      std::this_thread::sleep_for(stall);
      relay.resume();
      trial.settle(process.wait(), hit, tally);
    }
  }
  return tally;
}

Tally stalls_that_end_in_a_cut(Stage& stage, const Effort& effort) {
  constexpr milliseconds stall{700};
  Tally tally;
  Relay relay(stage.socket());
  for (const int phase : effort.phases) {
    for (int i = 0; i < effort.repetitions; ++i) {
      Trial trial(stage, phase);
      Process process(trial.command(relay.conninfo(trial.database())));
      std::this_thread::sleep_for(std::chrono::duration<double>(
          std::uniform_real_distribution<double>(0, stage.usual(phase).count())(stage.random())));
      relay.stall();
      const bool hit = process.running();
      std::this_thread::sleep_for(stall);
      relay.cut();
      relay.resume();
      trial.settle(process.wait(), hit, tally);
    }
  }
  return tally;
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
