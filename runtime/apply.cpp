#include "runtime/apply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "codegen/checksum.hpp"
#include "runtime/errors.hpp"
#include "runtime/final_look.hpp"
#include "runtime/gate_ask.hpp"
#include "runtime/ledger.hpp"
#include "runtime/pacing/app_watch.hpp"
#include "runtime/pacing/stop.hpp"
#include "runtime/preview.hpp"
#include "runtime/step_runner.hpp"

namespace segue::runtime {

namespace {

using codegen::ReviewedPlan;
using planner::number_of;
using planner::Phase;

// For the ledger; empty where the plan was not read from files, or they have changed since.
std::string plan_json(const ReviewedPlan& plan) {
  std::ifstream file(plan.directory / "plan.json", std::ios::binary);
  if (!file) return "";
  std::ostringstream text;
  text << file.rdbuf();
  return codegen::sha256(text.str()) == plan.digest ? text.str() : "";
}

void record_release(Session& session, const ReviewedPlan& plan, const std::string& release) {
  Ledger ledger(session);
  const std::optional<ChangeRecord> change = ledger.change(plan.plan.name);
  if (!change || change->contracted() || !change->complete(Phase::backfill))
    return;  // the gate says so
  ledger.acknowledge(plan.plan.name, release);
}

GateDecision pass_gate(const std::function<Session&()>& session, const ReviewedPlan& plan,
                       const ApplyOptions& options, Phase phase, bool ledger_exists,
                       const Clock& clock, Reporter& reporter) {
  const GateRequest request{phase, ledger_exists, options.gate};
  GateDecision decision = ask_gate(session, plan, request, clock, reporter);
  if (decision.verdict == Verdict::refuse) throw Refused(decision.objections);
  return decision;
}

void require_promises(const std::vector<VerificationResult>& results, Phase phase) {
  std::string broken;
  for (const VerificationResult& result : results) {
    if (!result.holds()) broken += (broken.empty() ? "" : "\n") + describe(result);
  }
  if (broken.empty()) return;
  throw Failed(
      "", fmt::format("phase {} is not complete: {}", number_of(phase), broken), "",
      "Find out who writes past the dual-write triggers, mend those rows, and run the same "
      "command again.");
}

// Before anything is written. A rehearsal's server is nobody's, and has room.
void show_preview(Session& session, const ReviewedPlan& plan, const ApplyOptions& options,
                  Phase phase, Reporter& reporter) {
  if (phase != Phase::backfill || !options.run.pacing) return;
  const Preview found = preview(session, plan.plan, options.run.disk_free, options.run.allowed);
  for (const std::string& line : preview_text(found)) reporter.says(line);
  std::vector<Objection> objections = headroom(found, options.run.allowed);
  if (!objections.empty()) throw Refused(std::move(objections));
}

ApplyReport dry_run(const ReviewedPlan& plan, const ApplyOptions& options,
                    const Connector& connector, Clock& clock, Reporter& reporter) {
  const std::unique_ptr<Session> session = connector();
  prepare_session(*session);
  Ledger ledger(*session);
  const bool ledger_exists = ledger.exists();
  const std::optional<ChangeRecord> change =
      ledger_exists ? ledger.change(plan.plan.name) : std::nullopt;
  ApplyReport report;
  report.phase = options.phase.value_or(next_phase(change));
  const auto source = [&]() -> Session& { return *session; };
  const GateDecision decision =
      pass_gate(source, plan, options, report.phase, ledger_exists, clock, reporter);
  report.nothing_to_do = decision.verdict == Verdict::nothing_to_do;
  if (report.nothing_to_do) return report;
  show_preview(*session, plan, options, report.phase, reporter);
  reporter.phase_begins(plan.plan, report.phase);
  const std::unique_ptr<StepRunner> runner = make_dry_runner(*session, reporter);
  for (const planner::Step* step : codegen::steps_of(plan.plan, report.phase)) {
    ++report.steps;
    if (runner->run(*step).found_done) ++report.found_done;
  }
  return report;
}

void run_steps(StepRunner& runner, pacing::AppWatch& watch, const ReviewedPlan& plan,
               Reporter& reporter, ApplyReport& report) {
  for (const planner::Step* step : codegen::steps_of(plan.plan, report.phase)) {
    pacing::stop_if_asked(step->id);
    reporter.step_begins(*step);
    watch.step_begins(step->id, step->scan);
    StepOutcome outcome = runner.run(*step);
    outcome.app_wait_ms = watch.step_ends();
    reporter.step_ends(*step, outcome);
    ++report.steps;
    if (outcome.found_done) ++report.found_done;
    report.longest_lock_wait_ms = std::max(report.longest_lock_wait_ms, outcome.lock_wait_ms);
    report.longest_app_wait_ms = std::max(report.longest_app_wait_ms, outcome.app_wait_ms);
  }
}

// `phase`: which one it is, once that is known.
ApplyReport run_phase(const ReviewedPlan& plan, const ApplyOptions& options,
                      RunnerConnection& connection, std::optional<Phase>& phase,
                      Reporter& reporter) {
  Clock& clock = connection.clock();
  const std::string& name = plan.plan.name;
  const auto session = [&]() -> Session& { return connection.checked(); };
  Ledger(session()).ensure();

  ApplyReport report;
  if (!phase) phase = next_phase(Ledger(session()).change(name));
  report.phase = *phase;
  if (report.phase == Phase::contract && !options.release.empty())
    record_release(session(), plan, options.release);
  std::optional<FinalLook> final_look;
  if (report.phase == Phase::contract) final_look.emplace(session(), plan.plan);
  const GateDecision decision =
      pass_gate(session, plan, options, report.phase, true, clock, reporter);
  if (decision.verdict == Verdict::nothing_to_do) {
    report.nothing_to_do = true;
    return report;
  }
  if (final_look && !decision.looked) final_look->look_ahead(session, clock, reporter);
  show_preview(session(), plan, options, report.phase, reporter);

  {
    TransactionScope transaction(session());
    Ledger ledger(connection.session());
    ledger.meet(plan, plan_json(plan));
    ledger.begin_phase(plan, report.phase, options.release);
    if (decision.soak_skipped)
      ledger.note(name, report.phase, "", "soak skipped", options.gate.skip_soak);
    transaction.commit();
  }
  reporter.phase_begins(plan.plan, report.phase);
  const RunContext context{connection, reporter, name, options.run,
                           final_look ? &*final_look : nullptr};
  pacing::AppWatch app_watch(context);
  run_steps(*make_step_runner(context), app_watch, plan, reporter, report);
  // Dual-write has to be there before anything can be promised of every row.
  if (number_of(report.phase) >= number_of(Phase::backfill)) {
    report.verified =
        verify(session, reporter, clock, verifications_after(plan.plan, report.phase));
    require_promises(report.verified, report.phase);
    for (const VerificationResult& result : report.verified) reporter.verified(result);
  }
  Ledger(session()).complete_phase(name, report.phase);
  return report;
}

}  // namespace

ApplyReport apply(const ReviewedPlan& plan, const ApplyOptions& options, const Connector& connector,
                  Clock& clock, Reporter& reporter) {
  if (options.dry_run) return dry_run(plan, options, connector, clock, reporter);
  const Stopwatch watch(clock);
  RunnerConnection connection(connector, clock);
  // A step looks after the losses that it meets. One between steps is met by looking at everything
  // again: at the same phase, even where that turns out to be complete.
  std::optional<Phase> phase = options.phase;
  for (int losses = 0;; ++losses) {
    try {
      if (losses > 0) connection.reconnect();
      ApplyReport report = run_phase(plan, options, connection, phase, reporter);
      if (report.nothing_to_do) return report;
      report.seconds = watch.elapsed().count();
      reporter.phase_ends(plan.plan, report.phase, report.seconds);
      return report;
    } catch (const DatabaseError& error) {
      if (!error.connection_lost() || losses == losses_per_step) throw;
      reporter.waits("", fmt::format("the connection was lost ({}); connecting again to look at "
                                     "what was done",
                                     error.what()));
    }
  }
}

void acknowledge(const ReviewedPlan& plan, const std::string& release, const Connector& connector,
                 const std::vector<std::string>& old_release) {
  const std::unique_ptr<Session> session = connector();
  prepare_session(*session);
  Ledger ledger(*session);
  const std::optional<ChangeRecord> change =
      ledger.exists() ? ledger.change(plan.plan.name) : std::nullopt;
  if (!change || !change->complete(Phase::backfill)) {
    throw Refused(
        {{"phase-order",
          fmt::format("phase 3 (backfill) of {} is not complete in this database: no release "
                      "that reads what is new can be out",
                      plan.plan.name),
          "Acknowledge the release after phase 3, when it is out everywhere."}});
  }
  ledger.ensure();
  TransactionScope transaction(*session);
  for (const std::string& pattern : old_release) ledger.add_old_release(plan.plan.name, pattern);
  ledger.acknowledge(plan.plan.name, release);
  transaction.commit();
}

}  // namespace segue::runtime
