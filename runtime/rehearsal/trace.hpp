// What each step really did, told by PostgreSQL: looks over the runtime's shoulder and changes
// nothing of what it does.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/rehearsal/result.hpp"
#include "runtime/reporter.hpp"
#include "runtime/runner_connection.hpp"

namespace segue::runtime::rehearsal {

// Hands the runtime sessions and a reporter that take notes. Locks are read from pg_locks in the
// transaction that holds them, right before its COMMIT; those of a CONCURRENTLY statement by a
// second session while an open snapshot holds it up for a moment. For databases where this process
// may do as it likes: it connects twice more, and takes no lock on anybody's table.
class StepTracer {
 public:
  StepTracer();
  ~StepTracer();
  StepTracer(const StepTracer&) = delete;
  StepTracer& operator=(const StepTracer&) = delete;

  // What was given must live as long as what is answered, and the tracer longer than both.
  Connector wrap(Connector connector);
  std::unique_ptr<Reporter> wrap(Reporter& reporter);

  // The steps that have ended since the last call, in the order they ran, each with what it did
  // beyond its declaration. Steps that were found done are left out.
  std::vector<TracedStep> take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// What a step did beyond its declaration, a sentence each: a lock that is stronger than declared or
// on a relation that is not declared, a rewrite, a scan or an index build that `scan` does not
// tell. ACCESS SHARE is what every SELECT takes and never beyond; nor is what a step did to
// relations that it made itself.
// A step that declares no lock at all (the author's own SQL) is not measured by locks.
std::vector<std::string> beyond_declared(const planner::Step& step, const Trace& trace);

// Locks that a step declares and did not take, or not so strong; worth knowing, no failure.
std::vector<std::string> declared_too_much(const planner::Step& step, const Trace& trace);

// A step's milliseconds at the target's size. Rests on this: what reads or writes rows takes time
// in proportion to them, what builds an index n log n; what only touches the catalogue takes the
// same at any size, and so do the first milliseconds of every step. A machine that is as fast as
// this one, a table that fits as well into its memory and nobody in the way are taken for granted,
// so it is an order of magnitude and no promise. None where a count is not known.
std::optional<double> projected_ms(planner::Scan scan, const Trace& trace, double rows_here,
                                   double rows_there);

}  // namespace segue::runtime::rehearsal
