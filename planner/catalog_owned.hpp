// Which objects of a catalogue a plan made itself.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "planner/catalog_index.hpp"
#include "planner/plan.hpp"

namespace segue::planner {

// What a plan made itself, with its copies on partitions and inheriting tables.
class Owned {
 public:
  Owned(const std::vector<OwnedObject>& objects, const CatalogIndex& index)
      : objects_(objects.begin(), objects.end()), index_(index) {
    for (const OwnedObject& object : objects) {
      if (object.kind == ObjectKind::function || object.kind == ObjectKind::view ||
          object.kind == ObjectKind::statistics || object.kind == ObjectKind::type) {
        whole_.emplace(object.kind, object.table);
      }
      if (object.kind == ObjectKind::table) {
        whole_.emplace(object.kind, object.table);
        whole_.emplace(object.kind, QualifiedName{object.table.schema, object.name});
      }
    }
  }

  bool has(ObjectKind kind, const QualifiedName& name) const {
    return whole_.contains({kind, name});
  }
  bool has(const Table& table, const Column& column) const {
    return has(ObjectKind::column, table, column.name, column.inherited ? column.name : "");
  }
  bool has(const Table& table, const Trigger& trigger) const {
    return has(ObjectKind::trigger, table, trigger.name, trigger.inherited ? trigger.name : "");
  }
  bool has(const Table& table, const Policy& policy) const {
    return has(ObjectKind::policy, table, policy.name, "");
  }
  // An index and the constraint on it bear one name, and one becomes the other.
  bool has(const Table& table, const Index& index) const {
    return has(ObjectKind::index, table, index.name, index.partition_of) ||
           has(ObjectKind::constraint, table, index.name, index.partition_of);
  }
  bool has(const Table& table, const Constraint& constraint) const {
    const std::string& parent = constraint.inherited_from;
    return has(ObjectKind::constraint, table, constraint.name, parent) ||
           has(ObjectKind::index, table, constraint.name, parent);
  }
  bool has(const Table&, const Rule&) const { return false; }
  bool has(const Table&, const ExtendedStatistics& statistics) const {
    return has(ObjectKind::statistics, statistics.name);
  }
  bool has(const Table&, const PublicationUse&) const { return false; }

 private:
  // `inherited_as`: what the object is called on the table that this one has it from.
  bool has(ObjectKind kind, const Table& table, const std::string& name,
           const std::string& inherited_as) const {
    if (objects_.contains({kind, table.name, name})) return true;
    if (inherited_as.empty()) return false;
    std::vector<QualifiedName> parents = table.inherits;
    if (table.partition_of) parents.push_back(*table.partition_of);
    return std::any_of(parents.begin(), parents.end(), [&](const QualifiedName& parent) {
      return objects_.contains({kind, parent, inherited_as}) ||
             inherited_from(kind, parent, inherited_as);
    });
  }

  bool inherited_from(ObjectKind kind, const QualifiedName& parent, const std::string& name) const {
    const Table* table = index_.table(parent);
    if (table == nullptr) return false;
    std::string above = name;
    if (kind == ObjectKind::index || kind == ObjectKind::constraint) {
      const Index* index = table->index(name);
      const Constraint* constraint = table->constraint(name);
      above = index != nullptr        ? index->partition_of
              : constraint != nullptr ? constraint->inherited_from
                                      : "";
    }
    return has(kind, *table, name, above);
  }

  std::set<OwnedObject> objects_;
  std::set<std::pair<ObjectKind, QualifiedName>> whole_;
  const CatalogIndex& index_;
};

}  // namespace segue::planner
