// What a plan does when nobody else is at work: its end, its way back, its files run again.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "codegen/plan_files.hpp"
#include "runtime/rehearsal/result.hpp"
#include "runtime/rehearsal/run.hpp"
#include "runtime/rehearsal/stage.hpp"

namespace segue::runtime::rehearsal {

struct StillRun {
  std::vector<TracedStep> steps;
  std::optional<Violation> violation;
  std::map<std::string, std::uint64_t> tried;
  std::map<Promise, std::uint64_t> checks;
  std::vector<std::string> notes;
};

// Every phase by segue, twice each, every step traced; the end held against plain DDL's, rows and
// all.
StillRun apply_by_segue(Stage& stage, const codegen::ReviewedPlan& plan);

// Undo from each phase: structure, rows and sequences as they were.
StillRun undo_from_each_phase(Stage& stage, const codegen::ReviewedPlan& plan);

// Every file by psql: cut short behind a step that the seed picks, then whole, then whole again.
// Notes that it was not tried where there is no psql.
StillRun apply_by_psql(Stage& stage, const codegen::ReviewedPlan& plan, std::uint64_t seed);

}  // namespace segue::runtime::rehearsal
