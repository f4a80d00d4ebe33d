// Back from any phase before contract.
#pragma once

#include <vector>

#include "codegen/plan_files.hpp"
#include "runtime/run_context.hpp"

namespace segue::runtime {

struct UndoOptions {
  int to = 0;  // the last phase that stays: 0 to 2
  RunOptions run;
  bool dry_run = false;
};

struct UndoReport {
  std::vector<planner::Phase> undone;  // latest first; empty: there was nothing to undo
  std::size_t steps = 0;
  double seconds = 0;
};

// Undoes the steps of each phase in reverse order, also of phases that psql applied or that were
// cut short. Throws as apply does; the same call goes on where it was cut short.
UndoReport undo(const codegen::ReviewedPlan& plan, const UndoOptions& options,
                const Connector& connector, Clock& clock, Reporter& reporter);

}  // namespace segue::runtime
