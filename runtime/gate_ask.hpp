// Asking a gate: facts, rows where they have to be looked at, decision. What `segue gate` shows and
// what stops `segue apply`.
#pragma once

#include <functional>

#include "codegen/plan_files.hpp"
#include "runtime/clock.hpp"
#include "runtime/gate.hpp"
#include "runtime/reporter.hpp"

namespace segue::runtime {

struct GateRequest {
  planner::Phase phase = planner::Phase::expand;
  bool ledger_exists = false;
  GateOptions options;
  bool refused_too = false;  // look at the rows also where something else refuses already
};

// The first phase that is not complete; contract where all are.
planner::Phase next_phase(const std::optional<ChangeRecord>& change);

// `session` is asked before each piece of a table. Writes nothing. Throws DatabaseError.
GateDecision ask_gate(const std::function<Session&()>& session, const codegen::ReviewedPlan& plan,
                      const GateRequest& request, const Clock& clock, Reporter& reporter);

}  // namespace segue::runtime
