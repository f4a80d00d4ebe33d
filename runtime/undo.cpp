#include "runtime/undo.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/ddl.hpp"
#include "runtime/errors.hpp"
#include "runtime/ledger.hpp"
#include "runtime/pacing/app_watch.hpp"
#include "runtime/pacing/control.hpp"
#include "runtime/pacing/stop.hpp"
#include "runtime/step_runner.hpp"
#include "runtime/verify.hpp"

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

// What an undo would lose is looked for before anything is undone. A question about what an earlier
// phase has not made yet answers itself.
void require_guards(const RunContext& context, const planner::Plan& plan,
                    const std::vector<Phase>& phases, const std::set<std::string>& undone) {
  constexpr std::string_view missing_object = "42";  // the SQLSTATE's class
  for (const planner::Step& step : plan.steps) {
    if (undone.contains(step.id) ||
        std::find(phases.begin(), phases.end(), step.phase) == phases.end())
      continue;
    for (const planner::Action& action : step.undo) {
      const auto* guard = std::get_if<planner::NoRows>(&action);
      if (guard == nullptr) continue;
      try {
        require_no_rows(context, step, *guard);
      } catch (const Failed& failure) {
        if (!failure.sqlstate().starts_with(missing_object)) throw;
      }
    }
  }
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
  std::optional<pacing::AppWatch> app_watch;
  if (!options.dry_run) app_watch.emplace(context);
  const std::set<std::string> undone = Ledger(connection.checked()).undone_steps(name);
  const std::vector<Phase> phases = phases_to_undo(*change, options.to);
  require_guards(context, plan.plan, phases, undone);
  if (!options.dry_run) pacing::forget_wish(connection.checked(), name);
  for (const Phase phase : phases) {
    if (!options.dry_run) Ledger(connection.checked()).begin_undo(name, phase);
    std::vector<const planner::Step*> steps = codegen::steps_of(plan.plan, phase);
    std::reverse(steps.begin(), steps.end());
    for (const planner::Step* step : steps) {
      if (undone.contains(step->id)) continue;
      pacing::stop_if_asked(step->id);
      if (!options.dry_run && !step->undo.empty()) reporter.undo_begins(*step);
      if (app_watch) app_watch->step_begins(step->id + " undo", step->scan);
      runner->undo(*step);
      if (app_watch) app_watch->step_ends();
      ++report.steps;
    }
    if (!options.dry_run) Ledger(connection.checked()).complete_undo(name, phase);
    report.undone.push_back(phase);
  }
  report.seconds = watch.elapsed().count();
  return report;
}

}  // namespace segue::runtime
