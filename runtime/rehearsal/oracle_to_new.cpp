// What the old release wrote, as the new one has to read it.
#include <algorithm>

#include "runtime/rehearsal/oracle_parts.hpp"

namespace segue::runtime::rehearsal {

namespace {

using planner::Pairing;

}  // namespace

Row Oracle::carried_to_after(const Statement& statement, const Row* was, const Row& is,
                             const std::optional<Row>& away) {
  const TableShape& shape = shapes_.tables[statement.table];
  const planner::Table& table = shape.before->table;
  const Key key = key_of(*shape.before, is);
  for (const std::string& column : shape.left_out_by_new()) {
    if (!value_in(is, column) && (was == nullptr || value_in(*was, column)))
      throw NotComparable{"the old release may not write NULL there"};
  }
  Row carried;
  for (const auto& [old_name, new_name] : shape.shared) carried[new_name] = is.at(old_name);
  for (const Pairing& pairing : shape.pairings) {
    if (pairing.map.empty() || pairing.new_columns.empty()) continue;
    const std::vector<std::string> expressions = values_of(pairing.map, shape.after->table);
    const std::vector<Value> values = evaluate(table, is, nullptr, nullptr, expressions);
    const auto set_all = [&] {
      for (std::size_t i = 0; i < values.size(); ++i) carried[pairing.map[i].column] = values[i];
    };
    if (pairing.once) {
      // EXCLUDED is the row as the trigger left it, and so may a row be that is copied.
      const bool reads_mended =
          !shape.mends.empty() && (statement.kind == StatementKind::upsert ||
                                   statement.kind == StatementKind::insert_select);
      const std::vector<Value> mended =
          reads_mended ? evaluate(table, mended_row(shape, is), nullptr, nullptr, expressions)
                       : values;
      // The backfill may have been there before this write.
      const std::vector<Value> earlier =
          was == nullptr ? values : evaluate(table, *was, nullptr, nullptr, expressions);
      for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string& column = pairing.map[i].column;
        candidates_->add(Release::after, statement.table, key, column, mended[i]);
        candidates_->add(Release::after, statement.table, key, column, earlier[i]);
        candidates_->add(Release::after, statement.table, key, column, values[i]);
        // Or before the new release wrote what the value is computed from, which leaves it as it
        // was.
        if (away)
          candidates_->add(Release::after, statement.table, key, column, value_in(*away, column));
        // As if it were computed only now: the backfill may not have been there yet.
        if (!candidates_->told(statement.table, key, column)) carried[column] = values[i];
      }
      continue;
    }
    // One column, whatever either release calls its type: a value that was cut short when the old
    // one read it is written all the same.
    const bool written =
        pairing.swaps == planner::Phase::expand &&
        std::any_of(pairing.old_columns.begin(), pairing.old_columns.end(),
                    [&](const std::string& column) { return names_column(statement, column); });
    if (pairing.swaps == planner::Phase::expand && statement.kind == StatementKind::insert_select)
      throw NotComparable{"a copy of a value that only the new release knows whole"};
    const bool changed = was == nullptr || !away || written ||
                         differ(*was, is, pairing.old_columns) ||
                         evaluate(table, *was, nullptr, nullptr, expressions) != values;
    if (!changed) continue;
    set_all();
    for (const std::string& column : pairing.old_columns)
      candidates_->forget(Release::before, statement.table, key, column);
  }
  for (const MoveShape& move : shapes_.moves) {
    if (move.to != statement.table || was != nullptr) continue;
    const auto waiting = partners(move, false, is);
    if (!waiting.empty() && waiting.begin()->second)
      carried[move.move.new_column] = waiting.begin()->second;
  }
  // Undo puts back what a mend overwrote, and cannot tell an app's value that is mended to the
  // same.
  for (const planner::Mend& one : shape.mends) {
    const std::string old_name = shape.old_name_of(one.column);
    if (old_name.empty()) continue;
    candidates_->add(Release::before, statement.table, key, old_name, is.at(old_name));
    if (was != nullptr)
      candidates_->add(Release::before, statement.table, key, old_name, was->at(old_name));
  }
  Row whole = away.value_or(Row{});
  for (const auto& [column, value] : carried) whole[column] = value;
  mend(shape, is, whole);
  for (const planner::Mend& one : shape.mends) {
    carried[one.column] = whole[one.column];
    if (was != nullptr && away) may_be_mended(statement, key, one.column, *away, whole);
  }
  return carried;
}

// What an earlier write mended stays where this one does not name it, though the row as it is now
// would need no mending; whether triggers were there at that time nobody can tell.
void Oracle::may_be_mended(const Statement& statement, const Key& key, const std::string& column,
                           const Row& away, const Row& now) {
  const std::string old_name = shapes_.tables[statement.table].old_name_of(column);
  const Value before = value_in(away, column);
  if (before == value_in(now, column) || old_name.empty() || names_column(statement, old_name))
    return;
  candidates_->add(Release::after, statement.table, key, column, before);
  candidates_->add(Release::after, statement.table, key, column, value_in(now, column));
  candidates_->add(Release::before, statement.table, key, old_name, before);
}

// Rows of any release that meet a condition get another value.
void Oracle::mend(const TableShape& shape, const Row& before, Row& after) {
  Row by_old_names = before;
  for (const planner::Mend& one : shape.mends) {
    const planner::Table& table = one.names_after ? shape.after->table : shape.before->table;
    const Row& row = one.names_after ? after : by_old_names;
    const std::vector<Value> found =
        evaluate(table, row, nullptr, nullptr,
                 {one.when, values_of({{one.column, one.value}}, shape.after->table).front()});
    if (found[0] != "t") continue;
    after[one.column] = found[1];
    const std::string old_name = shape.old_name_of(one.column);
    if (!old_name.empty()) by_old_names[old_name] = found[1];
  }
}

Row Oracle::mended_row(const TableShape& shape, const Row& before) {
  Row after;
  for (const auto& [old_name, new_name] : shape.shared) after[new_name] = before.at(old_name);
  mend(shape, before, after);
  Row mended = before;
  for (const auto& [old_name, new_name] : shape.shared) mended[old_name] = after[new_name];
  return mended;
}

}  // namespace segue::runtime::rehearsal
