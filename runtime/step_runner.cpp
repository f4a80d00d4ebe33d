#include "runtime/step_runner.hpp"

#include <fmt/format.h>

#include "dsl/overloaded.hpp"
#include "runtime/apply.hpp"
#include "runtime/backfill.hpp"
#include "runtime/concurrent_index.hpp"
#include "runtime/ddl.hpp"
#include "runtime/errors.hpp"
#include "runtime/ledger.hpp"
#include "runtime/verify.hpp"

namespace segue::runtime {

namespace {

using dsl::Overloaded;
using planner::BackfillPass;
using planner::ConcurrentIndex;
using planner::NoRows;
using planner::Step;
using planner::Transaction;

class RealRunner final : public StepRunner {
 public:
  explicit RealRunner(const RunContext& context) : context_(context) {}

  StepOutcome run(const Step& step) override {
    StepOutcome outcome;
    through_losses(step, [&] { outcome = run_once(step); });
    return outcome;
  }

  void undo(const Step& step) override {
    through_losses(step, [&] { undo_once(step); });
  }

 private:
  StepOutcome run_once(const Step& step) {
    return std::visit(
        Overloaded{
            [&](const Transaction& action) { return run_transaction(context_, step, action); },
            [&](const ConcurrentIndex& action) {
              return run_concurrent_index(context_, step, action);
            },
            [&](const BackfillPass& action) { return run_backfill(context_, step, action); },
            [&](const NoRows& action) { return run_no_rows(context_, step, action); },
        },
        step.action);
  }

  // A transaction that was rolled back left nothing, and what undoes it may well fail for the same
  // reason. Other actions leave something half done.
  bool never_happened(const Step& step) {
    if (!std::holds_alternative<Transaction>(step.action) || step.done.empty()) return false;
    Session& session = context_.connection.checked();
    if (Ledger(session).has_done_step(context_.change, step)) return false;
    try {
      return !is_done(session, step.done);
    } catch (const DatabaseError& error) {
      if (error.connection_lost()) throw;
      return false;  // it cannot be asked; the undo says what is wrong
    }
  }

  void undo_once(const Step& step) {
    if (never_happened(step)) {
      Ledger(context_.connection.checked()).undo_step(context_.change, step);
      return;
    }
    for (std::size_t i = 0; i < step.undo.size(); ++i) {
      const bool last = i + 1 == step.undo.size();
      std::visit(
          Overloaded{
              [&](const Transaction& action) { undo_transaction(step, action, last); },
              [&](const ConcurrentIndex& action) { make_concurrent_index(context_, step, action); },
              [&](const BackfillPass& action) { put_back(step, action); },
              [&](const NoRows& action) { require_no_rows(context_, step, action); },
          },
          step.undo[i]);
    }
    Ledger(context_.connection.checked()).undo_step(context_.change, step);
  }

  // What stood on a table went with it, where somebody dropped that.
  void undo_transaction(const Step& step, const Transaction& action, bool last) {
    try {
      run_ddl(context_, step, [&](Session& session, const LockStats&) {
        session.exec(action.sql);
        if (last) Ledger(session).undo_step(context_.change, step);
      });
    } catch (const Failed& failure) {
      if (failure.sqlstate() != sqlstate::undefined_table || !has_lost_a_table(step)) throw;
      context_.reporter.says(
          fmt::format("  {}: a table that it is about is gone, and what it made with it", step.id));
    }
  }

  bool has_lost_a_table(const Step& step) {
    return std::any_of(step.locks.begin(), step.locks.end(), [&](const planner::LockUse& lock) {
      return context_.connection.checked()
                 .exec("SELECT pg_catalog.to_regclass($1) IS NULL",
                       {planner::quoted(lock.relation)})
                 .scalar() == "t";
    });
  }

  // Old values go back as new ones came: in small transactions, with a cursor. Where the table of
  // old values is missing, nothing was overwritten.
  void put_back(const Step& step, const BackfillPass& action) {
    Step back = step;
    back.id += " undo";
    back.title = "Put back: " + step.title;
    try {
      run_backfill(context_, back, action);
    } catch (const Failed& failure) {
      if (failure.sqlstate() != sqlstate::undefined_table) throw;
    } catch (const DatabaseError& error) {
      if (error.sqlstate() != sqlstate::undefined_table) throw;
    }
    Ledger(context_.connection.checked()).forget_step(context_.change, back.id);
  }

  // A lost connection says nothing of what the server did with the last statement. Every step can
  // be asked whether it is done, or finds its cursor: so it is begun again in a new session.
  template <typename Work>
  void through_losses(const Step& step, const Work& work) {
    for (int losses = 0;; ++losses) {
      try {
        if (losses > 0) context_.connection.reconnect();
        work();
        return;
      } catch (const DatabaseError& error) {
        if (!error.connection_lost()) throw step_failure(step.id, error);
        if (losses == losses_per_step) {
          throw Failed(step.id,
                       fmt::format("step {}: the connection was lost: {}", step.id, error.what()),
                       error.sqlstate(),
                       "Run the same command again: it looks at what was done and goes on.");
        }
        context_.reporter.waits(
            step.id, fmt::format("the connection was lost ({}); connecting again to look "
                                 "at what was done",
                                 error.what()));
      }
    }
  }

  const RunContext& context_;
};

class DryRunner final : public StepRunner {
 public:
  DryRunner(Session& session, Reporter& reporter) : session_(session), reporter_(reporter) {}

  StepOutcome run(const Step& step) override {
    StepOutcome outcome;
    try {
      outcome.found_done = is_done(session_, step.done);
    } catch (const DatabaseError& error) {
      // It may ask about what an earlier step makes.
      if (error.connection_lost()) throw;
    }
    reporter_.says(fmt::format("  {} {}: {}", step.id, step.title,
                               outcome.found_done ? "is done already" : "would be run"));
    return outcome;
  }
  void undo(const Step& step) override {
    if (!step.undo.empty())
      reporter_.says(fmt::format("  {} {}: would be undone", step.id, step.title));
  }

 private:
  Session& session_;
  Reporter& reporter_;
};

}  // namespace

std::unique_ptr<StepRunner> make_step_runner(const RunContext& context) {
  return std::make_unique<RealRunner>(context);
}

std::unique_ptr<StepRunner> make_dry_runner(Session& session, Reporter& reporter) {
  return std::make_unique<DryRunner>(session, reporter);
}

}  // namespace segue::runtime
