// rename table T -> U: at once, with a view under the old name for the release that still uses it.
#include <fmt/format.h>

#include <algorithm>

#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"
#include "planner/recipes/stand_in.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

// Before whatever else the file does to the table, since that names it by its new name; a new table
// may reference it.
constexpr int first = -950;
// In phase 4: the view reads columns that may go.
constexpr int drop_view = 2;

void function_hazards(Context& context, const QualifiedName& from, const QualifiedName& to) {
  for (const Function* function : functions_naming(context, from)) {
    context.hazard("table-in-function", HazardLevel::stops_contract,
                   fmt::format("{}({})", quoted(function->name), function->arguments),
                   fmt::format("Its body names {}; PostgreSQL would find out that the name is gone "
                               "only when it runs.",
                               quoted(from)),
                   fmt::format("After phase 1, replace it by one that names {}.", quoted(to)));
  }
}

void notes(Context& context, const QualifiedName& from, const QualifiedName& to) {
  const std::string old_name = fmt::format("`{}`", from.name);
  const std::string new_name = fmt::format("`{}`", to.name);
  auto& expand = context.draft.notes_for(Phase::expand);
  auto& contract = context.draft.notes_for(Phase::contract);
  context.note(expand.changes,
               fmt::format("The table {} is called {}; a view {} lets the old release go on.",
                           old_name, new_name, old_name));
  context.note(expand.may,
               fmt::format("name {} instead of {} at once: the new release may go out right after "
                           "this phase, and both run together.",
                           new_name, old_name));
  context.note(expand.must_not,
               fmt::format("COPY {0}, TRUNCATE it, or name its constraints in ON CONFLICT ON "
                           "CONSTRAINT, its ctid, xmin or xmax: it is a view by then.",
                           old_name));
  context.note(
      expand.watch,
      "Sequences, indexes and constraints keep their names, as ALTER TABLE … RENAME leaves "
      "them.");
  context.note(contract.changes, fmt::format("The view {} is gone.", old_name));
  context.note(contract.must_not, fmt::format("name {} any more.", old_name));
}

}  // namespace

void plan(Context& context, const dsl::RenameTable& intent) {
  const dsl::TableName& given = intent.table;
  const Table* table = nullptr;
  StandIn stand_in;
  for (const auto& [to, from] : context.renamed_tables) {
    if (to.name != intent.to.name || from.name != given.name.name ||
        (given.schema && from.schema != given.schema->name))
      continue;
    table = context.catalog.table(to);
    stand_in = {table, from, to, {}};
  }
  if (table == nullptr) {
    // The catalogue has no such table, or what is wrong with the new name was said already.
    const bool twice =
        std::any_of(context.renamed_tables.begin(), context.renamed_tables.end(),
                    [&](const auto& renamed) { return renamed.second.name == given.name.name; });
    if (!twice) static_cast<void>(context.table(given));
    return;
  }
  if (const auto dropped = context.dropped_tables().find(stand_in.aside);
      dropped != context.dropped_tables().end()) {
    context.error(context.statement->span,
                  fmt::format("table {} is renamed here and dropped by another statement",
                              quoted(stand_in.view)),
                  "one file leads to one end state: leave one of them out",
                  {{dropped->second, "dropped here"}});
    return;
  }

  Step rename;
  rename.phase = Phase::expand;
  rename.title =
      fmt::format("Rename {} to {}", quoted(stand_in.view), quote_identifier(stand_in.aside.name));
  rename.action = Transaction{put_stand_in(context, stand_in)};
  rename.why =
      "both names from one moment on: the table under the new one, a view that reads and writes it "
      "under the old one; catalogue changes only";
  rename.locks = {{stand_in.view, LockMode::access_exclusive}};
  rename.done = stand_in_exists(stand_in);
  rename.undo = {Transaction{take_stand_in_away(stand_in)}};
  context.add_step(first, std::move(rename));

  look_for_users(context, stand_in, order::last_look);
  Step drop;
  drop.phase = Phase::contract;
  drop.title = fmt::format("Drop the view {}", quoted(stand_in.view));
  drop.action =
      Transaction{fmt::format("DROP VIEW IF EXISTS {} RESTRICT;\n", quoted(stand_in.view))};
  drop.why = "the release that used the old name is gone";
  drop.locks = {{stand_in.view, LockMode::access_exclusive}};
  drop.done = probe::relation_missing(stand_in.view);
  drop.undo_note = "none: forward fix, as a new change";
  context.add_step(drop_view, std::move(drop));

  context.draft.stand_ins.emplace(stand_in.aside, stand_in.view);
  context.own(ObjectKind::table, stand_in.view, stand_in.aside.name);
  context.own(ObjectKind::view, stand_in.view, stand_in.view.name);
  stand_in_hazards(context, stand_in, false);
  function_hazards(context, stand_in.view, stand_in.aside);
  notes(context, stand_in.view, stand_in.aside);
}

}  // namespace segue::planner
