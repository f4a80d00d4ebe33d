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
  std::string code;        // the hazard's: "view", "function-body", …
  std::string object;      // "public.user_card(bigint)"
  std::string needs;       // "public.users.full_name"
  bool tracked = true;     // by PostgreSQL, which does not drop the column under it
  bool same_name = false;  // the column takes its new form under its own name

  friend bool operator==(const Dependent&, const Dependent&) = default;
};

// The codes that dependents are looked for by, so that a plan's hazard of that code is settled by
// what is there now and not by what was there when the plan was made.
const std::set<std::string>& dependent_codes();

// What of a plan's promises PostgreSQL itself keeps.
struct Promise {
  planner::QualifiedName table;
  std::string promise;
  std::string proof;  // the validated CHECK that keeps it; empty: none does

  friend bool operator==(const Promise&, const Promise&) = default;
};

// An application's sessions that are open now.
struct OpenSessions {
  std::string application;
  std::string role;
  std::uint64_t count = 0;
  bool old = false;  // it is called as the old release is
};

// A statement that was called since a release was said to be out.
struct OldStatement {
  std::string role;
  std::string text;  // on one line, cut
  std::uint64_t calls = 0;
  std::string column;  // "public.users.full_name"
  bool named = false;  // else it uses the column as one of all: *, INSERT without a column list
};

// Somebody wrote what is old, and a tripwire saw it.
struct Sighting {
  std::string application;
  std::string role;
  std::string relation;
  std::string columns;
  std::string last;  // when
};

// Who still uses what contract removes, as far as can be seen.
struct OldReleaseFacts {
  std::string since;                  // what was acknowledged last: "v43"; empty: nothing yet
  std::vector<std::string> patterns;  // of application_name
  std::vector<OpenSessions> sessions;
  std::string
      statements_unseen;  // why there is nothing to say of statements; empty: they were seen
  std::vector<OldStatement> statements;
  std::vector<Sighting> sightings;
};

struct GateFacts {
  planner::Phase phase = planner::Phase::expand;
  std::optional<ChangeRecord> change;  // none: the ledger does not know it
  std::string digest;                  // of the plan at hand
  std::string fingerprint;
  bool in_recovery = false;
  std::vector<std::string> not_contracted;     // changes that had to be contracted first
  std::vector<planner::InFlight> in_flight;    // other changes, before phase 1 does anything
  std::vector<std::string> drift;              // sentences
  std::vector<std::string> undone_steps;       // of earlier phases: "2.1 Create trigger …"
  std::string firing_triggers;                 // backfill only: those that the role may not silence
  std::optional<OldReleaseFacts> old_release;  // contract only
  std::vector<Dependent> dependents;           // contract only
  std::vector<Promise> promises;               // contract only
  std::vector<VerificationResult> verified;  // of those without a proof; empty before they were run
  bool begun = false;  // a contract that was cut short: what it removes is partly gone
};

struct GateOptions {
  std::string skip_soak;                 // the reason; empty: the soak counts
  std::set<std::string> allowed;         // codes
  std::vector<std::string> old_release;  // patterns of application_name, with those of the ledger
};

// What an answer stands on.
enum class Basis {
  proof,    // PostgreSQL vouches for it, or the ledger's own record; the phase itself holds to it
  evidence  // what somebody said, or what could be seen from here
};
std::string_view name_of(Basis basis);

enum class Answer {
  yes,
  no,
  allowed,  // no, and somebody said to go on
  unknown   // nobody could look; stops nothing by itself
};
std::string_view name_of(Answer answer);

// One thing that a phase asks before it does anything.
struct Question {
  std::string code;  // that of its objections
  std::string asks;  // what has to be so: "phase 3 (backfill) is complete"
  Answer answer = Answer::yes;
  Basis basis = Basis::proof;
  std::string found;  // what is known of it; may be empty
  std::vector<Objection> objections;
};

enum class Verdict { allow, nothing_to_do, refuse };

struct GateDecision {
  Verdict verdict = Verdict::allow;
  std::vector<Question> questions;    // in the order that they are asked
  std::vector<Objection> objections;  // of all of them
  bool soak_skipped = false;          // would have refused, had nobody given a reason
  bool looked = false;                // at all rows whose promises PostgreSQL does not keep
};

GateDecision decide(const planner::Plan& plan, const GateFacts& facts, const GateOptions& options);

// The first acknowledgement that is not older than the end of phase 3: before it no release could
// have been right to read what is new.
const ReleaseRecord* release_that_counts(const ChangeRecord& change);

}  // namespace segue::runtime
