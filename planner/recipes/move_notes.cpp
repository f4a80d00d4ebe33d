#include "planner/recipes/move_notes.hpp"

#include <fmt/format.h>

#include "planner/recipes/by_app.hpp"

namespace segue::planner {

namespace {

const Index* unique_index_of(const Table& table, const std::string& column) {
  for (const Index& index : table.indexes) {
    if (!index.unique) continue;
    for (const IndexKeyPart& part : index.keys)
      if (part.column == column) return &index;
  }
  return nullptr;
}

}  // namespace

void move_notes(Context& context, const Move& move) {
  const std::string from = fmt::format("`{}.{}`", move.from->name.name, move.old_column);
  const std::string to = fmt::format("`{}.{}`", move.to->name.name, move.new_column);
  auto& expand = context.draft.notes_for(Phase::expand);
  auto& dual = context.draft.notes_for(Phase::dual_write);
  auto& backfill = context.draft.notes_for(Phase::backfill);
  auto& contract = context.draft.notes_for(Phase::contract);
  context.note(expand.changes, fmt::format("{} appears, empty.", to));
  context.note(expand.must_not, fmt::format("name {} yet.", to));
  context.note(dual.changes,
               fmt::format("Every write of {} reaches {}, and the other way round. A row deleted "
                           "from `{}` empties {}; a row deleted from `{}` leaves {}.",
                           from, to, move.from->name.name, to, move.to->name.name, from));
  context.note(dual.may, fmt::format("write {}.", to));
  context.note(dual.must_not, fmt::format("read {}: older rows do not have it yet.", to));
  context.note(dual.must_not,
               fmt::format("TRUNCATE `{}`, nor may the old release: no row trigger sees it.",
                           move.from->name.name));
  context.note(dual.watch,
               fmt::format("A transaction that writes many rows of one of the tables, or that "
                           "inserts rows of `{}`, and one that writes the same pairs in the other "
                           "table in another order can deadlock, as two that write one table can: "
                           "write rows in one order.",
                           move.to->name.name));
  context.note(
      dual.watch,
      fmt::format("Of two releases that write one pair at the same moment, the one that "
                  "waits writes last. If it is the old one and is rolled back then, or "
                  "may be one that waits and does not write (its row was written within a "
                  "savepoint that is released), what the new one wrote reaches {} with the "
                  "next commit of a write of `{}` or `{}` that is not SERIALIZABLE.",
                  from, move.from->name.name, move.to->name.name));
  context.note(dual.watch,
               "A prepared transaction (`PREPARE TRANSACTION`) that writes one of the tables may "
               "hold rows of other pairs, too, until it is committed.");
  if (const Index* unique = unique_index_of(*move.from, move.old_column))
    context.note(dual.watch,
                 fmt::format("{} is in the unique index `{}`: a release that writes a row of `{}` "
                             "twice in one transaction and an old one that writes its {} at that "
                             "moment can deadlock, and the application has to try again.",
                             from, unique->name, move.to->name.name, from));
  context.note(backfill.changes, fmt::format("{} is filled on every row.", to));
  context.note(backfill.may,
               fmt::format("read and write {} alone; the old release goes on with {}.", to, from));
  context.note(contract.changes, fmt::format("{} is gone; {} has its place.", from, to));
  context.note(contract.must_not, fmt::format("name {} any more.", from));
  context.note(contract.watch,
               fmt::format("Values of {} without a row of `{}` stop this phase: they would be "
                           "lost.",
                           from, move.to->name.name));
}

void move_notes_by_app(Context& context, const Move& move) {
  const std::string from = fmt::format("`{}.{}`", move.from->name.name, move.old_column);
  const std::string to = fmt::format("`{}.{}`", move.to->name.name, move.new_column);
  auto& expand = context.draft.notes_for(Phase::expand);
  auto& dual = context.draft.notes_for(Phase::dual_write);
  auto& backfill = context.draft.notes_for(Phase::backfill);
  auto& contract = context.draft.notes_for(Phase::contract);
  context.note(expand.changes, fmt::format("{} appears, empty.", to));
  context.note(expand.must_not, fmt::format("name {} yet.", to));
  context.note(dual.changes,
               fmt::format("No trigger: the release that goes with this phase writes {} and {} "
                           "itself, both in one transaction, in every INSERT and UPDATE of either; "
                           "it empties {} where it deletes a row of `{}` or gives it another key.",
                           from, to, to, move.from->name.name));
  context.note(dual.must_not, fmt::format("read {}, or write one of the two alone.", to));
  context.note(backfill.watch,
               fmt::format("Every release that writes {} alone is gone before this phase, and may "
                           "not come back after it: nothing carries over what it writes, and phase "
                           "4 stops at it.",
                           from));
  context.note(backfill.changes, fmt::format("{} is filled where it was NULL.", to));
  context.note(backfill.may,
               fmt::format("read {} instead of {}; it goes on writing both.", to, from));
  context.note(contract.changes, fmt::format("{} is gone; {} has its place.", from, to));
  context.note(contract.must_not, fmt::format("name {} any more.", from));
  app_at_contract(context, *move.from, move.old_column, from, "both have to be written");
}

}  // namespace segue::planner
