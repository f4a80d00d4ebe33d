// Promises about every row of a table, looked at in short chunks.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "planner/plan.hpp"
#include "runtime/reporter.hpp"
#include "runtime/run_context.hpp"
#include "runtime/table_scan.hpp"

namespace segue::runtime {

struct VerificationResult {
  planner::QualifiedName table;
  std::string promise;
  Findings findings;
  double seconds = 0;
  std::string refusal = {};  // why the role may not read the rows; empty: they were read

  bool holds() const { return findings.found == 0; }
};

// The verifications that must hold once `phase` is the last one applied: nothing of the old can be
// compared any more after contract.
std::vector<const planner::Verification*> verifications_after(const planner::Plan& plan,
                                                              planner::Phase phase);

// `session` is asked before each chunk. Throws DatabaseError.
std::vector<VerificationResult> verify(const std::function<Session&()>& session, Reporter& reporter,
                                       const Clock& clock,
                                       const std::vector<const planner::Verification*>& what);

// "public.users: 3 of 1,000 rows break the promise that display_name is full_name:\n  id = 7 …";
// empty where it holds.
std::string describe(const VerificationResult& result);

// A whole plan's promises in a live database, without the runner lock: nothing is written.
struct PlanVerification {
  std::vector<VerificationResult> results;
  bool filled = false;      // phase 3 is complete: all must hold; before it rows may differ
  bool contracted = false;  // what was old is gone; only what outlives it was looked at
};
// Throws Refused before phase 1 is complete: there is nothing to compare yet.
PlanVerification verify_plan(const planner::Plan& plan, Session& session, Reporter& reporter,
                             const Clock& clock);

// A step that must find no row: Failed, or Refused where it is a gate, with the rows' keys.
StepOutcome run_no_rows(const RunContext& context, const planner::Step& step,
                        const planner::NoRows& action);
// The same without a ledger row: an undo action.
void require_no_rows(const RunContext& context, const planner::Step& step,
                     const planner::NoRows& action);

}  // namespace segue::runtime
