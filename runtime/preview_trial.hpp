// The parts of a preview that ask the server and the machine.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "runtime/preview.hpp"

namespace segue::runtime {

// Sizes, and the trial. `untried` says why a trial could not be. `allowed`: codes of objections
// that somebody has taken upon them.
PassPreview try_pass(Session& session, const planner::Step& step, const planner::BackfillPass& pass,
                     const std::set<std::string>& allowed);

// The free bytes of the disk with the server's data directory, where that is on this machine:
// PostgreSQL itself does not tell. `source` says how that is known, or why it is not.
std::optional<std::uint64_t> visible_free_space(Session& session, std::string& source);

}  // namespace segue::runtime
