#include "planner/planner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <type_traits>
#include <variant>

#include "dsl/parser.hpp"
#include "planner/context.hpp"
#include "planner/created.hpp"
#include "planner/in_flight.hpp"
#include "planner/recipes/by_app.hpp"
#include "planner/renamed_tables.hpp"
#include "planner/table_hazards.hpp"

namespace segue::planner {

namespace {

std::string file_name(std::string_view path) {
  const auto slash = path.find_last_of('/');
  return std::string{slash == std::string_view::npos ? path : path.substr(slash + 1)};
}

// What hangs on renamed columns is worked out once per table, for all its renames together: an
// index may name two of them. It counts as asked for by the table's first rename.
void carry_everything(Context& context) {
  std::vector<TableDraft*> drafts;  // carrying may add tables: those that reference a renamed key
  for (auto& [name, draft] : context.draft.tables) drafts.push_back(&draft);
  for (TableDraft* draft : drafts) {
    context.statement =
        draft->asked == nullptr ? &context.change().statements.front() : draft->asked;
    carry_indexes(context, *draft);
    carry_constraints(context, *draft);
    carry_dependents(context, *draft);
  }
  carry_views(context);
  context.statement = nullptr;
  shape_hazards(context);
  write_hazards(context);
  size_hazards(context);
  sequence_hazards(context);
}

// The table that a statement is about; none where it is about something else.
const dsl::TableName* table_of(const auto& intent) {
  if constexpr (requires { intent.column.table; }) {
    return &intent.column.table;
  } else if constexpr (requires { intent.table; }) {
    return &intent.table;
  } else {
    return nullptr;
  }
}

// A table that the file creates is written there as it is to be.
bool shapes_new_table(Context& context, const auto& intent) {
  const dsl::TableName* name = nullptr;
  if constexpr (requires { intent.column.table; }) {
    name = &intent.column.table;
  } else if constexpr (requires { intent.constraint.table; }) {
    name = &intent.constraint.table;
  } else if constexpr (std::is_same_v<std::decay_t<decltype(intent)>, dsl::DropTable>) {
    name = &intent.table;
  }
  if (name == nullptr || context.created_tables.empty()) return false;
  const Table* table = name->schema ? context.catalog.table({name->schema->name, name->name.name})
                                    : context.catalog.table_by_search_path(name->name.name);
  if (table == nullptr || !context.makes_table(table->name)) return false;
  context.error(name->span, fmt::format("{} is created in this file", quoted(table->name)),
                "write it there as it is to be");
  return true;
}

bool refused_by_app(Context& context, const dsl::Intent& intent) {
  const std::string_view reason = why_not_by_app(intent);
  if (!reason.empty()) context.refuse_by_app(reason);
  return !reason.empty();
}

// Several statements share a table's one backfill: the last word on batch and workers counts.
void take_options(Context& context, const dsl::Options& options, const dsl::TableName* name) {
  if (name == nullptr || (!options.batch && !options.workers)) return;
  const Table* table = name->schema ? context.catalog.table({name->schema->name, name->name.name})
                                    : context.catalog.table_by_search_path(name->name.name);
  if (table == nullptr) return;
  TableDraft& draft = context.draft_of(*table);
  if (options.batch) draft.batch = options.batch;
  if (options.workers) draft.workers = options.workers;
}

Hazard collision_hazard(const std::string& code, const Collision& collision,
                        const PlanOptions& options) {
  return {code,
          HazardLevel::refuses,
          collision.object,
          collision.message,
          collision.advice,
          std::nullopt,
          options.allowed_hazards.contains(code)};
}

Plan describe(const dsl::Source& source, const dsl::Change& change, Context& context) {
  Plan plan;
  plan.name = context.change_name();
  plan.title = change.header.title.value_or("");
  if (change.header.flag) plan.flag = change.header.flag->name;
  plan.soak = change.header.soak.value_or(std::chrono::seconds{0});
  plan.tripwire = change.header.tripwire;
  for (const dsl::Identifier& name : change.header.after) plan.after.push_back(name.name);
  plan.source_name = file_name(source.name());
  plan.source_text = std::string{source.text()};
  return plan;
}

}  // namespace

PlanResult make_plan(const dsl::Source& source, const dsl::Change& change, const Catalog& catalog,
                     const PlanOptions& options) {
  WithRenamed renamed;
  const bool renames = renames_any_table(change);
  if (renames) renamed = with_renamed(catalog, change);
  WithCreated created;
  const bool creates = creates_anything(change);
  if (creates) created = with_created(renames ? renamed.catalog : catalog, change);
  const CatalogIndex index(creates ? created.catalog : renames ? renamed.catalog : catalog);
  const std::string name =
      change.header.name ? change.header.name->name : dsl::name_from_path(source.name());
  Context context(source, change, index, options.allowed_hazards, name);
  context.diagnostics = std::move(renamed.diagnostics);
  context.diagnostics.insert(context.diagnostics.end(), created.diagnostics.begin(),
                             created.diagnostics.end());
  for (const auto& [to, old] : renamed.tables) context.renamed_tables.emplace(to, old.name);
  context.created_tables = std::move(created.tables);
  context.draft.own_triggers_may_fire = options.allowed_hazards.contains("own-triggers-fire");
  survey(context);
  for (const dsl::Statement& statement : change.statements) {
    context.statement = &statement;
    std::visit(
        [&](const auto& intent) {
          if (context.by_app() && refused_by_app(context, statement.intent)) return;
          if (shapes_new_table(context, intent)) return;
          segue::planner::plan(context, intent);
          take_options(context, statement.options, table_of(intent));
        },
        statement.intent);
  }
  context.statement = nullptr;

  PlanResult result;
  if (!dsl::has_errors(context.diagnostics)) carry_everything(context);
  result.diagnostics = std::move(context.diagnostics);
  std::stable_sort(result.diagnostics.begin(), result.diagnostics.end(),
                   [](const dsl::Diagnostic& a, const dsl::Diagnostic& b) {
                     return a.span.begin < b.span.begin;
                   });
  if (dsl::has_errors(result.diagnostics)) return result;

  for (const Hazard& hazard : context.draft.hazards) {
    if (hazard.level == HazardLevel::refuses && !hazard.allowed) result.refusals.push_back(hazard);
  }
  if (!result.refusals.empty()) return result;

  Plan plan = describe(source, change, context);
  plan.meaning = meaning_of(context);
  plan.tripwire = plan.tripwire && lay_tripwires(context.draft, index, plan.meaning);
  plan.steps = assemble(context.draft, index);
  plan.notes = std::move(context.draft.notes);
  plan.hazards = std::move(context.draft.hazards);
  plan.verifications = std::move(context.draft.verifications);
  plan.old_columns = std::move(context.draft.old_columns);
  plan.owned = std::move(context.draft.owned);
  std::sort(plan.owned.begin(), plan.owned.end());
  plan.owned.erase(std::unique(plan.owned.begin(), plan.owned.end()), plan.owned.end());
  std::vector<QualifiedName> touched = context.draft.touched;
  for (const auto& [to, from] : context.renamed_tables) {
    touched.push_back(from);
    touched.push_back(to);
  }
  std::sort(touched.begin(), touched.end());
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  plan.baseline = excerpt(catalog, touched);
  plan.surroundings = surroundings(catalog, plan.baseline);
  for (const Collision& collision : collisions(plan, catalog.in_flight)) {
    plan.hazards.push_back(collision_hazard("in-flight", collision, options));
    if (!plan.hazards.back().allowed) result.refusals.push_back(plan.hazards.back());
  }
  if (!result.refusals.empty()) return result;
  result.plan = std::move(plan);
  return result;
}

}  // namespace segue::planner
