// In which order tables are filled, and which of their keys have to wait.
#pragma once

#include <vector>

#include "planner/catalog_index.hpp"

namespace segue::runtime::rehearsal {

struct Reference {
  const planner::Constraint* key = nullptr;
  bool later = false;  // its target has no rows yet when this table is filled
};

struct Fillable {
  const planner::Table* table = nullptr;  // holds rows, itself or through its partitions
  std::vector<Reference> references;
};

// Targets before those that refer to them, else by name; a cycle is cut where it closes.
std::vector<Fillable> fill_order(const planner::Catalog& catalog);

// The topmost partitioned table above a partition; the table itself where it is none.
const planner::Table* root_of(const planner::CatalogIndex& index, const planner::Table* table);

}  // namespace segue::runtime::rehearsal
