// Who stands in a step's way.
#pragma once

#include <string>
#include <vector>

#include "planner/plan.hpp"
#include "runtime/clock.hpp"
#include "runtime/session.hpp"

namespace segue::runtime {

struct Blocker {
  int pid = 0;              // 0: a prepared transaction
  std::string application;  // of a prepared transaction: its identifier, quoted
  std::string user;
  std::string state;   // "idle in transaction", "active", "autovacuum worker", "hidden", …
  double seconds = 0;  // since its transaction began
  std::string query;   // its start, on one line
};

// The same, and behind each table of which writers are kept out, its partitions and children: a
// statement on it locks them as well, one after the other.
std::vector<planner::LockUse> with_partitions(Session& session,
                                              std::vector<planner::LockUse> locks);

// Sessions and prepared transactions that hold a lock which conflicts with one of `locks`, the
// oldest transaction first, at most five. With no locks given: the oldest transactions that hold a
// lock on any user table.
std::vector<Blocker> blockers_of(Session& session, const std::vector<planner::LockUse>& locks);

// Those whose transaction began longer ago than an app's ordinary ones take.
inline constexpr double long_transaction_seconds = 1;
std::vector<Blocker> long_ones(const std::vector<Blocker>& blockers);

// Whom CREATE INDEX CONCURRENTLY on `table` would wait for and a person should know of:
// transactions of that many seconds with a snapshot, or with a write on the table, and prepared
// ones.
std::vector<Blocker> old_transactions(Session& session, const planner::QualifiedName& table,
                                      double seconds = long_transaction_seconds);

// Those that were there for longer than that, so not those who had waited behind the caller and
// came in when it gave up; all, where that leaves none.
std::vector<Blocker> there_before(std::vector<Blocker> blockers, double seconds);

bool is_autovacuum(const Blocker& blocker);
// Another role's, of which this one may not see what it does and since when.
bool is_hidden(const Blocker& blocker);

// An autovacuum worker alone stands there, and not one that prevents wraparound: PostgreSQL takes
// such a one away from whoever waits for longer than deadlock_timeout.
bool only_displaceable_autovacuum(const std::vector<Blocker>& blockers);

// Ends those of blockers_of() that have only read, for longer than `age`; gives whom. A transaction
// that has written is never ended: its work would be lost. Throws DatabaseError where the role may
// not.
std::vector<Blocker> end_readers(Session& session, const std::vector<planner::LockUse>& locks,
                                 Milliseconds age);

// "pid 4711 (app billing, idle in transaction for 12 s: UPDATE users …)", several joined by "; ".
std::string describe(const std::vector<Blocker>& blockers);

// PostgreSQL's conflict table.
bool conflicts(planner::LockMode wanted, planner::LockMode held);

}  // namespace segue::runtime
