#include "runtime/rehearsal/trace.hpp"

#include <chrono>
#include <mutex>
#include <utility>

#include "runtime/rehearsal/tracing_session.hpp"

namespace segue::runtime::rehearsal {

struct StepTracer::Impl final : TraceListener {
  mutable std::mutex mutex;
  Connector plain;
  std::unique_ptr<Session> own;  // asks the catalogue between steps
  std::optional<planner::Step> step;
  std::optional<TraceLog> log;
  std::uint64_t wal = 0;
  Watch::time_point begun;
  std::vector<TracedStep> done;

  bool listens() const override {
    const std::lock_guard lock(mutex);
    return log.has_value();
  }
  bool watches(const std::string& sql) const override {
    const std::lock_guard lock(mutex);
    if (!step || !std::holds_alternative<planner::ConcurrentIndex>(step->action)) return false;
    const std::string word = first_word(sql);
    return word == "CREATE" || word == "DROP";
  }
  // A backfill is known to read its table, in thousands of transactions.
  bool counts_scans() const override {
    const std::lock_guard lock(mutex);
    return step && !std::holds_alternative<planner::BackfillPass>(step->action);
  }
  void saw(const Sighting& sighting) override {
    const std::lock_guard lock(mutex);
    if (log) log->add(sighting);
  }

  void begin(const planner::Step& next) {
    forget();
    if (!plain) return;
    try {
      if (!own) own = plain();
      RelationMap before = read_relations(*own);
      const std::uint64_t position = wal_position(*own);
      const std::lock_guard lock(mutex);
      step = next;
      wal = position;
      log.emplace(std::move(before));
      begun = Watch::now();
    } catch (const DatabaseError&) {
      own.reset();  // this step goes untraced; the runtime meets the same trouble and says so
    }
  }

  void end(const planner::Step& ended, const StepOutcome& outcome) {
    if (!own || !log || !step || step->id != ended.id || outcome.found_done) {
      forget();
      return;
    }
    const double wall = std::chrono::duration<double, std::milli>(Watch::now() - begun).count();
    try {
      const RelationMap after = read_relations(*own);
      const auto keys = tables_of_keys(*own, log->validated_keys());
      const std::uint64_t position = wal_position(*own);
      const std::lock_guard lock(mutex);
      TracedStep traced;
      traced.id = ended.id;
      traced.title = ended.title;
      traced.phase = ended.phase;
      traced.declared_locks = ended.locks;
      traced.declared_scan = ended.scan;
      traced.trace = log->finish(after, keys);
      // Workers are busy at the same time; reading alone may happen outside of transactions.
      const bool untimed = traced.trace.milliseconds == 0;
      traced.trace.milliseconds = untimed ? wall : std::min(traced.trace.milliseconds, wall);
      traced.trace.wal_bytes = position - wal;
      traced.beyond = beyond_declared(ended, traced.trace);
      done.push_back(std::move(traced));
    } catch (const DatabaseError&) {
      own.reset();
    }
    forget();
  }

  void forget() {
    const std::lock_guard lock(mutex);
    step.reset();
    log.reset();
  }
};

namespace {

// Tells the tracer where steps begin and end.
template <typename Tracer>
class StepCutter final : public Reporter {
 public:
  StepCutter(Reporter& to, Tracer& tracer) : to_(to), tracer_(tracer) {}

  void phase_begins(const planner::Plan& plan, planner::Phase phase) override {
    to_.phase_begins(plan, phase);
  }
  void phase_ends(const planner::Plan& plan, planner::Phase phase, double seconds) override {
    tracer_.forget();
    to_.phase_ends(plan, phase, seconds);
  }
  void step_begins(const planner::Step& step) override {
    to_.step_begins(step);
    tracer_.begin(step);
  }
  void step_ends(const planner::Step& step, const StepOutcome& outcome) override {
    tracer_.end(step, outcome);
    to_.step_ends(step, outcome);
  }
  void undo_begins(const planner::Step& step) override {
    tracer_.forget();
    to_.undo_begins(step);
  }
  void waits(const std::string& step, const std::string& why) override { to_.waits(step, why); }
  void paces(const std::string& step, const pacing::Pace& pace) override { to_.paces(step, pace); }
  void advances(const Progress& progress) override { to_.advances(progress); }
  void verified(const VerificationResult& result) override { to_.verified(result); }
  void says(const std::string& message) override { to_.says(message); }

 private:
  Reporter& to_;
  Tracer& tracer_;
};

}  // namespace

StepTracer::StepTracer() : impl_(std::make_unique<Impl>()) {}
StepTracer::~StepTracer() = default;

Connector StepTracer::wrap(Connector connector) {
  impl_->plain = connector;
  impl_->own.reset();
  return [impl = impl_.get(), connector = std::move(connector)] {
    return make_tracing_session(connector(), connector, *impl);
  };
}

std::unique_ptr<Reporter> StepTracer::wrap(Reporter& reporter) {
  return std::make_unique<StepCutter<Impl>>(reporter, *impl_);
}

std::vector<TracedStep> StepTracer::take() {
  return std::exchange(impl_->done, {});
}

}  // namespace segue::runtime::rehearsal
