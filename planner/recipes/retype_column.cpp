// retype T.c -> TYPE: in the catalogue where PostgreSQL needs no more, else by a copy of the
// column.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "planner/names.hpp"
#include "planner/probe.hpp"
#include "planner/recipes/copy_column.hpp"
#include "planner/recipes/parts.hpp"
#include "planner/recipes/retype.hpp"
#include "planner/type_change.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

// ---- In the catalogue alone
// ------------------------------------------------------------------------

void retype_in_place(Context& context, const Table& table, const Column& column,
                     const TypeChange& change) {
  const std::string name = quoted(table.name);
  const std::string quoted_column = quote_identifier(column.name);
  const std::string shown = fmt::format("`{}.{}`", table.name.name, column.name);
  const std::string zone = change.utc ? "SET LOCAL TimeZone = 'UTC';\n" : "";
  const std::string collation = column.collation.empty() ? "" : " COLLATE " + column.collation;
  Step step;
  step.phase = Phase::expand;
  step.title = fmt::format("Make {}.{} {}", name, quoted_column, change.type);
  step.action = Transaction{fmt::format("{}ALTER TABLE {} ALTER COLUMN {} TYPE {};\n", zone, name,
                                        quoted_column, change.type)};
  step.why = change.utc
                 ? "under UTC both types hold the same bytes: the catalogue says another word for "
                   "them, no row is read"
                 : "the new type takes in every value as it is: a catalogue change, no row is read";
  for (const Table* one : tree_of(context.catalog, table))
    step.locks.push_back({one->name, LockMode::access_exclusive});
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
  step.undo.push_back(Transaction{fmt::format("{}ALTER TABLE {} ALTER COLUMN {} TYPE {}{};\n", zone,
                                              name, quoted_column, column.type, collation)});
  context.own(ObjectKind::column, table.name, column.name);
  for (const Table* one : tree_of(context.catalog, table))
    context.own(ObjectKind::column, one->name, column.name);
  context.add_step(20, std::move(step));

  context.note(context.draft.notes_for(Phase::expand).changes,
               fmt::format("{} is {}; no row was copied.", shown, change.type));
  context.note(context.draft.notes_for(Phase::expand).may,
               fmt::format("write whatever {} takes into {}.", change.type, shown));
  context.note(context.draft.notes_for(Phase::expand).watch,
               "A prepared statement that returns the column fails once with \"cached plan must "
               "not change result type\": let the connection pool reconnect.");
}

// ---- By a copy
// -------------------------------------------------------------------------------------

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
  if (change.identity) return true;
  bool good = true;
  if (!column.default_value.empty() && !context.decides_default(table.name, end_name)) {
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
        fmt::format("the check {} stands on \"{}\", and `using` converts the values under it",
                    quote_identifier(constraint.name), column.name),
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

// `back` over the trigger's row, or over a table's. Its names are those after the change, and the
// old column.
std::string back_value(const dsl::RetypeColumn& intent, const Table& table, bool in_trigger) {
  return in_trigger ? dsl::sql::bind_columns(intent.back->text, "NEW", table.name.name)
                    : parenthesised(intent.back->text);
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

struct Copy {
  std::string from;
  std::string to;   // before contract
  std::string end;  // after it
  Conversion conversion;
};

std::string image_differs(const std::string& a, const std::string& b) {
  return fmt::format("pg_catalog.record_image_ne(ROW({}), ROW({}))", a, b);
}

std::string row_of(const Copy& copy, const std::string& row) {
  std::string list;
  for (const std::string& column : copy.conversion.columns)
    list += fmt::format("{}{}.{}", list.empty() ? "" : ", ", row, quote_identifier(column));
  return list;
}

// One name: the app writes the old column alone.
TriggerRule one_way_rule(const Context& context, const Copy& copy) {
  TriggerRule rule;
  const std::string to = quote_identifier(copy.to);
  const std::string value = copy.conversion.of("NEW.");
  rule.comment =
      fmt::format("{} and its copy of the new type say the same", quote_identifier(copy.from));
  rule.when = image_differs("NEW." + to, value);
  rule.body = fmt::format("    NEW.{} := {};\n", to, value);
  rule.source = context.here();
  return rule;
}

TriggerRule two_way_rule(const Context& context, const dsl::RetypeColumn& intent,
                         const Table& table, const Copy& copy) {
  const std::string from = quote_identifier(copy.from);
  const std::string to = quote_identifier(copy.to);
  const std::string value = copy.conversion.of("NEW.");
  TriggerRule rule;
  rule.comment = fmt::format(
      "{} and {} say the same, each in its type; where both changed, the new one wins", from, to);
  rule.when = image_differs("NEW." + to, value);
  // Without `back` the new release's values stay its own; a NULL is one in either type.
  const std::string back =
      intent.back
          ? fmt::format("NEW.{} := {};\n", from, back_value(intent, table, true))
          : fmt::format("NEW.{0} := CASE WHEN NEW.{1} IS NOT NULL THEN NEW.{0} END;\n", from, to);
  rule.body = fmt::format(
      "    IF TG_OP = 'INSERT' THEN\n"
      "      IF NEW.{1} IS NOT NULL THEN\n"
      "        {2}"
      "      ELSE\n"
      "        NEW.{1} := {3};\n"
      "      END IF;\n"
      "    ELSIF {4} THEN\n"
      "      IF {5} THEN\n"
      "        PERFORM segue.note_disagreement({7}, {8}, {9});\n"
      "      END IF;\n"
      "      {2}"
      "    ELSIF {6} OR NEW.{1} IS NULL THEN\n"
      "      NEW.{1} := {3};\n"
      "    END IF;\n",
      from, to, back, value, image_differs("OLD." + to, "NEW." + to),
      image_differs("OLD." + from, "NEW." + from),
      image_differs(row_of(copy, "OLD"), row_of(copy, "NEW")), quote_literal(context.change_name()),
      quote_literal(quoted(table.name)), quote_literal(fmt::format("{}, {}", copy.from, copy.to)));
  rule.source = context.here();
  return rule;
}

void list_what_does_not_convert(Context& context, const Table& table, const Copy& copy,
                                const std::string& type) {
  if (copy.conversion.fails.empty()) return;
  const std::string from = quote_identifier(copy.from);
  NoRows rows;
  rows.table = table.name;
  rows.columns = key_or_ctid(table);
  rows.columns.push_back(copy.from);
  rows.condition = copy.conversion.fails;
  rows.violators =
      fmt::format("SELECT {} FROM {} WHERE {}", select_key(table, fmt::format(", {}::text", from)),
                  quoted(table.name), rows.condition);
  rows.message = fmt::format("rows of {} hold values of {} that do not convert to {}",
                             quoted(table.name), from, type);
  rows.hint =
      "mend them, or undo and say in `using` what becomes of them; then run the phase again";
  Step step;
  step.phase = Phase::backfill;
  step.title =
      fmt::format("Look for values of {}.{} that do not convert", quoted(table.name), from);
  step.why = "they are listed here, before anything is written or built";
  step.locks = {{table.name, LockMode::access_share}};
  step.scan = Scan::reads;
  step.undo_note = "nothing: it only reads";
  step.action = std::move(rows);
  context.add_step(order::check_before, std::move(step));
}

void notes(Context& context, const Table& table, const Copy& copy, const std::string& type,
           bool can_fail) {
  const std::string old_column = fmt::format("`{}.{}`", table.name.name, copy.from);
  const std::string new_column = fmt::format("`{}.{}`", table.name.name, copy.end);
  auto& expand = context.draft.notes_for(Phase::expand);
  auto& dual = context.draft.notes_for(Phase::dual_write);
  auto& backfill = context.draft.notes_for(Phase::backfill);
  auto& contract = context.draft.notes_for(Phase::contract);
  context.note(expand.watch,
               "A prepared `SELECT *` fails once with \"cached plan must not change result type\" "
               "after a column is added or dropped: "
               "name the columns, or let the connection pool reconnect.");
  if (can_fail) {
    context.note(backfill.must_not, fmt::format("write a value into {} that does not convert to {} "
                                                "— nor may the old release, from phase 3 on.",
                                                old_column, type));
  }
  context.note(contract.watch,
               fmt::format("{} stands last among the columns of `{}`: INSERT without a column list "
                           "and `SELECT *` by position see another order.",
                           new_column, table.name.name));
  if (copy.end == copy.from) {
    context.note(
        expand.changes,
        fmt::format("A copy of {} of type {} appears beside it, empty; no release names it.",
                    old_column, type));
    context.note(dual.changes,
                 fmt::format("Every write of {} is carried over to its copy.", old_column));
    context.note(backfill.changes, fmt::format("The copy of {} is filled on every row and proven; "
                                               "its indexes and constraints are there.",
                                               old_column));
    context.note(
        backfill.must_not,
        fmt::format("count on {} being {} yet: it is swapped in phase 4.", old_column, type));
    context.note(backfill.may, fmt::format("read and write {} in either type: the release that "
                                           "runs at phase 4 has to accept both.",
                                           old_column));
    context.note(
        contract.changes,
        fmt::format("{} is {}: the copy has its place, its constraints and its index names.",
                    old_column, type));
    context.note(contract.watch,
                 fmt::format("Prepared statements that name {} are planned anew, or fail once with "
                             "\"cached plan must not change result type\".",
                             old_column));
    return;
  }
  context.note(expand.changes,
               fmt::format("{} ({}) appears beside {}, empty.", new_column, type, old_column));
  context.note(expand.must_not, fmt::format("name {} yet.", new_column));
  context.note(dual.changes,
               fmt::format("Every write keeps {} and {} in step, whichever of them the app names.",
                           old_column, new_column));
  context.note(dual.may, fmt::format("write {}.", new_column));
  context.note(dual.must_not, fmt::format("read {}: older rows do not have it yet.", new_column));
  context.note(dual.must_not,
               fmt::format("name {} in ON CONFLICT: its indexes come with phase 3.", new_column));
  context.note(
      backfill.changes,
      fmt::format("{} is filled on every row and proven; its indexes and constraints are there.",
                  new_column));
  context.note(backfill.may,
               fmt::format("read and write {} alone; the old release goes on with {}.", new_column,
                           old_column));
  context.note(contract.changes,
               fmt::format("{} is gone; {} has its place, its constraints and its index names.",
                           old_column, new_column));
  context.note(contract.must_not, fmt::format("name {} any more.", old_column));
}

void retype_by_copy(Context& context, const dsl::RetypeColumn& intent, const Table& table,
                    const Column& column, const TypeChange& change) {
  Copy copy;
  copy.from = column.name;
  copy.end = intent.as ? intent.as->name : column.name;
  copy.to = intent.as ? copy.end : context.new_name(table.name, column.name);
  const std::string name = quoted(table.name);
  const std::string from = quote_identifier(copy.from);
  const std::string to = quote_identifier(copy.to);
  const SourceLine source = context.here();

  copy.conversion = conversion_of(context, table, column, change,
                                  intent.conversion ? intent.conversion->text : "");
  const std::string value = copy.conversion.of("");
  const std::string& collation = column.collation;
  const bool collates = !collation.empty() && has_collation(change.to);
  add_copy(context, table, column,
           {copy.to, change.type + (collates ? " COLLATE " + collation : ""), false});

  TableDraft& draft = context.draft_of(table);
  Rename rename{copy.from, copy.to, source};
  if (!intent.as) rename.end_name = copy.end;
  rename.type = change.type;
  rename.span = intent.column.span;
  rename.converts = !change.identity;
  rename.keys_match = change.identity && keys_match(change.from, change.to);
  draft.renames.push_back(std::move(rename));

  const auto first_other =
      std::find_if(draft.rules.begin(), draft.rules.end(), [](const TriggerRule& rule) {
        return rule.comment.find("say the same") == std::string::npos;
      });
  draft.rules.insert(first_other, intent.as ? two_way_rule(context, intent, table, copy)
                                            : one_way_rule(context, copy));
  if (intent.as) draft.explicit_nulls.push_back({copy.from, copy.to, source});

  list_what_does_not_convert(context, table, copy, change.type);

  const std::string converts =
      copy.conversion.fails.empty() ? "" : fmt::format("NOT {}", copy.conversion.fails);
  const std::string by_map = fmt::format("NOT {}{}{}", image_differs(to, value),
                                         converts.empty() ? "" : " AND ", converts);
  std::string promise =
      fmt::format("{} is {} as {}", intent.as ? to : "the copy of " + from, from, change.type);
  std::string equal = by_map;
  if (intent.as && intent.back) {
    equal = fmt::format("({}) OR NOT {}", by_map,
                        image_differs(from, back_value(intent, table, false)));
    promise = fmt::format("{} and {} agree by `using` or by `back`", to, from);
  } else if (intent.as) {
    equal = fmt::format("{} IS NOT NULL OR ({})", to, by_map);
    promise = fmt::format("{} has what {} converts to", to, from);
  }

  Fill fill;
  fill.column = copy.to;
  fill.value = value;
  // What the new release wrote already is not written over.
  fill.pending = intent.as ? fmt::format("{} IS NULL AND ({}) IS NOT NULL", to, value)
                           : image_differs(to, value);
  fill.promise = promise;
  fill.source = source;
  draft.fills.push_back(std::move(fill));
  const std::string differs = fmt::format("NOT ({})", equal);
  verify(context, table, differs, promise);
  prove_promise(context, table, fmt::format("{}_as_{}", column.name, change.type), equal, promise,
                "new = old converted, by PostgreSQL's own proof");
  drop_conversion(context, table, copy.conversion);

  draft.contract.push_back(
      {ContractSlot::drop_column, "RESTRICT: refuses rather than take anything along",
       fmt::format("ALTER TABLE {} DROP COLUMN IF EXISTS {} RESTRICT;\n", name, from),
       intent.as ? probe::column_missing(table.name, copy.from) : "", source});
  if (!intent.as) {
    draft.contract.push_back(
        {ContractSlot::swap_name, "the copy takes the name over in the same moment",
         fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {};\n", name, to, from),
         probe::column_missing(table.name, copy.to), source});
  }
  context.draft.old_columns.push_back({table.name, copy.from, intent.as ? copy.to : copy.from});
  notes(context, table, copy, change.type, !copy.conversion.fails.empty());
}

}  // namespace

void plan(Context& context, const dsl::RetypeColumn& intent) {
  const Table* table = context.table(intent.column.table);
  if (table == nullptr) return;
  const dsl::Identifier& given = intent.column.column;
  const Column* column = table->column(given.name);
  if (column == nullptr) {
    static_cast<void>(context.column(*table, given));
    return;
  }
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
  if (change.from == change.to && change.identity && !intent.as) {
    context.error(intent.type.span, fmt::format("\"{}\" is {} already", given.name, column->type));
    return;
  }
  if (intent.as && !name_is_free(context, *intent.as, *table)) return;
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
  if (intent.as && !intent.back && column->not_null) {
    context.error(
        intent.as->span,
        fmt::format("\"{}\" is NOT NULL: without `back` the new release could not insert a row",
                    given.name),
        "say what the old release finds there: back (…)");
    return;
  }
  const std::string end_name = intent.as ? intent.as->name : given.name;
  if (!restated(context, intent, *table, *column, change, end_name)) return;
  if (intent.back && intent.as &&
      !(change.total && is_integer(change.from) && is_integer(change.to))) {
    context.hazard("lossy-back", HazardLevel::note,
                   fmt::format("{}.{}", quoted(table->name), quote_identifier(given.name)),
                   "What `back` makes of a new value need not convert to the same again; neither "
                   "side is written over for that.",
                   "If both releases must see the very same value, choose `using` and `back` that "
                   "undo each other.");
  }
  if (intent.as && !intent.back) {
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
  retype_by_copy(context, intent, *table, *column, change);
}

}  // namespace segue::planner
