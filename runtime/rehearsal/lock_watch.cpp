#include "runtime/rehearsal/lock_watch.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <set>

namespace segue::runtime::rehearsal {

namespace {

constexpr std::chrono::milliseconds look_period{20};

constexpr const char* waiting_for_segue = R"sql(
SELECT a.pid, a.query_start, a.application_name, a.query
  FROM pg_catalog.pg_stat_activity a
 WHERE a.datname = pg_catalog.current_database() AND a.wait_event_type = 'Lock'
   AND a.application_name IN ('old app', 'new app')
   AND EXISTS (SELECT FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids(a.pid)) AS blocker(pid)
                 JOIN pg_catalog.pg_stat_activity s ON s.pid = blocker.pid
                WHERE s.application_name LIKE 'segue%'))sql";

}  // namespace

struct LockWatch::Impl {
  Seconds budget;
  std::function<void(const LongWait&)> too_long;
  std::unique_ptr<Session> session;
  std::atomic<bool> stopped = false;
  Seconds longest{0};
  std::thread thread;

  void look_on() {
    std::map<std::pair<std::string, std::string>, Seconds> waits;
    std::set<std::pair<std::string, std::string>> told;
    auto last = std::chrono::steady_clock::now();
    while (!stopped) {
      std::this_thread::sleep_for(look_period);
      Rows rows;
      try {
        rows = session->exec(waiting_for_segue);
      } catch (const DatabaseError&) {
        return;  // the server is gone, and the run with it
      }
      const auto now = std::chrono::steady_clock::now();
      const Seconds slice = std::min<Seconds>(now - last, 2 * Seconds(look_period));
      last = now;
      for (const auto& row : rows.rows) {
        const std::pair key{row[0].value_or(""), row[1].value_or("")};
        Seconds& waited = waits[key];
        waited += slice;
        longest = std::max(longest, waited);
        if (waited > budget && told.insert(key).second)
          too_long({row[2].value_or(""), row[3].value_or(""), waited});
      }
    }
  }
};

LockWatch::LockWatch(const Database& database, Seconds budget,
                     std::function<void(const LongWait&)> too_long)
    : impl_(std::make_unique<Impl>()) {
  impl_->budget = budget;
  impl_->too_long = std::move(too_long);
  impl_->session = database.open("watch");
  impl_->thread = std::thread([this] { impl_->look_on(); });
}

LockWatch::~LockWatch() {
  stop();
}

void LockWatch::stop() {
  impl_->stopped = true;
  if (impl_->thread.joinable()) impl_->thread.join();
}

Seconds LockWatch::longest() const {
  return impl_->longest;
}

}  // namespace segue::runtime::rehearsal
