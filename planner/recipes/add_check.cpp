// check T (E): every row keeps a condition.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "planner/recipes/by_app.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

void repair(Context& context, const dsl::AddCheck& intent, const Table& table,
            const std::string& constraint, bool existing_only) {
  const auto column = context.column(table, intent.repair->column);
  const auto value = context.expression(table, intent.repair->value, NamesOf::after, "`repair`");
  if (!column || !value) return;
  if (!existing_only || column->renamed()) {
    context.error(intent.repair->value.span,
                  "a repair cannot stand on a column that the same file makes",
                  "write the check in a change after this one");
    return;
  }
  const std::string name = quote_identifier(column->name);
  TableDraft& draft = context.draft_of(table);

  if (!context.by_app()) {
    TriggerRule rule;
    rule.comment = fmt::format("what breaks {} is mended", quote_identifier(constraint));
    rule.when = fmt::format("{} IS FALSE", parenthesised(dsl::sql::bind_columns(
                                               intent.condition.text, "NEW", table.name.name)));
    rule.body =
        fmt::format("    NEW.{} := {};\n", name, over_new_row(table, intent.repair->value, *value));
    rule.reads_tables = value->has_subquery;
    rule.source = context.here();
    draft.rules.push_back(std::move(rule));
  }

  const std::string broken = fmt::format("{} IS FALSE", parenthesised(intent.condition.text));
  Fill fill;
  fill.column = column->name;
  fill.value =
      fmt::format("CASE WHEN {} THEN {} ELSE {} END", broken, intent.repair->value.text, name);
  fill.pending = broken;
  fill.promise = fmt::format("{} holds", quote_identifier(constraint));
  fill.in_place = !column->added();
  fill.source = context.here();
  draft.fills.push_back(std::move(fill));
}

void list_violators(Context& context, const dsl::AddCheck& intent, const Table& table,
                    const std::string& constraint, bool existing_only) {
  NoRows check;
  check.table = table.name;
  check.columns = key_or_ctid(table);
  check.condition = fmt::format("{} IS FALSE", parenthesised(intent.condition.text));
  check.violators = fmt::format("SELECT {} FROM {} WHERE {}", select_key(table), quoted(table.name),
                                check.condition);
  check.message =
      fmt::format("rows of {} break {}", quoted(table.name), quote_identifier(constraint));
  check.hint = "mend them, or say `repair column = …` in the change; then run the phase again";
  Step step;
  step.phase = Phase::backfill;
  step.title = fmt::format("Look for rows that break {}", quote_identifier(constraint));
  step.why = "they are listed here, before anything is built";
  step.locks = {{table.name, LockMode::access_share}};
  step.scan = Scan::reads;
  step.undo_note = "nothing: it only reads";
  step.action = std::move(check);
  context.add_step(existing_only ? order::check_before : order::check_filled, std::move(step));
}

}  // namespace

void plan(Context& context, const dsl::AddCheck& intent) {
  const Table* table = context.table(intent.table);
  if (table == nullptr) return;
  if (context.by_app() && !intent.repair) {
    context.refuse_by_app("without `repair` no trigger would mend what the releases write");
    return;
  }
  const auto condition = context.expression(*table, intent.condition, NamesOf::after, "a check");
  if (!condition) return;
  if (condition->has_subquery || condition->has_aggregate_or_window) {
    context.error(intent.condition.span,
                  condition->has_subquery ? "a check may not hold a subquery"
                                          : "a check may not hold an aggregate or window function");
    return;
  }
  std::set<std::string> columns;
  bool existing_only = true;
  for (const dsl::sql::ColumnUse& use : condition->columns) {
    columns.insert(use.name);
    existing_only = existing_only && table->column(use.name) != nullptr &&
                    !context.retypes(table->name, use.name);
  }
  // A column that is being retyped is read in its new type: by its copy, until the copy takes its
  // name.
  dsl::AddCheck now = intent;
  now.condition.text = context.before_contract(*table, intent.condition.text);
  const std::vector<std::string> name_parts =
      columns.size() == 1 ? std::vector<std::string>{*columns.begin()} : std::vector<std::string>{};
  const std::string name = context.constraint_name(*table, intent.name, name_parts, "check");
  if (name.empty()) return;
  context.own(ObjectKind::constraint, table->name, name);
  if (intent.repair) {
    repair(context, now, *table, name, existing_only);
  } else {
    list_violators(context, now, *table, name, existing_only);
  }
  // A repair stands behind the constraint: nothing new can break it while old rows are mended.
  context.draft_of(*table).constraints.push_back(
      {name,
       fmt::format("CHECK {}", parenthesised(now.condition.text)),
       // Without a trigger a row that is not repaired yet would refuse every UPDATE.
       intent.repair && !context.by_app() ? AddedAt::before_fill : AddedAt::after_fill,
       false,
       true,
       {},
       fmt::format("{} binds every row from now on", quote_identifier(name)),
       context.here()});
  const std::string shown = fmt::format("`{}`", name);
  context.note(context.draft.notes_for(Phase::backfill).changes,
               fmt::format("Every row of `{}` keeps {}.", table->name.name, shown));
  if (intent.repair && context.by_app()) {
    repaired_by_app(context, fmt::format("rows that break {}", shown));
  } else if (intent.repair) {
    context.note(context.draft.notes_for(Phase::dual_write).changes,
                 fmt::format("A row that breaks {} is mended as it is written.", shown));
    context.note(context.draft.notes_for(Phase::contract).must_not,
                 fmt::format("write rows that break {}: nothing mends them any more.", shown));
  } else {
    context.note(
        context.draft.notes_for(Phase::backfill).must_not,
        fmt::format("write rows that break {} — nor may the old release, from phase 3 on.", shown));
  }
}

}  // namespace segue::planner
