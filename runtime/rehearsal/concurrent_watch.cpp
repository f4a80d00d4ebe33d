#include "runtime/rehearsal/concurrent_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

namespace segue::runtime::rehearsal {

namespace {

// An open transaction that statements with CONCURRENTLY have to wait for.
class HoldUp {
 public:
  explicit HoldUp(const Connector& connector) : session_(connector()) {
    session_->exec("BEGIN ISOLATION LEVEL REPEATABLE READ");
    try {
      session_->exec(
          "SELECT FROM pg_catalog.pg_index WHERE indexrelid >= 16384 FOR SHARE; SELECT FROM "
          "pg_catalog.pg_inherits FOR SHARE");
    } catch (const DatabaseError& error) {
      if (error.connection_lost()) throw;
      // A role that may not: the snapshot alone then.
      session_->exec("ROLLBACK; BEGIN ISOLATION LEVEL REPEATABLE READ");
      session_->exec("SELECT count(*) FROM pg_catalog.pg_am");
    }
  }
  int pid() const { return session_->backend_pid(); }
  void let_go() { session_.reset(); }

 private:
  std::unique_ptr<Session> session_;
};

class Watcher {
 public:
  Watcher(const Connector& connector, int pid)
      : session_(connector()), hold_(connector), pid_(pid) {
    thread_ = std::thread([this] { look(); });
  }
  ~Watcher() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
  }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  std::vector<SeenLock> take() {
    over_ = true;
    thread_.join();
    return std::move(seen_);
  }

 private:
  void look() noexcept {
    constexpr std::chrono::microseconds pause{300};
    // If nothing ever waits for it, it must not stay until somebody else does.
    constexpr std::chrono::seconds longest{20};
    const auto start = Watch::now();
    bool holding = true;
    try {
      const std::string waits =
          fmt::format("SELECT {} = ANY (pg_catalog.pg_blocking_pids({}))", hold_.pid(), pid_);
      while (!over_) {
        const bool waiting = holding && session_->exec(waits).scalar() == "t";
        remember(read_locks(*session_, pid_));
        if (holding && (waiting || Watch::now() - start > longest)) {
          hold_.let_go();
          holding = false;
        }
        std::this_thread::sleep_for(pause);
      }
    } catch (const std::exception&) {
      // Nothing more is seen then; the statement itself goes on.
      hold_.let_go();
    }
  }

  void remember(const std::vector<SeenLock>& locks) {
    for (const SeenLock& lock : locks) {
      const auto known = std::find_if(seen_.begin(), seen_.end(),
                                      [&](const SeenLock& one) { return one.oid == lock.oid; });
      if (known == seen_.end()) {
        seen_.push_back(lock);
      } else if (lock.mode > known->mode) {
        *known = lock;
      }
    }
  }

  std::unique_ptr<Session> session_;
  HoldUp hold_;
  int pid_;
  std::atomic<bool> over_ = false;
  std::vector<SeenLock> seen_;
  std::thread thread_;
};

}  // namespace

Sighting watch(const Connector& connector, int pid, const std::function<void()>& statement) {
  Watcher watcher(connector, pid);
  const auto start = Watch::now();
  statement();
  Sighting sighting;
  sighting.milliseconds = ms_since(start);
  sighting.held_ms = sighting.milliseconds;
  sighting.locks = watcher.take();
  sighting.from_outside = true;
  return sighting;
}

}  // namespace segue::runtime::rehearsal
