// Gathers what a gate decides by.
#pragma once

#include "codegen/plan_files.hpp"
#include "runtime/gate.hpp"
#include "runtime/session.hpp"

namespace segue::runtime {

// Everything but the verifications, which take their time. `ledger_exists` false: a database that
// segue has not been to. `old_release`: patterns that the ledger need not know.
GateFacts gather_facts(Session& session, const codegen::ReviewedPlan& plan, planner::Phase phase,
                       bool ledger_exists, const std::vector<std::string>& old_release = {});

// Who still uses what contract removes.
OldReleaseFacts find_old_release(Session& session, const planner::Plan& plan,
                                 const ChangeRecord& change,
                                 const std::vector<std::string>& patterns);

// The promises that must hold before contract, and what PostgreSQL itself keeps of them.
std::vector<Promise> find_promises(Session& session, const planner::Plan& plan);

// Live objects that need one of the plan's old columns and are not the plan's own to carry.
std::vector<Dependent> find_dependents(Session& session, const planner::Plan& plan);

// What of the plan's tables is no longer as it was planned for, objects of this and other changes
// left out; before contract views, functions and policies too, since mending them is asked for.
std::vector<std::string> find_drift(Session& session, const planner::Plan& plan,
                                    planner::Phase phase,
                                    const std::vector<planner::OwnedObject>& owned_by_others);

}  // namespace segue::runtime
