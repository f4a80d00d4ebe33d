// Another type where PostgreSQL changes no more than its catalogue.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "planner/recipes/parts.hpp"
#include "planner/recipes/retype_ways.hpp"
#include "planner/views_aside.hpp"

namespace segue::planner {

using dsl::sql::quote_identifier;

void retype_in_place(Context& context, const Table& table, const Column& column,
                     const TypeChange& change) {
  const std::string name = quoted(table.name);
  const std::string quoted_column = quote_identifier(column.name);
  const std::string shown = fmt::format("`{}.{}`", table.name.name, column.name);
  const std::string zone = change.utc ? "SET LOCAL TimeZone = 'UTC';\n" : "";
  const std::string collation = column.collation.empty() ? "" : " COLLATE " + column.collation;
  const std::string what = fmt::format("{}.{} ", name, quoted_column);
  const std::string before =
      change.aside.empty() ? "" : set_views_aside(context, change.aside, what, true);
  const std::string after = change.aside.empty() ? "" : bring_views_back(context, what);
  Step step;
  step.phase = Phase::expand;
  step.title = fmt::format("Make {}.{} {}", name, quoted_column, change.type);
  step.action = Transaction{fmt::format("{}{}ALTER TABLE {} ALTER COLUMN {} TYPE {};\n{}", before,
                                        zone, name, quoted_column, change.type, after)};
  step.why = change.utc
                 ? "under UTC both types hold the same bytes: the catalogue says another word for "
                   "them, no row is read"
                 : "the new type takes in every value as it is: a catalogue change, no row is read";
  for (const Table* one : tree_of(context.catalog, table))
    step.locks.push_back({one->name, LockMode::access_exclusive});
  std::vector<std::string> views;
  for (const View* view : change.aside) {
    views.push_back(fmt::format("`{}`", quoted(view->name)));
    step.locks.push_back({view->name, LockMode::access_exclusive});
    context.own(ObjectKind::view, view->name, view->name.name);
  }
  if (!views.empty()) {
    step.why +=
        "; views over it step aside in the same transaction and come back as they were, since "
        "PostgreSQL changes no type of a view's column";
    context.note(context.draft.notes_for(Phase::expand).changes,
                 fmt::format("{} {} dropped and made again in one transaction.",
                             fmt::join(views, ", "), views.size() == 1 ? "is" : "are"));
  }
  step.done = has_type(table.name, column.name, change.to);

  const std::string misfit = does_not_fit(column.name, change.from);
  if (!misfit.empty()) {
    NoRows longer;
    longer.table = table.name;
    longer.columns = key_or_ctid(table);
    longer.columns.push_back(column.name);
    longer.condition = misfit;
    longer.violators =
        fmt::format("SELECT {} FROM {} WHERE {}",
                    select_key(table, fmt::format(", {}::text", quoted_column)), name, misfit);
    longer.message =
        fmt::format("rows of {} hold values that do not fit {} any more: {} cannot be {} again",
                    name, column.type, quoted_column, column.type);
    longer.hint = "shorten them, then undo again";
    longer.gate = true;
    step.undo.push_back(std::move(longer));
    step.undo_note = fmt::format(
        "refused while values that do not fit {} are there; PostgreSQL reads the table under lock "
        "to be sure of it",
        column.type);
    context.note(context.draft.notes_for(Phase::expand).watch,
                 fmt::format("Undo is refused once a release has written what does not fit {} into "
                             "{}; and undo itself reads the table under lock.",
                             column.type, shown));
  }
  step.undo.push_back(
      Transaction{fmt::format("{}{}ALTER TABLE {} ALTER COLUMN {} TYPE {}{};\n{}", before, zone,
                              name, quoted_column, column.type, collation, after)});
  context.own(ObjectKind::column, table.name, column.name);
  for (const Table* one : tree_of(context.catalog, table))
    context.own(ObjectKind::column, one->name, column.name);
  context.add_step(20, std::move(step));

  context.note(context.draft.notes_for(Phase::expand).changes,
               fmt::format("{} is {}; no row was copied.", shown, change.type));
  context.note(context.draft.notes_for(Phase::expand).may,
               fmt::format("write whatever {} takes into {}.", change.type, shown));
  context.draft_of(table).retyped.push_back(column.name);
}

}  // namespace segue::planner
