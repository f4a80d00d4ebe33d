// Views over a renamed column read the new one; those that cannot are a hazard that stops contract.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "planner/carry.hpp"
#include "planner/probe.hpp"
#include "planner/views_aside.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

std::string options_clause(const std::vector<std::string>& options) {
  return options.empty() ? std::string{} : fmt::format(" WITH ({})", fmt::join(options, ", "));
}

std::string replace_view(const View& view, const std::string& query) {
  std::vector<std::string> columns;
  for (const std::string& column : view.columns) columns.push_back(quote_identifier(column));
  return fmt::format("CREATE OR REPLACE VIEW {} ({}){} AS\n{};\n", quoted(view.name),
                     fmt::join(columns, ", "), options_clause(view.options), query);
}

// CREATE OR REPLACE VIEW keeps the types of the columns: a view over a retyped one has to be made
// anew.
void retyped_view_hazard(Context& context, const View& view, const std::string& reason) {
  std::string readers;
  for (const View* reader : context.catalog.views_of(view.name))
    readers += fmt::format("{}{}", readers.empty() ? "" : ", ", quoted(reader->name));
  context.hazard(
      view.materialized ? "materialized-view" : "view", HazardLevel::stops_contract,
      quoted(view.name),
      fmt::format("It reads a column whose type changes, and PostgreSQL cannot change "
                  "the type of a view's column{}.",
                  reason.empty() ? "" : "; it cannot step aside by itself: " + reason),
      fmt::format("Drop it before contract{} and create it again after it, in one deploy; "
                  "contract goes on then.",
                  readers.empty() ? "" : ", with what reads it (" + readers + "),"));
}

void view_hazard(Context& context, const View& view, const std::string& reason) {
  context.hazard(view.materialized ? "materialized-view" : "view", HazardLevel::stops_contract,
                 quoted(view.name),
                 fmt::format("It reads the old column{}.",
                             reason.empty() ? "" : " and cannot be carried: " + reason),
                 "After phase 3, make it read the new column (or drop it); contract goes on then.");
}

// In the transaction that swaps the columns: there is no moment in which anybody finds them
// missing.
void let_step_aside(Context& context, const ViewsAside& aside) {
  const std::vector<const View*>& views = aside.views;
  std::vector<std::string> names;
  for (const View* view : views) {
    names.push_back(fmt::format("`{}`", quoted(view->name)));
    context.own(ObjectKind::view, view->name, view->name.name);
  }
  // The views may read several of the tables: all of these are contracted in one.
  TableDraft* first = nullptr;
  for (auto& [name, draft] : context.draft.tables) {
    const bool retyped = std::any_of(
        draft.renames.begin(), draft.renames.end(),
        [](const Rename& rename) { return !rename.type.empty() && rename.keeps_name(); });
    if (!retyped) continue;
    if (first == nullptr) first = &draft;
    if (first != &draft) first->contract_locks.push_back(name);
  }
  const SourceLine source = first->renames.front().source;
  for (const View* view : views) first->views_aside.push_back(view->name);
  for (const ViewsAside::Left& left : aside.left) {
    if (left.droppable) first->views_in_the_way.push_back(left.view);
    if (!left.droppable) context.draft.swap_held = true;
  }
  first->contract.push_back({ContractSlot::views_aside,
                             "views over the column step aside: PostgreSQL changes no type of a "
                             "view's column",
                             set_views_aside(context, views, "", true), "", source});
  first->contract.push_back({ContractSlot::views_back,
                             "and come back as they were, with owner, grants and comments",
                             bring_views_back(context, ""), "", source});
  context.note(context.draft.notes_for(Phase::contract).changes,
               fmt::format("{} {} dropped and made again in the same transaction: what {} of the "
                           "column has its new type.",
                           fmt::join(names, ", "), names.size() == 1 ? "is" : "are",
                           names.size() == 1 ? "it shows" : "they show"));
}

// A view is replaced once for all tables of the change that it reads.
void carry_view(Context& context, const View& view) {
  if (!view.extension.empty()) {
    context.hazard("extension-object", HazardLevel::refuses, quoted(view.name),
                   fmt::format("It reads the old column and belongs to extension \"{}\", whose "
                               "next update would bring it back as it was.",
                               view.extension),
                   "Let the extension's own scripts change it; or plan with --allow "
                   "extension-object.");
  }
  if (view.materialized) {
    view_hazard(context, view, "");
    return;
  }
  const dsl::sql::RelationLookup lookup =
      [&](const std::string& schema,
          const std::string& name) -> std::optional<dsl::sql::TableColumns> {
    const Table* table = schema.empty() ? context.catalog.table_by_search_path(name)
                                        : context.catalog.table({schema, name});
    if (table != nullptr) {
      dsl::sql::TableColumns columns{table->name.schema, table->name.name, {}};
      for (const Column& column : table->columns) columns.columns.push_back(column.name);
      return columns;
    }
    if (const View* other = context.catalog.view({schema, name}))
      return dsl::sql::TableColumns{schema, name, other->columns};
    return std::nullopt;
  };
  std::string query = view.definition;
  Step step;
  for (const auto& [table, renames] : context.renames()) {
    const bool reads = std::any_of(renames.begin(), renames.end(), [&](const auto& rename) {
      return uses(view.uses, table, rename.first);
    });
    if (!reads) continue;
    const auto rewritten =
        dsl::sql::rename_in_query(query, table.schema, table.name, renames, lookup);
    if (const auto* cannot = std::get_if<dsl::sql::CannotRewrite>(&rewritten)) {
      view_hazard(context, view, cannot->reason);
      return;
    }
    query = std::get<dsl::sql::RewrittenQuery>(rewritten).text;
    for (const auto& [from, to] : renames) {
      if (uses(view.uses, table, from))
        step.done = probe::both(step.done, probe::view_reads(view.name, table, to));
    }
    step.locks.push_back({table, LockMode::access_share});
  }
  step.phase = Phase::backfill;
  step.title = fmt::format("Let {} read the new column", quoted(view.name));
  step.action = Transaction{replace_view(view, query)};
  step.why = "same output, same names; both releases read it all the while";
  step.locks.push_back({view.name, LockMode::access_exclusive});
  step.undo = {Transaction{replace_view(view, view.definition)}};
  context.own(ObjectKind::view, view.name, view.name.name);
  context.add_step(order::carry, std::move(step));
}

}  // namespace

void view_hazards_of_drop(Context& context, const Table& table, const std::string& column) {
  for (const View* view : context.catalog.views_of(table.name)) {
    if (uses(view->uses, table.name, column)) view_hazard(context, *view, "");
  }
}

void carry_views(Context& context) {
  std::set<const View*> views;
  std::vector<const View*> order;
  // A view over a column that is retyped under another name cannot be carried, whatever else it
  // reads.
  for (const auto& [name, draft] : context.draft.tables) {
    for (const Rename& rename : draft.renames) {
      if (rename.type.empty() || rename.keeps_name()) continue;
      for (const View* view : context.catalog.views_of(name)) {
        if (uses(view->uses, name, rename.from) && views.insert(view).second)
          retyped_view_hazard(context, *view, "");
      }
    }
  }
  const ViewsAside aside = views_over_retyped(context);
  for (const ViewsAside::Left& left : aside.left) {
    if (left.direct && views.insert(left.view).second)
      retyped_view_hazard(context, *left.view, left.reason);
  }
  if (!aside.views.empty()) let_step_aside(context, aside);
  for (const auto& [table, renames] : context.renames()) {
    for (const View* view : context.catalog.views_of(table)) {
      const bool reads = std::any_of(renames.begin(), renames.end(), [&](const auto& rename) {
        return uses(view->uses, table, rename.first);
      });
      if (reads && views.insert(view).second) order.push_back(view);
    }
  }
  for (const View* view : order) carry_view(context, *view);
}

}  // namespace segue::planner
