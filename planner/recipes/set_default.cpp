// default T.c E | none: new rows get another default.
#include <fmt/format.h>

#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

using dsl::sql::quote_identifier;

void plan(Context& context, const dsl::SetDefault& intent) {
  const auto column = context.column(intent.column);
  if (!column) return;
  const dsl::Span span = intent.column.column.span;
  if (column->added()) {
    context.error(span, fmt::format("column \"{}\" is added in this file", column->name),
                  "give its default there");
    return;
  }
  if (!column->base->generated.empty() || !column->base->identity.empty()) {
    context.error(
        span, fmt::format("column \"{}\" is {}: it has no default", column->base->name,
                          column->base->generated.empty() ? "an identity column" : "generated"));
    return;
  }
  const Table& table = *column->table;
  const std::string name = quoted(table.name);
  const std::string quoted_column = quote_identifier(column->name);
  const std::string shown = fmt::format("`{}.{}`", table.name.name, column->name);
  if (!intent.value) {
    if (column->base->default_value.empty()) {
      context.error(span, fmt::format("column \"{}\" has no default", column->base->name));
      return;
    }
    context.note(context.draft.notes_for(Phase::contract).changes,
                 fmt::format("{} has no default any more.", shown));
    context.note(context.draft.notes_for(Phase::backfill).must_not,
                 fmt::format("rely on the default of {}.", shown));
    TableDraft& draft = context.draft_of(table);
    if (column->renamed() || !column->shadow.empty()) return;  // the copy has none, and gets none
    draft.contract.push_back(
        {ContractSlot::set_default, "",
         fmt::format("ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT;\n", name, quoted_column),
         "NOT " + probe::column_has_default(table.name, column->name), context.here()});
    return;
  }
  if (!context.constant_expression(*intent.value)) return;
  const std::string set = fmt::format("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {};\n", name,
                                      quoted_column, intent.value->text);
  // Where an INSERT without the column fails today, a default takes nothing from anybody: the new
  // release may count on it from the start.
  const bool only_helps = column->base->not_null && column->base->default_value.empty() &&
                          !column->renamed() && column->shadow.empty();
  TableDraft& draft = context.draft_of(table);
  if (!only_helps) {
    draft.contract.push_back(
        {ContractSlot::set_default, "the default of the new release", set, "", context.here()});
    context.note(context.draft.notes_for(Phase::contract).changes,
                 fmt::format("New rows get another default in {}.", shown));
    context.note(context.draft.notes_for(Phase::backfill).must_not,
                 fmt::format("rely on the new default of {} yet: phase 4 sets it.", shown));
    return;
  }
  Step step;
  step.phase = Phase::expand;
  step.title = fmt::format("Give {}.{} a default", name, quoted_column);
  step.action = Transaction{set};
  step.why =
      "until now an INSERT without the column failed: the default changes no statement that worked";
  step.locks = {{table.name, LockMode::access_exclusive}};
  step.done = probe::column_has_default(table.name, column->name);
  step.undo = {Transaction{
      fmt::format("ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT;\n", name, quoted_column)}};
  context.add_step(20, std::move(step));
  context.own(ObjectKind::column, table.name, column->name);
  context.note(context.draft.notes_for(Phase::expand).changes,
               fmt::format("{} has a default.", shown));
}

}  // namespace segue::planner
