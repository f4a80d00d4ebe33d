// Columns that go to another table.
#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql.hpp"
#include "runtime/rehearsal/shape_parts.hpp"

namespace segue::runtime::rehearsal {

namespace {

using planner::Catalog;
using planner::Column;
using planner::Pairing;
using planner::QualifiedName;
using planner::Table;

QualifiedName later_name(const Pairing& pairing) {
  return pairing.new_name.empty() ? pairing.table
                                  : QualifiedName{pairing.table.schema, pairing.new_name};
}

bool is_required(const Catalog& catalog, const QualifiedName& name, const std::string& column) {
  const Table* table = find_table(catalog, name);
  const Column* known = table == nullptr ? nullptr : table->column(column);
  return known != nullptr && known->not_null;
}

std::string as_called_later(const QualifiedName& before, const QualifiedName& after,
                            Release release) {
  if (release == Release::after || before == after) return planner::quoted(after);
  return fmt::format("{} AS {}", planner::quoted(before), dsl::sql::quote_identifier(after.name));
}

}  // namespace

// Both tables must be there to be told.
void find_moves(Shapes& shapes, const planner::Plan& plan) {
  const auto place = [&](const QualifiedName& name) {
    return static_cast<std::size_t>(std::find_if(shapes.tables.begin(), shapes.tables.end(),
                                                 [&](const TableShape& shape) {
                                                   return shape.before && shape.after &&
                                                          shape.before->table.name == name;
                                                 }) -
                                    shapes.tables.begin());
  };
  for (const Moved& move : moves_of(plan)) {
    const MoveShape made{place(move.from), place(move.to), move};
    if (made.from == shapes.tables.size() || made.to == shapes.tables.size()) continue;
    shapes.tables[made.from].untold_before.erase(move.old_column);
    shapes.tables[made.to].untold_after.erase(move.new_column);
    shapes.tables[made.from].moves = shapes.tables[made.to].moves = true;
    shapes.moves.push_back(made);
  }
}

// Such a column is told by two pairings: one that only has it, one that only gets it.
std::vector<Moved> moves_of(const planner::Plan& plan) {
  std::vector<Moved> moves;
  for (const Pairing& from : plan.meaning.pairings) {
    if (!from.new_columns.empty() || from.old_columns.size() != 1) continue;
    for (const Pairing& to : plan.meaning.pairings) {
      if (!to.old_columns.empty() || to.new_columns.size() != 1) continue;
      const QualifiedName source = later_name(from);
      const QualifiedName target = later_name(to);
      const std::string head = fmt::format(
          "UPDATE {} SET {} = {}.{} FROM {} WHERE ", planner::quoted(target),
          dsl::sql::quote_identifier(to.new_columns.front()),
          dsl::sql::quote_identifier(source.name),
          dsl::sql::quote_identifier(from.old_columns.front()), planner::quoted(source));
      for (const std::string& statement : plan.meaning.plain) {
        if (statement.starts_with(head))
          moves.push_back({from.table, from.old_columns.front(), to.table, to.new_columns.front(),
                           statement.substr(head.size()), source, target,
                           is_required(plan.baseline, from.table, from.old_columns.front())});
      }
    }
  }
  return moves;
}

std::string Moved::source(Release release) const {
  return as_called_later(from, later_from, release);
}

std::string Moved::target(Release release) const {
  return as_called_later(to, later_to, release);
}

}  // namespace segue::runtime::rehearsal
