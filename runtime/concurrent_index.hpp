// CREATE and DROP INDEX CONCURRENTLY: no transaction, and leftovers of an earlier try are mended.
#pragma once

#include "planner/plan.hpp"
#include "runtime/run_context.hpp"

namespace segue::runtime {

// A build that fails leaves nothing behind; one that was killed is rebuilt. Throws Failed, and
// DatabaseError where the connection is lost.
StepOutcome run_concurrent_index(const RunContext& context, const planner::Step& step,
                                 const planner::ConcurrentIndex& action);

// The same without a ledger row: an undo action.
void make_concurrent_index(const RunContext& context, const planner::Step& step,
                           const planner::ConcurrentIndex& action);

}  // namespace segue::runtime
