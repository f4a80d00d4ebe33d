#include "runtime/rehearsal/statistics.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "dsl/sql.hpp"

namespace segue::runtime::rehearsal {

namespace {

constexpr const char* counts = R"sql(
SELECT n.nspname, c.relname, c.reltuples, c.relpages
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'
   AND n.nspname NOT IN ('information_schema', 'segue'))sql";

// `inherited` is what a partitioned table has; of a plain one only its own rows count.
constexpr const char* columns_query = R"sql(
SELECT DISTINCT ON (schemaname, tablename, attname) schemaname, tablename, attname, null_frac,
       n_distinct, pg_catalog.to_json(most_common_vals::text::text[]),
       pg_catalog.to_json(most_common_freqs)
  FROM pg_catalog.pg_stats
 WHERE schemaname !~ '^pg_' AND schemaname NOT IN ('information_schema', 'segue')
 ORDER BY schemaname, tablename, attname, inherited)sql";

void read_sample(Session& session, const planner::Table& table, std::uint64_t sample,
                 TableStatistics& into) {
  std::string list;
  for (const planner::Column& column : table.columns) {
    if (!column.generated.empty()) continue;
    list += fmt::format("{}{}::text", list.empty() ? "" : ", ",
                        dsl::sql::quote_identifier(column.name));
    into.sampled_columns.push_back(column.name);
  }
  if (list.empty()) return;
  into.sample = session
                    .exec(fmt::format("SELECT {} FROM {} LIMIT {}", list,
                                      planner::quoted(table.name), sample))
                    .rows;
}

// A partitioned table counts nothing of its own before it is analysed.
void add_up_partitions(const planner::Catalog& catalog, Statistics& statistics) {
  for (const planner::Table& table : catalog.tables) {
    if (table.kind == planner::TableKind::partitioned && table.estimated_rows >= 0) {
      statistics.tables[planner::quoted(table.name)].rows = table.estimated_rows;
    }
  }
}

}  // namespace

const TableStatistics* Statistics::table(const planner::QualifiedName& name) const {
  const auto found = tables.find(planner::quoted(name));
  return found == tables.end() ? nullptr : &found->second;
}

std::map<std::string, std::uint64_t> Statistics::row_counts() const {
  std::map<std::string, std::uint64_t> known;
  for (const auto& [name, table] : tables) {
    if (table.rows >= 0) known[name] = static_cast<std::uint64_t>(std::llround(table.rows));
  }
  return known;
}

Statistics read_statistics(Session& session, const planner::Catalog& catalog,
                           std::uint64_t sample) {
  using Json = nlohmann::json;
  Statistics statistics;
  statistics.server_version = session.server_version();
  TransactionScope transaction(session);
  session.exec(
      "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL datestyle = 'ISO, "
      "MDY'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL timezone = 'UTC'");
  // Before 14 a table that nobody has counted says 0 rows and 0 pages.
  constexpr int counts_unknown_as_minus_one = 140000;
  for (const auto& row : session.exec(counts).rows) {
    TableStatistics table;
    table.rows = number_in(row[2]);
    table.pages = static_cast<std::int64_t>(number_in(row[3]));
    if (statistics.server_version < counts_unknown_as_minus_one && table.rows == 0 &&
        table.pages == 0) {
      table.rows = -1;
    }
    statistics.tables[planner::quoted({row[0].value_or(""), row[1].value_or("")})] =
        std::move(table);
  }
  for (const auto& row : session.exec(columns_query).rows) {
    const auto table =
        statistics.tables.find(planner::quoted({row[0].value_or(""), row[1].value_or("")}));
    if (table == statistics.tables.end()) continue;
    ColumnStatistics& column = table->second.columns[row[2].value_or("")];
    column.null_fraction = number_in(row[3]);
    column.distinct = number_in(row[4]);
    if (!row[5] || !row[6]) continue;
    const Json values = Json::parse(*row[5]);
    if (!values.is_array()) continue;
    for (const Json& value : values) {
      column.common_values.push_back(value.is_string() ? value.get<std::string>() : "");
    }
    column.frequencies = Json::parse(*row[6]).get<std::vector<double>>();
  }
  add_up_partitions(catalog, statistics);
  if (sample > 0) {
    for (const planner::Table& table : catalog.tables) {
      if (table.kind == planner::TableKind::foreign || table.partition_of) continue;
      read_sample(session, table, sample, statistics.tables[planner::quoted(table.name)]);
    }
  }
  transaction.commit();
  return statistics;
}

}  // namespace segue::runtime::rehearsal
