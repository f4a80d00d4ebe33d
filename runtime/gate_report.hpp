// `segue gate`: what the next phase asks, what was found, and whether that is proof.
#pragma once

#include <string>

#include "codegen/plan_files.hpp"
#include "runtime/clock.hpp"
#include "runtime/gate.hpp"
#include "runtime/reporter.hpp"

namespace segue::runtime {

struct GateReport {
  std::string change;
  planner::Phase phase = planner::Phase::expand;
  GateDecision decision;
};

// Needs no right to write. Throws Failed where the role may not read the ledger, DatabaseError.
GateReport report_gate(const codegen::ReviewedPlan& plan, std::optional<planner::Phase> phase,
                       const GateOptions& options, Session& session, const Clock& clock,
                       Reporter& reporter);

std::string gate_text(const GateReport& report);
std::string gate_json(const GateReport& report);  // one object, ends with a newline

}  // namespace segue::runtime
