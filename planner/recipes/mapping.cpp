#include "planner/recipes/mapping.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "planner/holds.hpp"
#include "planner/probe.hpp"
#include "planner/recipes/by_app.hpp"
#include "planner/recipes/copy_column.hpp"
#include "planner/recipes/mapping_sql.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

// ---- What goes with the old columns
// ------------------------------------------------------------------

void notes(Context& context, const Mapping& mapping) {
  const std::string table = mapping.table->name.name;
  const auto list = [&](const std::vector<MappedColumn>& columns) {
    std::vector<std::string> names;
    for (const MappedColumn& column : columns)
      names.push_back(fmt::format("`{}.{}`", table, column.name));
    return fmt::format("{}", fmt::join(names, ", "));
  };
  const std::string olds = list(mapping.olds);
  const std::string news = list(mapping.news);
  auto& expand = context.draft.notes_for(Phase::expand);
  auto& dual = context.draft.notes_for(Phase::dual_write);
  auto& backfill = context.draft.notes_for(Phase::backfill);
  auto& contract = context.draft.notes_for(Phase::contract);
  context.note(expand.changes, fmt::format("{} appear beside {}, empty.", news, olds));
  context.note(expand.must_not, fmt::format("name {} yet.", news));
  context.note(dual.must_not, fmt::format("read {}: older rows do not have them yet.", news));
  context.note(backfill.changes, fmt::format("{} are filled on every row.", news));
  context.note(contract.changes, fmt::format("{} is gone; {} have its place.", olds, news));
  context.note(contract.must_not, fmt::format("name {} any more.", olds));
  if (mapping.two_way()) {
    context.note(
        dual.changes,
        fmt::format("Every write keeps {} and {} in step: a write of one side computes the other.",
                    olds, news));
    context.note(dual.may, fmt::format("write {}.", news));
    context.note(dual.must_not,
                 fmt::format("set all of {} to NULL where `=` gives a value for what `back` makes "
                             "of that: until phase 3 is complete it means \"not filled yet\".",
                             news));
    context.note(
        backfill.may,
        fmt::format("read and write {} alone; the old release goes on with {}.", news, olds));
    context.note(backfill.must_not, fmt::format("set {} and {} to values that disagree in one "
                                                "UPDATE: {} win, and the ledger counts the row.",
                                                olds, news, news));
    return;
  }
  context.note(dual.changes,
               fmt::format("A write of {} fills {}. Nothing goes the other way.", olds, news));
  context.note(dual.must_not, fmt::format("write {}: the release that runs now does not see it, "
                                          "and a later write of its own replaces it.",
                                          news));
  context.note(backfill.may, fmt::format("read {}.", news));
  context.note(
      backfill.may,
      fmt::format("write {} only once every instance of the release that writes {} is gone.", news,
                  olds));
  context.note(backfill.watch,
               fmt::format("The release that writes {} must be gone before any instance writes {}: "
                           "there is no `back`. From then on that release may not come back.",
                           olds, news));
}

void expand(Context& context, const Mapping& mapping) {
  const Table& table = *mapping.table;
  const std::string name = quoted(table.name);
  for (const MappedColumn& column : mapping.news) {
    const std::string quoted_column = quote_identifier(column.name);
    context.own(ObjectKind::column, table.name, column.name);
    Step add;
    add.phase = Phase::expand;
    add.title = fmt::format("Add {}.{}", name, quoted_column);
    add.action = Transaction{
        fmt::format("ALTER TABLE {} ADD COLUMN {} {};\n", name, quoted_column, column.type)};
    add.why =
        "nullable and without a default: a catalogue change; a default here would make an old "
        "INSERT lose its value";
    add.locks = {{table.name, LockMode::access_exclusive}};
    add.done = probe::column_exists(table.name, column.name);
    add.undo = {Transaction{
        fmt::format("ALTER TABLE {} DROP COLUMN IF EXISTS {};\n", name, quoted_column)}};
    if (!mapping.two_way())
      add.undo_note = "what the new release wrote into the column goes with it";
    context.add_step(10, std::move(add));
  }
}

void fill(Context& context, const Mapping& mapping, const MappingSql& sql) {
  const Table& table = *mapping.table;
  TableDraft& draft = context.draft_of(table);
  bool first = true;
  for (const MappedColumn& column : mapping.news) {
    Fill one;
    one.column = column.name;
    // A row that the new release wrote keeps what it wrote, whatever else is filled in it.
    one.value =
        mapping.news.size() == 1
            ? fmt::format("coalesce({}, {})", quote_identifier(column.name), sql.mapped(column, ""))
            : fmt::format("CASE WHEN {} THEN {} ELSE {} END", sql.unfilled(""),
                          sql.mapped(column, ""), quote_identifier(column.name));
    if (first) one.pending = fmt::format("{} AND ({})", sql.unfilled(""), sql.has_value(""));
    if (first) one.promise = sql.promise();
    one.source = context.here();
    draft.fills.push_back(std::move(one));
    first = false;
  }
  verify(context, table, sql.differs(), sql.promise());
  if (sql.total()) return;
  RowLook sought;
  sought.title = fmt::format("Look for values in {}.{} that do not convert", quoted(table.name),
                             sql.old_list());
  sought.why = "they are listed here, before anything is filled or built";
  sought.condition = sql.fails_where_it_counts();
  sought.message = fmt::format("rows of {} hold values of {} that `=` cannot convert",
                               quoted(table.name), sql.old_list());
  sought.hint = "mend these values, or make `=` say what becomes of them; then run the phase again";
  context.add_step(order::check_before, look_at_rows(table, sought));
}

// Where the expressions cannot fail, a validated CHECK is PostgreSQL's own word that both sides
// agree.
bool can_be_proven(const Mapping& mapping, const MappingSql& sql) {
  return sql.total() && mapping.two_way() && !sql.back_reads_old();
}

void prove(Context& context, const Mapping& mapping, const MappingSql& sql) {
  prove_promise(context, *mapping.table, fmt::format("{} agree", sql.promise()),
                fmt::format("NOT ({})", sql.differs()), sql.promise(),
                "both sides agree, by PostgreSQL's own proof");
}

// What a row without such a proof holds is looked at when nobody waits for it. By the one condition
// that phase 3 verified: what the new release writes where there is no `back` does not break it.
void look_before_contract(Context& context, const Mapping& mapping, const MappingSql& sql) {
  const Table& table = *mapping.table;
  RowLook sought;
  sought.phase = Phase::contract;
  sought.title = fmt::format("Look once more whether {} in {}", sql.promise(), quoted(table.name));
  sought.why =
      "no CHECK proves it, and a look under the lock that drops what is old would stop the "
      "application: so the rows are read here, beside the traffic; from then on the dual-write "
      "triggers, which fire ALWAYS, keep what was found";
  sought.condition = sql.differs();
  for (const MappedColumn& old : mapping.olds) sought.shown.push_back(old.name);
  for (const MappedColumn& made : mapping.news) sought.shown.push_back(made.name);
  sought.message =
      fmt::format("rows of {} break the promise that {}", quoted(table.name), sql.promise());
  sought.hint = fmt::format(
      "{} past the dual-write triggers: see that it stops, {}",
      sql.total() ? "something writes" : "`=` cannot convert a value, or something writes",
      mapping.two_way() ? "mend these rows, then run the phase again"
                        : "run phase 3 again for these rows, then this one");
  sought.done = probe::column_missing(table.name, mapping.olds.front().name);
  context.add_step(order::last_look, look_at_rows(table, sought));
}

void contract(Context& context, const Mapping& mapping) {
  const Table& table = *mapping.table;
  TableDraft& draft = context.draft_of(table);
  for (const MappedColumn& old : mapping.olds) {
    draft.contract.push_back({ContractSlot::drop_column,
                              "RESTRICT: refuses rather than take anything along",
                              fmt::format("ALTER TABLE {} DROP COLUMN IF EXISTS {} RESTRICT;\n",
                                          quoted(table.name), quote_identifier(old.name)),
                              probe::column_missing(table.name, old.name), context.here()});
    draft.dropped.push_back(old.name);
    context.draft.old_columns.push_back({table.name, old.name, mapping.news.front().name});
  }
}

}  // namespace

void name_what_is_lost(Context& context, const Table& table, const std::string& column) {
  for (const Table* one : tree_of(context.catalog, table)) {
    for (const Index& index : one->indexes) {
      const bool key = std::any_of(index.keys.begin(), index.keys.end(),
                                   [&](const IndexKeyPart& part) { return part.column == column; });
      if (!index.partition_of.empty() || !index.constraint.empty()) continue;
      if (!key && !holds(index.include, column) && !holds(index.expression_columns, column))
        continue;
      context.hazard(
          "index-lost", HazardLevel::note, quoted({one->name.schema, index.name}),
          fmt::format("The index stands on {} and goes with it.", quote_identifier(column)),
          "If queries need it, write an `index` statement over the new columns in this file.");
    }
    for (const Constraint& constraint : one->constraints) {
      if (!constraint.inherited_from.empty() || !holds(constraint.columns, column) ||
          constraint.kind == ConstraintKind::not_null)
        continue;
      context.hazard(
          "constraint-lost", HazardLevel::note,
          fmt::format("{} of {}", quote_identifier(constraint.name), quoted(one->name)),
          fmt::format("The constraint names {} and goes with it.", quote_identifier(column)),
          "If the rule still holds, write it again as a statement over the new columns in this "
          "file.");
    }
  }
}

namespace {

// No trigger: the release writes both sides.
void keep_by_app(Context& context, const Mapping& mapping, const MappingSql& sql) {
  BothWritten both;
  both.table = mapping.table;
  both.differs = sql.differs();
  both.two_way = mapping.two_way();
  both.proven = can_be_proven(mapping, sql);
  for (const MappedColumn& old : mapping.olds) {
    both.olds.push_back(old.name);
    both.defaults = both.defaults || !old.base->default_value.empty();
  }
  for (const MappedColumn& made : mapping.news) both.news.push_back(made.name);
  let_the_app_write(context, both);
}

void keep_by_trigger(Context& context, const Mapping& mapping, const MappingSql& sql) {
  TableDraft& draft = context.draft_of(*mapping.table);
  const auto first_other = std::find_if(draft.rules.begin(), draft.rules.end(),
                                        [](const TriggerRule& rule) { return !rule.copies; });
  draft.rules.insert(first_other, sql.rule());
  const std::string object = fmt::format("{} ({})", quoted(mapping.table->name), sql.old_list());
  if (mapping.two_way()) {
    sql.add_null_marks(draft);
    context.hazard("lossy-back", HazardLevel::note, object,
                   "Where `back` does not give the old value again, the old release reads what "
                   "`back` gives once the new one has written the row.",
                   "Let `back` read the old column too, if it can keep what the new ones drop.");
  } else {
    context.hazard("one-way", HazardLevel::note, object,
                   "There is no `back`: what the new release writes never reaches the old one.",
                   "Let the old release be gone before the new one writes, or say `back …`.");
  }
  if (!can_be_proven(mapping, sql)) look_before_contract(context, mapping, sql);
  notes(context, mapping);
}

}  // namespace

void plan_mapping(Context& context, const Mapping& mapping) {
  const Table& table = *mapping.table;
  for (const MappedColumn& old : mapping.olds) {
    if (context.by_app() || mapping.two_way() || !old.base->not_null ||
        !old.base->default_value.empty() || !old.base->identity.empty())
      continue;
    context.error(
        mapping.span,
        fmt::format("\"{}\" is NOT NULL and there is no `back`: the new release could not insert",
                    old.name),
        fmt::format("say what the old column holds then: back {}(…)",
                    mapping.olds.size() > 1 ? quote_identifier(old.name) + " = " : ""));
    return;
  }
  TableDraft& draft = context.draft_of(table);
  const MappingSql sql(context, mapping);
  expand(context, mapping);
  sql.add_functions(draft);
  fill(context, mapping, sql);
  if (can_be_proven(mapping, sql)) prove(context, mapping, sql);
  contract(context, mapping);
  for (const MappedColumn& old : mapping.olds) name_what_is_lost(context, table, old.name);
  if (context.by_app()) {
    keep_by_app(context, mapping, sql);
  } else {
    keep_by_trigger(context, mapping, sql);
  }
}

}  // namespace segue::planner
