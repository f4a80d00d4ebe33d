// What else takes part when a row is written: triggers and rules of the table's own, tables that
// inherit from it, and those who follow its changes.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "dsl/sql.hpp"
#include "dsl/sql_lexer.hpp"
#include "planner/carry.hpp"
#include "planner/table_hazards.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

std::string shown(const std::string& object, const Table& table) {
  return fmt::format("{} on {}", quote_identifier(object), quoted(table.name));
}

// A change's own triggers are known by their functions: a name may be anybody's.
bool is_own(const Trigger& trigger) {
  return trigger.function.schema != "segue" && !trigger.inherited && trigger.enabled != "disabled";
}

const Function* function_of(const Context& context, const Trigger& trigger) {
  const std::vector<Function>& functions = context.catalog.catalog().functions;
  const auto found = std::find_if(functions.begin(), functions.end(), [&](const Function& one) {
    return one.name == trigger.function;
  });
  return found == functions.end() ? nullptr : &*found;
}

// ---- Triggers before ours, and behind them
// -----------------------------------------------------------------------------------

// Columns for which a write of the new side replaces what is in the old one.
std::vector<std::string> written_over(const Context& context, const TableDraft& draft) {
  std::vector<std::string> columns;
  if (draft.rules.empty()) return columns;
  for (const Rename& rename : draft.renames) {
    if (!rename.keeps_name()) columns.push_back(rename.from);
  }
  for (const std::string& column : draft.dropped) {
    if (context.maps(draft.table->name, column)) columns.push_back(column);
  }
  return columns;
}

void own_before_triggers(Context& context, const TableDraft& draft, const Table& table,
                         std::string_view prefix, const std::vector<std::string>& columns) {
  for (const Trigger& trigger : table.triggers) {
    if (!is_own(trigger) || trigger.timing != "BEFORE" || !trigger.for_each_row) continue;
    if (!draft.rules.empty() && fires_behind(trigger, prefix)) {
      context.hazard("trigger-order", HazardLevel::refuses, shown(trigger.name, table),
                     "BEFORE triggers fire in the order of their names, and this one behind any "
                     "that segue can make: what it changes is not carried over.",
                     "Rename it; or, if it changes no column of this change, plan with --allow "
                     "trigger-order.");
    }
    const Function* function = function_of(context, trigger);
    if (function == nullptr || (!trigger.on_insert && !trigger.on_update)) continue;
    const dsl::sql::BodyNames& names = context.body_names(*function);
    for (const std::string& column : columns) {
      if (!names.assigned.contains(column) && !names.assigned.contains("*")) continue;
      context.hazard(
          "trigger-sets-column", HazardLevel::refuses, shown(trigger.name, table),
          fmt::format("It fires before old and new are made equal and sets {}: what the new "
                      "release writes into the column that takes its place passes it by, until "
                      "the row is written again.",
                      quote_identifier(column)),
          "See that the new release writes what the trigger would make of it, and let the trigger "
          "set the new column after phase 3; then plan with --allow trigger-sets-column.");
    }
  }
}

// ---- What the fill fires
// -----------------------------------------------------------------------------------

bool fires_on(const Trigger& trigger, const std::vector<Fill>& fills) {
  return trigger.on_update &&
         (trigger.update_of.empty() || std::any_of(fills.begin(), fills.end(), [&](const Fill& f) {
            return holds(trigger.update_of, f.column);
          }));
}

void fired_by_fill(Context& context, const TableDraft& draft, const Table& table) {
  for (const Trigger& trigger : table.triggers) {
    if (!is_own(trigger) || trigger.enabled == "origin" || !fires_on(trigger, draft.fills))
      continue;
    context.hazard("own-triggers-fire", HazardLevel::refuses, shown(trigger.name, table),
                   fmt::format("It is enabled for {}: the fill fires it, with "
                               "session_replication_role = replica too.",
                               trigger.enabled == "always" ? "always" : "replica"),
                   "If it may fire for every row once, plan with --allow own-triggers-fire.");
  }
}

void overwrites_without_a_key(Context& context, const TableDraft& draft) {
  const auto fill = std::find_if(draft.fills.begin(), draft.fills.end(),
                                 [](const Fill& one) { return one.in_place; });
  if (fill == draft.fills.end() || !row_key(*draft.table).empty()) return;
  context.hazard(
      "no-key", HazardLevel::refuses, quoted(draft.table->name),
      fmt::format("The fill overwrites values of {}, and the table has neither a primary key nor a "
                  "unique index over NOT NULL columns that would tell whose they were: undo leaves "
                  "the new ones.",
                  quote_identifier(fill->column)),
      "Give the table a key first; or, if undo may leave them, plan with --allow no-key.");
}

// The event of CREATE RULE name AS ON event TO …, as PostgreSQL prints it.
std::string event_of(const Rule& rule) {
  constexpr int place = 5;
  dsl::sql::Token token;
  for (int i = 0; i <= place; ++i) token = dsl::sql::next_token(rule.definition, token.end);
  return dsl::sql::fold(
      std::string_view{rule.definition}.substr(token.begin, token.end - token.begin));
}

void rules_on_update(Context& context, const Table& table) {
  for (const Rule& rule : table.rules) {
    if (event_of(rule) != "update") continue;
    context.hazard("rule-on-update", HazardLevel::refuses, shown(rule.name, table),
                   "It rewrites every UPDATE of the table, and so each batch of the fill: rows "
                   "stay unfilled, or something else is written for each of them.",
                   "Make it a trigger; or, if the fill's updates may run into it, plan with "
                   "--allow rule-on-update.");
  }
}

void inheritance(Context& context, const TableDraft& draft) {
  const Table& table = *draft.table;
  if (table.inherited_by.empty()) return;
  context.hazard("inheritance", HazardLevel::refuses, quoted(table.name),
                 fmt::format("{} inherits from it: a trigger does not follow inheritance, nor does "
                             "the fill, so its rows would stay as they are.",
                             quoted(table.inherited_by.front())),
                 "End the inheritance first; or, if no table below holds rows or gets any, plan "
                 "with --allow inheritance.");
}

void foreign_partition(Context& context, const TableDraft& draft, const Table& table) {
  if (table.kind != TableKind::foreign || !table.partition_of) return;
  if (draft.rules.empty() && draft.fills.empty() && draft.indexes.empty() &&
      draft.constraints.empty())
    return;
  context.hazard("foreign-table", HazardLevel::refuses, quoted(table.name),
                 fmt::format("It is a partition of {} on another server: no index can be built "
                             "there, no constraint is enforced, and no trigger sees what others "
                             "write.",
                             quoted(*table.partition_of)),
                 "Detach it first; or, if nothing but a fill is asked of it, plan with --allow "
                 "foreign-table.");
}

void partitions(Context& context, const TableDraft& draft, std::size_t count) {
  if (draft.table->kind != TableKind::partitioned) return;
  if (draft.rules.empty() && draft.fills.empty() && draft.indexes.empty() &&
      draft.constraints.empty())
    return;
  context.hazard("partitions", HazardLevel::note, quoted(draft.table->name),
                 fmt::format("The plan names its {} one by one, since neither CONCURRENTLY nor the "
                             "fill knows a partitioned table: one that comes or goes between two "
                             "phases is drift, and the next phase refuses.",
                             count == 1 ? "partition" : fmt::format("{} partitions", count)),
                 "Make those of the coming weeks before phase 1.");
}

// ---- Row security
// -----------------------------------------------------------------------------------

// Whether a phase reads or writes the rows of the table.
bool goes_over_rows(const Context& context, const TableDraft& draft) {
  const QualifiedName& name = draft.table->name;
  const std::vector<Verification>& promises = context.draft.verifications;
  const std::vector<LooseStep>& steps = context.draft.steps;
  return !draft.fills.empty() ||
         std::any_of(promises.begin(), promises.end(),
                     [&](const Verification& promise) { return promise.table == name; }) ||
         std::any_of(steps.begin(), steps.end(), [&](const LooseStep& loose) {
           const auto* look = std::get_if<NoRows>(&loose.step.action);
           return look != nullptr && look->table == name;
         });
}

// Unless it is forced it does not bind the owner, and nobody else may run the files.
void forced_row_security(Context& context, const Table& table) {
  if (!table.row_security || !table.force_row_security) return;
  context.hazard("forced-row-security", HazardLevel::note, quoted(table.name),
                 "Row security is forced on its owner too, and what hides a row would leave it "
                 "unfilled: the phases that go over its rows set row_security = off, with which "
                 "PostgreSQL fails (42501) for a role that policies bind.",
                 "Let a superuser, or a role with BYPASSRLS, apply the phases; or ALTER TABLE … NO "
                 "FORCE ROW LEVEL SECURITY up to contract, before the change is planned.");
}

// ---- Replication
// -----------------------------------------------------------------------------------

void replicated(Context& context, const TableDraft& draft, const Table& table) {
  for (const PublicationUse& use : table.publications) {
    if (!use.all_tables) continue;
    context.hazard(
        "ledger-published", HazardLevel::refuses, quote_identifier(use.publication),
        "It publishes all tables, those of schema segue too: a subscriber that lacks "
        "them stops applying as soon as segue writes what it did.",
        "Publish the tables by name; or create schema segue and whatever the files make in "
        "it on every subscriber (1_expand.sql begins with it), then plan with --allow "
        "ledger-published.");
  }
  const bool without = table.replica_identity == "nothing" ||
                       (table.replica_identity == "default" && table.primary_key() == nullptr);
  if (draft.fills.empty() || table.publications.empty() || !without ||
      table.kind == TableKind::partitioned)
    return;
  context.hazard(
      "replica-identity", HazardLevel::refuses, quoted(table.name),
      "It is published and has no replica identity: where the publication takes updates, "
      "PostgreSQL refuses each UPDATE, the fill's too.",
      "ALTER TABLE … REPLICA IDENTITY first; or, if only inserts are published, plan "
      "with --allow replica-identity.");
}

}  // namespace

void write_hazards(Context& context) {
  for (const auto& [name, draft] : context.draft.tables) {
    if (context.makes_table(name)) continue;
    const std::vector<const Table*> tree = tree_of(context.catalog, *draft.table);
    const std::vector<std::string> columns = written_over(context, draft);
    const std::string_view prefix = trigger_prefix(tree);
    overwrites_without_a_key(context, draft);
    if (!draft.rules.empty() || !draft.fills.empty()) inheritance(context, draft);
    partitions(context, draft, tree.size() - 1);
    const bool rows = goes_over_rows(context, draft);
    for (const Table* table : tree) {
      own_before_triggers(context, draft, *table, prefix, columns);
      if (!draft.fills.empty()) {
        fired_by_fill(context, draft, *table);
        rules_on_update(context, *table);
      }
      foreign_partition(context, draft, *table);
      if (rows) forced_row_security(context, *table);
      replicated(context, draft, *table);
    }
  }
}

}  // namespace segue::planner
