// rename T.c -> d: a second column beside the first, kept equal until the old release is gone.
#include <fmt/format.h>

#include "planner/probe.hpp"
#include "planner/recipes/by_app.hpp"
#include "planner/recipes/copy_column.hpp"
#include "planner/recipes/parts.hpp"
#include "planner/type_shape.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

TriggerRule sync_rule(const Context& context, const Table& table, const Column& column,
                      const std::string& to) {
  const std::string& from = column.name;
  const std::string old_column = quote_identifier(from);
  const std::string new_column = quote_identifier(to);
  TriggerRule rule;
  rule.comment = fmt::format("{} and {} say the same; where both changed, the new one wins",
                             old_column, new_column);
  rule.when = values_differ(shape_of_type(column.type), column.collation, "NEW." + old_column,
                            "NEW." + new_column);
  rule.body = fmt::format(
      "    IF TG_OP = 'INSERT' THEN\n"
      "      IF NEW.{1} IS NOT NULL THEN\n"
      "        NEW.{0} := NEW.{1};\n"
      "      ELSE\n"
      "        NEW.{1} := NEW.{0};\n"
      "      END IF;\n"
      "    ELSIF pg_catalog.record_image_ne(ROW(OLD.{1}), ROW(NEW.{1})) THEN\n"
      "      IF pg_catalog.record_image_ne(ROW(OLD.{0}), ROW(NEW.{0})) THEN\n"
      "        PERFORM segue.note_disagreement({2}, {3}, {4});\n"
      "      END IF;\n"
      "      NEW.{0} := NEW.{1};\n"
      "    ELSE\n"
      "      NEW.{1} := NEW.{0};\n"
      "    END IF;\n",
      old_column, new_column, quote_literal(context.change_name()),
      quote_literal(quoted(table.name)), quote_literal(fmt::format("{}, {}", from, to)));
  rule.copies = true;
  rule.source = context.here();
  return rule;
}

void notes(Context& context, const Table& table, const Column& column, const std::string& to) {
  const std::string old_column = fmt::format("`{}.{}`", table.name.name, column.name);
  const std::string new_column = fmt::format("`{}.{}`", table.name.name, to);
  auto& expand = context.draft.notes_for(Phase::expand);
  auto& dual = context.draft.notes_for(Phase::dual_write);
  auto& backfill = context.draft.notes_for(Phase::backfill);
  auto& contract = context.draft.notes_for(Phase::contract);
  context.note(expand.changes, fmt::format("{} appears beside {}, empty.", new_column, old_column));
  context.note(expand.must_not, fmt::format("name {} yet.", new_column));
  context.note(dual.changes,
               fmt::format("Every write keeps {} and {} equal, whichever of them the app names.",
                           old_column, new_column));
  context.note(dual.may, fmt::format("write {}.", new_column));
  context.note(dual.must_not, fmt::format("read {}: older rows do not have it yet.", new_column));
  if (!column.default_value.empty()) {
    context.note(dual.must_not,
                 fmt::format("INSERT an explicit NULL into {}: the trigger cannot tell it from an "
                             "omitted column, and the default of {} fills both (until phase 4).",
                             new_column, old_column));
  }
  context.note(dual.must_not,
               fmt::format("name {} in ON CONFLICT: its indexes come with phase 3.", new_column));
  context.note(backfill.changes, fmt::format("{} is filled on every row and proven equal to {}; "
                                             "its indexes and constraints are there.",
                                             new_column, old_column));
  context.note(backfill.may,
               fmt::format("read and write {} alone; the old release goes on with {}.", new_column,
                           old_column));
  context.note(backfill.must_not, fmt::format("set {} and {} to different values in one UPDATE: {} "
                                              "wins, and the ledger counts the row.",
                                              old_column, new_column, new_column));
  context.note(contract.changes,
               fmt::format("{} is gone; {} has its place, its constraints and its index names.",
                           old_column, new_column));
  context.note(contract.must_not, fmt::format("name {} any more.", old_column));
}

// Where no trigger keeps both equal, rows may differ that a release wrote wrong.
void list_differing(Context& context, const Table& table, const std::string& from,
                    const std::string& to, const std::string& differs) {
  RowLook sought;
  sought.title = fmt::format("Look for rows where {}.{} is not {}", quoted(table.name),
                             quote_identifier(to), quote_identifier(from));
  sought.why =
      "the application keeps both equal: where it did not, only a person knows which is right";
  sought.condition = differs;
  sought.shown = {from, to};
  sought.message = fmt::format("rows of {} have a {} that is not their {}", quoted(table.name),
                               quote_identifier(to), quote_identifier(from));
  sought.hint =
      "a release writes one of the two alone, or not the same to both: see that it is out, mend "
      "these rows, then run the phase again";
  context.add_step(order::check_filled, look_at_rows(table, sought));
}

void notes_by_app(Context& context, const Table& table, const Column& column,
                  const std::string& to) {
  const std::string old_column = fmt::format("`{}.{}`", table.name.name, column.name);
  const std::string new_column = fmt::format("`{}.{}`", table.name.name, to);
  auto& expand = context.draft.notes_for(Phase::expand);
  auto& dual = context.draft.notes_for(Phase::dual_write);
  auto& backfill = context.draft.notes_for(Phase::backfill);
  auto& contract = context.draft.notes_for(Phase::contract);
  context.note(expand.changes, fmt::format("{} appears beside {}, empty.", new_column, old_column));
  context.note(expand.must_not, fmt::format("name {} yet.", new_column));
  context.note(dual.changes, fmt::format("Nothing in the database: the release that goes with this "
                                         "phase writes {} and {} itself, always the same value.",
                                         old_column, new_column));
  context.note(dual.must_not, fmt::format("read {}, or write one of the two alone.", new_column));
  if (!column.default_value.empty()) {
    context.note(dual.must_not,
                 fmt::format("leave both out of an INSERT: the default of {} fills that one alone.",
                             old_column));
  }
  context.note(backfill.watch,
               fmt::format("Every release that writes {} alone is gone before this phase, and may "
                           "not come back after it: PostgreSQL refuses what it writes.",
                           old_column));
  context.note(backfill.changes, fmt::format("{} is filled where it was NULL, and proven equal to "
                                             "{}; its indexes and constraints are there.",
                                             new_column, old_column));
  context.note(backfill.may, fmt::format("read {} instead of {}; it goes on writing both.",
                                         new_column, old_column));
  app_at_contract(context, table, column.name, old_column);
  context.note(contract.changes,
               fmt::format("{} is gone; {} has its place, its constraints and its index names.",
                           old_column, new_column));
  context.note(contract.must_not, fmt::format("name {} any more.", old_column));
}

// Asked of every row, by the fill and by its sweep.
std::string pending(const Context& context, const Column& column, const std::string& from,
                    const std::string& to, const std::string& differs) {
  // What the application wrote there is its own word, and no backfill's to change.
  if (context.by_app())
    return fmt::format("{} IS NULL AND {} IS NOT NULL", quote_identifier(to),
                       quote_identifier(from));
  // A fifth of the time of comparing two images, measured.
  if (column.collation.empty() && equal_is_same(shape_of_type(column.type)))
    return fmt::format("{} IS DISTINCT FROM {}", quote_identifier(to), quote_identifier(from));
  return differs;
}

}  // namespace

void plan(Context& context, const dsl::RenameColumn& intent) {
  const Table* table = context.table(intent.column.table);
  if (table == nullptr) return;
  const std::string& from = intent.column.column.name;
  const std::string& to = intent.to.name;
  const Column* column = context.existing(*table, intent.column.column);
  if (column == nullptr) return;
  if (from == to) {
    context.error(intent.to.span, fmt::format("column \"{}\" has that name already", from));
    return;
  }
  if (!name_is_free(context, *table, intent.to)) return;
  if (context.statement->options.via == dsl::Via::view) {
    plan_via_view(context, intent, *table, *column);
    return;
  }
  const std::string above =
      fmt::format("rename {}.{} -> {}", quoted(table->partition_of.value_or(table->name)),
                  quote_identifier(from), quote_identifier(to));
  if (!may_copy(context, intent.column.column.span, *table, *column, above)) return;
  if (column->constrained_domain) {
    context.error(intent.column.column.span,
                  fmt::format("the type of \"{}\" is a domain with constraints: a second column of "
                              "it rewrites the table under lock",
                              from),
                  "PostgreSQL has no online way to add such a column");
    return;
  }

  TableDraft& draft = context.draft_of(*table);
  const std::string name = quoted(table->name);
  const SourceLine source = context.here();
  context.replace_column(*table, {from, to, source});
  add_copy(context, *table, *column,
           {to, column->type + (column->collation.empty() ? "" : " COLLATE " + column->collation),
            true});

  if (!context.by_app()) {
    // Rules that follow may read the new column, so the copy comes first.
    const auto first_other = std::find_if(draft.rules.begin(), draft.rules.end(),
                                          [](const TriggerRule& rule) { return !rule.copies; });
    draft.rules.insert(first_other, sync_rule(context, *table, *column, to));
    draft.explicit_nulls.push_back({from, to, "", source});
  }

  const std::string differs = image_differs(quote_identifier(from), quote_identifier(to));
  const std::string promise = fmt::format("{} is {}", quote_identifier(to), quote_identifier(from));
  Fill fill;
  fill.column = to;
  fill.value = quote_identifier(from);
  fill.pending = pending(context, *column, from, to, differs);
  fill.promise = promise;
  fill.source = source;
  draft.fills.push_back(std::move(fill));
  verify(context, *table, differs, promise);
  if (context.by_app()) list_differing(context, *table, from, to, differs);

  prove_promise(context, *table, fmt::format("{}_is_{}", to, from), "NOT " + differs, promise,
                "old = new, by PostgreSQL's own proof");
  draft.contract.push_back({ContractSlot::drop_column,
                            "RESTRICT: refuses rather than take anything along",
                            fmt::format("ALTER TABLE {} DROP COLUMN IF EXISTS {} RESTRICT;\n", name,
                                        quote_identifier(from)),
                            probe::column_missing(table->name, from), source});
  context.draft.old_columns.push_back({table->name, from, to});
  if (context.by_app()) {
    notes_by_app(context, *table, *column, to);
  } else {
    notes(context, *table, *column, to);
  }
}

}  // namespace segue::planner
