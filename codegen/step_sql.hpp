// The SQL of one step: what stands in the phase's file and what the runtime takes from there.
#pragma once

#include <string>
#include <string_view>

#include "planner/plan.hpp"

namespace segue::codegen {

// Complete statements, without the scaffolding that psql needs around them.
std::string action_sql(const planner::Action& action);
// "transaction", "concurrent-index", "backfill", "no-rows".
std::string_view kind_of(const planner::Action& action);
// Whether it runs inside one transaction of its own.
bool is_transactional(const planner::Action& action);

}  // namespace segue::codegen
