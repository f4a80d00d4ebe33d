#include "planner/catalog_index.hpp"

#include "planner/row_types.hpp"

namespace segue::planner {

namespace {

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

// Each list once, whatever the number of its columns that are used: `uses` are sorted.
template <typename Use>
void for_each_relation(const std::vector<ColumnUse>& uses, const Use& use) {
  const QualifiedName* last = nullptr;
  for (const ColumnUse& one : uses) {
    if (last == nullptr || *last != one.table) use(key_of(one.table));
    last = &one.table;
  }
}

template <typename Item>
const std::vector<Item>& list_of(const std::unordered_map<std::string, std::vector<Item>>& lists,
                                 const QualifiedName& name) {
  static const std::vector<Item> none;
  const auto found = lists.find(key_of(name));
  return found == lists.end() ? none : found->second;
}

}  // namespace

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
    for (const Policy& policy : table.policies) {
      for_each_relation(policy.uses, [&](const std::string& key) {
        readers_of_[key].push_back({&table, &policy, nullptr});
      });
    }
    for (const Rule& rule : table.rules) {
      for_each_relation(rule.uses, [&](const std::string& key) {
        readers_of_[key].push_back({&table, nullptr, &rule});
      });
    }
  }
  for (const View& view : catalog.views) {
    views_.emplace(key_of(view.name), &view);
    ++relations_[key_of(view.name)];
    for_each_relation(view.uses, [&](const std::string& key) { views_of_[key].push_back(&view); });
  }
  for (const Function& function : catalog.functions) {
    for_each_relation(function.uses,
                      [&](const std::string& key) { bodies_over_[key].push_back(&function); });
  }
  for (const Sequence& sequence : catalog.sequences) ++relations_[key_of(sequence.name)];
  for (const Type& type : catalog.types) {
    // A composite type is a row of pg_class too.
    if (type.kind == TypeKind::composite) ++relations_[key_of(type.name)];
  }
  index_types(catalog);
}

void CatalogIndex::index_types(const Catalog& catalog) {
  const auto add = [&](const std::string& printed, const Made& made) {
    for (const QualifiedName& type : types_named(printed)) made_of_[key_of(type)].push_back(made);
  };
  for (const Table& table : catalog.tables) {
    for (const Column& column : table.columns) add(column.type, {&table, &column, nullptr});
  }
  for (const Type& type : catalog.types) {
    add(type.base, {nullptr, nullptr, &type});
    // A domain is made with expressions besides.
    if (type.kind != TypeKind::domain) add(type.made_as, {nullptr, nullptr, &type});
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
  return list_of(views_of_, table);
}

const std::vector<CatalogIndex::IncomingKey>& CatalogIndex::foreign_keys_to(
    const QualifiedName& table) const {
  return list_of(keys_to_, table);
}

const std::vector<CatalogIndex::Reader>& CatalogIndex::readers_of(
    const QualifiedName& table) const {
  return list_of(readers_of_, table);
}

const std::vector<const Function*>& CatalogIndex::bodies_over(const QualifiedName& relation) const {
  return list_of(bodies_over_, relation);
}

const std::vector<CatalogIndex::Made>& CatalogIndex::made_of(const QualifiedName& type) const {
  return list_of(made_of_, type);
}

std::vector<const Table*> tree_of(const CatalogIndex& catalog, const Table& table) {
  std::vector<const Table*> tree{&table};
  for (std::size_t i = 0; i < tree.size(); ++i) {
    for (const QualifiedName& name : tree[i]->partitions) {
      if (const Table* partition = catalog.table(name)) tree.push_back(partition);
    }
  }
  return tree;
}

}  // namespace segue::planner
