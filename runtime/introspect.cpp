#include "runtime/introspect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "codegen/catalog_json.hpp"
#include "runtime/introspect_queries.hpp"

namespace segue::runtime {

namespace {

constexpr int oldest_supported = 130000;

using Json = nlohmann::json;

// What PostgreSQL prints of expressions and constants depends on these; two sessions must get the
// same text for the same catalogue.
constexpr const char* fixed_output =
    "SET LOCAL search_path = ''; SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, MDY'; "
    "SET LOCAL intervalstyle = 'postgres'; SET LOCAL extra_float_digits = 1; "
    "SET LOCAL bytea_output = 'hex'; SET LOCAL quote_all_identifiers = off; "
    "SET LOCAL standard_conforming_strings = on; "
    // Thousands of expensive-looking rows would be compiled, which takes longer than running them.
    "SET LOCAL jit = off";

Json parse(const Value& value) {
  return Json::parse(value.value());
}

template <typename Item>
void sort_by_name(std::vector<Item>& items) {
  std::sort(items.begin(), items.end(),
            [](const Item& left, const Item& right) { return left.name < right.name; });
}

// A partitioned table has as many rows and bytes as its partitions.
class PartitionTotals {
 public:
  explicit PartitionTotals(std::vector<planner::Table>& tables) {
    for (planner::Table& table : tables) by_name_.emplace(table.name, &table);
    for (planner::Table& table : tables) add_up(table);
  }

 private:
  void add_up(planner::Table& table) {
    if (table.kind != planner::TableKind::partitioned) return;
    table.estimated_rows = 0;
    table.bytes = 0;
    for (const planner::QualifiedName& name : table.partitions) {
      const auto found = by_name_.find(name);
      if (found == by_name_.end()) continue;
      planner::Table& part = *found->second;
      add_up(part);
      const bool known = table.estimated_rows >= 0 && part.estimated_rows >= 0;
      table.estimated_rows = known ? table.estimated_rows + part.estimated_rows : -1;
      table.bytes += part.bytes;
    }
  }

  std::map<planner::QualifiedName, planner::Table*> by_name_;
};

// PostgreSQL sorts names by bytes and text by the database's collation; here only bytes count.
void sort_lists(planner::Catalog& catalog) {
  std::sort(catalog.schemas.begin(), catalog.schemas.end());
  std::sort(catalog.builtin_types.begin(), catalog.builtin_types.end());
  sort_by_name(catalog.tables);
  sort_by_name(catalog.views);
  sort_by_name(catalog.types);
  sort_by_name(catalog.sequences);
  sort_by_name(catalog.subscriptions);
  sort_by_name(catalog.extensions);
  std::sort(catalog.functions.begin(), catalog.functions.end(),
            [](const planner::Function& left, const planner::Function& right) {
              return std::tie(left.name, left.arguments) < std::tie(right.name, right.arguments);
            });
  for (planner::View& view : catalog.views) std::sort(view.uses.begin(), view.uses.end());
  for (planner::Function& function : catalog.functions) {
    std::sort(function.uses.begin(), function.uses.end());
  }
  for (planner::Table& table : catalog.tables) {
    for (planner::Policy& policy : table.policies) {
      std::sort(policy.columns.begin(), policy.columns.end());
      std::sort(policy.uses.begin(), policy.uses.end());
    }
    for (planner::Rule& rule : table.rules) {
      std::sort(rule.columns.begin(), rule.columns.end());
      std::sort(rule.uses.begin(), rule.uses.end());
    }
    std::sort(table.publications.begin(), table.publications.end(),
              [](const planner::PublicationUse& left, const planner::PublicationUse& right) {
                return left.publication < right.publication;
              });
  }
}

// Those that have something to find: one look for all.
std::vector<ListQuery> needed(Session& session, std::vector<ListQuery> queries) {
  std::string looks;
  for (const ListQuery& query : queries)
    looks +=
        fmt::format("{}({})", looks.empty() ? "" : ", ", query.any.empty() ? "true" : query.any);
  const Rows found = session.exec("SELECT " + looks);
  std::vector<ListQuery> some;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    if (found.rows.at(0).at(i) == "t") some.push_back(std::move(queries[i]));
  }
  return some;
}

Json read_tables(Session& session) {
  const int version = session.server_version();
  const Rows tables = session.exec(tables_query(version).sql);
  std::unordered_map<std::string, Json> by_oid;
  by_oid.reserve(tables.rows.size());
  for (const auto& row : tables.rows) by_oid.emplace(row.at(0).value(), parse(row.at(1)));
  for (const ListQuery& query : needed(session, table_list_queries(version))) {
    for (const auto& row : session.exec(query.sql).rows) {
      const auto table = by_oid.find(row.at(0).value());
      if (table != by_oid.end()) table->second[query.field] = parse(row.at(1));
    }
  }
  Json list = Json::array();
  for (const auto& row : tables.rows) list.push_back(std::move(by_oid.at(row.at(0).value())));
  return list;
}

}  // namespace

planner::Catalog read_catalog(Session& session) {
  const int version = session.server_version();
  if (version < oldest_supported) {
    throw std::runtime_error(
        fmt::format("the server is PostgreSQL {}; segue needs 13 or newer", version / 10000));
  }
  TransactionScope transaction(session);
  session.exec("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
  Json json = Json::object();
  json["server_version"] = version;
  json["search_path"] =
      Json::parse(session.exec("SELECT to_json(pg_catalog.current_schemas(false))").scalar());
  session.exec(fixed_output);
  json["schemas"] = Json::parse(session.exec(schemas_query()).scalar());
  json["builtin_types"] = Json::parse(session.exec(builtin_types_query()).scalar());
  json["tables"] = read_tables(session);
  const std::vector<ListQuery> lists = catalog_list_queries(version);
  for (const ListQuery& query : lists) json[query.field] = Json::array();
  for (const ListQuery& query : needed(session, lists)) {
    Json& list = json[query.field];
    for (const auto& row : session.exec(query.sql).rows) list.push_back(parse(row.at(1)));
  }
  transaction.commit();

  planner::Catalog catalog = codegen::catalog_from_json(json);
  sort_lists(catalog);
  const PartitionTotals totals(catalog.tables);
  return catalog;
}

}  // namespace segue::runtime
