// What a rehearsal found out, as a value: the report, the JSON and the ledger are made from it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "planner/plan.hpp"

namespace segue::runtime::rehearsal {

using Seconds = std::chrono::duration<double>;

// ---- What a statement or step really did
// ------------------------------------------------------------------

struct HeldLock {
  planner::LockUse use;
  // From the beginning of the statement that took it until the end of its transaction.
  double held_ms = 0;
  // What it is a part of: an index's or a sequence's table, a partition's parent, that one's
  // parent.
  std::vector<planner::QualifiedName> within;
};

// Told by PostgreSQL itself: pg_locks, its debug messages, relfilenodes, its statistics.
struct Trace {
  std::vector<HeldLock> locks;            // the strongest per relation, by relation
  std::vector<std::string> rewrites;      // relations that got a new file
  std::vector<std::string> sequences;     // those of them that are: one row, whatever is declared
  std::vector<std::string> scans;         // tables read through: verification, validation, others
  std::vector<std::string> index_builds;  // new indexes on tables that were there before
  std::vector<std::string> proofs;        // "existing constraints … are sufficient to prove …"
  std::vector<std::string> messages;      // PostgreSQL's own words for the four above, in order
  std::vector<std::string> made;          // relations that were not there before
  std::uint64_t wal_bytes = 0;            // of the whole server meanwhile, so an upper bound
  double milliseconds = 0;

  // What took time in proportion to its rows.
  std::vector<std::string> rewritten_tables() const;
};

struct TracedStep {
  std::string id;
  std::string title;
  planner::Phase phase = planner::Phase::expand;
  std::vector<planner::LockUse> declared_locks;
  planner::Scan declared_scan = planner::Scan::catalogue;
  Trace trace;
  std::optional<double> projected_ms;  // at the target's size, where that is known
  std::vector<std::string> beyond;     // what it did that the plan does not declare; sentences
};

// ---- What the releases saw
// ------------------------------------------------------------------

// The promises of a plan, and two that only a rehearsal can look at.
enum class Promise : std::uint8_t {
  executable,     // every statement of every release that may run, runs
  no_lost_write,  // each release reads what a serial run would have left
  complete,       // no row has new distinct from map(old)
  stall,          // nobody waits longer than the plan's budget
  reversible,     // undo gives the schema back, and no row changed but by the app
  rerunnable,     // each file again, from any point, by segue or psql: the same state
  as_declared,    // no step does more than the plan says
  end_state       // what plain DDL makes
};
inline constexpr int promises = 8;
std::string_view name_of(Promise promise);  // "no lost write"

// One line of a story: who did what, and what came of it.
struct StoryLine {
  std::string who;   // "old app", "new app", "segue"
  std::string what;  // the statement, or "2.1 Create trigger …"
  std::string came;  // "ok", "1 row", "ERROR: … (42703)"; empty: nothing to say
};

// The smallest failing story: which statement, at which step, what it saw and should have seen.
struct Story {
  Promise promise = Promise::executable;
  planner::Phase phase = planner::Phase::expand;
  std::string step;  // id, and title after a blank; empty: no single step
  std::vector<StoryLine> lines;
  std::string saw;
  std::string should_see;
  std::string because;  // what in the plan is to blame, where that can be told; else empty
  std::uint64_t seed = 0;
};

// How often something was tried: "old app: insert", "interleavings", "kills", "undo from phase 2".
struct Tried {
  std::string what;
  std::uint64_t times = 0;
  std::uint64_t failed = 0;
};

// A stretch of the timeline, in seconds from the start of the rehearsal's main run.
struct Stretch {
  std::string lane;  // "phase", "segue", "lock"
  std::string label;
  double from = 0;
  double to = 0;
};

// One statement of an app that took its time.
struct Latency {
  double at = 0;  // seconds from the start of the main run
  double ms = 0;
  bool new_release = false;
};

struct Waits {
  std::uint64_t statements = 0;
  std::uint64_t errors = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double longest_ms = 0;
};

struct Rehearsal {
  std::string plan;  // its name
  std::string title;
  std::string digest;                            // of plan.json
  std::map<std::string, std::string> checksums;  // file name -> SHA-256
  bool covers = true;                            // what apply --require-rehearsal takes for enough
  std::string covers_not;                        // why it does not; a clause: "it was a quick one"
  std::string server;                            // "15.18"
  std::string server_note;                       // where the target's major was not to be had
  std::string apps;                              // "derived from the catalogue", "old.sql, new.sql"
  std::uint64_t seed = 0;
  std::map<std::string, std::uint64_t> rows;         // table -> rows that it was filled with
  std::map<std::string, std::uint64_t> target_rows;  // as the target has them; empty: not known
  std::vector<TracedStep> steps;
  std::vector<Tried> tried;
  std::map<Promise, std::uint64_t> checks;  // how often each promise was looked at
  std::vector<Story> stories;               // empty: passed
  std::map<int, Waits> waits;               // by the phase that runs or has run last; 0: before 1
  std::vector<Stretch> timeline;
  std::vector<Latency> latencies;     // the slowest of each twentieth of a second
  std::vector<std::string> notes;     // what was not tried, and why
  std::vector<std::string> unplayed;  // ids of edited steps that only psql ran, with no app beside
  double seconds = 0;
  std::vector<std::pair<std::string, double>> spent;  // what took them, in order

  bool passed() const { return stories.empty(); }
};

}  // namespace segue::runtime::rehearsal
