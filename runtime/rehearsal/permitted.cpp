#include "runtime/rehearsal/permitted.hpp"

#include <algorithm>

namespace segue::runtime::rehearsal {

std::vector<Permission> permitted(const Shapes& shapes, const Progressed& at) {
  const Permission old_app{Release::before, Release::before, true, false};
  if (at.undoing) return {old_app};
  const int base = at.under_way > 0 ? at.under_way - 1 : at.complete;
  const Permission new_app{Release::after, Release::after, base >= 3, at.complete == 4};
  if (at.under_way == 4 || at.complete == 4) return {new_app};
  if (base < 2) return {old_app};
  // One release writes both; nobody can derive how it does that.
  if (shapes.by_app) return {};
  if (shapes.one_way) return {base == 2 ? old_app : new_app};
  return {old_app, new_app};
}

bool is_in_between(const TableShape& shape, const Progressed& at) {
  return at.under_way == 4 && shape.swaps_in(planner::Phase::contract);
}

bool must_reconnect(const TableShape& shape, const Progressed& at, const std::string& sqlstate) {
  constexpr const char* cached_plan = "0A000";
  return sqlstate == cached_plan &&
         std::any_of(
             planner::all_phases.begin(), planner::all_phases.end(),
             [&](planner::Phase phase) { return shape.swaps_in(phase) && at.may_be_new(phase); });
}

}  // namespace segue::runtime::rehearsal
