// relax T.c: c may be NULL.
#include <fmt/format.h>

#include <algorithm>

#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

using dsl::sql::quote_identifier;

void plan(Context& context, const dsl::RelaxColumn& intent) {
  const auto column = context.column(intent.column);
  if (!column) return;
  const dsl::Span span = intent.column.column.span;
  if (column->added()) {
    context.error(span, fmt::format("column \"{}\" is added in this file", column->name),
                  "leave out `required` there");
    return;
  }
  if (!column->base->not_null) {
    context.error(span, fmt::format("column \"{}\" may be NULL already", column->base->name));
    return;
  }
  if (!column->base->identity.empty()) {
    context.error(span, fmt::format("column \"{}\" is an identity column: it cannot be NULL",
                                    column->base->name));
    return;
  }
  const Table& table = *column->table;
  const Constraint* key = table.primary_key();
  if (key != nullptr && std::find(key->columns.begin(), key->columns.end(), column->base->name) !=
                            key->columns.end()) {
    context.error(span, fmt::format("column \"{}\" is part of the primary key: it cannot be NULL",
                                    column->base->name));
    return;
  }
  const std::string shown = fmt::format("`{}.{}`", table.name.name, column->name);
  context.note(context.draft.notes_for(Phase::contract).changes,
               fmt::format("{} may be NULL.", shown));
  context.note(context.draft.notes_for(Phase::contract).may,
               fmt::format("write NULL into {}, once phase 4 is done.", shown));
  context.note(context.draft.notes_for(Phase::backfill).must_not,
               fmt::format("write NULL into {} yet: phase 4 allows it.", shown));
  TableDraft& draft = context.draft_of(table);
  if (column->renamed()) return;  // the copy is nullable from the start and simply stays so
  draft.contract.push_back({ContractSlot::rest, "every release that runs knows NULL here by now",
                            fmt::format("ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL;\n",
                                        quoted(table.name), quote_identifier(column->name)),
                            probe::column_nullable(table.name, column->name), context.here()});
}

}  // namespace segue::planner
