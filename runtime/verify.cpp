#include "runtime/verify.hpp"

#include <fmt/format.h>

#include "runtime/ddl.hpp"
#include "runtime/errors.hpp"
#include "runtime/ledger.hpp"

namespace segue::runtime {

namespace {

using planner::NoRows;
using planner::Phase;
using planner::quoted;
using planner::Step;
using planner::Verification;

std::string listed(const std::vector<std::string>& keys, std::uint64_t of) {
  std::string text;
  for (const std::string& key : keys) text += "\n  " + key;
  if (of > keys.size()) text += "\n  …";
  return text;
}

std::vector<std::string> violators(Session& session, const NoRows& action) {
  const Rows rows = session.exec(fmt::format("{}\nLIMIT {}", action.violators, keys_shown + 1));
  std::vector<std::string> keys;
  for (const auto& row : rows.rows) {
    std::string key;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string& name = i < action.columns.size() ? action.columns[i] : rows.columns.at(i);
      key += fmt::format("{}{} = {}", key.empty() ? "" : ", ", name, row[i].value_or("NULL"));
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

[[noreturn]] void complain(const Step& step, const NoRows& action, const std::string& text) {
  if (action.gate)
    throw Refused({{"rows", fmt::format("step {}: {}", step.id, text), action.hint}});
  throw Failed(step.id, fmt::format("step {}: {}", step.id, text), "", action.hint);
}

}  // namespace

std::vector<const Verification*> verifications_after(const planner::Plan& plan, Phase phase) {
  std::vector<const Verification*> found;
  for (const Verification& verification : plan.verifications) {
    const bool applies = phase == Phase::contract
                             ? verification.from == Phase::contract
                             : number_of(verification.from) <= number_of(phase);
    if (applies) found.push_back(&verification);
  }
  return found;
}

std::vector<VerificationResult> verify(const std::function<Session&()>& session, Reporter& reporter,
                                       const Clock& clock,
                                       const std::vector<const Verification*>& what) {
  std::vector<VerificationResult> results;
  for (const Verification* verification : what) {
    const Stopwatch watch(clock);
    const Search rows{verification->table, verification->leaves, verification->key,
                      verification->differs};
    VerificationResult& result = results.emplace_back();
    result.table = verification->table;
    result.promise = verification->promise;
    result.findings =
        search(session, rows, [&](const Findings& sofar, std::uint64_t done, std::uint64_t total) {
          Progress progress;
          progress.activity = "verify " + quoted(verification->table);
          progress.rows = sofar.checked;
          progress.blocks_done = done;
          progress.blocks_total = total;
          progress.seconds = watch.elapsed().count();
          reporter.advances(progress);
        });
    result.seconds = watch.elapsed().count();
  }
  return results;
}

std::string describe(const VerificationResult& result) {
  if (result.holds()) return "";
  return fmt::format("{}: {} of {} rows break the promise that {}:{}", quoted(result.table),
                     count_text(result.findings.found), count_text(result.findings.checked),
                     result.promise, listed(result.findings.first, result.findings.found));
}

PlanVerification verify_plan(const planner::Plan& plan, Session& session, Reporter& reporter,
                             const Clock& clock) {
  prepare_session(session);
  Ledger ledger(session);
  const std::optional<ChangeRecord> change =
      ledger.exists() ? ledger.change(plan.name) : std::nullopt;
  if (!change || !change->complete(Phase::expand)) {
    throw Refused({{"phase-order",
                    fmt::format("phase 1 (expand) of {} is not complete in this database: there is "
                                "nothing to compare yet",
                                plan.name),
                    "Apply it first: segue apply DIR --phase 1"}});
  }
  PlanVerification verification;
  verification.contracted = change->contracted();
  verification.filled = change->complete(Phase::backfill);
  const Phase last = verification.contracted ? Phase::contract : Phase::backfill;
  const auto source = [&]() -> Session& { return session; };
  verification.results = verify(source, reporter, clock, verifications_after(plan, last));
  return verification;
}

void require_no_rows(const RunContext& context, const Step& step, const NoRows& action) {
  const auto session = [&]() -> Session& { return context.connection.checked(); };
  try {
    std::optional<std::uint64_t> found;
    if (!action.condition.empty()) {
      const Search rows{action.table, {}, {}, action.condition};
      found = search(session, rows, nullptr).found;
      if (*found == 0) return;
    }
    std::vector<std::string> keys = violators(session(), action);
    if (keys.empty()) return;  // mended by the app meanwhile
    const bool more = keys.size() > keys_shown;
    if (more) keys.resize(keys_shown);
    complain(step, action,
             action.message +
                 (found ? fmt::format(" ({} of them)", count_text(*found)) : std::string()) + ":" +
                 listed(keys, more ? keys.size() + 1 : keys.size()));
  } catch (const DatabaseError& error) {
    if (error.connection_lost()) throw;
    throw step_failure(step.id, error);
  }
}

StepOutcome run_no_rows(const RunContext& context, const Step& step, const NoRows& action) {
  StepOutcome outcome;
  const Stopwatch watch(context.clock());
  // The gate of this run may have read the rows; the step is there for psql, which has no gate.
  outcome.found_done = (context.final_look != nullptr && context.final_look->covers(action)) ||
                       is_done(context.connection.checked(), step.done);
  if (!outcome.found_done) require_no_rows(context, step, action);
  outcome.seconds = watch.elapsed().count();
  Ledger(context.connection.checked()).complete_step(context.change, step, outcome);
  return outcome;
}

}  // namespace segue::runtime
