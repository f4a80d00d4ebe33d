// A plan as JSON and back; plan.json wraps it with checksums and line numbers.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "planner/plan.hpp"

namespace segue::codegen {

// Everything but the steps' line numbers and the files' checksums.
nlohmann::ordered_json to_json(const planner::Plan& plan);
nlohmann::ordered_json to_json(const planner::Hazard& hazard);
// Throws nlohmann::json::exception or SnapshotError where a field is missing or of the wrong kind.
planner::Plan plan_from_json(const nlohmann::ordered_json& json);

}  // namespace segue::codegen
