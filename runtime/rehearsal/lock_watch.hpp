// Looks on while apps wait for locks that segue's sessions hold or queue for.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "runtime/rehearsal/result.hpp"
#include "runtime/rehearsal/stage.hpp"

namespace segue::runtime::rehearsal {

struct LongWait {
  std::string who;  // "old app"
  std::string statement;
  Seconds waited{0};
};

// Asks pg_blocking_pids some fifty times a second. A wait is as long as there were looks that found
// it: what a busy machine adds between two of them is nobody's lock.
class LockWatch {
 public:
  // Told once for each statement that waits longer than the budget, from a thread of its own.
  LockWatch(const Database& database, Seconds budget,
            std::function<void(const LongWait&)> too_long);
  ~LockWatch();
  LockWatch(const LockWatch&) = delete;
  LockWatch& operator=(const LockWatch&) = delete;

  Seconds longest() const;  // after stop()
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace segue::runtime::rehearsal
