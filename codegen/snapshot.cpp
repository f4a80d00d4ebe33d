#include "codegen/snapshot.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "codegen/catalog_json.hpp"
#include "codegen/checksum.hpp"

namespace segue::codegen {

namespace {

constexpr const char* version_field = "segue_snapshot";
constexpr const char* catalog_field = "catalog";

// Bytes that are not UTF-8 (a database in SQL_ASCII may hold them) must not stop a snapshot.
std::string print(const nlohmann::ordered_json& json, int indent) {
  return json.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

std::string write_snapshot(const planner::Catalog& catalog, bool statistics) {
  nlohmann::ordered_json document;
  document[version_field] = snapshot_version;
  document[catalog_field] = to_json(catalog, statistics);
  return print(document, 1) + '\n';
}

planner::Catalog read_snapshot(std::string_view json) {
  const nlohmann::json document = nlohmann::json::parse(json, nullptr, false);
  if (document.is_discarded()) throw SnapshotError("not JSON");
  if (!document.is_object() || !document.contains(version_field)) {
    throw SnapshotError("not a snapshot of segue's");
  }
  const nlohmann::json& version = document[version_field];
  if (version != snapshot_version) {
    throw SnapshotError(fmt::format("a snapshot of version {}; this segue reads version {}",
                                    version.dump(), snapshot_version));
  }
  const auto catalog = document.find(catalog_field);
  if (catalog == document.end()) throw SnapshotError("a snapshot without a catalogue");
  return catalog_from_json(*catalog);
}

std::string fingerprint(const planner::Catalog& catalog) {
  // Two databases of one structure agree, whoever owns the tables, whatever server holds them and
  // whatever else stands beside them.
  planner::Catalog structure = catalog;
  structure.server_version = 0;
  structure.search_path.clear();
  structure.schemas.clear();
  structure.builtin_types.clear();
  for (planner::Table& table : structure.tables) table.owner.clear();
  return sha256(print(to_json(structure, false), -1));
}

}  // namespace segue::codegen
