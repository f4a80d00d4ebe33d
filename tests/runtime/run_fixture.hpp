// What the tests of a running plan share: one server, a database each, plans made by hand.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "codegen/plan_files.hpp"
#include "runtime/apply.hpp"
#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "runtime/undo.hpp"

namespace segue::runtime::test {

// users(id, full_name, note) -> display_name, as the planner would make it, in few words.
codegen::ReviewedPlan rename_plan(const std::string& table = "users");

// A step with one transaction.
planner::Step transaction_step(const std::string& id, planner::Phase phase, const std::string& sql,
                               const std::string& done = "", const std::string& undo = "");

// Remembers what it was told.
class Recorder final : public Reporter {
 public:
  void phase_begins(const planner::Plan&, planner::Phase) override {}
  void phase_ends(const planner::Plan&, planner::Phase, double) override {}
  void step_begins(const planner::Step& step) override {
    if (on_step) on_step(step);
  }
  void step_ends(const planner::Step& step, const StepOutcome& outcome) override {
    steps.push_back(step.id + (outcome.found_done ? " found done" : ""));
    outcomes[step.id] = outcome;
  }
  void undo_begins(const planner::Step& step) override { steps.push_back("undo " + step.id); }
  void waits(const std::string&, const std::string& why) override { waited.push_back(why); }
  void paces(const std::string&, const pacing::Pace& pace) override {
    const std::lock_guard lock(mutex);
    paced.push_back(pace);
  }
  void advances(const Progress& progress) override {
    last = progress;
    if (on_progress) on_progress(progress);
  }
  void verified(const VerificationResult&) override {}
  void says(const std::string& message) override { said.push_back(message); }

  std::vector<std::string> steps;
  std::map<std::string, StepOutcome> outcomes;
  std::vector<std::string> waited;
  std::vector<std::string> said;
  std::vector<pacing::Pace> paced;
  std::mutex mutex;  // paces are told from another thread
  Progress last;
  std::function<void(const Progress&)> on_progress;
  std::function<void(const planner::Step&)> on_step;
};

class RunTest : public testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();
  void SetUp() override;

  std::unique_ptr<Session> open(const std::string& application = "app") const {
    return connect(conninfo_, application);
  }
  Connector connector() const {
    return [this] { return connect(conninfo_, "segue"); };
  }
  std::string ask(const std::string& sql) const { return open()->exec(sql).scalar(); }
  void make_users(int rows) const;

  ApplyReport apply_phase(int phase, const std::string& release = "");
  ApplyReport apply_with(int phase, ApplyOptions options);

  // At the app's pace, as the command line has it.
  static ApplyOptions watched();
  // Until it holds; false after ten seconds.
  template <typename Condition>
  static bool soon(const Condition& condition) {
    for (int i = 0; i < 1000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  static std::unique_ptr<ThrowawayServer> server_;
  std::string conninfo_;
  codegen::ReviewedPlan plan_;
  Recorder recorder_;
};

// The exception that `use` throws; a failure where it throws none.
template <typename Exception, typename Use>
Exception thrown_by(const Use& use) {
  try {
    use();
  } catch (const Exception& exception) {
    return exception;
  }
  ADD_FAILURE() << "nothing was thrown";
  throw std::logic_error("nothing was thrown");
}

}  // namespace segue::runtime::test
