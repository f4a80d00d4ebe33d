// The questions of a gate, as its parts put them; inside the runtime only.
#pragma once

#include "runtime/gate.hpp"

namespace segue::runtime {

void object(Question& question, Objection objection);
// What is allowed by name is told, and stops nothing.
void object_unless(Question& question, bool allowed, Objection objection);

// What only phase 4 asks, once it has something to remove: release, soak, who still needs what is
// old, and old = new.
void ask_contract(const planner::Plan& plan, const GateFacts& facts, const GateOptions& options,
                  GateDecision& decision);

// Whether anybody still uses what contract removes: sessions, statements, a tripwire's notes.
void ask_old_release(const planner::Plan& plan, const OldReleaseFacts& facts,
                     const std::set<std::string>& allowed, std::vector<Question>& questions);

}  // namespace segue::runtime
