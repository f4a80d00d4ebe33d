// drop T.c: the column is gone, once no release knows it.
#include <fmt/format.h>

#include <algorithm>

#include "planner/holds.hpp"
#include "planner/probe.hpp"
#include "planner/recipes/by_app.hpp"
#include "planner/recipes/left_out.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

// Foreign keys of other tables that stand on the column: they may go only if their own columns do.
bool free_of_references(Context& context, const dsl::DropColumn& intent, const Table& table,
                        const std::string& column) {
  bool free = true;
  for (const CatalogIndex::IncomingKey& key : context.catalog.foreign_keys_to(table.name)) {
    if (!holds(key.constraint->target_columns, column) || context.drops_key(key)) continue;
    const bool goes_too =
        std::any_of(key.constraint->columns.begin(), key.constraint->columns.end(),
                    [&](const std::string& one) { return context.drops(key.table->name, one); });
    if (goes_too) {
      TableDraft& draft = context.draft_of(table);
      draft.contract_locks.push_back(key.table->name);
      draft.contract.push_back(
          {ContractSlot::drop_foreign_key, "both ends go",
           fmt::format("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {};\n", quoted(key.table->name),
                       quote_identifier(key.constraint->name)),
           "", context.here()});
      continue;
    }
    free = false;
    context.error(intent.column.column.span,
                  fmt::format("{} ({}) references column \"{}\"", quoted(key.table->name),
                              joined(key.constraint->columns), column),
                  "drop the referencing column in the same file, or before");
  }
  return free;
}

void name_what_goes_along(Context& context, const Table& table, const std::string& column) {
  for (const Index& index : table.indexes) {
    const bool more = index.keys.size() > 1 || !index.predicate.empty();
    const bool names = std::any_of(index.keys.begin(), index.keys.end(),
                                   [&](const IndexKeyPart& part) { return part.column == column; });
    if (!(names && more) && !holds(index.include, column) &&
        !holds(index.expression_columns, column))
      continue;
    context.hazard("index-lost", HazardLevel::note, quoted({table.name.schema, index.name}),
                   "The index holds other columns too and goes with the dropped one.",
                   "If queries need it, write an `index` statement over the columns that stay.");
  }
  for (const Constraint& constraint : table.constraints) {
    if (constraint.columns.size() < 2 || !holds(constraint.columns, column)) continue;
    context.hazard(
        "constraint-lost", HazardLevel::note,
        fmt::format("{} of {}", quote_identifier(constraint.name), quoted(table.name)),
        "The constraint names other columns too and goes with the dropped one.",
        "If the rule still holds, write it again as a statement over the columns that stay.");
  }
}

void fill_back(Context& context, const dsl::DropColumn& intent, const Table& table,
               const Column& column) {
  const auto expression = context.expression(table, *intent.back, NamesOf::after, "`back`");
  if (!expression) return;
  if (!column.default_value.empty()) {
    context.warning(intent.back->span, "the column has a default, which fills it before `back` can",
                    "leave `back` out, or say `default … none` in a change before this one");
  }
  TriggerRule rule;
  const std::string name = quote_identifier(column.name);
  rule.comment = fmt::format("the new release does not write {}; the old one still reads it", name);
  rule.when = fmt::format("NEW.{} IS NULL", name);
  rule.body =
      fmt::format("    NEW.{} := {};\n", name, over_new_row(table, *intent.back, *expression));
  rule.insert_only = true;
  rule.reads_tables = expression->has_subquery;
  rule.source = context.here();
  context.draft_of(table).rules.push_back(std::move(rule));
  context.note(
      context.draft.notes_for(Phase::dual_write).changes,
      fmt::format(
          "Rows inserted without `{}.{}` get the `back` value, for the old release to read.",
          table.name.name, column.name));
}

// The application keeps the column as it was: nobody has to fill it, and it may stay NOT NULL.
void write_to_the_end(Context& context, const dsl::DropColumn& intent, const Table& table) {
  const std::string& name = intent.column.column.name;
  const std::string shown = fmt::format("`{}.{}`", table.name.name, name);
  if (intent.back) {
    context.warning(intent.back->span,
                    "with `via app` the application writes the column: `back` has nothing to do");
  }
  for (const Phase phase : {Phase::dual_write, Phase::backfill})
    context.note(context.draft.notes_for(phase).must_not,
                 fmt::format("leave {} out of an INSERT, nor out of an UPDATE that changes what it "
                             "says: the old release reads it, and no trigger fills it.",
                             shown));
  app_at_contract(context, table, name, shown, "the application writes it");
}

}  // namespace

void plan(Context& context, const dsl::DropColumn& intent) {
  const Table* table = context.table(intent.column.table);
  if (table == nullptr) return;
  const std::string& name = intent.column.column.name;
  const Column* column = context.existing(*table, intent.column.column);
  if (column == nullptr) return;
  if (table->partition_of || column->in_partition_key) {
    context.error(
        intent.column.column.span,
        table->partition_of
            ? fmt::format("{} is a partition: its columns are those of {}", quoted(table->name),
                          quoted(*table->partition_of))
            : fmt::format("\"{}\" partitions {}: it cannot be dropped", name, quoted(table->name)));
    return;
  }
  if (column->inherited && !table->inherits.empty()) {
    context.error(intent.column.column.span,
                  fmt::format("\"{}\" of {} is inherited from {}", name, quoted(table->name),
                              quoted(table->inherits.front())),
                  "drop it there: it goes here too");
    return;
  }
  if (!free_of_references(context, intent, *table, name)) return;
  TableDraft& draft = context.draft_of(*table);
  if (context.by_app()) {
    write_to_the_end(context, intent, *table);
  } else if (intent.back) {
    fill_back(context, intent, *table, *column);
  } else if (column->not_null && column->default_value.empty() && column->identity.empty() &&
             column->generated.empty()) {
    const Constraint* key = table->primary_key();
    if (key != nullptr && holds(key->columns, name)) {
      context.error(intent.column.column.span,
                    fmt::format("\"{}\" is part of the primary key and has no default: the new "
                                "release could not leave it out",
                                name),
                    "say what the old release finds there: `back …`");
      return;
    }
    let_it_be_left_out(
        context, *table, *column,
        fmt::format("give these rows a value, then undo again; `drop {}.{} back …` would have "
                    "filled them",
                    quoted(table->name), quote_identifier(name)));
  }
  name_what_goes_along(context, *table, name);
  draft.contract.push_back({ContractSlot::drop_column,
                            "RESTRICT: refuses rather than take anything along",
                            fmt::format("ALTER TABLE {} DROP COLUMN IF EXISTS {} RESTRICT;\n",
                                        quoted(table->name), quote_identifier(name)),
                            probe::column_missing(table->name, name), context.here()});
  draft.dropped.push_back(name);
  context.draft.old_columns.push_back({table->name, name, ""});
  const std::string shown = fmt::format("`{}.{}`", table->name.name, name);
  if (!context.by_app()) {
    for (const Phase phase : {Phase::backfill, Phase::dual_write})
      context.note(context.draft.notes_for(phase).may,
                   fmt::format("leave {} out of its statements.", shown));
  }
  context.note(context.draft.notes_for(Phase::contract).changes,
               fmt::format("{} is gone, and its values with it.", shown));
  context.note(context.draft.notes_for(Phase::contract).must_not,
               fmt::format("name {} any more.", shown));
}

}  // namespace segue::planner
