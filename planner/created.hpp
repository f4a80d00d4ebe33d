// What a change creates, as the rest of the change sees it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "dsl/change.hpp"
#include "dsl/diagnostic.hpp"
#include "planner/catalog.hpp"

namespace segue::planner {

// A catalogue in which the tables and types of the file's `create` statements are there already, so
// that any other statement may name them, in any order of lines.
struct WithCreated {
  Catalog catalog;
  // New tables: how many others have to be made before each, by its foreign keys.
  std::map<QualifiedName, int> tables;
  std::vector<dsl::Diagnostic> diagnostics;
};

bool creates_anything(const dsl::Change& change);
WithCreated with_created(const Catalog& catalog, const dsl::Change& change);

// The name of what is created: in its own schema, or the first of search_path.
QualifiedName created_name(const Catalog& catalog, const std::string& schema,
                           const std::string& name);

}  // namespace segue::planner
