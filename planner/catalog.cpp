#include "planner/catalog.hpp"

#include "dsl/sql.hpp"

namespace segue::planner {

namespace {

template <typename Item>
const Item* find_named(const std::vector<Item>& items, std::string_view name) {
  for (const Item& item : items) {
    if (item.name == name) return &item;
  }
  return nullptr;
}

// A key for hashing; no name holds a NUL.
std::string key_of(std::string_view schema, std::string_view name) {
  std::string key;
  key.reserve(schema.size() + 1 + name.size());
  key.append(schema).push_back('\0');
  key.append(name);
  return key;
}

std::string key_of(const QualifiedName& name) {
  return key_of(name.schema, name.name);
}

template <typename Map>
auto lookup(const Map& map, const QualifiedName& name) -> typename Map::mapped_type {
  const auto found = map.find(key_of(name));
  return found == map.end() ? nullptr : found->second;
}

}  // namespace

const Column* Table::column(std::string_view column_name) const {
  return find_named(columns, column_name);
}

const Index* Table::index(std::string_view index_name) const {
  return find_named(indexes, index_name);
}

const Constraint* Table::constraint(std::string_view constraint_name) const {
  return find_named(constraints, constraint_name);
}

const Constraint* Table::primary_key() const {
  for (const Constraint& candidate : constraints) {
    if (candidate.kind == ConstraintKind::primary_key) return &candidate;
  }
  return nullptr;
}

CatalogIndex::CatalogIndex(const Catalog& catalog) : catalog_(&catalog) {
  tables_.reserve(catalog.tables.size());
  for (const Table& table : catalog.tables) {
    tables_.emplace(key_of(table.name), &table);
    ++relations_[key_of(table.name)];
    for (const Index& index : table.indexes) {
      ++relations_[key_of(table.name.schema, index.name)];
    }
    for (const Constraint& constraint : table.constraints) {
      if (constraint.kind == ConstraintKind::foreign_key) {
        keys_to_[key_of(constraint.target)].push_back({&table, &constraint});
      }
    }
  }
  for (const View& view : catalog.views) {
    views_.emplace(key_of(view.name), &view);
    ++relations_[key_of(view.name)];
    for (const ColumnUse& use : view.uses) {
      std::vector<const View*>& users = views_of_[key_of(use.table)];
      if (users.empty() || users.back() != &view) users.push_back(&view);  // uses are sorted
    }
  }
  for (const Sequence& sequence : catalog.sequences) ++relations_[key_of(sequence.name)];
  for (const Type& type : catalog.types) {
    // A composite type is a row of pg_class too.
    if (type.kind == TypeKind::composite) ++relations_[key_of(type.name)];
  }
}

const Table* CatalogIndex::table(const QualifiedName& name) const {
  return lookup(tables_, name);
}

const View* CatalogIndex::view(const QualifiedName& name) const {
  return lookup(views_, name);
}

const Table* CatalogIndex::table_by_search_path(std::string_view name) const {
  for (const std::string& schema : catalog_->search_path) {
    if (const auto found = tables_.find(key_of(schema, name)); found != tables_.end()) {
      return found->second;
    }
  }
  return nullptr;
}

bool CatalogIndex::relation_exists(const QualifiedName& name) const {
  return relations_.contains(key_of(name));
}

const std::vector<const View*>& CatalogIndex::views_of(const QualifiedName& table) const {
  static const std::vector<const View*> none;
  const auto found = views_of_.find(key_of(table));
  return found == views_of_.end() ? none : found->second;
}

const std::vector<CatalogIndex::IncomingKey>& CatalogIndex::foreign_keys_to(
    const QualifiedName& table) const {
  static const std::vector<IncomingKey> none;
  const auto found = keys_to_.find(key_of(table));
  return found == keys_to_.end() ? none : found->second;
}

std::string quoted(const QualifiedName& name) {
  const std::string own = dsl::sql::quote_identifier(name.name);
  return name.schema.empty() ? own : dsl::sql::quote_identifier(name.schema) + '.' + own;
}

}  // namespace segue::planner
