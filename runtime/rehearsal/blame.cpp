#include "runtime/rehearsal/blame.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace segue::runtime::rehearsal {

using planner::Phase;
using planner::Step;

bool Blame::is_paired(std::size_t table, const std::string& column) const {
  const auto& pairings = shapes_.tables[table].pairings;
  return std::any_of(pairings.begin(), pairings.end(), [&](const planner::Pairing& one) {
    const auto has = [&](const std::vector<std::string>& columns) {
      return std::find(columns.begin(), columns.end(), column) != columns.end();
    };
    return has(one.old_columns) || has(one.new_columns);
  });
}

const Step* Blame::triggers_of(std::size_t table) const {
  const auto& side = shapes_.tables[table].before;
  if (!side) return nullptr;
  const auto place = std::find_if(plan_.steps.begin(), plan_.steps.end(), [&](const Step& step) {
    return step.phase == Phase::dual_write &&
           std::any_of(step.locks.begin(), step.locks.end(), [&](const planner::LockUse& lock) {
             return lock.relation == side->table.name;
           });
  });
  return place == plan_.steps.end() ? nullptr : &*place;
}

const Step* Blame::backfill_of(std::size_t table) const {
  const auto& side = shapes_.tables[table].before;
  if (!side) return nullptr;
  const auto place = std::find_if(plan_.steps.begin(), plan_.steps.end(), [&](const Step& step) {
    const auto* pass = std::get_if<planner::BackfillPass>(&step.action);
    return pass != nullptr && pass->table == side->table.name;
  });
  return place == plan_.steps.end() ? nullptr : &*place;
}

void Blame::wrote(std::size_t table, const Key& key) {
  const Step* triggers = triggers_of(table);
  const Step* backfill = backfill_of(table);
  written_[{table, key}] = {triggers != nullptr && ended_.contains(triggers->id),
                            backfill == nullptr || ended_.contains(backfill->id)};
}

Culprit Blame::of(const Mismatch& mismatch, bool at_once) const {
  if (!is_paired(mismatch.table, mismatch.column)) return {};
  const std::string table = shapes_.tables[mismatch.table].name();
  const Step* triggers = triggers_of(mismatch.table);
  const Step* backfill = backfill_of(mismatch.table);
  const auto place = written_.find({mismatch.table, mismatch.key});
  const bool by_app = place != written_.end();
  const bool behind_both = by_app && place->second.behind_backfill &&
                           (place->second.behind_triggers || triggers == nullptr);
  if (by_app && (at_once || behind_both))
    return {triggers,
            triggers == nullptr
                ? fmt::format("no step of phase 2 carries what is written to {} over", table)
                : fmt::format("what is written to {} is carried over from step {} on", table,
                              triggers->id)};
  if (backfill == nullptr) return {nullptr, fmt::format("no step fills the rows of {}", table)};
  return {backfill, by_app
                        ? fmt::format("step {} met the row as it was written", backfill->id)
                        : fmt::format("step {} fills the rows that nobody writes", backfill->id)};
}

}  // namespace segue::runtime::rehearsal
