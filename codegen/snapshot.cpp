#include "codegen/snapshot.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "codegen/catalog_json.hpp"
#include "codegen/checksum.hpp"

namespace segue::codegen {

namespace {

constexpr const char* version_field = "segue_snapshot";
constexpr const char* catalog_field = "catalog";

using Json = nlohmann::ordered_json;

// Bytes that are not UTF-8 (a database in SQL_ASCII may hold them) must not stop a snapshot.
std::string compact(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// What fits in a line is one: a reviewer reads a column or a key at a glance, and a changed one is
// one line of a diff.
constexpr std::size_t line_width = 100;

void print(const Json& json, std::size_t indent, std::string& text) {
  const std::string line = compact(json);
  if (!json.is_structured() || json.empty() || indent + line.size() <= line_width) {
    text += line;
    return;
  }
  text += json.is_object() ? '{' : '[';
  const std::string margin(indent + 1, ' ');
  bool first = true;
  for (const auto& item : json.items()) {
    text += first ? "\n" : ",\n";
    first = false;
    text += margin;
    if (json.is_object()) text += compact(item.key()) + ": ";
    print(item.value(), indent + 1, text);
  }
  text += '\n' + std::string(indent, ' ');
  text += json.is_object() ? '}' : ']';
}

}  // namespace

std::string write_snapshot(const planner::Catalog& catalog, bool statistics) {
  Json document;
  document[version_field] = snapshot_version;
  document[catalog_field] = to_json(catalog, statistics);
  std::string text;
  print(document, 0, text);
  return text + '\n';
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
  structure.in_flight.clear();
  structure.extensions.clear();
  for (planner::Table& table : structure.tables) {
    table.owner.clear();
    table.partition_key.clear();
    table.partition_bound.clear();
    table.of_type.clear();
  }
  for (planner::Type& type : structure.types) type.made_as.clear();
  return sha256(compact(to_json(structure, false)));
}

}  // namespace segue::codegen
