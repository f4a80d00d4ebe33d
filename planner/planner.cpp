#include "planner/planner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/parser.hpp"
#include "planner/context.hpp"

namespace segue::planner {

namespace {

std::string file_name(std::string_view path) {
  const auto slash = path.find_last_of('/');
  return std::string{slash == std::string_view::npos ? path : path.substr(slash + 1)};
}

// What hangs on renamed columns is worked out once per table, for all its renames together: an index
// may name two of them.
void carry_everything(Context& context, const std::vector<const dsl::Statement*>& first_rename_of) {
  std::vector<QualifiedName> tables;
  for (const auto& [name, draft] : context.draft.tables) tables.push_back(name);
  for (const QualifiedName& name : tables) {
    TableDraft& draft = context.draft.tables.at(name);
    const auto statement = std::find_if(first_rename_of.begin(), first_rename_of.end(), [&](const dsl::Statement* one) {
      const auto& column = std::get<dsl::RenameColumn>(one->intent).column;
      const Table* table = column.table.schema ? context.catalog.table({column.table.schema->name, column.table.name.name})
                                               : context.catalog.table_by_search_path(column.table.name.name);
      return table == draft.table;
    });
    context.statement = statement == first_rename_of.end() ? &context.change().statements.front() : *statement;
    carry_indexes(context, draft);
    carry_constraints(context, draft);
    carry_dependents(context, draft);
  }
  if (!first_rename_of.empty()) {
    context.statement = first_rename_of.front();
    carry_views(context);
  }
  context.statement = nullptr;
}

// Trigger and options that a statement gave to tables which only took part are not its own; the header's
// names come from the change.
Plan describe(const dsl::Source& source, const dsl::Change& change, Context& context) {
  Plan plan;
  plan.name = context.change_name();
  plan.title = change.header.title.value_or("");
  if (change.header.flag) plan.flag = change.header.flag->name;
  plan.soak = change.header.soak.value_or(std::chrono::seconds{0});
  for (const dsl::Identifier& name : change.header.after) plan.after.push_back(name.name);
  plan.source_name = file_name(source.name());
  plan.source_text = std::string{source.text()};
  return plan;
}

}  // namespace

PlanResult make_plan(const dsl::Source& source, const dsl::Change& change, const Catalog& catalog,
                     const PlanOptions& options) {
  const CatalogIndex index(catalog);
  const std::string name = change.header.name ? change.header.name->name : dsl::name_from_path(source.name());
  Context context(source, change, index, options.allowed_hazards, name);
  survey(context);
  std::vector<const dsl::Statement*> renames;
  for (const dsl::Statement& statement : change.statements) {
    context.statement = &statement;
    if (std::holds_alternative<dsl::RenameColumn>(statement.intent)) renames.push_back(&statement);
    std::visit([&](const auto& intent) { segue::planner::plan(context, intent); }, statement.intent);
  }
  context.statement = nullptr;

  PlanResult result;
  if (!dsl::has_errors(context.diagnostics)) carry_everything(context, renames);
  result.diagnostics = std::move(context.diagnostics);
  std::stable_sort(result.diagnostics.begin(), result.diagnostics.end(),
                   [](const dsl::Diagnostic& a, const dsl::Diagnostic& b) { return a.span.begin < b.span.begin; });
  if (dsl::has_errors(result.diagnostics)) return result;

  for (const Hazard& hazard : context.draft.hazards) {
    if (hazard.level == HazardLevel::refuses && !hazard.allowed) result.refusals.push_back(hazard);
  }
  if (!result.refusals.empty()) return result;

  Plan plan = describe(source, change, context);
  plan.steps = assemble(context.draft, index);
  plan.notes = std::move(context.draft.notes);
  plan.hazards = std::move(context.draft.hazards);
  plan.verifications = std::move(context.draft.verifications);
  plan.old_columns = std::move(context.draft.old_columns);
  plan.owned = std::move(context.draft.owned);
  std::sort(plan.owned.begin(), plan.owned.end());
  plan.owned.erase(std::unique(plan.owned.begin(), plan.owned.end()), plan.owned.end());
  std::vector<QualifiedName> touched = context.draft.touched;
  std::sort(touched.begin(), touched.end());
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  plan.baseline = excerpt(catalog, touched);
  result.plan = std::move(plan);
  return result;
}

}  // namespace segue::planner
