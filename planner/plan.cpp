#include "planner/plan.hpp"

namespace segue::planner {

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::expand:
      return "expand";
    case Phase::dual_write:
      return "dual-write";
    case Phase::backfill:
      return "backfill";
    case Phase::contract:
      return "contract";
  }
  return "";
}

std::string_view name_of(LockMode mode) {
  switch (mode) {
    case LockMode::access_share:
      return "ACCESS SHARE";
    case LockMode::row_share:
      return "ROW SHARE";
    case LockMode::row_exclusive:
      return "ROW EXCLUSIVE";
    case LockMode::share_update_exclusive:
      return "SHARE UPDATE EXCLUSIVE";
    case LockMode::share:
      return "SHARE";
    case LockMode::share_row_exclusive:
      return "SHARE ROW EXCLUSIVE";
    case LockMode::exclusive:
      return "EXCLUSIVE";
    case LockMode::access_exclusive:
      return "ACCESS EXCLUSIVE";
  }
  return "";
}

std::string_view name_of(Scan scan) {
  switch (scan) {
    case Scan::catalogue:
      return "catalogue";
    case Scan::reads:
      return "reads";
    case Scan::writes:
      return "writes";
    case Scan::builds_index:
      return "builds-index";
  }
  return "";
}

std::string_view name_of(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::column:
      return "column";
    case ObjectKind::constraint:
      return "constraint";
    case ObjectKind::index:
      return "index";
    case ObjectKind::trigger:
      return "trigger";
    case ObjectKind::function:
      return "function";
    case ObjectKind::statistics:
      return "statistics";
    case ObjectKind::view:
      return "view";
    case ObjectKind::policy:
      return "policy";
    case ObjectKind::table:
      return "table";
    case ObjectKind::type:
      return "type";
  }
  return "";
}

std::string_view name_of(HazardLevel level) {
  switch (level) {
    case HazardLevel::note:
      return "note";
    case HazardLevel::stops_contract:
      return "stops-contract";
    case HazardLevel::refuses:
      return "refuses";
  }
  return "";
}

}  // namespace segue::planner
