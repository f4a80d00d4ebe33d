#include "runtime/undo.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/ddl.hpp"
#include "runtime/errors.hpp"
#include "runtime/ledger.hpp"
#include "runtime/step_runner.hpp"

namespace segue::runtime {

namespace {

using codegen::ReviewedPlan;
using planner::number_of;
using planner::Phase;

void require_same_plan(const ReviewedPlan& plan, const ChangeRecord& change) {
  const bool same =
      change.digest.empty() ? change.fingerprint == plan.fingerprint : change.digest == plan.digest;
  if (same) return;
  throw Refused({{"other-plan",
                  fmt::format("another plan of {} is in progress in this database", plan.plan.name),
                  "Undo it with its own files."}});
}

void require_before_contract(const ReviewedPlan& plan, const ChangeRecord& change) {
  const PhaseRecord* contract = change.phase(Phase::contract);
  if (contract == nullptr || contract->state == "undone") return;
  throw Refused(
      {{"contracted",
        fmt::format("{} is {}: what was old is gone, and nothing here can bring it back",
                    plan.plan.name, contract->complete() ? "contracted" : "being contracted"),
        contract->complete()
            ? "Go forward: write a new change that makes what you want."
            : "Finish it (segue apply DIR --phase 4), then go forward with a new change."}});
}

// Latest phase first.
std::vector<Phase> phases_to_undo(const ChangeRecord& change, int to) {
  std::vector<Phase> phases;
  for (const PhaseRecord& record : change.phases) {
    if (number_of(record.phase) > to && record.state != "undone") phases.push_back(record.phase);
  }
  std::reverse(phases.begin(), phases.end());
  return phases;
}

}  // namespace

UndoReport undo(const ReviewedPlan& plan, const UndoOptions& options, const Connector& connector,
                Clock& clock, Reporter& reporter) {
  const Stopwatch watch(clock);
  const std::string& name = plan.plan.name;
  RunnerConnection connection(connector, clock);
  UndoReport report;
  std::optional<ChangeRecord> change;
  {
    Ledger ledger(connection.checked());
    if (ledger.exists()) change = ledger.change(name);
    if (!change || !change->in_progress()) return report;
    if (!options.dry_run) ledger.ensure();
  }
  require_same_plan(plan, *change);
  require_before_contract(plan, *change);

  const RunContext context{connection, reporter, name, options.run};
  const std::unique_ptr<StepRunner> runner =
      options.dry_run ? make_dry_runner(connection.checked(), reporter) : make_step_runner(context);
  const std::set<std::string> undone = Ledger(connection.checked()).undone_steps(name);
  for (const Phase phase : phases_to_undo(*change, options.to)) {
    if (!options.dry_run) Ledger(connection.checked()).begin_undo(name, phase);
    std::vector<const planner::Step*> steps = codegen::steps_of(plan.plan, phase);
    std::reverse(steps.begin(), steps.end());
    for (const planner::Step* step : steps) {
      if (undone.contains(step->id)) continue;
      if (!options.dry_run && !step->undo.empty()) reporter.undo_begins(*step);
      runner->undo(*step);
      ++report.steps;
    }
    if (!options.dry_run) Ledger(connection.checked()).complete_undo(name, phase);
    report.undone.push_back(phase);
  }
  report.seconds = watch.elapsed().count();
  return report;
}

}  // namespace segue::runtime
