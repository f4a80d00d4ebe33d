// What every kind of step is run with.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "runtime/clock.hpp"
#include "runtime/reporter.hpp"
#include "runtime/runner_connection.hpp"

namespace segue::runtime {

struct RunOptions {
  // How long one statement may wait for a lock, and so how long the app may queue behind it. Below
  // deadlock_timeout (1 s by default), or the app could be the deadlock's victim.
  Milliseconds lock_timeout{200};
  Milliseconds lock_budget{300000};    // all tries of one step together
  std::set<std::string> allowed;       // hazard codes: "own-triggers-fire"
  std::optional<std::uint32_t> batch;  // rows per backfill transaction
  std::optional<std::uint32_t> workers;
};

struct RunContext {
  RunnerConnection& connection;
  Reporter& reporter;
  std::string change;
  RunOptions options;

  Clock& clock() const { return connection.clock(); }
  Backoff::Limits lock_limits() const {
    Backoff::Limits limits;
    limits.budget = options.lock_budget;
    return limits;
  }
};

}  // namespace segue::runtime
