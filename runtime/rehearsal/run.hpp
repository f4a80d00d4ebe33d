// One run of a plan from its first phase to its last, with the apps at work between all steps.
//
// Everything in it happens in one thread and in an order that the seed decides, so that a run can
// be played again, with less and less in it, until only what is needed for a failure is left.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "codegen/plan_files.hpp"
#include "runtime/rehearsal/audit.hpp"
#include "runtime/rehearsal/result.hpp"
#include "runtime/rehearsal/stage.hpp"
#include "runtime/rehearsal/statement.hpp"
#include "runtime/rehearsal/writer.hpp"

namespace segue::runtime::rehearsal {

// What a run does to the schema: applies up to `last`, and undoes that again where it is below 4.
struct Leg {
  int last = 4;
  bool undo = false;
};

// A statement that was sent, and when.
struct Sent {
  std::string moment;  // "leg 3 · 2.1 after"
  Statement statement;
};

struct Violation {
  Promise promise = Promise::executable;
  planner::Phase phase = planner::Phase::expand;
  std::string step;    // id and title
  std::string moment;  // of the statement or check that saw it
  std::string saw;
  std::string should_see;
  std::string because;
  std::optional<Mismatch> mismatch;
  std::optional<Statement> statement;  // that failed
  std::size_t leg = 0;

  // Played again, is it this that came of it?
  bool same_as(const Violation& other) const { return promise == other.promise; }
};

struct PlayOptions {
  std::uint64_t seed = 1;
  std::size_t batch = 8;  // statements at each moment
  std::vector<Leg> legs{{1, true}, {2, true}, {3, true}, {4, false}};
  const std::vector<Sent>* script = nullptr;  // play these and no others
  bool crash = false;  // segue is killed at every boundary of a step, and runs again
};

// A moment of a run, and who might write at it.
struct Chance {
  std::string moment;
  std::set<Release> releases;
};

struct Played {
  std::vector<Sent> sent;
  std::vector<Chance> chances;                 // in order
  std::map<std::string, std::uint64_t> tried;  // "old app: insert"
  std::map<Promise, std::uint64_t> checks;
  std::optional<Violation> violation;
  std::vector<std::string> notes;
};

Played play(Stage& stage, const codegen::ReviewedPlan& plan, const PlayOptions& options);

Story tell(const Stage& stage, const std::vector<Sent>& script, const Violation& violation);

// The smallest story that still fails, within `budget` seconds of playing.
Story shrink(Stage& stage, const codegen::ReviewedPlan& plan, const PlayOptions& options,
             const Played& played, Seconds budget);

}  // namespace segue::runtime::rehearsal
