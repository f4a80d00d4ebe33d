// Short transactions that give up waiting for a lock before the app notices, and come again.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "planner/plan.hpp"
#include "runtime/errors.hpp"
#include "runtime/run_context.hpp"

namespace segue::runtime {

struct LockStats {
  int attempts = 1;
  double longest_wait_ms = 0;  // of the tries that failed
};

// One transaction that is tried again when a lock does not come.
struct ShortTransaction {
  std::string step;  // for messages
  std::vector<planner::LockUse> locks;
  Milliseconds lock_timeout{200};     // of each statement, jittered downwards
  std::string settings;               // SET LOCAL statements; empty: none
  std::function<Session&()> session;  // asked before each try
  // It waits for rows, and `locks` only says who may hold some: autovacuum does not, and neither
  // does who has only read. They are neither named, nor ended, nor waited out.
  bool for_rows = false;
};

// Runs `body`, which is told of the tries before it, in a transaction with a lock_timeout; on 55P03
// and 40P01 rolls back, says who was in the way, sleeps and tries again until the budget is spent:
// then Failed. Other errors of PostgreSQL, lost connections among them, are thrown on as
// DatabaseError: the outcome of a COMMIT is unknown after a loss.
LockStats run_short_transaction(const RunContext& context, const ShortTransaction& what,
                                const std::function<void(Session&, const LockStats&)>& body);

// The same for a step's DDL, on the runner's connection; errors other than a loss become Failed.
LockStats run_ddl(const RunContext& context, const planner::Step& step,
                  const std::function<void(Session&, const LockStats&)>& body);

// What to tell a person whose step was rolled back by an error.
Failed step_failure(const std::string& step, const DatabaseError& error);

// Whether a step's `done` holds now; an empty one never does.
bool is_done(Session& session, const std::string& done);

// One planner::Transaction: looks whether it is done, runs it and writes its ledger row, all in one
// transaction.
StepOutcome run_transaction(const RunContext& context, const planner::Step& step,
                            const planner::Transaction& action);

// The lock_timeout of one try, for a statement or for several that take `locks` locks one after the
// other: what an app may wait behind all of them together stays under a second.
Milliseconds lock_timeout_for(Milliseconds asked, Milliseconds deadlock_timeout, std::size_t locks);
// With the server's own deadlock_timeout.
Milliseconds lock_timeout_for(Session& session, Milliseconds asked, std::size_t locks);

}  // namespace segue::runtime
