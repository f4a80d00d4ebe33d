// drop table T: it steps aside first, so that the drop itself can hold up nobody.
#include <fmt/format.h>

#include <algorithm>

#include "planner/names.hpp"
#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

// Places in phase 4: after the contracts of other tables, which may take foreign keys away.
constexpr int look_for_readers = 20;
constexpr int out_of_sight = 21;
constexpr int drop_keys = 22;
constexpr int drop = 23;

bool may_go(Context& context, const dsl::DropTable& intent, const Table& table) {
  const std::string name = quoted(table.name);
  bool free = true;
  const auto refuse = [&](std::string message, std::string hint) {
    context.error(intent.table.span, std::move(message), std::move(hint));
    free = false;
  };
  if (table.partition_of) {
    refuse(fmt::format("{} is a partition of {}", name, quoted(*table.partition_of)),
           "detach it first: ALTER TABLE … DETACH PARTITION … CONCURRENTLY");
  }
  for (const QualifiedName& child : table.inherited_by) {
    if (!context.drops_table(child))
      refuse(fmt::format("{} inherits from {}", quoted(child), name),
             "drop it in the same file, or take it out of the inheritance first");
  }
  for (const Table* one : tree_of(context.catalog, table)) {
    for (const CatalogIndex::IncomingKey& key : context.catalog.foreign_keys_to(one->name)) {
      if (!key.constraint->inherited_from.empty() || key.table == &table || context.drops_key(key))
        continue;
      refuse(fmt::format("{} ({}) references {}", quoted(key.table->name),
                         joined(key.constraint->columns), name),
             fmt::format("drop that in the same file: drop constraint {}.{}",
                         quoted(key.table->name), quote_identifier(key.constraint->name)));
    }
    for (const View* view : context.catalog.views_of(one->name)) {
      refuse(fmt::format("{} {} reads {}", view->materialized ? "materialized view" : "view",
                         quoted(view->name), name),
             "make it read something else, or drop it, before this change");
    }
  }
  return free;
}

void hazards(Context& context, const Table& table) {
  const std::string name = quoted(table.name);
  for (const Function& function : context.catalog.catalog().functions) {
    if (!function.extension.empty()) continue;
    bool speaks = std::any_of(function.uses.begin(), function.uses.end(),
                              [&](const ColumnUse& use) { return use.table == table.name; });
    if (!speaks && !function.atomic &&
        (function.language == "sql" || function.language == "plpgsql")) {
      const dsl::sql::BodyNames& names = context.body_names(function);
      speaks = names.parsed ? names.relations.contains(table.name.name)
                            : function.body.find(table.name.name) != std::string::npos;
    }
    if (!speaks) continue;
    context.hazard(
        "table-in-function", HazardLevel::stops_contract,
        fmt::format("{}({})", quoted(function.name), function.arguments),
        fmt::format("Its body names {}; PostgreSQL would find out only when it runs.", name),
        "After phase 3, replace or drop it.");
  }
  for (const PublicationUse& publication : table.publications) {
    if (publication.all_tables) continue;
    context.hazard(
        "publication-lost", HazardLevel::note,
        fmt::format("{} of {}", quote_identifier(publication.publication), name),
        "The publication loses the table; subscribers keep their copy, which no longer changes.",
        "Tell those who read it there.");
  }
}

// Whatever came to hang on the table since the plan was made.
std::string dependents(Context& context, const Table& table) {
  std::string dropped;
  for (const auto& [name, span] : context.dropped_tables()) {
    for (const Table* part : tree_of(context.catalog, *context.catalog.table(name)))
      dropped +=
          fmt::format("{}{}", dropped.empty() ? "" : ", ", quote_literal(quoted(part->name)));
  }
  const std::string oid = probe::relation(table.name);
  return fmt::format(
      "SELECT 'foreign key ' || conname || ' of ' || conrelid::pg_catalog.regclass::text\n"
      "  FROM pg_catalog.pg_constraint WHERE contype = 'f' AND confrelid = {0}\n"
      "   AND conrelid NOT IN (SELECT pg_catalog.to_regclass(n) FROM pg_catalog.unnest(ARRAY[{1}]) "
      "AS n WHERE pg_catalog.to_regclass(n) IS NOT NULL)\n"
      "UNION SELECT 'view ' || r.ev_class::pg_catalog.regclass::text\n"
      "  FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid\n"
      " WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.refobjid = {0} AND "
      "r.ev_class <> {0}",
      oid, dropped);
}

void look_for_dependents(Context& context, const Table& table) {
  NoRows check;
  check.table = table.name;
  check.columns = {"what"};
  check.violators = dependents(context, table);
  check.message = fmt::format("{} is still needed", quoted(table.name));
  check.hint = "make them do without it; then run the phase again";
  check.gate = true;
  Step step;
  step.phase = Phase::contract;
  step.title = fmt::format("Look for what still needs {}", quoted(table.name));
  step.why =
      "nothing is taken along: what came to hang on the table since the plan was made stops the "
      "phase here";
  // Once the first of the file's tables has stepped aside, all of them were looked at.
  for (const auto& [name, span] : context.dropped_tables()) {
    step.done +=
        fmt::format("{}{}", step.done.empty() ? "" : "\n    OR ", probe::relation_missing(name));
  }
  step.undo_note = "nothing: it only reads";
  step.action = std::move(check);
  context.add_step(look_for_readers, std::move(step));
}

}  // namespace

void plan(Context& context, const dsl::DropTable& intent) {
  const Table* table = context.table(intent.table);
  if (table == nullptr || !may_go(context, intent, *table)) return;
  hazards(context, *table);
  context.draft.touched.push_back(table->name);
  look_for_dependents(context, *table);

  const QualifiedName aside{table->name.schema,
                            context.own_relation_name(*table, table->name.name + " dropped")};
  Step away;
  away.phase = Phase::contract;
  away.title = fmt::format("Let {} step aside", quoted(table->name));
  away.action = Transaction{fmt::format("ALTER TABLE {} RENAME TO {};\n", quoted(table->name),
                                        quote_identifier(aside.name))};
  away.why =
      "a catalogue change: whoever still asks for it is told at once, while its rows are still "
      "there, and nobody waits behind the drop";
  away.locks = {{table->name, LockMode::access_exclusive}};
  away.done = probe::relation_missing(table->name);
  away.undo_note = "before the drop below: rename it back by hand";
  context.add_step(out_of_sight, std::move(away));

  for (const Constraint& key : table->constraints) {
    if (key.kind != ConstraintKind::foreign_key || key.target == table->name ||
        !key.inherited_from.empty())
      continue;
    // The other table may have stepped aside too.
    Step cut;
    cut.phase = Phase::contract;
    cut.title = fmt::format("Drop {} of {}", quote_identifier(key.name), quoted(aside));
    cut.action = Transaction{fmt::format("ALTER TABLE IF EXISTS {} DROP CONSTRAINT IF EXISTS {};\n",
                                         quoted(aside), quote_identifier(key.name))};
    cut.why = fmt::format(
        "the foreign key's triggers are on both tables: {} is locked for this moment, not while "
        "files are removed",
        quoted(key.target));
    const QualifiedName target =
        context.drops_table(key.target)
            ? QualifiedName{key.target.schema,
                            own_name(context.change_name(), key.target.name + " dropped")}
            : key.target;
    cut.locks = {{aside, LockMode::access_exclusive}, {target, LockMode::access_exclusive}};
    cut.done = probe::constraint_missing(aside, key.name);
    cut.undo_note = "none: forward fix, as a new change";
    context.add_step(drop_keys, std::move(cut));
  }

  Step gone;
  gone.phase = Phase::contract;
  gone.title = fmt::format("Drop {}, which was {}", quoted(aside), quoted(table->name));
  gone.action = Transaction{fmt::format("DROP TABLE IF EXISTS {} RESTRICT;\n", quoted(aside))};
  gone.why = "RESTRICT: refuses rather than take anything along";
  gone.locks = {{aside, LockMode::access_exclusive}};
  gone.done = probe::relation_missing(aside);
  gone.undo_note = "none: forward fix, as a new change";
  context.add_step(drop, std::move(gone));

  const std::string shown = fmt::format("`{}`", table->name.name);
  context.note(context.draft.notes_for(Phase::backfill).may,
               fmt::format("do without {}; the old release goes on with it.", shown));
  context.note(context.draft.notes_for(Phase::contract).changes,
               fmt::format("{} is gone, and its rows with it.", shown));
  context.note(context.draft.notes_for(Phase::contract).must_not,
               fmt::format("name {} any more.", shown));
}

}  // namespace segue::planner
