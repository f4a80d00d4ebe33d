#include "runtime/pacing/app_watch.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace segue::runtime::pacing {

namespace {

using std::chrono::steady_clock;

// Shorter than the shortest wait that a person feels, longer than the look itself takes. A step
// that reads or writes rows goes on for hours, and each of its locks for long: less often does.
constexpr std::chrono::milliseconds interval_of_short_steps{50};
constexpr std::chrono::milliseconds interval_of_long_steps{250};
constexpr std::chrono::milliseconds interval_of_connecting{1000};

// Those who wait for a lock that the run holds or waits for: its own session, or a worker's, which
// bears the same name. Since when, says PostgreSQL from 14 on; before, it is taken from when the
// wait was first seen.
constexpr const char* waiting = R"(WITH own AS MATERIALIZED (
SELECT pg_catalog.array_agg(pid) AS pids FROM pg_catalog.pg_stat_activity
 WHERE pid = {1} OR datname = pg_catalog.current_database() AND application_name LIKE 'segue%'
   AND application_name = pg_catalog.current_setting('application_name'))
SELECT l.pid, {0}, coalesce(a.application_name, ''),
       pg_catalog.left(pg_catalog.regexp_replace(coalesce(a.query, ''), '\s+', ' ', 'g'), 60)
  FROM (SELECT DISTINCT ON (pid) * FROM pg_catalog.pg_locks WHERE NOT granted) l
  LEFT JOIN pg_catalog.pg_stat_activity a USING (pid), own
 WHERE l.pid <> {1} AND a.application_name NOT LIKE 'segue%'
   AND (a.application_name <> pg_catalog.current_setting('application_name') OR a.application_name = '') AND own.pids && pg_catalog.pg_blocking_pids(l.pid))";
constexpr const char* since_waitstart =
    "extract(epoch FROM pg_catalog.clock_timestamp() - l.waitstart) * 1000";
constexpr int waitstart_since = 140000;

}  // namespace

AppWatch::AppWatch(const RunContext& context) : context_(context) {
  if (!context.options.pacing) return;
  session_ = context.connection.another_beside();
  ensure_live_tables(*session_);
  watcher_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

AppWatch::~AppWatch() {
  watcher_.request_stop();
  if (watcher_.joinable()) watcher_.join();
}

void AppWatch::step_begins(const std::string& step, planner::Scan scan) {
  if (!watcher_.joinable()) return;
  const std::lock_guard lock(mutex_);
  at_work_ = true;
  interval_ = scan == planner::Scan::catalogue ? interval_of_short_steps : interval_of_long_steps;
  longest_ = {context_.change, step, 0, ""};
  first_seen_.clear();
  changed_.notify_all();
}

double AppWatch::step_ends() {
  if (!watcher_.joinable()) return 0;
  const std::lock_guard lock(mutex_);
  at_work_ = false;
  if (longest_.ms > 0 && session_) {
    try {
      record_wait(*session_, longest_);
    } catch (const DatabaseError&) {
      // The step is done, and what it cost the app is told all the same.
      return longest_.ms;
    }
  }
  return longest_.ms;
}

void AppWatch::look() {
  const bool known = session_->server_version() >= waitstart_since;
  const auto now = steady_clock::now();
  std::map<std::string, steady_clock::time_point> seen;
  for (const auto& row : session_
                             ->exec(fmt::format(waiting, known ? since_waitstart : "NULL",
                                                context_.connection.backend_pid()))
                             .rows) {
    const std::string pid = row[0].value_or("");
    const auto before = first_seen_.find(pid);
    const auto first = before == first_seen_.end() ? now : before->second;
    seen[pid] = first;
    const double ms = row[1] ? std::strtod(row[1]->c_str(), nullptr)
                             : std::chrono::duration<double, std::milli>(now - first).count();
    if (ms <= longest_.ms) continue;
    longest_.ms = ms;
    const std::string application = row[2].value_or("");
    longest_.who = fmt::format("pid {}{}: {}", pid,
                               application.empty() ? "" : fmt::format(" (app {})", application),
                               row[3].value_or(""));
  }
  first_seen_ = std::move(seen);
}

void AppWatch::watch(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    changed_.wait(lock, stop, [&] { return at_work_; });
    if (stop.stop_requested()) return;
    if (!session_) connect_again(lock);
    try {
      if (session_) look();
    } catch (const DatabaseError&) {
      session_.reset();  // what was seen stays
    }
    changed_.wait_for(lock, stop, session_ ? interval_ : interval_of_connecting,
                      [] { return false; });
  }
}

void AppWatch::connect_again(std::unique_lock<std::mutex>& lock) {
  std::unique_ptr<Session> fresh;
  lock.unlock();
  try {
    fresh = context_.connection.another();
  } catch (const DatabaseError&) {
    // Later, then.
  } catch (const Refused&) {
  }
  lock.lock();
  session_ = std::move(fresh);
}

}  // namespace segue::runtime::pacing
