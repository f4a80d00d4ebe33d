#include "workload.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <pqxx/pqxx>
#include <stdexcept>
#include <thread>
#include <utility>

#include "app_session.hpp"
#include "audit.hpp"
#include "model.hpp"

namespace shop {

namespace {

constexpr std::size_t insertable_rows = 500'000;

}  // namespace

struct Workload::Impl {
  explicit Impl(const WorkloadOptions& options_) : options(options_) {}

  WorkloadOptions options;
  Model model;
  std::string run_name;
  std::atomic<std::size_t> next_insert{0};

  std::mutex mutex;  // of all below
  std::condition_variable changed;
  int phase = 0;
  bool paused = false;
  bool stopping = false;
  int busy = 0;  // sessions inside a statement, or between it and the model
  Report report;
  Clock::time_point report_since = Clock::now();

  std::vector<std::thread> threads;

  static bool runs_in(Release release, int phase) {
    return release == Release::old_app ? phase <= 3 : phase >= 2;
  }

  void work(Release release, std::uint64_t seed);
  void take(Release release, const AppSession::Outcome& outcome);
  void wait_until_idle(std::unique_lock<std::mutex>& lock) {
    changed.wait(lock, [this] { return busy == 0; });
  }
};

// What one session does, until the end.
void Workload::Impl::work(Release release, std::uint64_t seed) {
  AppSession session(release, seed, options, model, next_insert, run_name);
  while (true) {
    int current = 0;
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return stopping || (!paused && runs_in(release, phase)); });
      if (stopping) return;
      current = phase;
      ++busy;
    }
    take(release, session.act(current));
    changed.notify_all();
    if (options.rate > 0) {
      std::this_thread::sleep_for(
          std::chrono::duration<double>(session.next_pause() / options.rate));
    }
  }
}

void Workload::Impl::take(Release release, const AppSession::Outcome& outcome) {
  const std::lock_guard lock(mutex);
  for (const auto& message : outcome.errors_seen) report.keep(message);
  for (const auto& message : outcome.lost) report.keep("lost write: " + message);
  --busy;
  report.statements += outcome.statements;
  (release == Release::old_app ? report.old_statements : report.new_statements) +=
      outcome.statements;
  report.errors += outcome.errors;
  report.lost_writes += outcome.lost.size();
  report.longest_ms = std::max(report.longest_ms, outcome.longest_ms);
}

Workload::Workload(const WorkloadOptions& options) : impl_(std::make_unique<Impl>(options)) {
  auto& impl = *impl_;
  {
    pqxx::connection connection(options.conninfo);
    pqxx::work work(connection);
    const auto users = work.exec("SELECT id, full_name FROM users ORDER BY id");
    impl.model.rows.reserve(static_cast<std::size_t>(users.size()) + insertable_rows);
    for (const auto& user : users)
      impl.model.add_existing(user[0].as<std::int64_t>(), value_of(user[1]));
    impl.run_name = std::to_string(connection.backendpid());
    if (impl.model.rows.size() < 100) {
      throw std::invalid_argument("the table of users needs more than a hundred rows");
    }
  }
  impl.model.reserve_inserts(insertable_rows);
  const auto start = [&impl](Release release, std::uint64_t seed) {
    impl.threads.emplace_back([&impl, release, seed] { impl.work(release, seed); });
  };
  for (int n = 0; n < options.old_sessions; ++n) {
    start(Release::old_app, options.seed * 1000 + static_cast<std::uint64_t>(n));
  }
  for (int n = 0; n < options.new_sessions; ++n) {
    start(Release::new_app, options.seed * 1000 + 500 + static_cast<std::uint64_t>(n));
  }
}

Workload::~Workload() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->changed.notify_all();
  for (auto& thread : impl_->threads) thread.join();
}

void Workload::enter(int phase) {
  auto& impl = *impl_;
  std::unique_lock lock(impl.mutex);
  impl.paused = true;
  impl.wait_until_idle(lock);
  // Before phase 2 there is no new column: what the new release wrote there is gone with it.
  if (phase < 2) {
    for (auto& row : impl.model.rows) row.phone = backfilled_phone;
  }
  impl.phase = phase;
  impl.paused = false;
  impl.changed.notify_all();
}

Report Workload::take_report() {
  const std::lock_guard lock(impl_->mutex);
  Report taken;
  std::swap(taken, impl_->report);
  const auto now = Clock::now();
  taken.seconds = std::chrono::duration<double>(now - impl_->report_since).count();
  impl_->report_since = now;
  return taken;
}

std::size_t Workload::rows() const {
  return impl_->model.hot_count + impl_->model.existing;
}

Report Workload::check_all() {
  auto& impl = *impl_;
  std::unique_lock lock(impl.mutex);
  impl.paused = true;
  impl.wait_until_idle(lock);
  pqxx::connection connection(impl.options.conninfo);
  Report report = audit(connection, impl.model, impl.phase);
  impl.paused = false;
  lock.unlock();
  impl.changed.notify_all();
  return report;
}

}  // namespace shop
