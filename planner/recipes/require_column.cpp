// require T.c: c is NOT NULL.
#include <fmt/format.h>

#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

void fill(Context& context, const dsl::RequireColumn& intent, const ResolvedColumn& column,
          const dsl::sql::Expression& expression) {
  const Table& table = *column.table;
  TableDraft& draft = context.draft_of(table);
  const std::string name = quote_identifier(column.name);
  const std::string promise = fmt::format("{} has a value", name);

  if (!context.by_app()) {
    TriggerRule rule;
    rule.comment = fmt::format("{} is to be required", name);
    rule.when = fmt::format("NEW.{} IS NULL", name);
    rule.body =
        fmt::format("    NEW.{} := {};\n", name, over_new_row(table, *intent.backfill, expression));
    if (column.renamed())
      rule.body += fmt::format("    NEW.{} := NEW.{};\n", quote_identifier(column.old_name), name);
    rule.reads_tables = expression.has_subquery;
    rule.source = context.here();
    draft.rules.push_back(std::move(rule));
  }

  // The value of a renamed column comes from the old one: both get the same.
  const std::string from = quote_identifier(column.renamed() ? column.old_name : column.name);
  Fill one;
  one.value = fmt::format("coalesce({}, {})", from, intent.backfill->text);
  one.pending = fmt::format("{} IS NULL", name);
  one.promise = promise;
  one.source = context.here();
  one.overrides = true;
  one.column = column.name;
  one.in_place = !column.renamed() && !column.added();
  draft.fills.push_back(one);
  if (column.renamed()) {
    one.column = column.old_name;
    one.in_place = true;
    draft.fills.push_back(one);
  }
}

// The old application inserts rows without the column, and the value follows with a row of another
// table: only once it is gone may the server insist.
void require_once_the_old_app_is_gone(Context& context, const Table& table,
                                      const std::string& column) {
  list_nulls(context, table, column, order::last_look, Phase::contract);
  prove_not_null(context, table, column, AddedAt::contract);
  context.note(context.draft.notes_for(Phase::backfill).watch,
               fmt::format("A row of `{0}` whose partner brings no value has none in `{0}.{1}`: it "
                           "stops phase 4, and `segue gate` lists it.",
                           table.name.name, column));
}

}  // namespace

void plan(Context& context, const dsl::RequireColumn& intent) {
  const auto column = context.column(intent.column);
  if (!column) return;
  if (!column->added() && column->base->not_null) {
    context.error(intent.column.column.span,
                  fmt::format("column \"{}\" is NOT NULL already", intent.column.column.name));
    return;
  }
  if (context.by_app() && !intent.backfill) {
    context.refuse_by_app("without `backfill` no trigger would fill the column");
    return;
  }
  const Table& table = *column->table;
  auto& dual = context.draft.notes_for(Phase::dual_write);
  auto& contract = context.draft.notes_for(Phase::contract);
  const std::string shown = fmt::format("`{}.{}`", table.name.name, column->name);
  const std::string now = context.until_contract(table.name, column->name);
  if (intent.backfill) {
    const auto expression =
        context.expression(table, *intent.backfill, NamesOf::before, "`backfill`");
    if (!expression) return;
    if (expression->is_null) {
      context.error(intent.backfill->span, "the backfill of a required column is NULL",
                    "give it a value");
      return;
    }
    if (column->renamed() && context.is_volatile(*expression)) {
      context.error(intent.backfill->span,
                    "old and new column would get different values from a volatile expression",
                    "require the column in a change after the rename");
      return;
    }
    // The statement that computes the column has the value in its own expressions.
    if (!context.computes(table.name, column->name)) fill(context, intent, *column, *expression);
    prove_not_null(context, table, column->name, AddedAt::after_fill);
    if (context.by_app()) {
      context.note(dual.must_not, fmt::format("write NULL into {}: no trigger fills it.", shown));
      context.note(
          context.draft.notes_for(Phase::backfill).watch,
          fmt::format("Releases that write NULL into {} are gone before this phase.", shown));
    } else {
      context.note(
          dual.changes,
          fmt::format("A NULL that any release writes into {}, or leaves there in a row that it "
                      "writes, becomes the `backfill` value; undo leaves it so.",
                      shown));
    }
  } else if (context.arrives(table.name, column->name)) {
    require_once_the_old_app_is_gone(context, table, now);
    context.note(dual.must_not, fmt::format("write NULL into {}.", shown));
    context.note(contract.changes, fmt::format("{} is NOT NULL.", shown));
    context.note(contract.must_not, fmt::format("write NULL into {}.", shown));
    return;
  } else {
    // A value that is computed or converted is there only once it is filled in.
    const bool computed = context.computes(table.name, column->name) || !column->shadow.empty();
    const std::string holds = column->renamed() ? column->old_name : now;
    // A CHECK that is NOT VALID refuses every UPDATE of a row that breaks it, whatever it sets.
    if (!computed) list_nulls(context, table, holds, order::check_before, Phase::dual_write);
    list_nulls(context, table, holds, computed ? order::check_filled : order::check_before);
    prove_not_null(context, table, now, computed ? AddedAt::after_fill : AddedAt::dual_write,
                   column->name);
    auto& refuses = computed ? context.draft.notes_for(Phase::backfill) : dual;
    context.note(refuses.changes, fmt::format("A NULL in {} is refused from here on.", shown));
    context.hazard("old-app-writes-null", HazardLevel::note,
                   fmt::format("{}.{}", quoted(table.name), quote_identifier(column->name)),
                   "Without `backfill` the old release's statements that write NULL here fail from "
                   "phase 2 on.",
                   "Release an app that writes a value before phase 2, or say `backfill …`.");
    context.note(
        dual.must_not,
        fmt::format("write NULL into {} — nor may the release that runs before phase 2.", shown));
  }
  verify(context, table, fmt::format("{} IS NULL", quote_identifier(now)),
         fmt::format("{} has a value", quote_identifier(column->name)));
  context.note(contract.changes, fmt::format("{} is NOT NULL.", shown));
  context.note(contract.must_not, fmt::format("write NULL into {}.", shown));
}

}  // namespace segue::planner
