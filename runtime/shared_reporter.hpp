// A reporter that several workers may tell things at once.
#pragma once

#include <mutex>

#include "runtime/reporter.hpp"

namespace segue::runtime {

class SharedReporter final : public Reporter {
 public:
  explicit SharedReporter(Reporter& to) : to_(to) {}

  void phase_begins(const planner::Plan& plan, planner::Phase phase) override {
    const std::lock_guard lock(mutex_);
    to_.phase_begins(plan, phase);
  }
  void phase_ends(const planner::Plan& plan, planner::Phase phase, double seconds) override {
    const std::lock_guard lock(mutex_);
    to_.phase_ends(plan, phase, seconds);
  }
  void step_begins(const planner::Step& step) override {
    const std::lock_guard lock(mutex_);
    to_.step_begins(step);
  }
  void step_ends(const planner::Step& step, const StepOutcome& outcome) override {
    const std::lock_guard lock(mutex_);
    to_.step_ends(step, outcome);
  }
  void undo_begins(const planner::Step& step) override {
    const std::lock_guard lock(mutex_);
    to_.undo_begins(step);
  }
  void waits(const std::string& step, const std::string& why) override {
    const std::lock_guard lock(mutex_);
    to_.waits(step, why);
  }
  void paces(const std::string& step, const pacing::Pace& pace) override {
    const std::lock_guard lock(mutex_);
    to_.paces(step, pace);
  }
  void advances(const Progress& progress) override {
    const std::lock_guard lock(mutex_);
    to_.advances(progress);
  }
  void verified(const VerificationResult& result) override {
    const std::lock_guard lock(mutex_);
    to_.verified(result);
  }
  void says(const std::string& message) override {
    const std::lock_guard lock(mutex_);
    to_.says(message);
  }

 private:
  std::mutex mutex_;
  Reporter& to_;
};

}  // namespace segue::runtime
