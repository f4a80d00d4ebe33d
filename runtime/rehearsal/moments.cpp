#include "runtime/rehearsal/moments.hpp"

namespace segue::runtime::rehearsal {

namespace {

using planner::Phase;
using planner::Plan;
using planner::Step;

class MomentReporter final : public Reporter {
 public:
  MomentReporter(Reporter& inner, const Moments& moments) : inner_(inner), moments_(moments) {}

  void phase_begins(const Plan& plan, Phase phase) override { inner_.phase_begins(plan, phase); }
  void phase_ends(const Plan& plan, Phase phase, double seconds) override {
    inner_.phase_ends(plan, phase, seconds);
  }
  void step_begins(const Step& step) override {
    step_ = &step;
    if (moments_.before_step) moments_.before_step(step);
    inner_.step_begins(step);
  }
  void step_ends(const Step& step, const StepOutcome& outcome) override {
    inner_.step_ends(step, outcome);
    step_ = nullptr;
    if (moments_.after_step) moments_.after_step(step);
  }
  void undo_begins(const Step& step) override {
    if (moments_.before_undo) moments_.before_undo(step);
    inner_.undo_begins(step);
  }
  void waits(const std::string& step, const std::string& why) override { inner_.waits(step, why); }
  void paces(const std::string& step, const pacing::Pace& pace) override {
    inner_.paces(step, pace);
  }
  void advances(const Progress& progress) override {
    inner_.advances(progress);
    if (step_ != nullptr && moments_.within_step) moments_.within_step(*step_);
  }
  void verified(const VerificationResult& result) override { inner_.verified(result); }
  void says(const std::string& message) override { inner_.says(message); }

 private:
  Reporter& inner_;
  const Moments& moments_;
  const Step* step_ = nullptr;
};

}  // namespace

std::unique_ptr<Reporter> with_moments(Reporter& inner, const Moments& moments) {
  return std::make_unique<MomentReporter>(inner, moments);
}

}  // namespace segue::runtime::rehearsal
