#include "runtime/rehearsal/shape.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql.hpp"
#include "planner/holds.hpp"
#include "runtime/rehearsal/shape_parts.hpp"

namespace segue::runtime::rehearsal {

namespace {

using planner::Catalog;
using planner::Column;
using planner::holds;
using planner::Pairing;
using planner::QualifiedName;
using planner::Table;

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
    if (find_table(before, table.name) == nullptr) names.insert(table.name);
  }
  for (const Table& table : before.tables) {
    if (find_table(after, table.name) == nullptr) names.insert(table.name);
  }
  return names;
}

std::optional<Side> side_of(const Catalog& catalog, const QualifiedName& name) {
  const Table* table = find_table(catalog, name);
  if (table == nullptr || !is_written_by_apps(*table)) return std::nullopt;
  Side side;
  side.table = *table;
  for (const Column& column : table->columns) side.columns.push_back(column.name);
  return side;
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

}  // namespace

const Table* find_table(const Catalog& catalog, const QualifiedName& name) {
  for (const Table& table : catalog.tables) {
    if (table.name == name) return &table;
  }
  return nullptr;
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
