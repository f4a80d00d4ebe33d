// Both releases and segue at the same time: writers that meet each other and the plan's locks.
//
// What is checked is exact all the same. A row that is being written is leased to one writer, so
// that the model sees the writes of each row in the database's order; the rest is free.
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
  std::size_t writers = 4;    // each writes for both releases, where both may run
  Seconds breath{0.05};       // between two steps, so that writers get to what lies between
  Seconds between{0.15};      // between two phases
  Seconds stall_budget{1.0};  // of waiting for segue, for one statement
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
