// What every kind of step is run with.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "runtime/clock.hpp"
#include "runtime/final_look.hpp"
#include "runtime/reporter.hpp"
#include "runtime/runner_connection.hpp"

namespace segue::runtime {

// How a backfill looks after the app beside it (runtime/pacing).
struct PacingOptions {
  std::optional<std::uint64_t> max_lag;  // bytes that a replica may be behind
  std::string throttle_query;            // true or a number above 0: wait
};

struct RunOptions {
  // How long one statement may wait for a lock, and so how long the app may queue behind it. Below
  // deadlock_timeout (1 s by default), or the app could be the deadlock's victim.
  Milliseconds lock_timeout{200};
  Milliseconds lock_budget{300000};    // all tries of one step together
  std::set<std::string> allowed;       // hazard codes: "own-triggers-fire"
  std::optional<std::uint32_t> batch;  // rows per backfill transaction
  std::optional<std::uint32_t> workers;
  // Readers that stand in a step's way, in transactions older than this, are ended; none: nobody
  // is.
  std::optional<Milliseconds> terminate_blockers;
  std::optional<std::uint64_t> disk_free;  // bytes, where somebody says so
  // None: the server is not watched, as on one that is nobody's (a rehearsal's).
  std::optional<PacingOptions> pacing;
};

struct RunContext {
  RunnerConnection& connection;
  Reporter& reporter;
  std::string change;
  RunOptions options;
  const FinalLook* final_look = nullptr;  // of contract

  Clock& clock() const { return connection.clock(); }
  Backoff::Limits lock_limits() const {
    Backoff::Limits limits;
    limits.budget = options.lock_budget;
    return limits;
  }
};

}  // namespace segue::runtime
