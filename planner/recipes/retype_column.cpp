// retype T.c -> TYPE: in the catalogue where PostgreSQL needs no more, else by a copy of the
// column.
#include <fmt/format.h>

#include <algorithm>

#include "planner/recipes/copy_column.hpp"
#include "planner/recipes/retype_ways.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

bool may_convert(Context& context, const dsl::RetypeColumn& intent, const Column& column,
                 const TypeChange& change, const dsl::sql::Expression* conversion) {
  const std::string shown = fmt::format("\"{}\"", column.name);
  if (!change.assignable && !intent.conversion) {
    context.error(
        intent.type.span,
        fmt::format("{} is {}: PostgreSQL does not cast it to {} by itself", shown, column.type,
                    change.type),
        fmt::format("say how: using ({}::{})", quote_identifier(column.name), intent.type.text));
    return false;
  }
  const bool zones = (change.from.name == "timestamp" && change.to.name == "timestamptz") ||
                     (change.from.name == "timestamptz" && change.to.name == "timestamp");
  if (zones && (!intent.conversion || change.identity)) {
    context.error(
        intent.conversion ? intent.conversion->span : intent.type.span,
        "which time zone the values are in is a decision",
        fmt::format("say it: using ({} at time zone 'UTC')", quote_identifier(column.name)));
    return false;
  }
  if (conversion != nullptr && (conversion->has_subquery || conversion->has_aggregate_or_window)) {
    context.error(intent.conversion->span,
                  conversion->has_subquery ? "`using` may not hold a subquery"
                                           : "`using` may not hold an aggregate or window function",
                  "it converts one row's value at a time, as in ALTER TABLE … USING");
    return false;
  }
  if (conversion != nullptr && context.is_volatile(*conversion)) {
    context.error(intent.conversion->span,
                  "`using` gives another value each time: old and new could never be compared",
                  "it has to follow from the row alone");
    return false;
  }
  return true;
}

// Constraints that would mean something else over the converted values: the author has to say what.
bool restated(Context& context, const dsl::RetypeColumn& intent, const Table& table,
              const Column& column, const TypeChange& change, const std::string& end_name) {
  if (rules_hold(change)) return true;
  bool good = true;
  if (!change.identity && !column.default_value.empty() &&
      !context.decides_default(table.name, end_name)) {
    context.error(intent.column.column.span,
                  fmt::format("\"{}\" has the default {}, which `using` does not convert",
                              column.name, column.default_value),
                  fmt::format("say the new one in this file: default {}.{} …, or none",
                              quoted(table.name), quote_identifier(end_name)));
    good = false;
  }
  for (const Constraint& constraint : table.constraints) {
    if (constraint.kind != ConstraintKind::check || !constraint.inherited_from.empty()) continue;
    if (std::find(constraint.columns.begin(), constraint.columns.end(), column.name) ==
        constraint.columns.end())
      continue;
    if (context.checks(table.name, end_name)) continue;
    context.error(
        intent.column.column.span,
        fmt::format("the check {} stands on \"{}\", and {} the values under it",
                    quote_identifier(constraint.name), column.name,
                    change.identity ? change.type + " has another word for" : "`using` converts"),
        fmt::format("state the rule for the new values in this file: check {} (…)",
                    quoted(table.name)));
    good = false;
  }
  return good;
}

bool name_is_free(Context& context, const dsl::Identifier& to, const Table& table) {
  if (table.column(to.name) == nullptr) return true;
  context.error(
      to.span, fmt::format("{} has a column \"{}\" already", quoted(table.name), to.name),
      "both columns live side by side for a while: the new name has to be free from the start");
  return false;
}

bool check_back(Context& context, const dsl::RetypeColumn& intent, const Table& table) {
  const auto parsed = dsl::sql::parse_expression(intent.back->text);
  const auto* expression = std::get_if<dsl::sql::Expression>(&parsed);
  if (expression == nullptr)
    return context.expression(table, *intent.back, NamesOf::after, "`back`").has_value();
  if (expression->has_subquery || context.is_volatile(*expression)) {
    context.error(intent.back->span,
                  expression->has_subquery ? "`back` may not hold a subquery"
                                           : "`back` gives another value each time",
                  "it has to follow from the row alone");
    return false;
  }
  const bool reads_old = std::any_of(
      expression->columns.begin(), expression->columns.end(),
      [&](const dsl::sql::ColumnUse& use) { return use.name == intent.column.column.name; });
  if (reads_old) {
    for (const dsl::sql::ColumnUse& use : expression->columns) {
      if (use.name == intent.column.column.name || use.name == "*") continue;
      const dsl::Span span{intent.back->span.begin + static_cast<std::uint32_t>(use.name_begin),
                           intent.back->span.begin + static_cast<std::uint32_t>(use.name_end)};
      if (!context.column(table, {use.name, span})) return false;
    }
    return true;
  }
  return context.expression(table, *intent.back, NamesOf::after, "`back`").has_value();
}

}  // namespace

void plan(Context& context, const dsl::RetypeColumn& intent) {
  const Table* table = context.table(intent.column.table);
  if (table == nullptr) return;
  const dsl::Identifier& given = intent.column.column;
  const Column* column = context.existing(*table, given);
  if (column == nullptr) return;
  if (context.type(intent.type).empty()) return;
  const std::string above =
      fmt::format("retype {}.{} -> {}", quoted(table->partition_of.value_or(table->name)),
                  quote_identifier(given.name), intent.type.text);
  if (!may_copy(context, given.span, *table, *column, above)) return;
  if (context.is_constrained_domain(intent.type)) {
    context.error(
        intent.type.span,
        fmt::format("{} is a domain with constraints: a column of it rewrites the table under lock",
                    intent.type.text),
        "retype to the domain's base type, and add the rule with `check` in a change of its own");
    return;
  }
  const TypeChange change = type_change(context, *table, *column, intent);
  if (change.from == change.to && !change.of_domain && change.identity && !intent.as) {
    context.error(intent.type.span, fmt::format("\"{}\" is {} already", given.name, column->type));
    return;
  }
  if (intent.as && !name_is_free(context, *intent.as, *table)) return;
  if (context.by_app() && !intent.as) {
    context.error(
        context.statement->span,
        fmt::format("`via app` has nothing for the application to write: \"{}\" keeps its "
                    "name, and the copy of the new type has none of its own",
                    given.name),
        "keep both with `as new_name`, or leave out `via app`");
    return;
  }
  std::optional<dsl::sql::Expression> conversion;
  if (intent.conversion) {
    conversion = context.expression(*table, *intent.conversion, NamesOf::before, "`using`");
    if (!conversion) return;
  }
  if (intent.back && !intent.as) {
    context.warning(intent.back->span,
                    "`back` has nothing to do here: the column keeps its name, and the app sees "
                    "one of the two types at a time",
                    "leave it out, or keep both with `as new_name`");
  } else if (intent.back && !check_back(context, intent, *table)) {
    return;
  }
  if (!may_convert(context, intent, *column, change, conversion ? &*conversion : nullptr)) return;
  if (change.catalogue_only) {
    if (context.renamed_tables.contains(table->name)) {
      context.error(intent.column.span,
                    fmt::format("{} is renamed in this file: until contract a view reads \"{}\" "
                                "under the table's old name, and PostgreSQL does not change the "
                                "type below it",
                                quoted(table->name), column->name),
                    "write this in a change after this one");
      return;
    }
    retype_in_place(context, *table, *column, change);
    return;
  }
  if (intent.as && !intent.back && column->not_null && !context.by_app()) {
    context.error(
        intent.as->span,
        fmt::format("\"{}\" is NOT NULL: without `back` the new release could not insert a row",
                    given.name),
        "say what the old release finds there: back (…)");
    return;
  }
  const std::string end_name = intent.as ? intent.as->name : given.name;
  if (!restated(context, intent, *table, *column, change, end_name)) return;
  if (intent.back && intent.as && !context.by_app() &&
      !(change.total && is_integer(change.from) && is_integer(change.to))) {
    context.hazard("lossy-back", HazardLevel::note,
                   fmt::format("{}.{}", quoted(table->name), quote_identifier(given.name)),
                   "What `back` makes of a new value need not convert to the same again; neither "
                   "side is written over for that.",
                   "If both releases must see the very same value, choose `using` and `back` that "
                   "undo each other.");
  }
  if (intent.as && !intent.back && !context.by_app()) {
    context.hazard("one-way", HazardLevel::note,
                   fmt::format("{}.{}", quoted(table->name), quote_identifier(given.name)),
                   "Without `back` the old release does not see what the new one writes.",
                   "Let the old release be gone before the new one writes, or say `back …`.");
    context.note(
        context.draft.notes_for(Phase::dual_write).must_not,
        fmt::format(
            "write `{}.{}` while the old release still reads `{}.{}`: nothing is carried back.",
            table->name.name, end_name, table->name.name, given.name));
  }
  TypedCopy wanted;
  if (intent.conversion) wanted.value = intent.conversion->text;
  wanted.back = intent.back;
  if (intent.as) wanted.as = intent.as->name;
  wanted.span = intent.column.span;
  retype_by_copy(context, *table, *column, change, wanted);
}

}  // namespace segue::planner
