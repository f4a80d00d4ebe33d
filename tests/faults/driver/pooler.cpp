// PgBouncer in transaction mode stands between segue and the server.
#include "support/pooler.hpp"

#include <fmt/format.h>

#include "driver/faults.hpp"
#include "runtime/session.hpp"

namespace segue::test {
namespace {

Tally through(const Pooler& pooler, Stage& stage, int phase) {
  Trial trial(stage, phase);
  Process first(trial.command(pooler.conninfo(trial.database())));
  const Finished second = run(trial.command(pooler.conninfo(trial.database())));
  const Finished finished = first.wait();
  Tally tally = trial.settle(finished, false);
  for (const auto* each : {&finished, &second}) {
    if (each->exit_code != 3 || each->err.find("Connect to PostgreSQL itself") == std::string::npos)
      tally.complain("through a pooler: " + each->both());
  }
  return tally;
}

Tally through_a_pooler(Stage& stage, const Effort& effort) {
  Tally tally;
  if (!Pooler::installed()) {
    tally.note = "not played: pgbouncer is not installed";
    return tally;
  }
  const Pooler pooler(stage.server());
  std::vector<Play> plays;
  for (const int phase : effort.phases)
    plays.emplace_back([&, phase] { return through(pooler, stage, phase); });
  tally = play(plays, effort.jobs);
  tally.note = "refused through it, then run directly";
  return tally;
}

}  // namespace

const std::vector<Fault>& surrounding_faults() {
  static const std::vector<Fault> faults{
      {"two runners through PgBouncer in transaction mode", through_a_pooler},
  };
  return faults;
}

}  // namespace segue::test
