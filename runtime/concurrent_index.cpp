#include "runtime/concurrent_index.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql.hpp"
#include "runtime/blockers.hpp"
#include "runtime/ddl.hpp"
#include "runtime/errors.hpp"
#include "runtime/ledger.hpp"

namespace segue::runtime {

namespace {

using planner::ConcurrentIndex;

enum class Found { missing, invalid, valid };

Found look(Session& session, const planner::QualifiedName& index) {
  const Rows rows = session.exec(
      "SELECT i.indisvalid AND i.indisready FROM pg_catalog.pg_index i WHERE i.indexrelid = "
      "pg_catalog.to_regclass($1)",
      {planner::quoted(index)});
  if (rows.empty()) return Found::missing;
  return rows.rows.front().at(0) == "t" ? Found::valid : Found::invalid;
}

// Such a statement takes SHARE UPDATE EXCLUSIVE, behind which no app statement queues, and then
// waits for old transactions to end, which lock_timeout covers too: so it may be long, and a short
// one would only fail.
void exec_outside_transaction(const RunContext& context, const std::string& sql,
                              Milliseconds patience) {
  Session& session = context.connection.checked();
  session.exec(fmt::format("SET lock_timeout = '{}ms'", patience.count()));
  try {
    session.exec(sql);
  } catch (const DatabaseError& error) {
    if (!error.connection_lost()) session.exec("SET lock_timeout = 0");
    throw;
  }
  session.exec("SET lock_timeout = 0");
}

void drop_leftover(const RunContext& context, const planner::QualifiedName& index,
                   Milliseconds patience) {
  exec_outside_transaction(context, "DROP INDEX CONCURRENTLY IF EXISTS " + planner::quoted(index),
                           patience);
}

void name_those_waited_for(const RunContext& context, const planner::Step& step,
                           const ConcurrentIndex& action) {
  if (!context.options.pacing) return;
  const auto old = old_transactions(context.connection.checked(), action.table);
  if (old.empty()) return;
  context.reporter.waits(step.id,
                         fmt::format("for transactions that are older than it: {}", describe(old)));
}

// Nothing half-built stays behind a failure; where even that fails, the next run does it.
bool try_to_drop(const RunContext& context, const planner::QualifiedName& index) {
  constexpr Milliseconds clean_up_patience{5000};  // who is in the way is likely still there
  try {
    drop_leftover(context, index, std::min(clean_up_patience, context.options.lock_budget));
    return true;
  } catch (const DatabaseError& error) {
    if (error.connection_lost()) throw;
    return false;
  }
}

[[noreturn]] void fail(const RunContext& context, const planner::Step& step,
                       const ConcurrentIndex& action, const DatabaseError& error, int tries) {
  Session& session = context.connection.session();
  const std::string name = planner::quoted(action.index);
  const std::chrono::duration<double> patience = context.options.lock_budget;
  std::vector<Blocker> blockers;
  if (is_lock_trouble(error))
    blockers = there_before(old_transactions(session, action.table, 0), patience.count());
  std::string left = "Nothing of it was left behind.";
  // A drop that was given up has made it invalid already.
  if (look(session, action.index) == Found::invalid &&
      (action.drop || !try_to_drop(context, action.index))) {
    left =
        fmt::format("An INVALID {} is left behind; the next run of this command drops it.", name);
  }
  if (error.sqlstate() == sqlstate::unique_violation) {
    throw Failed(step.id,
                 fmt::format("step {}: unique index {} cannot be built, {} has duplicates: {}",
                             step.id, name, planner::quoted(action.table), error.what()),
                 error.sqlstate(), left + " Remove the duplicates and run the same command again.");
  }
  if (is_lock_trouble(error)) {
    throw Failed(
        step.id,
        fmt::format("step {}: {} waited in vain for other transactions ({} tries of {}); in the "
                    "way: {}",
                    step.id, name, tries, duration_text(patience.count()),
                    blockers.empty() ? "nobody who is still there" : describe(blockers)),
        error.sqlstate(), left + " When those are done, run the same command again.");
  }
  throw Failed(step.id, fmt::format("step {} failed: {}", step.id, error.what()), error.sqlstate(),
               left + " Mend the cause and run the same command again: it goes on from this step.");
}

// How often the build may lose a deadlock against an app's own transaction before that is a
// failure.
constexpr int build_tries = 3;

}  // namespace

void make_concurrent_index(const RunContext& context, const planner::Step& step,
                           const ConcurrentIndex& action) {
  for (int tries = 1;; ++tries) {
    try {
      const Found found = look(context.connection.checked(), action.index);
      if (action.drop) {
        if (found == Found::missing) return;
      } else {
        if (found == Found::valid) return;
        if (found == Found::invalid) {
          context.reporter.says(
              fmt::format("  {} {} is INVALID, left over from a build that was cut "
                          "short: dropping and building it again",
                          step.id, planner::quoted(action.index)));
          drop_leftover(context, action.index, context.options.lock_budget);
        }
      }
      name_those_waited_for(context, step, action);
      exec_outside_transaction(context, action.sql, context.options.lock_budget);
      const Found made = look(context.connection.checked(), action.index);
      if (made == (action.drop ? Found::missing : Found::valid)) return;
      throw Failed(step.id,
                   fmt::format("step {}: {} is {} after its statement went through", step.id,
                               planner::quoted(action.index),
                               made == Found::missing ? "missing"
                               : made == Found::valid ? "still there"
                                                      : "INVALID"),
                   "", "Somebody changed it meanwhile: run the same command again.");
    } catch (const DatabaseError& error) {
      if (error.connection_lost()) throw;
      if (error.sqlstate() != sqlstate::deadlock_detected || tries == build_tries) {
        fail(context, step, action, error, tries);
      }
      context.reporter.waits(step.id, "a deadlock with another transaction ended this try");
    }
  }
}

StepOutcome run_concurrent_index(const RunContext& context, const planner::Step& step,
                                 const ConcurrentIndex& action) {
  StepOutcome outcome;
  const Stopwatch watch(context.clock());
  Session& session = context.connection.checked();
  // A constraint made of the index, under another name, may be what `done` knows of.
  outcome.found_done =
      is_done(session, step.done) || (!action.drop && look(session, action.index) == Found::valid);
  Ledger ledger(session);
  if (!outcome.found_done) {
    ledger.begin_step(context.change, step);
    make_concurrent_index(context, step, action);
  }
  outcome.seconds = watch.elapsed().count();
  Ledger(context.connection.checked()).complete_step(context.change, step, outcome);
  return outcome;
}

}  // namespace segue::runtime
