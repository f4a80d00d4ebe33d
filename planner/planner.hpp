// Change + Catalog -> Plan.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dsl/change.hpp"
#include "dsl/diagnostic.hpp"
#include "dsl/source.hpp"
#include "planner/catalog.hpp"
#include "planner/plan.hpp"

namespace segue::planner {

struct PlanOptions {
  std::set<std::string> allowed_hazards;  // --allow CODE
};

struct PlanResult {
  std::optional<Plan> plan;  // none where there is an error or a hazard that refuses
  std::vector<dsl::Diagnostic> diagnostics;
  std::vector<Hazard> refusals;  // hazards that refused; exit 3, while diagnostics mean exit 2
};

// Plans one change. Deterministic: the same inputs give the same plan, to the byte.
PlanResult make_plan(const dsl::Source& source, const dsl::Change& change, const Catalog& catalog,
                     const PlanOptions& options = {});

}  // namespace segue::planner
