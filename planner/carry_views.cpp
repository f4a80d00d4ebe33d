// Views over a renamed column read the new one; those that cannot are a hazard that stops contract.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "planner/carry.hpp"
#include "planner/probe.hpp"

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
void retyped_view_hazard(Context& context, const View& view) {
  context.hazard(view.materialized ? "materialized-view" : "view", HazardLevel::stops_contract,
                 quoted(view.name),
                 "It reads a column whose type changes, and PostgreSQL cannot change the type of a "
                 "view's column.",
                 "Drop it before contract and create it again after it, in one deploy; contract "
                 "goes on then.");
}

void view_hazard(Context& context, const View& view, const std::string& reason) {
  context.hazard(view.materialized ? "materialized-view" : "view", HazardLevel::stops_contract,
                 quoted(view.name),
                 fmt::format("It reads the old column{}.",
                             reason.empty() ? "" : " and cannot be carried: " + reason),
                 "After phase 3, make it read the new column (or drop it); contract goes on then.");
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
  // A view over a retyped column cannot be carried, whatever else it reads.
  for (const auto& [name, draft] : context.draft.tables) {
    for (const Rename& rename : draft.renames) {
      if (rename.type.empty()) continue;
      for (const View* view : context.catalog.views_of(name)) {
        if (uses(view->uses, name, rename.from) && views.insert(view).second)
          retyped_view_hazard(context, *view);
      }
    }
  }
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
