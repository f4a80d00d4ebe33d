// The ledger: what this database has been through, in schema segue.
//
// Everything is written with the caller's transaction, so that a step and its row commit together.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "codegen/plan_files.hpp"
#include "planner/plan.hpp"
#include "runtime/session.hpp"

namespace segue::runtime {

struct PhaseRecord {
  planner::Phase phase = planner::Phase::expand;
  std::string state;  // running, complete, undoing, undone
  std::string started_at;
  std::string finished_at;  // empty: not finished
  double age = 0;           // seconds since finished_at, by the server's clock
  std::string applied_by;
  std::string runner;  // "segue 0.1.0", "psql"
  std::string app_release;
  std::string checksum;

  bool complete() const { return state == "complete"; }
};

// A release that somebody said is fully out.
struct ReleaseRecord {
  std::string name;
  std::string acknowledged_at;
  std::string acknowledged_by;
  double age = 0;  // seconds
};

struct ChangeRecord {
  std::string name;
  std::string title;
  std::string digest;                   // empty: only psql has applied it
  std::string fingerprint;              // of the catalogue that its plan was made for
  std::vector<PhaseRecord> phases;      // by number; those that were begun
  std::vector<ReleaseRecord> releases;  // oldest acknowledgement first

  const PhaseRecord* phase(planner::Phase which) const;
  bool complete(planner::Phase which) const;
  bool contracted() const { return complete(planner::Phase::contract); }
  // Something of it is in the database.
  bool in_progress() const;
  // The first phase that is not complete; none: contracted.
  std::optional<planner::Phase> next() const;
};

// What is recorded with a step.
struct StepOutcome {
  bool found_done = false;  // there was nothing to do
  int attempts = 1;
  double lock_wait_ms = 0;  // the longest single wait for a lock; an upper bound
  double app_wait_ms = 0;   // the longest that an app was seen waiting behind the step
  std::optional<std::uint64_t> rows;
  double seconds = 0;
};

// Who is running, as the ledger tells it.
inline constexpr const char* runner_name = "segue " SEGUE_VERSION;

class Ledger {
 public:
  explicit Ledger(Session& session) : session_(session) {}

  bool exists();
  // Creates schema segue, or brings it up to date; in its own transaction. Throws Failed where the
  // role may not, Refused where a newer segue made it.
  void ensure();

  // Needs exists().
  std::optional<ChangeRecord> change(const std::string& name);
  std::vector<ChangeRecord> changes();
  // What the plans of the changes that are in progress make, without `except`.
  std::vector<planner::OwnedObject> owned_by_others(const std::string& except);

  // The changes that are begun and not contracted, without `except`; those that only psql has
  // applied left no plan that would say what they touch, and are left out.
  std::vector<planner::InFlight> in_flight(const std::string& except = "");

  // What other changes claim that were not contracted when this one began: what they do to it, up
  // to their contract, is no drift.
  std::vector<planner::ColumnUse> claimed_beside(const std::string& change);

  void meet(const codegen::ReviewedPlan& plan, const std::string& plan_json);
  // Keeps 'complete' where it is that already.
  void begin_phase(const codegen::ReviewedPlan& plan, planner::Phase phase,
                   const std::string& release);
  void complete_phase(const std::string& change, planner::Phase phase);
  void begin_undo(const std::string& change, planner::Phase phase);
  void complete_undo(const std::string& change, planner::Phase phase);

  bool has_done_steps(const std::string& change, planner::Phase phase);
  void begin_step(const std::string& change, const planner::Step& step);
  void complete_step(const std::string& change, const planner::Step& step,
                     const StepOutcome& outcome);
  void undo_step(const std::string& change, const planner::Step& step);
  // Ids of the steps of a change that were undone and not done again.
  std::set<std::string> undone_steps(const std::string& change);
  // Whether segue itself saw the step through; psql keeps no account of steps.
  bool has_done_step(const std::string& change, const planner::Step& step);
  // A step that was only a means of undoing another.
  void forget_step(const std::string& change, const std::string& step);

  // Needs phase 3. The first acknowledgement of a release since then counts; counts the calls of
  // all statements, where the role may see them.
  void acknowledge(const std::string& change, const std::string& release);
  // A LIKE pattern of application_name: so the sessions of the release before are called.
  void add_old_release(const std::string& change, const std::string& pattern);
  void note(const std::string& change, std::optional<planner::Phase> phase, const std::string& step,
            const std::string& what, const std::string& detail = "");

 private:
  Session& session_;
};

}  // namespace segue::runtime
