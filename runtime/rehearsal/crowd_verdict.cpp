#include "runtime/rehearsal/crowd_verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace segue::runtime::rehearsal {

namespace {

constexpr std::size_t told_lines = 6;

bool touches(const Sent& sent, std::size_t table, const Key& key) {
  const auto has = [&](const std::vector<Key>& list) {
    return std::find(list.begin(), list.end(), key) != list.end();
  };
  return sent.statement.table == table &&
         (has(sent.statement.keys) || has(sent.statement.new_keys));
}

}  // namespace

void CrowdVerdict::begin(planner::Phase phase) {
  const std::lock_guard guard(mutex_);
  phase_ = phase;
}

void CrowdVerdict::begin(const planner::Step& step) {
  const std::lock_guard guard(mutex_);
  phase_ = step.phase;
  step_ = fmt::format("{} {}", step.id, step.title);
}

void CrowdVerdict::end_step() {
  const std::lock_guard guard(mutex_);
  step_.clear();
}

std::string CrowdVerdict::moment() const {
  if (step_.empty()) return fmt::format("0/phase {} complete", at_.complete);
  return fmt::format("0/{} {}", step_.substr(0, step_.find(' ')), at_.undoing ? "undo" : "within");
}

void CrowdVerdict::sent(const Statement& statement) {
  sent_.push_back({moment(), statement});
}

bool CrowdVerdict::was_sent(std::size_t table, const Key& key) const {
  return std::any_of(sent_.begin(), sent_.end(),
                     [&](const Sent& sent) { return touches(sent, table, key); });
}

void CrowdVerdict::fail(Promise promise, std::string saw, std::string should_see,
                        std::optional<Mismatch> mismatch, std::optional<Statement> statement) {
  const std::lock_guard guard(mutex_);
  if (failed_) return;
  Violation violation;
  violation.promise = promise;
  violation.phase = phase_;
  violation.step = step_;
  violation.moment = moment();
  violation.saw = std::move(saw);
  violation.should_see = std::move(should_see);
  violation.because = "several wrote at once: the same seed writes the same, in another order";
  if (mismatch) {
    std::copy_if(sent_.begin(), sent_.end(), std::back_inserter(last_),
                 [&](const Sent& sent) { return touches(sent, mismatch->table, mismatch->key); });
  } else if (statement) {
    last_.push_back({violation.moment, *statement});
  }
  if (last_.size() > told_lines)
    last_.erase(last_.begin(), last_.end() - static_cast<std::ptrdiff_t>(told_lines));
  violation.mismatch = std::move(mismatch);
  violation.statement = std::move(statement);
  violation_ = std::move(violation);
  failed_ = true;
}

void CrowdVerdict::put_into(Together& result) {
  result.violation = std::move(violation_);
  result.last = std::move(last_);
}

}  // namespace segue::runtime::rehearsal
