// One phase of a reviewed plan, on a live database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "codegen/plan_files.hpp"
#include "runtime/gate.hpp"
#include "runtime/run_context.hpp"
#include "runtime/verify.hpp"

namespace segue::runtime {

struct ApplyOptions {
  std::optional<planner::Phase> phase;  // none: the next one
  std::string release;  // the app release that goes with it; for contract: that is fully out
  GateOptions gate;
  RunOptions run;
  bool dry_run = false;  // say what would be done, and do nothing
};

struct ApplyReport {
  planner::Phase phase = planner::Phase::expand;
  bool nothing_to_do = false;  // contracted already
  std::size_t steps = 0;
  std::size_t found_done = 0;
  double seconds = 0;
  double longest_lock_wait_ms = 0;
  std::vector<VerificationResult> verified;
};

// Throws Refused (exit 3), Failed and DatabaseError (exit 1). Whatever it throws, and wherever it
// is killed, the same call goes on from there.
ApplyReport apply(const codegen::ReviewedPlan& plan, const ApplyOptions& options,
                  const Connector& connector, Clock& clock, Reporter& reporter);

// "segue ack": a release is fully out. Refused before phase 3 is complete. `old_release`: patterns
// of application_name by which the sessions of the one before are told.
void acknowledge(const codegen::ReviewedPlan& plan, const std::string& release,
                 const Connector& connector, const std::vector<std::string>& old_release = {});

// How often a step may lose its connection and be looked at again before that is a failure: once
// for an accident, once for a restart; a third time somebody means it.
inline constexpr int losses_per_step = 2;

}  // namespace segue::runtime
