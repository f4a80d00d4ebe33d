// What a run of several writers comes to: the first thing that went wrong, and what led to it.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "planner/plan.hpp"
#include "runtime/rehearsal/run.hpp"
#include "runtime/rehearsal/together.hpp"

namespace segue::runtime::rehearsal {

class CrowdVerdict {
 public:
  // `at` stays where it is and goes on meanwhile.
  explicit CrowdVerdict(const Progressed& at) : at_(at) {}

  bool good() const { return !failed_; }

  void begin(planner::Phase phase);
  void begin(const planner::Step& step);
  void end_step();

  void sent(const Statement& statement);
  std::size_t statements() const { return sent_.size(); }
  // Whether any statement of an app named that row.
  bool was_sent(std::size_t table, const Key& key) const;

  // The first one counts. May come from the thread that watches locks.
  void fail(Promise promise, std::string saw, std::string should_see,
            std::optional<Mismatch> mismatch = {}, std::optional<Statement> statement = {});
  void lost(const Mismatch& mismatch, Promise promise) {
    fail(promise, mismatch.saw, mismatch.should_see, mismatch);
  }

  // When all is over.
  void put_into(Together& result);

 private:
  std::string moment() const;

  const Progressed& at_;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  planner::Phase phase_ = planner::Phase::expand;
  std::string step_;
  std::vector<Sent> sent_;
  std::vector<Sent> last_;  // of the rows that it is about, latest last
  std::optional<Violation> violation_;
};

}  // namespace segue::runtime::rehearsal
