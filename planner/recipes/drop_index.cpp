// drop index I: gone once no release needs it.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

std::set<std::string> key_columns(const Index& index) {
  std::set<std::string> columns;
  for (const IndexKeyPart& part : index.keys) columns.insert(part.column);
  return columns;
}

bool serves_keys(const Index& index) {
  return index.unique && index.predicate.empty() && !key_columns(index).contains("");
}

// A foreign key stands on one unique index of its target, which may be a mere index.
bool free_of_references(Context& context, const dsl::DropIndex& intent, const Table& table,
                        const Index& index) {
  if (!serves_keys(index)) return true;
  const std::set<std::string> columns = key_columns(index);
  const bool another =
      std::any_of(table.indexes.begin(), table.indexes.end(), [&](const Index& other) {
        return &other != &index && serves_keys(other) && key_columns(other) == columns;
      });
  if (another) return true;
  for (const CatalogIndex::IncomingKey& key : context.catalog.foreign_keys_to(table.name)) {
    const auto& target = key.constraint->target_columns;
    if (std::set<std::string>(target.begin(), target.end()) != columns || context.drops_key(key))
      continue;
    context.error(intent.index.span,
                  fmt::format("the foreign key {} of {} stands on the index",
                              quote_identifier(key.constraint->name), quoted(key.table->name)),
                  fmt::format("drop it in the same file: drop constraint {}.{}",
                              quoted(key.table->name), quote_identifier(key.constraint->name)));
    return false;
  }
  return true;
}

bool may_go(Context& context, const dsl::DropIndex& intent, const Table& table,
            const Index& index) {
  if (context.drops_table(table.name)) {
    context.error(intent.index.span, fmt::format("{} is dropped in this file", quoted(table.name)),
                  "its indexes go with it");
    return false;
  }
  if (!table.extension.empty()) {
    context.error(intent.index.span, fmt::format("{} belongs to extension \"{}\"",
                                                 quoted(table.name), table.extension));
    return false;
  }
  if (!index.constraint.empty()) {
    context.error(intent.index.span,
                  fmt::format("the index belongs to the constraint {} of {}",
                              quote_identifier(index.constraint), quoted(table.name)),
                  fmt::format("write: drop constraint {}.{}", quoted(table.name),
                              quote_identifier(index.constraint)));
    return false;
  }
  if (!index.partition_of.empty()) {
    context.error(intent.index.span,
                  fmt::format("it is the part of index {} on partition {}",
                              quote_identifier(index.partition_of), quoted(table.name)),
                  "drop that one: its parts go with it");
    return false;
  }
  return free_of_references(context, intent, table, index);
}

void hazards(Context& context, const Table& table, const Index& index) {
  const std::string name = quoted({table.name.schema, index.name});
  if (index.unique) {
    context.hazard("unique-lost", HazardLevel::note, name,
                   "From phase 4 on nothing keeps out duplicates there, and ON CONFLICT over these "
                   "columns fails.",
                   "The release that is out by then must need neither.");
  }
  if (index.replica_identity) {
    context.hazard("replica-identity", HazardLevel::refuses, name,
                   "It is the table's replica identity: without it UPDATE and DELETE of a "
                   "published table fail.",
                   "ALTER TABLE … REPLICA IDENTITY to another one first; then plan with --allow "
                   "replica-identity.");
  }
}

}  // namespace

void plan(Context& context, const dsl::DropIndex& intent) {
  const auto found = context.index(intent.index);
  if (!found || !may_go(context, intent, *found->table, *found->index)) return;
  const Table& table = *found->table;
  const QualifiedName name{table.name.schema, found->index->name};
  hazards(context, table, *found->index);
  context.draft.touched.push_back(table.name);
  Step step;
  step.phase = Phase::contract;
  step.title = fmt::format("Drop index {}", quoted(name));
  step.done = probe::relation_missing(name);
  step.undo_note = "none: forward fix, as a new change";
  if (table.kind == TableKind::partitioned) {
    step.action = Transaction{fmt::format("DROP INDEX IF EXISTS {} RESTRICT;\n", quoted(name))};
    step.why =
        "an index of a partitioned table cannot be dropped CONCURRENTLY; a catalogue change, over "
        "in milliseconds once the locks are there";
    for (const Table* one : tree_of(context.catalog, table))
      step.locks.push_back({one->name, LockMode::access_exclusive});
  } else {
    step.action = ConcurrentIndex{
        table.name, name, true,
        fmt::format("DROP INDEX CONCURRENTLY IF EXISTS {} RESTRICT;", quoted(name))};
    step.why =
        "CONCURRENTLY: reads and writes go on, it waits for the statements that still use it";
    step.locks = {{table.name, LockMode::share_update_exclusive}};
  }
  context.add_step(5, std::move(step));
  context.note(context.draft.notes_for(Phase::contract).changes,
               fmt::format("Index `{}` on `{}` is gone.", name.name, table.name.name));
  context.note(context.draft.notes_for(Phase::backfill).watch,
               fmt::format("Index `{}` goes in phase 4: look in pg_stat_user_indexes whether "
                           "anything still uses it.",
                           name.name));
}

}  // namespace segue::planner
