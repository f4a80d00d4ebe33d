// create table / type / view …: something new that stands by itself.
#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql_create.hpp"
#include "planner/created.hpp"
#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::Created;
using dsl::sql::CreatedTable;
using dsl::sql::CreatedType;
using dsl::sql::CreatedView;
using dsl::sql::quote_literal;

// Places in phase 1: types, then tables as their keys ask for, then (elsewhere) columns, then
// views.
constexpr int types_first = -1000;
constexpr int tables_next = -900;
constexpr int views_last = 30;

// The author's text, with the schema written out.
std::string qualified_text(const dsl::CreateObject& intent, const Created& created,
                           const QualifiedName& name) {
  const std::string& text = intent.sql.text;
  return text.substr(0, created.name_begin) + quoted(name) + text.substr(created.name_end) + ";\n";
}

dsl::TableName as_written(const dsl::sql::RelationName& name, dsl::Span span) {
  dsl::TableName table;
  if (!name.schema.empty()) table.schema = dsl::Identifier{name.schema, span};
  table.name = {name.name, span};
  table.span = span;
  return table;
}

// A foreign key that comes with the table is to be the end state's from the start.
bool check_target(Context& context, const dsl::sql::CreatedConstraint& key, dsl::Span span,
                  Step& step) {
  const Table* target = context.table(as_written(key.target, span));
  if (target == nullptr) return false;
  std::vector<std::string> columns = key.target_columns;
  if (columns.empty() && target->primary_key() != nullptr) columns = target->primary_key()->columns;
  for (const std::string& column : columns) {
    if (context.new_name(target->name, column) == column && !context.drops(target->name, column) &&
        target->column(column) != nullptr)
      continue;
    context.error(span,
                  fmt::format("column \"{}\" of {} is not there from phase 1 to the end", column,
                              quoted(target->name)),
                  "leave the foreign key out here, and add it by a `reference` statement");
    return false;
  }
  step.locks.push_back({target->name, LockMode::share_row_exclusive});
  if (!context.makes_table(target->name)) context.draft.touched.push_back(target->name);
  return true;
}

bool describe(Context& context, const CreatedTable& table, const QualifiedName& name,
              dsl::Span span, Step& step) {
  for (const auto& constraint : table.constraints) {
    if (constraint.kind != dsl::sql::CreatedConstraintKind::foreign_key) continue;
    const bool self = constraint.target.name == name.name &&
                      (constraint.target.schema.empty() || constraint.target.schema == name.schema);
    if (!self && !check_target(context, constraint, span, step)) return false;
  }
  step.title = fmt::format("Create table {}", quoted(name));
  step.why = "new and empty: nobody waits for it";
  step.done = probe::relation_exists(name);
  step.undo = {Transaction{fmt::format("DROP TABLE IF EXISTS {} RESTRICT;\n", quoted(name))}};
  step.undo_note = "what the new release wrote into it goes with it";
  context.own(ObjectKind::table, name, name.name);
  context.note(context.draft.notes_for(Phase::expand).changes,
               fmt::format("Table `{}` is there, empty.", name.name));
  context.note(context.draft.notes_for(Phase::dual_write).may,
               fmt::format("read and write `{}`.", name.name));
  return true;
}

bool describe(Context& context, const CreatedType&, const QualifiedName& name, dsl::Span,
              Step& step) {
  step.title = fmt::format("Create type {}", quoted(name));
  step.why = "new: nothing uses it yet";
  step.done = fmt::format("pg_catalog.to_regtype({}) IS NOT NULL", quote_literal(quoted(name)));
  step.undo = {Transaction{fmt::format("DROP TYPE IF EXISTS {} RESTRICT;\n", quoted(name))}};
  context.own(ObjectKind::type, name, name.name);
  context.note(context.draft.notes_for(Phase::expand).changes,
               fmt::format("Type `{}` is there.", name.name));
  return true;
}

bool describe(Context& context, const CreatedView& view, const QualifiedName& name, dsl::Span span,
              Step& step) {
  for (const auto& relation : view.reads) {
    const Table* table = context.catalog.table_by_search_path(relation.name);
    if (table == nullptr) continue;
    if (context.drops_table(table->name)) {
      context.error(span, fmt::format("the view reads {}, which is dropped in this file",
                                      quoted(table->name)));
      return false;
    }
    if (!context.makes_table(table->name))
      step.locks.push_back({table->name, LockMode::access_share});
    for (const Column& column : table->columns) {
      const bool gone = context.new_name(table->name, column.name) != column.name ||
                        context.drops(table->name, column.name);
      if (!gone || !view.columns.contains(column.name)) continue;
      context.warning(
          span,
          fmt::format(
              "the view's query names \"{}\", which is renamed or dropped in {} by this file",
              column.name, quoted(table->name)),
          "statements speak of the end state; phase 4 is refused while a view reads what goes");
    }
  }
  step.title = fmt::format("Create view {}", quoted(name));
  step.why = "new: nothing reads it yet";
  step.done = probe::relation_exists(name);
  step.undo = {Transaction{fmt::format("DROP VIEW IF EXISTS {} RESTRICT;\n", quoted(name))}};
  context.own(ObjectKind::view, name, name.name);
  context.note(context.draft.notes_for(Phase::expand).changes,
               fmt::format("View `{}` is there.", name.name));
  context.note(context.draft.notes_for(Phase::backfill).may, fmt::format("read `{}`.", name.name));
  return true;
}

}  // namespace

void plan(Context& context, const dsl::CreateObject& intent) {
  const auto parsed = dsl::sql::parse_create(intent.sql.text);
  const auto* created = std::get_if<Created>(&parsed);
  if (created == nullptr) return;  // said when the file was read
  const QualifiedName name =
      created_name(context.catalog.catalog(), created->name.schema, created->name.name);
  const dsl::Span span{intent.sql.span.begin + static_cast<std::uint32_t>(created->name_begin),
                       intent.sql.span.begin + static_cast<std::uint32_t>(created->name_end)};
  if (std::holds_alternative<CreatedTable>(created->what) && !context.makes_table(name))
    return;  // its name was refused
  Step step;
  step.phase = Phase::expand;
  step.action = Transaction{qualified_text(intent, *created, name)};
  if (!std::visit([&](const auto& what) { return describe(context, what, name, span, step); },
                  created->what))
    return;
  int order = types_first;
  if (std::holds_alternative<CreatedTable>(created->what))
    order = tables_next + context.table_level(name);
  if (std::holds_alternative<CreatedView>(created->what)) order = views_last;
  context.add_step(order, std::move(step));
}

}  // namespace segue::planner
