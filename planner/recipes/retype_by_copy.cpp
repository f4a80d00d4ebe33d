// Another type by a copy of the column: its trigger, fill, proof and swap.
#include <fmt/format.h>

#include <algorithm>

#include "planner/back_value.hpp"
#include "planner/probe.hpp"
#include "planner/recipes/by_app.hpp"
#include "planner/recipes/copy_column.hpp"
#include "planner/recipes/parts.hpp"
#include "planner/recipes/retype.hpp"
#include "planner/recipes/retype_ways.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

struct Copy {
  std::string from;
  std::string to;   // before contract
  std::string end;  // after it
  TypeShape type;
  bool bytes_decide = false;  // values of the two may be equal and not the same
  Conversion conversion;
  std::string table;
  std::string old_type;
  std::string back;  // the author's words; empty: none
};

std::string row_of(const Copy& copy, const std::string& row) {
  std::string list;
  for (const std::string& column : copy.conversion.columns)
    list += fmt::format("{}{}.{}", list.empty() ? "" : ", ", row, quote_identifier(column));
  return list;
}

// What the new release's value is for the old one, as a value of the old column's type. `row`: of
// the trigger; empty: of a table.
std::string back_value(const Copy& copy, const std::string& row) {
  if (!copy.conversion.back_call.empty())
    return copy.conversion.back_of(row.empty() ? "" : row + ".");
  if (row.empty()) return fmt::format("CAST({} AS {})", copy.back, copy.old_type);
  return dsl::sql::bind_columns(copy.back, row, copy.table);
}

// The copy is not what the old column says now.
std::string is_behind(const Copy& copy) {
  const std::string to = "NEW." + quote_identifier(copy.to);
  const std::string value = copy.conversion.of("NEW.");
  // A function is not called twice, and what comes of it may have a collation of its own.
  return copy.conversion.call.empty() && !copy.bytes_decide
             ? values_differ(copy.type, "", to, value)
             : image_differs(to, value);
}

// One name: the app writes the old column alone.
TriggerRule one_way_rule(const Context& context, const Copy& copy) {
  TriggerRule rule;
  const std::string to = quote_identifier(copy.to);
  const std::string value = copy.conversion.of("NEW.");
  rule.comment =
      fmt::format("{} and its copy of the new type say the same", quote_identifier(copy.from));
  rule.when = is_behind(copy);
  rule.body = fmt::format("    NEW.{} := {};\n", to, value);
  rule.copies = true;
  rule.source = context.here();
  return rule;
}

TriggerRule two_way_rule(const Context& context, const Table& table, const Copy& copy) {
  const std::string from = quote_identifier(copy.from);
  const std::string to = quote_identifier(copy.to);
  const std::string value = copy.conversion.of("NEW.");
  TriggerRule rule;
  rule.comment = fmt::format(
      "{} and {} say the same, each in its type; where both changed, the new one wins", from, to);
  rule.when = is_behind(copy);
  // A NULL may convert to what is there: nobody wrote it, and the column would refuse it.
  if (table.column(copy.from)->not_null) rule.when += fmt::format(" OR NEW.{} IS NULL", from);
  // Without `back` the new release's values stay its own; a NULL is one in either type.
  const std::string back =
      !copy.back.empty()
          ? fmt::format("NEW.{} := {};\n", from, back_value(copy, "NEW"))
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
  rule.copies = true;
  rule.source = context.here();
  return rule;
}

void list_what_does_not_convert(Context& context, const Table& table, const Copy& copy,
                                const std::string& type) {
  if (copy.conversion.fails.empty()) return;
  const std::string from = quote_identifier(copy.from);
  RowLook sought;
  sought.title =
      fmt::format("Look for values of {}.{} that do not convert", quoted(table.name), from);
  sought.why = "they are listed here, before anything is written or built";
  sought.condition = copy.conversion.fails;
  sought.shown = {copy.from};
  sought.message = fmt::format("rows of {} hold values of {} that do not convert to {}",
                               quoted(table.name), from, type);
  sought.hint =
      "mend them, or undo and say in `using` what becomes of them; then run the phase again";
  context.add_step(order::check_before, look_at_rows(table, sought));
}

void notes(Context& context, const Table& table, const Copy& copy, const std::string& type,
           bool can_fail) {
  const std::string old_column = fmt::format("`{}.{}`", table.name.name, copy.from);
  const std::string new_column = fmt::format("`{}.{}`", table.name.name, copy.end);
  auto& expand = context.draft.notes_for(Phase::expand);
  auto& dual = context.draft.notes_for(Phase::dual_write);
  auto& backfill = context.draft.notes_for(Phase::backfill);
  auto& contract = context.draft.notes_for(Phase::contract);
  if (can_fail) {
    context.note(backfill.must_not, fmt::format("write a value into {} that does not convert to {} "
                                                "— nor may the old release, from phase 3 on.",
                                                old_column, type));
  }
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

}  // namespace

void retype_by_copy(Context& context, const Table& table, const Column& column,
                    const TypeChange& change, const TypedCopy& wanted) {
  Copy copy;
  copy.from = column.name;
  copy.end = wanted.as ? *wanted.as : column.name;
  copy.to = wanted.as ? copy.end : context.new_name(table.name, column.name);
  const std::string name = quoted(table.name);
  const std::string from = quote_identifier(copy.from);
  const std::string to = quote_identifier(copy.to);
  const SourceLine source = context.here();

  copy.table = table.name.name;
  copy.old_type = column.type;
  copy.conversion = conversion_of(context, table, column, change, wanted.value);
  const std::string value = copy.conversion.of("");
  const std::string& collation = column.collation;
  const bool collates = !collation.empty() && has_collation(change.to);
  copy.type = change.to;
  // A domain's collation is the value's own.
  copy.bytes_decide = collates || (change.of_domain && has_collation(change.to));
  add_copy(context, table, column,
           {copy.to, change.type + (collates ? " COLLATE " + collation : ""), false});

  TableDraft& draft = context.draft_of(table);
  if (wanted.as && wanted.back) {
    copy.back = wanted.back->text;
    add_back(context, table, column, {copy.to, change.type}, copy.back, copy.conversion);
  }
  Rename rename{copy.from, copy.to, source};
  if (!wanted.as) rename.end_name = copy.end;
  rename.type = change.type;
  rename.span = wanted.span;
  rename.converts = !rules_hold(change);
  rename.keys_match = change.identity && keys_match(change.from, change.to);
  context.replace_column(table, std::move(rename));

  if (!context.by_app()) {
    // Rules that follow may read the new column, so the copy comes first.
    const auto first_other = std::find_if(draft.rules.begin(), draft.rules.end(),
                                          [](const TriggerRule& rule) { return !rule.copies; });
    draft.rules.insert(
        first_other, wanted.as ? two_way_rule(context, table, copy) : one_way_rule(context, copy));
    if (wanted.as)
      draft.explicit_nulls.push_back({copy.from, copy.to, copy.conversion.of("NEW."), source});
  }

  list_what_does_not_convert(context, table, copy, change.type);

  const std::string converts =
      copy.conversion.fails.empty() ? "" : fmt::format("NOT {}", copy.conversion.fails);
  const std::string by_map = fmt::format("NOT {}{}{}", image_differs(to, value),
                                         converts.empty() ? "" : " AND ", converts);
  std::string promise =
      fmt::format("{} is {} as {}", wanted.as ? to : "the copy of " + from, from, change.type);
  std::string equal = by_map;
  if (wanted.as && wanted.back) {
    equal = fmt::format("({}) OR NOT {}", by_map, image_differs(from, back_value(copy, "")));
    promise = fmt::format("{} and {} agree by `using` or by `back`", to, from);
  } else if (wanted.as) {
    equal = fmt::format("{} IS NOT NULL OR ({})", to, by_map);
    promise = fmt::format("{} has what {} converts to", to, from);
  }

  Fill fill;
  fill.column = copy.to;
  fill.value = value;
  // What the new release wrote already is not written over.
  fill.pending = wanted.as ? fmt::format("{} IS NULL AND ({}) IS NOT NULL", to, value)
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
       wanted.as ? probe::column_missing(table.name, copy.from) : "", source});
  if (!wanted.as) {
    draft.contract.push_back(
        {ContractSlot::swap_name, "the copy takes the name over in the same moment",
         fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {};\n", name, to, from),
         probe::column_missing(table.name, copy.to), source});
  }
  context.draft.old_columns.push_back({table.name, copy.from, wanted.as ? copy.to : copy.from});
  if (context.by_app()) {
    BothWritten both{&table, {copy.from}, {copy.to}, differs};
    both.defaults = !column.default_value.empty();
    let_the_app_write(context, both);
  } else {
    notes(context, table, copy, change.type, !copy.conversion.fails.empty());
    if (wanted.as && wanted.back && answers_for_null(wanted.back->text, copy.from)) {
      context.note(
          context.draft.notes_for(Phase::dual_write).must_not,
          fmt::format("write NULL into `{}.{}`: `back` answers for it, and until phase 3 is "
                      "complete it means \"not filled yet\".",
                      table.name.name, copy.end));
    }
  }
}

}  // namespace segue::planner
