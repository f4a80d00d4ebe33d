// add T.c TYPE …: a new column, with whatever the author asks of it.
#include <fmt/format.h>

#include <algorithm>

#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"
#include "planner/row_types.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

// Where the values of rows that exist already come from.
enum class OldRows { null, inline_default, filled };

struct Shape {
  OldRows old_rows = OldRows::null;
  std::string fill;  // SQL over the row, when filled
};

bool check_target(Context& context, const dsl::AddColumn& intent, const Table& table) {
  const dsl::Identifier& column = intent.column.column;
  if (table.column(column.name) != nullptr) {
    context.error(column.span,
                  fmt::format("{} has a column \"{}\" already", quoted(table.name), column.name));
    return false;
  }
  if (table.partition_of) {
    context.error(intent.column.span,
                  fmt::format("{} is a partition: its columns are those of {}", quoted(table.name),
                              quoted(*table.partition_of)),
                  "add the column there");
    return false;
  }
  if (intent.required && !intent.backfill && !intent.default_value) {
    context.error(
        column.span,
        fmt::format("column \"{}\" is required, but rows that exist already have no value for it",
                    column.name),
        "say what they get: `backfill …`, or a `default …`");
    return false;
  }
  return true;
}

std::optional<Shape> shape_of(Context& context, const dsl::AddColumn& intent, const Table& table) {
  Shape shape;
  bool volatile_default = false;
  if (intent.default_value) {
    const auto expression = context.constant_expression(*intent.default_value);
    if (!expression) return std::nullopt;
    volatile_default = context.is_volatile(*expression);
    // PostgreSQL adds no column with a default to a table whose rows another table's column holds.
    const bool held = rows_held_elsewhere(context.catalog, table);
    shape.old_rows = volatile_default || held ? OldRows::filled : OldRows::inline_default;
    shape.fill = intent.default_value->text;
    if (intent.required && !intent.backfill && expression->is_null) {
      context.error(intent.default_value->span, "the default of a required column is NULL",
                    "give it a value");
      return std::nullopt;
    }
  }
  if (intent.backfill) {
    const auto expression =
        context.expression(table, *intent.backfill, NamesOf::before, "`backfill`");
    if (!expression) return std::nullopt;
    if (expression->is_null && intent.required) {
      context.error(intent.backfill->span, "the backfill of a required column is NULL",
                    "give it a value");
      return std::nullopt;
    }
    if (expression->is_constant && intent.unique) {
      context.warning(intent.backfill->span,
                      "every old row gets the same value, and the column is to be unique",
                      "phase 3 stops if the table holds more than one row");
    }
    shape.old_rows = OldRows::filled;
    shape.fill = intent.backfill->text;
  }
  return shape;
}

void expand(Context& context, const dsl::AddColumn& intent, const Table& table,
            const std::string& type, const Shape& shape) {
  const std::string name = quoted(table.name);
  const std::string column = quote_identifier(intent.column.column.name);
  const bool is_inline = shape.old_rows == OldRows::inline_default;
  std::string sql = fmt::format("ALTER TABLE {} ADD COLUMN {} {}", name, column, type);
  if (is_inline) sql += fmt::format(" DEFAULT {}", intent.default_value->text);
  if (is_inline && intent.required) sql += " NOT NULL";
  sql += ";\n";
  if (intent.default_value && !is_inline) {
    sql += fmt::format("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {};\n", name, column,
                       intent.default_value->text);
  }
  if (intent.comment)
    sql += fmt::format("COMMENT ON COLUMN {}.{} IS {};\n", name, column,
                       quote_literal(*intent.comment));
  Step step;
  step.phase = Phase::expand;
  step.title = fmt::format("Add {}.{}", name, column);
  step.action = Transaction{std::move(sql)};
  step.why = is_inline ? "the default is the same for all rows: PostgreSQL keeps it once, in the "
                         "catalogue, and rewrites nothing"
                       : "nullable, with no value for old rows yet: a catalogue change";
  step.locks = {{table.name, LockMode::access_exclusive}};
  step.done = probe::column_exists(table.name, intent.column.column.name);
  step.undo = {
      Transaction{fmt::format("ALTER TABLE {} DROP COLUMN IF EXISTS {};\n", name, column)}};
  step.undo_note = "what the new release wrote into the column goes with it";
  context.add_step(10, std::move(step));
}

void fill(Context& context, const dsl::AddColumn& intent, const Table& table, const Shape& shape) {
  TableDraft& draft = context.draft_of(table);
  const std::string column = quote_identifier(intent.column.column.name);
  const std::string missing = fmt::format("{} IS NULL", column);
  const std::string promise = fmt::format("{} has a value", column);
  Fill one;
  one.column = intent.column.column.name;
  one.value = fmt::format("coalesce({}, {})", column, shape.fill);
  one.pending = missing;
  one.promise = promise;
  one.source = context.here();
  draft.fills.push_back(std::move(one));
  if (intent.required) verify(context, table, missing, promise);
  if (context.by_app()) return;                          // the application's own release fills it
  if (!intent.backfill || intent.default_value) return;  // a default fills what the old app inserts

  const auto expression =
      context.expression(table, *intent.backfill, NamesOf::before, "`backfill`");
  TriggerRule rule;
  rule.comment = fmt::format("the old release does not know {}", column);
  rule.when = fmt::format("NEW.{} IS NULL", column);
  rule.body = fmt::format("    NEW.{} := {};\n", column,
                          over_new_row(table, *intent.backfill, *expression));
  rule.insert_only = !intent.required;
  rule.reads_tables = expression->has_subquery;
  rule.fills = true;
  rule.source = context.here();
  const auto first_mend =
      std::find_if(draft.rules.begin(), draft.rules.end(),
                   [](const TriggerRule& other) { return !other.copies && !other.fills; });
  draft.rules.insert(first_mend, std::move(rule));
}

void constraints(Context& context, const dsl::AddColumn& intent, const Table& table) {
  TableDraft& draft = context.draft_of(table);
  const std::string& column = intent.column.column.name;
  if (intent.check && context.expression(table, *intent.check, NamesOf::after, "`check`")) {
    const std::string name = context.constraint_name(table, std::nullopt, {column}, "check");
    draft.constraints.push_back({name,
                                 fmt::format("CHECK {}", parenthesised(intent.check->text)),
                                 AddedAt::after_fill,
                                 false,
                                 true,
                                 {},
                                 "binds every row from now on",
                                 context.here()});
    context.own(ObjectKind::constraint, table.name, name);
  }
  if (intent.references && may_reference(context, table, intent.column.span)) {
    const auto target =
        resolve_target(context, *intent.references, 1, intent.references->table.span);
    if (!target) return;
    context.draft.touched.push_back(target->table->name);
    const std::string name = context.constraint_name(table, std::nullopt, {column}, "fkey");
    draft.constraints.push_back(
        {name,
         foreign_key_definition({column}, target->table->name, target->now,
                                intent.references->on_delete, intent.references->on_update,
                                intent.references->deferrable,
                                intent.references->initially_deferred),
         AddedAt::after_fill, true, true, target->table->name, "binds every row from now on",
         context.here()});
    context.own(ObjectKind::constraint, table.name, name);
  }
}

void notes(Context& context, const dsl::AddColumn& intent, const Table& table, const Shape& shape) {
  const std::string column = fmt::format("`{}.{}`", table.name.name, intent.column.column.name);
  auto& expand_notes = context.draft.notes_for(Phase::expand);
  auto& dual = context.draft.notes_for(Phase::dual_write);
  auto& backfill = context.draft.notes_for(Phase::backfill);
  auto& contract = context.draft.notes_for(Phase::contract);
  context.note(expand_notes.changes, fmt::format("{} appears{}.", column,
                                                 shape.old_rows == OldRows::inline_default
                                                     ? ", with its default on every row"
                                                     : ", empty"));
  context.note(dual.may, fmt::format("write {}.", column));
  if (shape.old_rows != OldRows::filled) {
    context.note(dual.may, fmt::format("read {}.", column));
    return;
  }
  context.note(dual.must_not, fmt::format("read {}: older rows do not have it yet.", column));
  context.note(
      dual.must_not,
      fmt::format("write NULL into {}: until contract it means \"not filled yet\".", column));
  if (context.by_app()) {
    context.note(dual.may,
                 fmt::format("write {}, and has to, in every INSERT: no trigger does.", column));
    context.note(backfill.watch,
                 fmt::format("Releases that do not write {} are gone before this phase: rows that "
                             "they insert have no value.",
                             column));
  } else if (intent.backfill && !intent.default_value) {
    context.note(dual.changes,
                 fmt::format("Rows that the old release inserts get {} from `backfill`.", column));
  }
  context.note(backfill.changes, fmt::format("{} has its value on every row.", column));
  context.note(backfill.may, fmt::format("read {}.", column));
  if (intent.required) {
    context.note(contract.changes,
                 fmt::format("{} is NOT NULL; nothing fills it for the app any more.", column));
    context.note(contract.must_not, fmt::format("leave {} out of an INSERT{}.", column,
                                                intent.default_value ? " as NULL" : ""));
  }
}

}  // namespace

void plan(Context& context, const dsl::AddColumn& intent) {
  const Table* table = context.table(intent.column.table);
  if (table == nullptr || !check_target(context, intent, *table)) return;
  const std::string type = context.type(intent.type);
  const auto shape = shape_of(context, intent, *table);
  if (type.empty() || !shape) return;
  if (context.is_constrained_domain(intent.type)) {
    context.error(intent.type.span,
                  fmt::format("{} is a domain with constraints: PostgreSQL adds such a column by "
                              "rewriting the table under lock",
                              type),
                  "use the domain's base type with a `check`");
    return;
  }
  if (context.by_app() && (!intent.backfill || intent.default_value)) {
    context.refuse_by_app(intent.default_value
                              ? "the default fills what the old release inserts"
                              : "without `backfill` no trigger would fill the column");
    return;
  }
  const std::string& column = intent.column.column.name;
  context.own(ObjectKind::column, table->name, column);
  expand(context, intent, *table, type, *shape);
  if (shape->old_rows == OldRows::filled) {
    fill(context, intent, *table, *shape);
    if (intent.required) prove_not_null(context, *table, column, AddedAt::after_fill);
  }
  constraints(context, intent, *table);
  if (intent.unique) add_unique(context, *table, {column}, std::nullopt, intent.column.span);
  notes(context, intent, *table, *shape);
}

}  // namespace segue::planner
