// The catalogue's JSON as a tree, for what is embedded in other JSON: plan.json, and the answers of
// the introspection queries. Files are snapshot.hpp's.
//
// Names of fields are those of the structs' members; a field that holds its default is left out. A
// qualified name is one string, "public.users", quoted where SQL would quote it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "planner/catalog.hpp"

namespace segue::codegen {

// Row counts and sizes only with `statistics`.
nlohmann::ordered_json to_json(const planner::Catalog& catalog, bool statistics);

// Throws SnapshotError that names the place: "tables[3].columns[0].type: not a string". A qualified
// name may also be an array of two strings.
planner::Catalog catalog_from_json(const nlohmann::json& json);
planner::Catalog catalog_from_json(const nlohmann::ordered_json& json);

}  // namespace segue::codegen
