#include "runtime/rehearsal/fill_order.hpp"

#include <set>

namespace segue::runtime::rehearsal {

namespace {

class Order {
 public:
  explicit Order(const planner::Catalog& catalog) : index_(catalog) {
    for (const planner::Table& table : catalog.tables) visit(&table);
  }

  std::vector<Fillable> take() { return std::move(found_); }

 private:
  void visit(const planner::Table* table) {
    const bool holds_rows = table->kind != planner::TableKind::foreign && !table->partition_of &&
                            table->extension.empty();
    if (!holds_rows || !begun_.insert(table).second) return;
    Fillable fillable{table, {}};
    for (const planner::Constraint& constraint : table->constraints) {
      if (constraint.kind != planner::ConstraintKind::foreign_key) continue;
      const planner::Table* named = index_.table(constraint.target);
      if (named == nullptr) continue;
      const planner::Table* target = root_of(index_, named);
      visit(target);
      fillable.references.push_back({&constraint, !done_.contains(target)});
    }
    done_.insert(table);
    found_.push_back(std::move(fillable));
  }

  planner::CatalogIndex index_;
  std::set<const planner::Table*> begun_;
  std::set<const planner::Table*> done_;
  std::vector<Fillable> found_;
};

}  // namespace

const planner::Table* root_of(const planner::CatalogIndex& index, const planner::Table* table) {
  while (table->partition_of) {
    const planner::Table* parent = index.table(*table->partition_of);
    if (parent == nullptr) break;
    table = parent;
  }
  return table;
}

std::vector<Fillable> fill_order(const planner::Catalog& catalog) {
  return Order(catalog).take();
}

}  // namespace segue::runtime::rehearsal
