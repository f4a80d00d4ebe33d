// What the new release wrote, as the old one has to read it.
#include <algorithm>

#include "dsl/sql.hpp"
#include "runtime/rehearsal/oracle_parts.hpp"

namespace segue::runtime::rehearsal {

namespace {

using dsl::sql::quote_identifier;
using planner::Column;
using planner::Pairing;

bool must_differ(const planner::Table& table, const std::string& column) {
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const planner::Index& index) {
    return index.unique &&
           std::any_of(index.keys.begin(), index.keys.end(),
                       [&](const planner::IndexKeyPart& part) { return part.column == column; });
  });
}

}  // namespace

Row Oracle::carried_to_before(const Statement& statement, const Row* was, const Row& is,
                              const std::optional<Row>& away) {
  const TableShape& shape = shapes_.tables[statement.table];
  const Key key = key_of(*shape.after, is);
  Row carried;
  for (const auto& [old_name, new_name] : shape.shared) {
    // A mended value that the new release only read is not one that it wrote.
    if (shape.mended(new_name) && was != nullptr && was->at(new_name) == is.at(new_name)) continue;
    carried[old_name] = is.at(new_name);
  }
  const Row nothing;
  for (const Pairing& pairing : shape.pairings) {
    for (const std::string& column : pairing.new_columns) {
      if (pairing.once && statement.kind == StatementKind::insert_select &&
          names_column(statement, column) &&
          !candidates_->told(statement.table, statement.source, column))
        throw NotComparable{"a copy of a value that may be one or another"};
      if (pairing.once && names_column(statement, column) && value_in(is, column))
        candidates_->settle(Release::after, statement.table, key, column);
    }
    if (pairing.old_columns.empty()) continue;
    const bool all_null =
        std::all_of(pairing.new_columns.begin(), pairing.new_columns.end(),
                    [&](const std::string& column) { return !value_in(is, column).has_value(); });
    for (const std::string& column : pairing.old_columns) {
      const Column* old = shape.before->table.column(column);
      if (was == nullptr && !pairing.new_columns.empty() && all_null && old != nullptr &&
          (!old->default_value.empty() || !old->identity.empty()))
        throw NotComparable{"an explicit NULL cannot be told from an omitted column"};
    }
    std::vector<planner::Assignment> backs = pairing.back;
    if (backs.empty() && pairing.swaps) {
      for (const std::string& column : pairing.old_columns)
        backs.push_back({column, quote_identifier(column)});
    }
    if (backs.empty()) continue;
    const std::vector<Value> values =
        evaluate(shape.after->table, is, &shape.before->table, away ? &*away : &nothing,
                 values_of(backs, shape.before->table));
    const bool changed = was == nullptr || (!pairing.once && differ(*was, is, pairing.new_columns));
    // To a row that is not filled yet the very value that it will get is news: `back` has its say.
    const bool repeated =
        !changed &&
        std::any_of(pairing.new_columns.begin(), pairing.new_columns.end(),
                    [&](const std::string& column) { return names_column(statement, column); });
    if (pairing.swaps && changed) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string& column = backs[i].column;
        if (must_differ(shape.before->table, column) && values[i] != value_in(is, column))
          throw NotComparable{"a key that only the new release's type takes whole"};
      }
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (pairing.once || repeated)
        candidates_->add(Release::before, statement.table, key, backs[i].column, values[i]);
      if (changed) carried[backs[i].column] = values[i];
    }
  }
  Row old_row = away.value_or(Row{});
  for (const auto& [column, value] : carried) old_row[column] = value;
  const Row written = with_mended_names(statement, is, old_row);
  for (const Pairing& pairing : shape.pairings) {
    if (!pairing.once || pairing.map.empty()) continue;
    const std::vector<std::string> expressions = values_of(pairing.map, shape.after->table);
    const std::vector<Value> values =
        evaluate(shape.before->table, old_row, nullptr, nullptr, expressions);
    const std::vector<Value> after_writing =
        evaluate(shape.before->table, written, nullptr, nullptr, expressions);
    Row filled;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string& column = pairing.map[i].column;
      candidates_->add(Release::after, statement.table, key, column, values[i]);
      candidates_->add(Release::after, statement.table, key, column, after_writing[i]);
      if (values[i] != value_in(is, column) && !candidates_->told(statement.table, key, column))
        filled[column] = values[i];
    }
    // It may be computed only now, and has to be such as the new schema takes.
    if (filled.empty()) continue;
    after_->exec("SAVEPOINT filled");
    write(Release::after, shape, key, filled, true);
    after_->exec("ROLLBACK TO filled; RELEASE filled");
  }
  return carried;
}

// The old release's row where the statement named what a mend gives anyhow: written or mended,
// nobody can tell, but what is computed from it can.
Row Oracle::with_mended_names(const Statement& statement, const Row& is, Row old_row) const {
  const TableShape& shape = shapes_.tables[statement.table];
  for (const auto& [old_name, new_name] : shape.shared) {
    if (shape.mended(new_name) && names_column(statement, new_name))
      old_row[old_name] = is.at(new_name);
  }
  return old_row;
}

}  // namespace segue::runtime::rehearsal
