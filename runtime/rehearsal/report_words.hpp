// Words and numbers that the three kinds of report share.
#pragma once

#include <string>
#include <vector>

#include "runtime/rehearsal/result.hpp"

namespace segue::runtime::rehearsal {

// "display_name: passed", "display_name: FAILED at 2.1 Create trigger …"
std::string verdict(const Rehearsal& rehearsal);
// One paragraph: what ran, on what, for how long.
std::string summary(const Rehearsal& rehearsal);

std::string milliseconds_text(double ms);     // "0.42 ms", "17 ms", "1.2 s"
std::string bytes_text(std::uint64_t bytes);  // "812 B", "3.4 MB"
// "users ACCESS EXCLUSIVE"; "none" for an empty list.
std::vector<std::string> lock_words(const std::vector<planner::LockUse>& locks);
std::vector<std::string> lock_words(const std::vector<HeldLock>& locks);
// What a step did to data, in words: "rewrote users", "read users", "built users_idx"; empty:
// nothing but the catalogue.
std::vector<std::string> deeds(const Trace& trace);
std::string did_nothing_else(const TracedStep& step);  // for an empty list of those

// ", but for step 3.1, which psql alone ran"; empty where all was played beside the apps.
std::string but_for(const Rehearsal& rehearsal);

// The promise's line in the summary table: how often it was looked at, and what came of it.
struct PromiseLine {
  Promise promise = Promise::executable;
  std::uint64_t looked_at = 0;
  std::uint64_t broken = 0;
  std::string kept;  // in words, where nothing broke it
};
std::vector<PromiseLine> promise_lines(const Rehearsal& rehearsal);

// "before 1 expand", "during 2 dual-write", …: the key of Rehearsal::waits in words.
std::string phase_words(int phase);

}  // namespace segue::runtime::rehearsal
