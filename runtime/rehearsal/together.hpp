// Both releases and segue at the same time: writers that meet each other and the plan's locks.
//
// What is checked is exact all the same. While a step runs, each row belongs to one writer, so
// that every writer's own history is serial and the order among them does not matter; the model
// has made all of their statements before the first one is sent. Beside that all of them write a
// few shared rows (shared_rows.hpp). Between two steps everybody has ended, and what each release
// reads is held against the model.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "codegen/plan_files.hpp"
#include "runtime/rehearsal/result.hpp"
#include "runtime/rehearsal/run.hpp"
#include "runtime/rehearsal/stage.hpp"

namespace segue::runtime::rehearsal {

struct TogetherOptions {
  std::uint64_t seed = 1;
  Leg leg;
  std::size_t writers = 3;     // each writes for both releases, where both may run
  std::size_t statements = 4;  // of each writer while one step runs
  Seconds stall_budget{1.0};   // of waiting for segue, for one statement
};

struct Together {
  std::map<std::string, std::uint64_t> tried;
  std::map<Promise, std::uint64_t> checks;
  std::optional<Violation> violation;
  std::vector<Sent> last;  // what the rows of a violation were sent, latest last
  std::map<int, Waits> waits;
  std::vector<Stretch> timeline;
  std::vector<Latency> latencies;
  std::vector<std::string> notes;
};

Together play_together(Stage& stage, const codegen::ReviewedPlan& plan,
                       const TogetherOptions& options);

}  // namespace segue::runtime::rehearsal
