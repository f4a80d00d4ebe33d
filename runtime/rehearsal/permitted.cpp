#include "runtime/rehearsal/permitted.hpp"

#include <algorithm>

namespace segue::runtime::rehearsal {

namespace {

// No trigger keeps both sides: the release that writes them by itself has to be there before the
// backfill, and alone; while the old side goes nobody knows which of the two may be written.
std::vector<Permission> permitted_by_app(const Shapes& shapes, const Progressed& at) {
  const Permission old_app{Release::before, Release::before};
  if (at.undoing) return at.complete < 3 ? std::vector{old_app} : std::vector<Permission>{};
  if (at.complete < 3 && at.under_way < 3) return {old_app};
  if (at.under_way == 4 && shapes.gone_by_app) return {};
  const bool last = at.under_way == 4 || at.complete == 4;
  return {{Release::after, Release::after, at.complete >= 3, at.complete == 4, !last}};
}

}  // namespace

std::vector<Permission> permitted(const Shapes& shapes, const Progressed& at) {
  if (shapes.by_app) return permitted_by_app(shapes, at);
  const Permission old_app{Release::before, Release::before, true, false};
  if (at.undoing) return {old_app};
  const int base = at.under_way > 0 ? at.under_way - 1 : at.complete;
  const Permission new_app{Release::after, Release::after, base >= 3, at.complete == 4};
  if (at.under_way == 4 || at.complete == 4) return {new_app};
  if (base < 2) return {old_app};
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
