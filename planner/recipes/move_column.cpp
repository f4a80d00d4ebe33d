// move T.c -> U.d on (E): the column lives in a related table.
#include <fmt/format.h>

#include <algorithm>

#include "planner/probe.hpp"
#include "planner/recipes/copy_column.hpp"
#include "planner/recipes/left_out.hpp"
#include "planner/recipes/mapping.hpp"
#include "planner/recipes/move_allowed.hpp"
#include "planner/recipes/move_notes.hpp"
#include "planner/recipes/move_sql.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

// ---- The phases
// --------------------------------------------------------------------------------------

void put_on(Context& context, const Table& table, const MoveTriggers& made, int order,
            const std::string& title, const std::string& why) {
  Step step;
  step.phase = Phase::dual_write;
  step.title = title;
  step.action = Transaction{made.create};
  step.why = why;
  step.locks = {{table.name, LockMode::share_row_exclusive}};
  step.done = probe::trigger_enabled_always(table.name, made.last);
  step.undo = {Transaction{made.before_undo + made.drop}};
  context.add_step(order, std::move(step));
  context.draft_of(table).contract.push_back({ContractSlot::drop_trigger,
                                              "the old release is gone: nothing to keep in step",
                                              made.drop, "", context.here()});
}

// In phase 1 already: what phase 3 and `segue verify` ask for reads it. Behind the triggers in
// contract, whose functions it holds.
void note_what_is_owed(Context& context, const Move& move, MoveSql& sql) {
  const MoveTriggers made = sql.owed_pairs();
  Step step;
  step.phase = Phase::expand;
  step.title = fmt::format("Keep a note of pairs of {} and {} that are owed",
                           quoted(move.from->name), quoted(move.to->name));
  step.action = Transaction{made.create};
  step.why =
      "two releases that write one pair at the same moment would wait for each other: one leaves "
      "the pair to the other, and a note of it here, in case the other is rolled back";
  step.done = probe::trigger_enabled_always(sql.settling_table(), made.last);
  step.undo = {Transaction{made.drop}};
  context.add_step(15, std::move(step));
  context.draft_of(*move.from)
      .contract.push_back({ContractSlot::drop_helper, "", made.drop, "", context.here()});
}

void dual_write(Context& context, const Move& move, MoveSql& sql) {
  const std::string from = quoted(move.from->name);
  const std::string to = quoted(move.to->name);
  put_on(context, *move.from, sql.source_gone(), 12,
         fmt::format("Pass deletes and key changes of {} on to {}", from, to),
         "before anything that is inserted: a value that has gone over must not outlive its row");
  put_on(context, *move.from, sql.source_written(), 13,
         fmt::format("Pass writes of {}.{} on to {}", from, quote_identifier(move.old_column), to),
         "what the old release writes is in the new place at once; waits for writers in flight, so "
         "a backfill behind it misses none");
  put_on(context, *move.from, sql.settling(), 14,
         fmt::format("Let writers of {} pay what is owed", from),
         "what a writer had to leave to another one reaches both tables with the next commit, also "
         "where the other one was rolled back");
  put_on(
      context, *move.to, sql.target_written(), 15,
      fmt::format("Pass writes of {}.{} back to {}", to, quote_identifier(move.new_column), from),
      "what the new release writes is in the old place at once, and a row that comes later takes "
      "the value that waits for it; never waits for a writer who waits for it");
  note_what_is_owed(context, move, sql);
}

NoRows values_without_a_row(const Move& move, const MoveSql& sql) {
  NoRows rows;
  const Table& table = *move.from;
  rows.table = table.name;
  rows.columns = key_or_ctid(table);
  rows.condition = sql.nowhere();
  rows.violators = fmt::format("SELECT {} FROM {} WHERE {}", select_key(table), quoted(table.name),
                               rows.condition);
  rows.message =
      fmt::format("rows of {} hold values of {} that have no row of {} to go to",
                  quoted(table.name), quote_identifier(move.old_column), quoted(move.to->name));
  rows.hint = fmt::format("insert their rows into {}, or set {} to NULL; then run the phase again",
                          quoted(move.to->name), quote_identifier(move.old_column));
  return rows;
}

NoRows pairs_out_of_step(const Move& move, const MoveSql& sql) {
  NoRows rows;
  const Table& table = *move.to;
  rows.table = table.name;
  rows.columns = key_or_ctid(table);
  rows.condition = sql.differs();
  rows.violators = fmt::format("SELECT {} FROM {} WHERE {}", select_key(table), quoted(table.name),
                               rows.condition);
  rows.message = fmt::format("rows of {} do not hold in {} what their rows of {} hold in {}",
                             quoted(table.name), quote_identifier(move.new_column),
                             quoted(move.from->name), quote_identifier(move.old_column));
  rows.hint = fmt::format("write the right value into {} of these rows; then run the phase again",
                          quote_identifier(move.new_column));
  return rows;
}

Step looking(Phase phase, const Table& table, NoRows rows, const std::string& title,
             const std::string& why, const std::string& done) {
  Step step;
  step.phase = phase;
  step.title = title;
  step.why = why;
  step.locks = {{table.name, LockMode::access_share}};
  step.scan = Scan::reads;
  step.done = done;
  step.undo_note = "nothing: it only reads";
  rows.gate = phase == Phase::contract;
  step.action = std::move(rows);
  return step;
}

void fill(Context& context, const Move& move, const MoveSql& sql) {
  context.add_step(order::check_before,
                   looking(Phase::backfill, *move.from, values_without_a_row(move, sql),
                           fmt::format("Look for values of {}.{} that have nowhere to go",
                                       quoted(move.from->name), quote_identifier(move.old_column)),
                           "they are listed here, before anything is filled or built", ""));
  Fill fill;
  fill.column = move.new_column;
  fill.value = sql.value();
  fill.pending = sql.pending();
  fill.promise = fmt::format("{} is {} of {}", quote_identifier(move.new_column),
                             quote_identifier(move.old_column), quoted(move.from->name));
  for (const Table* one : tree_of(context.catalog, *move.from)) fill.joins.push_back(one->name);
  fill.source = context.here();
  verify(context, *move.to, sql.differs(), fill.promise);
  verify(context, *move.from, sql.nowhere(),
         fmt::format("every value of {} has its row of {}", quote_identifier(move.old_column),
                     quoted(move.to->name)));
  context.draft_of(*move.to).fills.push_back(std::move(fill));
}

// Under psql a sweep passes by a pair that somebody holds, and no CHECK stands over two tables;
// with no trigger between the tables a person has to say which of two values is right.
void look_at_pairs(Context& context, const Move& move, const MoveSql& sql) {
  context.add_step(
      order::check_filled,
      looking(Phase::backfill, *move.to, pairs_out_of_step(move, sql),
              fmt::format("Look whether {}.{} is as {}.{}", quoted(move.to->name),
                          quote_identifier(move.new_column), quoted(move.from->name),
                          quote_identifier(move.old_column)),
              context.by_app()
                  ? "the application keeps both in step: where it did not, only a "
                    "person knows which is right"
                  : "a pair that somebody held all the time is not filled yet: run the "
                    "phase again",
              ""));
}

void contract(Context& context, const Move& move, const MoveSql& sql) {
  const std::string gone = probe::column_missing(move.from->name, move.old_column);
  std::string why =
      "no CHECK can hold a promise over two tables, and a look at all rows under the lock that "
      "drops the column would stop both releases: so the rows are read in short pieces beside the "
      "traffic";
  why += context.by_app() ? "; what the application writes to one table alone after that is lost"
                          : ", and the triggers keep what was found until the column goes";
  context.add_step(order::last_look,
                   looking(Phase::contract, *move.from, values_without_a_row(move, sql),
                           fmt::format("Look once more for values of {}.{} that have nowhere to go",
                                       quoted(move.from->name), quote_identifier(move.old_column)),
                           why, gone));
  context.add_step(order::last_look,
                   looking(Phase::contract, *move.to, pairs_out_of_step(move, sql),
                           fmt::format("Look once more whether {}.{} is as {}.{}",
                                       quoted(move.to->name), quote_identifier(move.new_column),
                                       quoted(move.from->name), quote_identifier(move.old_column)),
                           why, gone));
  TableDraft& draft = context.draft_of(*move.from);
  draft.contract.push_back({ContractSlot::drop_column,
                            "RESTRICT: refuses rather than take anything along",
                            fmt::format("ALTER TABLE {} DROP COLUMN IF EXISTS {} RESTRICT;\n",
                                        quoted(move.from->name), quote_identifier(move.old_column)),
                            gone, context.here()});
  draft.contract_locks.push_back(move.to->name);
  draft.dropped.push_back(move.old_column);
  draft.written_by_other_tables = !context.by_app();
  // Nothing takes its place in this table, though the new column may bear its name in the other.
  context.draft.old_columns.push_back({move.from->name, move.old_column, ""});
}

// ---- What a person has to know
// -----------------------------------------------------------------------

bool references(const Table& from, const Table& to) {
  return std::any_of(
      from.constraints.begin(), from.constraints.end(), [&](const Constraint& constraint) {
        return constraint.kind == ConstraintKind::foreign_key && constraint.target == to.name;
      });
}

void hazards(Context& context, const Move& move) {
  name_what_is_lost(context, *move.from, move.old_column);
  if (references(*move.from, *move.to) || references(*move.to, *move.from)) return;
  context.hazard(
      "move-no-reference", HazardLevel::note,
      fmt::format("{} and {}", quoted(move.from->name), quoted(move.to->name)),
      "No foreign key ties the two tables: two transactions that insert the two rows of a pair at "
      "the same moment do not see each other's, and the value stays behind until phase 3 or 4 "
      "lists the row.",
      "Insert both rows in one transaction, or one after the other; or add a foreign key first.");
}

}  // namespace

void plan(Context& context, const dsl::MoveColumn& intent) {
  const Table* from = context.table(intent.column.table);
  const Table* to = context.table(intent.to.table);
  if (from == nullptr || to == nullptr) return;
  const Column* column = context.existing(*from, intent.column.column);
  if (column == nullptr) return;
  if (!can_be_moved(context, intent, *from, *column, *to)) return;
  const auto pairs = pairs_of(context, intent, *from, *to);
  if (!pairs) return;
  const Move move{from, to, column->name, intent.to.column.name, *pairs};
  MoveSql sql(context, move);
  const std::string& collation = column->collation;
  add_copy(context, *to, *column,
           {move.new_column, column->type + (collation.empty() ? "" : " COLLATE " + collation)});
  if (context.by_app()) {
    fill(context, move, sql);
    look_at_pairs(context, move, sql);
    contract(context, move, sql);
    name_what_is_lost(context, *from, column->name);
    move_notes_by_app(context, move);
    return;
  }
  if (column->not_null) {
    let_it_be_left_out(context, *from, *column,
                       fmt::format("give these rows a value, or let {} have their row with one, "
                                   "then undo again",
                                   quoted(to->name)));
    context.note(
        context.draft.notes_for(Phase::dual_write).watch,
        fmt::format("`{}.{}` may be NULL from phase 1 on: the old release reads NULL where "
                    "the new one has written no value. Insert both rows of a pair in one "
                    "transaction.",
                    from->name.name, column->name));
  }
  dual_write(context, move, sql);
  fill(context, move, sql);
  look_at_pairs(context, move, sql);
  contract(context, move, sql);
  hazards(context, move);
  move_notes(context, move);
}

}  // namespace segue::planner
