// Lookups over a catalogue.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "planner/catalog.hpp"

namespace segue::planner {

// Hash lookups over a Catalog that must outlive it: 10,000 statements must not scan 5,000 tables.
class CatalogIndex {
 public:
  explicit CatalogIndex(const Catalog& catalog);

  const Catalog& catalog() const { return *catalog_; }
  const Table* table(const QualifiedName& name) const;
  const View* view(const QualifiedName& name) const;
  // First match along search_path.
  const Table* table_by_search_path(std::string_view name) const;
  // Whether any relation (table, view, index, sequence) of that schema has the name.
  bool relation_exists(const QualifiedName& name) const;
  // Views, foreign keys and functions that touch a table.
  const std::vector<const View*>& views_of(const QualifiedName& table) const;
  struct IncomingKey {
    const Table* table;
    const Constraint* constraint;
  };
  const std::vector<IncomingKey>& foreign_keys_to(const QualifiedName& table) const;
  // A policy or a rule that reads other relations than the table it is on; one of the two.
  struct Reader {
    const Table* table;
    const Policy* policy;
    const Rule* rule;
    const std::vector<ColumnUse>& uses() const { return policy ? policy->uses : rule->uses; }
  };
  const std::vector<Reader>& readers_of(const QualifiedName& table) const;
  // Functions whose bodies PostgreSQL keeps parsed: BEGIN ATOMIC.
  const std::vector<const Function*>& bodies_over(const QualifiedName& relation) const;
  // Columns and types that are made of a user type, a relation's row type among them; one of the
  // two.
  struct Made {
    const Table* table;
    const Column* column;
    const Type* type;
  };
  const std::vector<Made>& made_of(const QualifiedName& type) const;

 private:
  void index_types(const Catalog& catalog);

  const Catalog* catalog_;
  std::unordered_map<std::string, const Table*> tables_;
  std::unordered_map<std::string, const View*> views_;
  std::unordered_map<std::string, int> relations_;
  std::unordered_map<std::string, std::vector<const View*>> views_of_;
  std::unordered_map<std::string, std::vector<IncomingKey>> keys_to_;
  std::unordered_map<std::string, std::vector<Reader>> readers_of_;
  std::unordered_map<std::string, std::vector<const Function*>> bodies_over_;
  std::unordered_map<std::string, std::vector<Made>> made_of_;
};

// The table and all its partitions, at every depth.
std::vector<const Table*> tree_of(const CatalogIndex& catalog, const Table& table);

}  // namespace segue::planner
