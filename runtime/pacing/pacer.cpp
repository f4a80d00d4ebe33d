#include "runtime/pacing/pacer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/errors.hpp"
#include "runtime/pacing/stop.hpp"

namespace segue::runtime::pacing {

namespace {

using std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

// A wish from another terminal is seen well within a second, and a look costs a few milliseconds.
constexpr Milliseconds look_interval{250};
// So long the last look counts. A watcher that sees nothing for longer lets nothing be written.
constexpr Milliseconds sight_lasts{5000};
// The row in the ledger is for people.
constexpr Milliseconds tell_interval{1000};
// A reason that changes back and forth is not a line each time.
constexpr Milliseconds say_interval{5000};
// How soon a wait notices a signal of the operating system.
constexpr Milliseconds wait_slice{100};
// The longest rest after one batch.
constexpr Seconds longest_rest{5};

constexpr const char* app_at_work = R"(SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_activity
 WHERE datname = pg_catalog.current_database() AND coalesce(backend_type, 'client backend') = 'client backend'
   AND pid <> pg_catalog.pg_backend_pid() AND application_name NOT LIKE 'segue%'
   AND (coalesce(state, 'hidden') <> 'idle' OR state_change > pg_catalog.clock_timestamp() - interval '10 s')))";

// What a watcher writes is for people, and no loss after a crash. A COMMIT that waits for a
// synchronous standby would blind it.
void write_at_ease(Session& session) {
  session.exec("SET synchronous_commit = off");
}

Pace blind(const Pace& last, std::string why) {
  Pace pace = last;
  pace.waits = true;
  pace.code = "blind";
  pace.why = std::move(why);
  return pace;
}

}  // namespace

std::uint32_t Pacer::most_workers(const RunContext& context, const Task& task) {
  if (context.options.workers) return std::max(1U, *context.options.workers);
  if (task.workers) return std::max(1U, *task.workers);
  return context.options.pacing ? workers_when_idle : 1;
}

Pacer::Pacer(const RunContext& context, Reporter& reporter, Task task, std::vector<int> own_pids)
    : context_(context), reporter_(reporter), task_(std::move(task)) {
  if (!context.options.pacing) return;
  session_ = context.connection.another_beside();
  write_at_ease(*session_);
  ensure_live_tables(*session_);
  sampler_ = std::make_unique<PostgresSampler>(
      Sight{context.change, task_.leaves, context.options.pacing->throttle_query,
            std::move(own_pids)},
      context.clock());
  decide_anew(sampler_->look(*session_));
  say(*pace_);
  write(*pace_);
  watcher_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

Pacer::~Pacer() {
  watcher_.request_stop();
  changed_.notify_all();
  if (watcher_.joinable()) watcher_.join();
  if (!session_) return;
  try {
    forget_pace(*session_, context_.change);
  } catch (const DatabaseError&) {
    // A row that nobody refreshes is shown as one that nobody has heard of.
    session_.reset();
  }
}

Limits Pacer::limits() const {
  Limits limits;
  limits.batch = context_.options.batch ? context_.options.batch : task_.batch;
  limits.workers = context_.options.workers ? context_.options.workers : task_.workers;
  limits.allowed = context_.options.allowed;
  if (context_.options.pacing && context_.options.pacing->max_lag)
    limits.max_lag = *context_.options.pacing->max_lag;
  return limits;
}

Pace Pacer::pace_now() const {
  Pace pace = *pace_;
  if (paused_by_signal()) return blind(pace, "paused by SIGUSR1 (SIGUSR2 goes on)");
  if (steady_clock::now() - seen_at_ > sight_lasts)
    return blind(pace, fmt::format("the server cannot be watched: {}",
                                   trouble_.empty() ? "no answer" : trouble_));
  return pace;
}

void Pacer::decide_anew(Signals signals) {
  const std::lock_guard lock(mutex_);
  if (batches_ > 0) {
    signals.batch_ms = batch_seconds_ * 1000 / batches_;
    signals.commit_ms = commit_seconds_ * 1000 / batches_;
  }
  batches_ = 0;
  batch_seconds_ = 0;
  commit_seconds_ = 0;
  pace_ = decide(signals, limits(), pace_);
  seen_at_ = steady_clock::now();
}

// Whatever is told is told here, by whoever looks; the workers only wait.
void Pacer::say(const Pace& pace) {
  const auto now = steady_clock::now();
  const bool other = !said_ || said_->waits != pace.waits || said_->code != pace.code;
  const bool turns = !said_ || said_->waits != pace.waits;
  if (other && (turns || now - said_at_ > say_interval)) {
    reporter_.paces(task_.step, pace);
    said_ = pace;
    said_at_ = now;
  }
}

void Pacer::write(const Pace& pace) {
  const auto now = steady_clock::now();
  if (pace.waits == wrote_waits_ && now - told_at_ < tell_interval) return;
  tell_pace(*session_, {context_.change, task_.step, pace, waited_, 0});
  told_at_ = now;
  wrote_waits_ = pace.waits;
}

void Pacer::look() {
  if (!session_) {
    auto fresh = context_.connection.another();
    write_at_ease(*fresh);
    session_ = std::move(fresh);
  }
  decide_anew(sampler_->look(*session_));
}

// What was seen last runs out by itself; until then and after it somebody looks again.
template <typename Use>
void Pacer::carefully(const Use& use) {
  try {
    use();
  } catch (const DatabaseError& error) {
    session_.reset();
    const std::lock_guard lock(mutex_);
    trouble_ = error.what();
  } catch (const Refused& error) {
    session_.reset();
    const std::lock_guard lock(mutex_);
    trouble_ = error.what();
  }
}

void Pacer::watch(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    carefully([&] { look(); });
    Pace pace;
    {
      const std::lock_guard lock(mutex_);
      pace = pace_now();
    }
    changed_.notify_all();
    say(pace);
    if (session_) carefully([&] { write(pace); });
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, look_interval, [&] { return stop.stop_requested(); });
    if (pace.waits) waited_ += Seconds(look_interval).count();
  }
}

std::uint32_t Pacer::rows_now(const std::function<Session&()>& session) {
  stop_if_asked(task_.step);
  if (!context_.options.pacing) {
    const Limits limit = limits();
    if (limit.batch) return std::max(1U, *limit.batch);
    const std::lock_guard lock(mutex_);
    if (!pace_ || steady_clock::now() - seen_at_ > look_interval) {
      pace_.emplace();
      pace_->rows = session().exec(app_at_work).scalar() == "t" ? rows_beside_app : rows_when_idle;
      seen_at_ = steady_clock::now();
    }
    return pace_->rows;
  }
  std::unique_lock lock(mutex_);
  for (;;) {
    const Pace pace = pace_now();
    if (!pace.waits) return pace.rows;
    changed_.wait_for(lock, wait_slice);
    lock.unlock();
    stop_if_asked(task_.step);
    lock.lock();
  }
}

void Pacer::batch_done(double seconds, double commit_seconds) {
  if (!context_.options.pacing) return;
  double duty = 1;
  {
    const std::lock_guard lock(mutex_);
    ++batches_;
    batch_seconds_ += seconds;
    commit_seconds_ += commit_seconds;
    duty = pace_->duty;
  }
  if (duty >= 1) return;
  const auto until =
      steady_clock::now() +
      std::min(Seconds(seconds * (1 - duty) / std::max(duty, least_duty)), longest_rest);
  while (steady_clock::now() < until && stop_asked().empty()) {
    const auto left = std::chrono::ceil<Milliseconds>(until - steady_clock::now());
    context_.clock().sleep(std::clamp(left, Milliseconds(1), wait_slice));
  }
}

bool Pacer::wants(std::uint32_t number) const {
  if (number == 0 || !context_.options.pacing) return true;
  const std::lock_guard lock(mutex_);
  return number < pace_->workers;
}

}  // namespace segue::runtime::pacing
