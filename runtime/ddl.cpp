#include "runtime/ddl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "runtime/blockers.hpp"
#include "runtime/errors.hpp"
#include "runtime/ledger.hpp"
#include "runtime/pacing/stop.hpp"

namespace segue::runtime {

namespace {

// An app's statement may queue behind every lock of a try: together they stay below the promise of
// one second, with a fifth of it left for the work itself.
constexpr Milliseconds stall_budget{800};
constexpr Milliseconds shortest_lock_timeout{20};

// Three quarters to the whole: tries never fall into step with an app's own rhythm.
Milliseconds jittered(Milliseconds timeout) {
  static thread_local std::mt19937_64 random(std::random_device{}());
  const auto whole = timeout.count();
  return Milliseconds(
      std::uniform_int_distribution<Milliseconds::rep>(whole - whole / 4, whole)(random));
}

// PostgreSQL takes an autovacuum worker away when somebody has waited for deadlock_timeout; a
// jittered try has to be longer than that. The app waits behind such a try: so not for any length.
constexpr Milliseconds displacing_margin{500};
constexpr Milliseconds longest_displacing_try{3000};

Milliseconds displacing_try(Milliseconds deadlock) {
  return deadlock + std::max(displacing_margin, deadlock / 2);
}

Milliseconds deadlock_timeout(Session& session) {
  const std::string setting =
      session.exec("SELECT setting FROM pg_catalog.pg_settings WHERE name = 'deadlock_timeout'")
          .scalar();
  return Milliseconds(std::strtoll(setting.c_str(), nullptr, 10));
}

// Who made a try fail, and what that means for the next one.
class InTheWay {
 public:
  InTheWay(const RunContext& context, const ShortTransaction& what)
      : context_(context), what_(what) {}

  // After a failed try: looks who is there, and ends readers where that was asked for.
  // `tried`: for how long.
  void look(Session& session, std::chrono::duration<double> tried) {
    timeout_ = what_.lock_timeout;
    std::vector<Blocker> blockers = blockers_of(session, what_.locks);
    if (what_.for_rows) std::erase_if(blockers, is_autovacuum);
    blockers = there_before(std::move(blockers), tried.count());
    who_ = blockers.empty() ? "nobody who is still there" : describe(blockers);
    // Once: the app waits behind that try for as long.
    const Milliseconds displacing = displacing_try(deadlock_timeout(session));
    if (!what_.for_rows && !displaced_ && displacing <= longest_displacing_try &&
        only_displaceable_autovacuum(blockers)) {
      displaced_ = true;
      timeout_ = displacing;
      who_ += "; the next try is long enough for PostgreSQL to take it away";
    }
    if (!context_.options.terminate_blockers || what_.for_rows) return;
    end(session, *context_.options.terminate_blockers);
    if (std::any_of(blockers.begin(), blockers.end(), is_hidden))
      who_ += "; whether a hidden one has only read is seen with GRANT pg_read_all_stats";
  }
  const std::string& who() const { return who_; }
  Milliseconds timeout() const { return timeout_; }

 private:
  void end(Session& session, Milliseconds age) {
    try {
      const std::vector<Blocker> ended = end_readers(session, what_.locks, age);
      if (ended.empty()) return;
      const std::string text = describe(ended);
      context_.reporter.says(
          fmt::format("  {} ended, as --terminate-blockers asks: {}", what_.step, text));
      Ledger(session).note(context_.change, std::nullopt, what_.step, "blocker ended", text);
    } catch (const DatabaseError& error) {
      if (error.sqlstate() != sqlstate::insufficient_privilege) throw;
      who_ += "; this role may not end them: GRANT pg_signal_backend";
    }
  }

  const RunContext& context_;
  const ShortTransaction& what_;
  std::string who_;
  Milliseconds timeout_ = what_.lock_timeout;
  bool displaced_ = false;
};

}  // namespace

Milliseconds lock_timeout_for(Milliseconds asked, Milliseconds deadlock, std::size_t locks) {
  const Milliseconds share =
      stall_budget / static_cast<Milliseconds::rep>(std::max<std::size_t>(locks, 1));
  // Four fifths: PostgreSQL's timers are not exact under load.
  const Milliseconds below_deadlock = deadlock * 4 / 5;
  return std::max(std::min({asked, share, below_deadlock}), std::min(shortest_lock_timeout, asked));
}

Milliseconds lock_timeout_for(Session& session, Milliseconds asked, std::size_t locks) {
  return lock_timeout_for(asked, deadlock_timeout(session), locks);
}

Failed step_failure(const std::string& step, const DatabaseError& error) {
  return Failed(
      step, fmt::format("step {} failed: {}", step, error.what()), error.sqlstate(),
      "The step was rolled back. Mend the cause and run the same command again: it goes on "
      "from this step.");
}

LockStats run_short_transaction(const RunContext& context, const ShortTransaction& what,
                                const std::function<void(Session&, const LockStats&)>& body) {
  LockStats stats;
  Backoff backoff(context.lock_limits(), context.clock());
  InTheWay in_the_way(context, what);
  for (;; ++stats.attempts) {
    Session& session = what.session();
    const Stopwatch watch(context.clock());
    try {
      TransactionScope transaction(
          session, fmt::format("SET LOCAL lock_timeout = '{}ms'; {}",
                               jittered(in_the_way.timeout()).count(), what.settings));
      body(session, stats);
      transaction.commit();
      return stats;
    } catch (const DatabaseError& error) {
      if (error.connection_lost() || !is_lock_trouble(error)) throw;
      stats.longest_wait_ms = std::max(stats.longest_wait_ms, watch.elapsed().count() * 1000);
      in_the_way.look(session, watch.elapsed());
      const std::string& who = in_the_way.who();
      if (backoff.exhausted()) {
        const std::chrono::duration<double> budget = context.options.lock_budget;
        throw Failed(
            what.step,
            fmt::format("step {} did not get its lock in {} tries over {}; in the way: {}",
                        what.step, stats.attempts, duration_text(budget.count()), who),
            error.sqlstate(),
            "That try was rolled back. When those sessions are done, run the same command again: "
            "it goes on from here. --lock-budget gives it more time.");
      }
      context.reporter.waits(
          what.step, fmt::format("for a lock (try {}); in the way: {}", stats.attempts, who));
    }
    backoff.pause();
    pacing::stop_if_asked(what.step);
  }
}

namespace {

// An app's own short transactions come and go; a long one is worth a word before anything waits.
void name_before(const RunContext& context, const ShortTransaction& what) {
  if (what.locks.empty()) return;
  const std::vector<Blocker> blockers =
      long_ones(blockers_of(context.connection.checked(), what.locks));
  if (blockers.empty()) return;
  context.reporter.waits(what.step,
                         fmt::format("before its first try; in the way: {}", describe(blockers)));
}

}  // namespace

LockStats run_ddl(const RunContext& context, const planner::Step& step,
                  const std::function<void(Session&, const LockStats&)>& body) {
  ShortTransaction what;
  what.step = step.id;
  what.locks = with_partitions(context.connection.checked(), step.locks);
  what.lock_timeout = lock_timeout_for(context.connection.checked(), context.options.lock_timeout,
                                       what.locks.size());
  what.session = [&]() -> Session& { return context.connection.checked(); };
  if (context.options.pacing) name_before(context, what);
  try {
    return run_short_transaction(context, what, body);
  } catch (const DatabaseError& error) {
    if (error.connection_lost()) throw;
    throw step_failure(step.id, error);
  }
}

bool is_done(Session& session, const std::string& done) {
  if (done.empty()) return false;
  const Rows rows = session.exec("SELECT (" + done + ")");
  return !rows.empty() && rows.rows.front().at(0) == "t";
}

StepOutcome run_transaction(const RunContext& context, const planner::Step& step,
                            const planner::Transaction& action) {
  StepOutcome outcome;
  const Stopwatch watch(context.clock());
  run_ddl(context, step, [&](Session& session, const LockStats& stats) {
    outcome.attempts = stats.attempts;
    outcome.lock_wait_ms = stats.longest_wait_ms;
    outcome.found_done = is_done(session, step.done);
    if (!outcome.found_done) {
      if (context.final_look) context.final_look->look(session, step);
      const Stopwatch statement(context.clock());
      session.exec(action.sql);
      // What only touches the catalogue spends its time waiting, if it spends any.
      if (step.scan == planner::Scan::catalogue) {
        outcome.lock_wait_ms = std::max(outcome.lock_wait_ms, statement.elapsed().count() * 1000);
      }
    }
    outcome.seconds = watch.elapsed().count();
    Ledger(session).complete_step(context.change, step, outcome);
  });
  return outcome;
}

}  // namespace segue::runtime
