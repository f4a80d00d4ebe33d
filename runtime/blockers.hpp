// Who stands in a step's way: for messages, never for decisions.
#pragma once

#include <string>
#include <vector>

#include "planner/plan.hpp"
#include "runtime/session.hpp"

namespace segue::runtime {

struct Blocker {
  int pid = 0;
  std::string application;
  std::string user;
  std::string state;   // "idle in transaction", "active", "autovacuum worker"
  double seconds = 0;  // since its transaction began
  std::string query;   // its start, on one line
};

// Sessions that hold a lock which conflicts with one of `locks`, the oldest transaction first, at
// most five. With no locks given: the oldest transactions that hold a lock on any user table.
std::vector<Blocker> blockers_of(Session& session, const std::vector<planner::LockUse>& locks);

// "pid 4711 (app billing, idle in transaction for 12 s: UPDATE users …)", several joined by "; ".
std::string describe(const std::vector<Blocker>& blockers);

// PostgreSQL's conflict table.
bool conflicts(planner::LockMode wanted, planner::LockMode held);

}  // namespace segue::runtime
