// A column that lives in another table after the change: rows that pair hold the same value.
//
// The rules are those of the notes: a row that is deleted empties its place in the new table; one
// that is deleted there leaves the value where it was; one that comes later takes what waits for
// it.
#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql.hpp"
#include "runtime/rehearsal/oracle_parts.hpp"

namespace segue::runtime::rehearsal {

namespace {

using dsl::sql::quote_identifier;

Value value_among(const std::map<Key, Value>& partners) {
  return partners.empty() ? Value{} : partners.begin()->second;
}

bool same_rows(const std::map<Key, Value>& left, const std::map<Key, Value>& right) {
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(),
                    [](const auto& one, const auto& two) { return one.first == two.first; });
}

}  // namespace

// A row as if it were its table, so that the author's own condition can be asked of it.
std::string Oracle::paired_with(const MoveShape& move, bool among_targets, const Row& row) const {
  const planner::Table& table = shapes_.tables[among_targets ? move.from : move.to].before->table;
  std::string columns;
  for (const planner::Column& column : table.columns) {
    columns += fmt::format("{}CAST({} AS {}) AS {}", columns.empty() ? "" : ", ",
                           literal(value_in(row, column.name)), column.type,
                           quote_identifier(column.name));
  }
  const auto& name = among_targets ? move.move.later_from : move.move.later_to;
  return fmt::format("(SELECT {}) AS {} WHERE {}", columns, quote_identifier(name.name),
                     move.move.on);
}

std::map<Key, Value> Oracle::partners(const MoveShape& move, bool among_targets, const Row& row) {
  const Release view = among_targets ? Release::after : Release::before;
  const Side& side = *shapes_.tables[among_targets ? move.to : move.from].side(view);
  const std::string name =
      quote_identifier((among_targets ? move.move.later_to : move.move.later_from).name);
  std::string items = fmt::format(
      "{}.{}", name, quote_identifier(among_targets ? move.move.new_column : move.move.old_column));
  for (const std::string& column : side.key)
    items += fmt::format(", {}.{}", name, quote_identifier(column));
  std::map<Key, Value> found;
  for (const auto& line :
       session(view)
           .exec(fmt::format("SELECT {} FROM {}, {}", items,
                             among_targets ? move.move.target(view) : move.move.source(view),
                             paired_with(move, among_targets, row)))
           .rows) {
    Key key;
    for (std::size_t i = 1; i < line.size(); ++i) key.push_back(line[i].value_or(""));
    found.emplace(std::move(key), line.front());
  }
  return found;
}

void Oracle::give_partner(const MoveShape& move, bool to_target, const Row& row,
                          const Value& value) {
  session(to_target ? Release::after : Release::before)
      .exec(fmt::format(
          "UPDATE {} SET {} = {} FROM {}",
          to_target ? move.move.target(Release::after) : move.move.source(Release::before),
          quote_identifier(to_target ? move.move.new_column : move.move.old_column), literal(value),
          paired_with(move, to_target, row)));
}

void Oracle::pass_on(const Statement& statement, const std::vector<Row>& was,
                     const std::vector<Row>& is) {
  for (const MoveShape& move : shapes_.moves) {
    const bool source = statement.table == move.from;
    if (!source && statement.table != move.to) continue;
    const Side& here = *shapes_.tables[statement.table].side(statement.schema);
    for (const Row& row : is) {
      const Row* before = statement.kind == StatementKind::update_key
                              ? (was.empty() ? nullptr : &was.front())
                              : row_with_key(here, was, key_of(here, row));
      if (source) {
        source_written(move, statement, before, row);
      } else {
        target_written(move, statement, before, row);
      }
    }
    if (statement.kind == StatementKind::update_key) continue;
    for (const Row& row : was) {
      if (row_with_key(here, is, key_of(here, row)) != nullptr) continue;
      if (source) {
        give_partner(move, true, row, std::nullopt);
      } else if (pairs_hold_ && value_among(partners(move, false, row))) {
        throw NotComparable{"a value would have nowhere to go: the notes ask not to leave one"};
      }
    }
  }
}

void Oracle::source_written(const MoveShape& move, const Statement& statement, const Row* was,
                            const Row& is) {
  const bool knows = statement.schema == Release::before;
  const std::string& column = move.move.old_column;
  const auto there = partners(move, true, is);
  const Value own = knows ? value_in(is, column) : std::nullopt;
  if (was == nullptr) {
    if (const Value waiting = value_among(there)) {
      const TableShape& shape = shapes_.tables[move.from];
      before_->exec(
          fmt::format("UPDATE {} SET {} = {} WHERE {}", planner::quoted(move.move.from),
                      quote_identifier(column), literal(waiting),
                      where_key(*shape.before, key_of(*shape.side(statement.schema), is))));
      return;
    }
    if (own) give_partner(move, true, is, own);
  } else if (const auto left = partners(move, true, *was); !same_rows(left, there)) {
    if (!left.empty()) throw NotComparable{"a pair that a change of its key takes apart"};
    if (!knows) throw NotComparable{"a pair that a change of its key puts together"};
    give_partner(move, true, is, own);
  } else if (knows && (value_in(*was, column) != own || names_column(statement, column))) {
    give_partner(move, true, is, own);
  }
  if (pairs_hold_ && own && there.empty())
    throw NotComparable{"a value would have nowhere to go: the notes ask not to leave one"};
}

void Oracle::target_written(const MoveShape& move, const Statement& statement, const Row* was,
                            const Row& is) {
  const bool knows = statement.schema == Release::after;
  const std::string& column = move.move.new_column;
  const auto there = partners(move, false, is);
  const Value waiting = value_among(there);
  const Value own = knows ? value_in(is, column) : std::nullopt;
  if (was == nullptr) {
    if (own) {
      give_partner(move, false, is, own);
    } else if (knows && waiting) {
      const Side& side = *shapes_.tables[move.to].after;
      after_->exec(fmt::format("UPDATE {} SET {} = {} WHERE {}",
                               planner::quoted(move.move.later_to), quote_identifier(column),
                               literal(waiting), where_key(side, key_of(side, is))));
    }
  } else if (const auto left = partners(move, false, *was); !same_rows(left, there)) {
    if (waiting || value_among(left) || own)
      throw NotComparable{"a pair that a change of its key takes apart"};
  } else if (knows && (value_in(*was, column) != own || names_column(statement, column))) {
    give_partner(move, false, is, own);
  }
}

}  // namespace segue::runtime::rehearsal
