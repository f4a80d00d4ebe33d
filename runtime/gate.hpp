// Whether a phase may be applied now. A pure decision over facts that others gather.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "planner/plan.hpp"
#include "runtime/errors.hpp"
#include "runtime/ledger.hpp"
#include "runtime/verify.hpp"

namespace segue::runtime {

// Something live that still needs an old column.
struct Dependent {
  std::string code;    // the hazard's: "view", "function-body", …
  std::string object;  // "public.user_card(bigint)"
  std::string needs;   // "public.users.full_name"

  friend bool operator==(const Dependent&, const Dependent&) = default;
};

// The codes that dependents are looked for by, so that a plan's hazard of that code is settled by
// what is there now and not by what was there when the plan was made.
const std::set<std::string>& dependent_codes();

struct GateFacts {
  planner::Phase phase = planner::Phase::expand;
  std::optional<ChangeRecord> change;  // none: the ledger does not know it
  std::string digest;                  // of the plan at hand
  std::string fingerprint;
  bool in_recovery = false;
  std::vector<std::string> not_contracted;   // changes that had to be contracted first
  std::vector<planner::InFlight> in_flight;  // other changes, before phase 1 does anything
  std::vector<std::string> drift;            // sentences
  std::vector<std::string> undone_steps;     // of earlier phases: "2.1 Create trigger …"
  std::vector<Dependent> dependents;         // contract only
  std::vector<VerificationResult> verified;  // contract only, empty before they were run
};

struct GateOptions {
  std::string skip_soak;          // the reason; empty: the soak counts
  std::set<std::string> allowed;  // codes
};

enum class Verdict { allow, nothing_to_do, refuse };

struct GateDecision {
  Verdict verdict = Verdict::allow;
  std::vector<Objection> objections;
  bool soak_skipped = false;  // would have refused, had nobody given a reason
};

GateDecision decide(const planner::Plan& plan, const GateFacts& facts, const GateOptions& options);

// The first acknowledgement that is not older than the end of phase 3: before it no release could
// have been right to read what is new.
const ReleaseRecord* release_that_counts(const ChangeRecord& change);

}  // namespace segue::runtime
