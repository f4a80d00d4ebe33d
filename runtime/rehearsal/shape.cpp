#include "runtime/rehearsal/shape.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql.hpp"
#include "planner/holds.hpp"

namespace segue::runtime::rehearsal {

namespace {

using planner::Catalog;
using planner::Column;
using planner::holds;
using planner::Pairing;
using planner::QualifiedName;
using planner::Table;

const Table* find(const Catalog& catalog, const QualifiedName& name) {
  for (const Table& table : catalog.tables) {
    if (table.name == name) return &table;
  }
  return nullptr;
}

// Partitions are met through their parents; the rest is not an app's to write.
bool is_written_by_apps(const Table& table) {
  return !table.partition_of && table.kind != planner::TableKind::foreign &&
         table.extension.empty() && table.name.schema != "segue" && table.inherited_by.empty() &&
         table.inherits.empty();
}

// What a plan is about: the tables it locks, pairs or makes.
std::set<QualifiedName> tables_of(const planner::Plan& plan, const Catalog& before,
                                  const Catalog& after) {
  std::set<QualifiedName> names;
  for (const planner::Step& step : plan.steps) {
    for (const planner::LockUse& use : step.locks) names.insert(use.relation);
  }
  for (const Pairing& pairing : plan.meaning.pairings) names.insert(pairing.table);
  for (const planner::Mend& mend : plan.meaning.mends) names.insert(mend.table);
  for (const Table& table : after.tables) {
    if (find(before, table.name) == nullptr) names.insert(table.name);
  }
  for (const Table& table : before.tables) {
    if (find(after, table.name) == nullptr) names.insert(table.name);
  }
  return names;
}

std::optional<Side> side_of(const Catalog& catalog, const QualifiedName& name) {
  const Table* table = find(catalog, name);
  if (table == nullptr || !is_written_by_apps(*table)) return std::nullopt;
  Side side;
  side.table = *table;
  for (const Column& column : table->columns) side.columns.push_back(column.name);
  return side;
}

// One column that was renamed and nothing else: `map` is the old column itself.
bool is_rename(const Pairing& pairing) {
  return pairing.old_columns.size() == 1 && pairing.new_columns.size() == 1 &&
         pairing.map.size() == 1 && !pairing.by_app &&
         pairing.map.front().value == dsl::sql::quote_identifier(pairing.old_columns.front());
}

bool in_pairing(const TableShape& shape, const std::string& column, Release release) {
  return std::any_of(shape.pairings.begin(), shape.pairings.end(), [&](const Pairing& pairing) {
    return holds(release == Release::before ? pairing.old_columns : pairing.new_columns, column);
  });
}

void find_shared(TableShape& shape) {
  if (!shape.before || !shape.after) return;
  for (const std::string& column : shape.before->columns) {
    if (holds(shape.after->columns, column) && !in_pairing(shape, column, Release::before) &&
        !in_pairing(shape, column, Release::after))
      shape.shared.emplace(column, column);
  }
}

bool is_integer(const Table& table, const std::string& name) {
  const Column* column = table.column(name);
  return column != nullptr &&
         (column->type == "smallint" || column->type == "integer" || column->type == "bigint");
}

// The new name of an old column that holds the very same value; empty: there is none.
std::string carried_to(const TableShape& shape, const std::string& column) {
  if (!shape.after) return column;
  const auto place = shape.shared.find(column);
  if (place != shape.shared.end()) return place->second;
  for (const Pairing& pairing : shape.pairings) {
    const bool widened = pairing.swaps && is_integer(shape.before->table, column) &&
                         is_integer(shape.after->table, column);
    if ((widened || is_rename(pairing)) && pairing.old_columns.front() == column)
      return pairing.new_columns.front();
  }
  return {};
}

QualifiedName later_name(const Pairing& pairing) {
  return pairing.new_name.empty() ? pairing.table
                                  : QualifiedName{pairing.table.schema, pairing.new_name};
}

// Unique column lists, the primary key first.
std::vector<std::vector<std::string>> keys_of(const Table& table) {
  std::vector<std::vector<std::string>> keys;
  for (const bool primary : {true, false}) {
    for (const planner::Index& index : table.indexes) {
      if (!index.unique || index.primary != primary || !index.predicate.empty()) continue;
      std::vector<std::string> columns;
      bool plain = true;
      for (const planner::IndexKeyPart& part : index.keys) {
        const Column* column = table.column(part.column);
        plain = plain && column != nullptr && column->not_null && column->comparable;
        columns.push_back(part.column);
      }
      if (plain) keys.push_back(std::move(columns));
    }
  }
  return keys;
}

// A column that apps may give unique values although nothing says that it is unique.
bool may_tell_rows_apart(const Column& column) {
  return column.generated.empty() &&
         (column.type == "bigint" || column.type == "integer" || column.type == "text" ||
          column.type == "uuid" || column.type.starts_with("character varying"));
}

// Another table gives its values: an app cannot make them up.
bool is_given(const Table& table, const std::string& column) {
  return std::any_of(table.constraints.begin(), table.constraints.end(),
                     [&](const planner::Constraint& constraint) {
                       return constraint.kind == planner::ConstraintKind::foreign_key &&
                              holds(constraint.columns, column);
                     });
}

void take_key(TableShape& shape, const std::vector<std::string>& old_key) {
  if (shape.before) shape.before->key = old_key;
  if (!shape.after) return;
  for (const std::string& column : old_key) {
    shape.after->key.push_back(shape.before ? carried_to(shape, column) : column);
  }
}

void find_key(TableShape& shape) {
  const Table& table = shape.before ? shape.before->table : shape.after->table;
  const auto is_carried = [&](const std::string& column) {
    return !shape.before || !carried_to(shape, column).empty();
  };
  for (const auto& key : keys_of(table)) {
    if (std::all_of(key.begin(), key.end(), is_carried)) return take_key(shape, key);
  }
  shape.keyless = true;
  std::vector<std::string> references;
  for (const Column& column : table.columns) {
    if (!is_carried(column.name) ||
        std::any_of(shape.mends.begin(), shape.mends.end(),
                    [&](const planner::Mend& mend) { return mend.column == column.name; }))
      continue;
    const bool given = is_given(table, column.name);
    if (!given && may_tell_rows_apart(column)) return take_key(shape, {column.name});
    if (given && column.comparable && column.generated.empty()) references.push_back(column.name);
  }
  shape.told_by_references = !references.empty();
  take_key(shape, references);
}

// What plain DDL computes and a random or clock's value cannot be told from outside.
void find_untold(TableShape& shape) {
  for (const Pairing& pairing : shape.pairings) {
    if (pairing.map.empty()) {
      shape.untold_after.insert(pairing.new_columns.begin(), pairing.new_columns.end());
    }
    if (pairing.back.empty() && !pairing.swaps && !pairing.new_columns.empty()) {
      shape.untold_before.insert(pairing.old_columns.begin(), pairing.old_columns.end());
    }
  }
}

// A side that goes to another table is in two rows: what writes both of them is not derived.
void find_both(TableShape& shape) {
  if (!shape.before || !shape.after) return;
  const auto by_app = [](const auto& one) { return one.by_app; };
  if (std::none_of(shape.pairings.begin(), shape.pairings.end(), by_app) &&
      std::none_of(shape.mends.begin(), shape.mends.end(), by_app))
    return;
  shape.both = shape.before;
  for (const Pairing& pairing : shape.pairings) {
    if (!pairing.by_app) continue;
    for (const std::string& name : pairing.new_columns) {
      if (const Column* column = shape.after->table.column(name))
        shape.both->table.columns.push_back(*column);
    }
  }
}

bool is_required(const Catalog& catalog, const QualifiedName& name, const std::string& column) {
  const Table* table = find(catalog, name);
  const Column* known = table == nullptr ? nullptr : table->column(column);
  return known != nullptr && known->not_null;
}

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

}  // namespace

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

namespace {

std::string as_called_later(const QualifiedName& before, const QualifiedName& after,
                            Release release) {
  if (release == Release::after || before == after) return planner::quoted(after);
  return fmt::format("{} AS {}", planner::quoted(before), dsl::sql::quote_identifier(after.name));
}

}  // namespace

std::string Moved::source(Release release) const {
  return as_called_later(from, later_from, release);
}

std::string Moved::target(Release release) const {
  return as_called_later(to, later_to, release);
}

std::string_view name_of(Release release) {
  return release == Release::before ? "old app" : "new app";
}

std::string TableShape::name() const {
  return planner::quoted(before ? before->table.name : after->table.name);
}

std::string TableShape::old_name_of(const std::string& new_column) const {
  for (const auto& [old_name, new_name] : shared) {
    if (new_name == new_column) return old_name;
  }
  return {};
}

std::vector<std::string> TableShape::left_out_by_new() const {
  std::vector<std::string> columns;
  if (!before) return columns;
  for (const Pairing& pairing : pairings) {
    if (!pairing.new_columns.empty()) continue;
    for (const planner::Assignment& back : pairing.back) {
      const Column* column = before->table.column(back.column);
      if (back.value == "NULL" && column != nullptr && column->not_null)
        columns.push_back(back.column);
    }
  }
  return columns;
}

bool TableShape::mended(const std::string& new_column) const {
  return std::any_of(mends.begin(), mends.end(),
                     [&](const planner::Mend& mend) { return mend.column == new_column; });
}

std::optional<planner::Phase> TableShape::swap_phase(const std::string& column) const {
  for (const Pairing& pairing : pairings) {
    if (pairing.swaps && holds(pairing.old_columns, column)) return pairing.swaps;
  }
  return std::nullopt;
}

bool TableShape::swaps_in(planner::Phase phase) const {
  return std::any_of(pairings.begin(), pairings.end(),
                     [&](const Pairing& pairing) { return pairing.swaps == phase; });
}

Shapes shapes_of(const planner::Plan& plan, Catalog before, Catalog after) {
  Shapes shapes;
  std::map<QualifiedName, QualifiedName> renamed;
  std::set<QualifiedName> new_names;
  for (const Pairing& pairing : plan.meaning.pairings) {
    if (pairing.new_name.empty()) continue;
    const QualifiedName to{pairing.table.schema, pairing.new_name};
    renamed[pairing.table] = to;
    new_names.insert(to);
  }
  for (const QualifiedName& name : tables_of(plan, before, after)) {
    if (new_names.contains(name)) continue;
    TableShape shape;
    shape.before = side_of(before, name);
    shape.after = side_of(after, renamed.contains(name) ? renamed[name] : name);
    if (!shape.before && !shape.after) continue;
    for (const Pairing& pairing : plan.meaning.pairings) {
      if (pairing.table == name) shape.pairings.push_back(pairing);
    }
    for (const planner::Mend& mend : plan.meaning.mends) {
      if (mend.table == name) shape.mends.push_back(mend);
      shapes.by_app = shapes.by_app || mend.by_app;
    }
    find_shared(shape);
    find_key(shape);
    find_untold(shape);
    for (const Pairing& pairing : shape.pairings) {
      shapes.one_way = shapes.one_way || (pairing.back.empty() && !pairing.old_columns.empty() &&
                                          !pairing.new_columns.empty() && !pairing.swaps);
      shapes.by_app = shapes.by_app || pairing.by_app;
      shapes.gone_by_app = shapes.gone_by_app || (pairing.by_app && !pairing.old_columns.empty());
    }
    find_both(shape);
    shapes.tables.push_back(std::move(shape));
  }
  find_moves(shapes, plan);
  for (const planner::Hazard& hazard : plan.hazards)
    shapes.views = shapes.views || hazard.code == "view-in-place";
  shapes.before = std::move(before);
  shapes.after = std::move(after);
  return shapes;
}

}  // namespace segue::runtime::rehearsal
