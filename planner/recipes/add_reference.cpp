// reference T(c, …) -> U(d, …): a foreign key.
#include <fmt/format.h>

#include "planner/recipes/by_app.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

// Mends what any release writes.
TriggerRule mending(const Context& context, const Table& table,
                    const std::vector<std::string>& columns, const ResolvedTarget& target,
                    const std::string& constraint, const std::string& assignment) {
  std::string not_null;
  std::string match;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    not_null +=
        fmt::format("{}NEW.{} IS NOT NULL", i == 0 ? "" : " AND ", quote_identifier(columns[i]));
    match += fmt::format("{}segue_target.{} = NEW.{}", i == 0 ? "" : " AND ",
                         quote_identifier(target.now[i]), quote_identifier(columns[i]));
  }
  TriggerRule rule;
  rule.comment =
      fmt::format("a row that finds nothing under {} is mended", quote_identifier(constraint));
  rule.when = not_null;
  rule.body = fmt::format(
      "    IF {}NOT EXISTS (SELECT FROM {} AS segue_target WHERE {}) THEN\n      {};\n    END "
      "IF;\n",
      not_itself(table, columns, target, "NEW"), quoted(target.table->name), match, assignment);
  // The app may write this table without a right to read the other; PostgreSQL's own key checks run
  // as the owner for the same reason.
  rule.reads_tables = true;
  rule.source = context.here();
  return rule;
}

void repair(Context& context, const dsl::AddReference& intent, const Table& table,
            const std::vector<std::string>& columns, const ResolvedTarget& target,
            const std::string& constraint, bool existing_only) {
  const auto column = context.column(table, intent.repair->column);
  const auto value = context.expression(table, intent.repair->value, NamesOf::after, "`repair`");
  if (!column || !value) return;
  if (!existing_only || column->renamed()) {
    context.error(intent.repair->value.span,
                  "a repair cannot stand on a column that the same file makes",
                  "write the reference in a change after this one");
    return;
  }
  const std::string name = quote_identifier(column->name);
  TableDraft& draft = context.draft_of(table);
  if (!context.by_app())
    draft.rules.push_back(mending(
        context, table, columns, target, constraint,
        fmt::format("NEW.{} := {}", name, over_new_row(table, intent.repair->value, *value))));

  const std::string orphan = orphan_condition(table, columns, target);
  Fill fill;
  fill.column = column->name;
  fill.value = fmt::format("CASE WHEN {} THEN {} ELSE {}.{} END", orphan, intent.repair->value.text,
                           quote_identifier(table.name.name), name);
  fill.pending = orphan;
  fill.promise = fmt::format("{} finds its row", quote_identifier(constraint));
  fill.in_place = !column->added();
  if (!value->is_null) fill.checks = {target.table->name};
  fill.source = context.here();
  draft.fills.push_back(std::move(fill));
}

void list_orphans(Context& context, const Table& table, const std::vector<std::string>& columns,
                  const ResolvedTarget& target, const std::string& constraint, bool existing_only) {
  NoRows check;
  check.table = table.name;
  check.columns = key_or_ctid(table);
  std::string shown;
  for (const std::string& column : columns) {
    shown += fmt::format(", {}::text", quote_identifier(column));
    check.columns.push_back(column);
  }
  check.condition = orphan_condition(table, columns, target);
  check.violators = fmt::format("SELECT {} FROM {} WHERE {}", select_key(table, shown),
                                quoted(table.name), check.condition);
  check.message = fmt::format("rows of {} reference nothing in {}", quoted(table.name),
                              quoted(target.table->name));
  check.hint = "mend them, or say `repair column = …` in the change; then run the phase again";
  Step step;
  step.phase = Phase::backfill;
  step.title = fmt::format("Look for rows without a match under {}", quote_identifier(constraint));
  step.why = "they are listed here, before anything is built";
  step.locks = {{table.name, LockMode::access_share}, {target.table->name, LockMode::access_share}};
  step.scan = Scan::reads;
  step.undo_note = "nothing: it only reads";
  step.action = std::move(check);
  context.add_step(existing_only ? order::check_before : order::check_filled, std::move(step));
}

}  // namespace

void plan(Context& context, const dsl::AddReference& intent) {
  const Table* table = context.table(intent.table);
  if (table == nullptr || !may_reference(context, *table, intent.table.span)) return;
  if (context.by_app() && !intent.repair) {
    context.refuse_by_app("without `repair` no trigger would mend what the releases write");
    return;
  }
  const auto resolved = context.columns(*table, intent.columns);
  const auto target =
      resolve_target(context, intent.target, intent.columns.size(), intent.target.table.span);
  if (!resolved || !target) return;
  std::vector<std::string> names;
  std::vector<std::string> columns;  // as they are called when the key is added
  bool existing_only = !target->copied;
  for (const ResolvedColumn& column : *resolved) {
    names.push_back(column.name);
    columns.push_back(context.until_contract(table->name, column.name));
    existing_only = existing_only && !column.added() && !column.renamed() && column.shadow.empty();
  }
  const std::string name = context.constraint_name(*table, intent.name, names, "fkey");
  if (name.empty()) return;
  context.own(ObjectKind::constraint, table->name, name);
  if (intent.repair) {
    repair(context, intent, *table, columns, *target, name, existing_only);
  } else {
    list_orphans(context, *table, columns, *target, name, existing_only);
  }
  const dsl::ForeignKeyTarget& given = intent.target;
  context.draft_of(*table).constraints.push_back(
      {name,
       foreign_key_definition(columns, target->table->name, target->now, given.on_delete,
                              given.on_update, given.deferrable, given.initially_deferred),
       // Without a trigger a row that is not repaired yet would refuse every UPDATE.
       intent.repair && !context.by_app() ? AddedAt::before_fill : AddedAt::after_fill, true, true,
       target->table->name, fmt::format("{} binds every row from now on", quote_identifier(name)),
       context.here()});
  context.draft.touched.push_back(target->table->name);
  context.note(context.draft.notes_for(Phase::backfill).changes,
               fmt::format("Every `{}` ({}) finds its row in `{}`.", table->name.name,
                           joined(names), target->table->name.name));
  if (intent.repair && context.by_app())
    repaired_by_app(context, fmt::format("a `{}` ({}) that is not in `{}`", table->name.name,
                                         joined(names), target->table->name.name));
  context.note(context.draft.notes_for(Phase::backfill).must_not,
               fmt::format("write a `{}` ({}) that is not in `{}`, nor delete a row there that is "
                           "referenced — nor may the old release, from phase 3 on.",
                           table->name.name, joined(names), target->table->name.name));
}

}  // namespace segue::planner
