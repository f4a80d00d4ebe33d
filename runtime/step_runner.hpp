// The seam between an apply and what it does with each step: run it, or only say so.
#pragma once

#include <memory>

#include "planner/plan.hpp"
#include "runtime/run_context.hpp"

namespace segue::runtime {

class StepRunner {
 public:
  virtual ~StepRunner() = default;
  virtual StepOutcome run(const planner::Step& step) = 0;
  // A step's undo actions, in their order, and its ledger row.
  virtual void undo(const planner::Step& step) = 0;
};

// On the runner's connection; connects again after a loss and looks at what was done. `context`
// must outlive it.
std::unique_ptr<StepRunner> make_step_runner(const RunContext& context);

// Says whether each step is done already; `session` must outlive it.
std::unique_ptr<StepRunner> make_dry_runner(Session& session, Reporter& reporter);

}  // namespace segue::runtime
