#include "runtime/table_scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "dsl/sql.hpp"
#include "runtime/pacing/stop.hpp"

namespace segue::runtime {

namespace {

using planner::QualifiedName;
using planner::quoted;

// Looked at where ANALYZE has not been: enough for an average, too few to take time.
constexpr std::uint64_t blocks_looked_at = 32;

// 16 MB at a time: some tens of milliseconds of snapshot.
constexpr std::uint64_t blocks_per_look = 2048;

double looked_at_density(Session& session, const QualifiedName& leaf, std::uint64_t blocks,
                         int block_size) {
  const std::uint64_t from = blocks > blocks_looked_at ? (blocks - blocks_looked_at) / 2 : 0;
  const std::uint64_t to = std::min(blocks, from + blocks_looked_at);
  const std::string count =
      session
          .exec(fmt::format("SELECT pg_catalog.count(*) FROM ONLY {} WHERE {}", quoted(leaf),
                            block_condition(session.server_version(), block_size, from, to)))
          .scalar();
  return std::strtod(count.c_str(), nullptr) / static_cast<double>(to - from);
}

}  // namespace

std::vector<QualifiedName> leaves_of(Session& session, const QualifiedName& table,
                                     const std::vector<QualifiedName>& planned) {
  std::string candidates;
  for (const QualifiedName& leaf : planned) {
    candidates +=
        fmt::format(", pg_catalog.to_regclass({})", dsl::sql::quote_literal(quoted(leaf)));
  }
  const std::string name = dsl::sql::quote_literal(quoted(table));
  const Rows rows = session.exec(fmt::format(
      "SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON "
      "n.oid = "
      "c.relnamespace WHERE c.relkind = 'r' AND (c.oid IN (pg_catalog.to_regclass({0}){1}) OR "
      "c.oid IN "
      "(SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass({0})) WHERE isleaf)) "
      "ORDER BY 1, 2",
      name, candidates));
  std::vector<QualifiedName> leaves;
  for (const auto& row : rows.rows) leaves.push_back({row[0].value_or(""), row[1].value_or("")});
  return leaves;
}

TableSize size_of(Session& session, const QualifiedName& leaf) {
  const std::string name = dsl::sql::quote_literal(quoted(leaf));
  const Rows rows = session.exec(fmt::format(
      "SELECT pg_catalog.pg_relation_size(c.oid) / s.bytes, s.bytes, c.reltuples, c.relpages "
      "FROM pg_catalog.pg_class c, (SELECT pg_catalog.current_setting('block_size')::bigint AS "
      "bytes) s "
      "WHERE c.oid = {}::pg_catalog.regclass",
      name));
  const auto& row = rows.rows.at(0);
  TableSize size;
  size.blocks = std::strtoull(row[0].value_or("0").c_str(), nullptr, 10);
  size.block_size = std::atoi(row[1].value_or("8192").c_str());
  const double rows_known = std::strtod(row[2].value_or("-1").c_str(), nullptr);
  const double pages_known = std::strtod(row[3].value_or("0").c_str(), nullptr);
  if (rows_known > 0 && pages_known > 0) {
    size.rows_per_block = rows_known / pages_known;
  } else if (size.blocks > 0) {
    size.rows_per_block = looked_at_density(session, leaf, size.blocks, size.block_size);
  }
  return size;
}

std::string block_condition(int server_version, int block_size, std::uint64_t from,
                            std::uint64_t to) {
  if (server_version >= tid_range_scans_since) {
    return fmt::format("ctid >= '({},0)'::tid AND ctid < '({},0)'::tid", from, to);
  }
  // MaxHeapTuplesPerPage: a page without its header, by the smallest row with its line pointer.
  const int rows = (block_size - 24) / 28;
  return fmt::format(
      "ctid = ANY (ARRAY(SELECT pg_catalog.format('(%s,%s)', segue_b, segue_o)::tid FROM "
      "pg_catalog.generate_series({}, {}) segue_b, pg_catalog.generate_series(1, {}) segue_o))",
      from, static_cast<std::int64_t>(to) - 1, rows);
}

std::string only_leaf(const QualifiedName& leaf, const QualifiedName& table) {
  std::string text = "ONLY " + quoted(leaf);
  if (leaf.name != table.name) text += " AS " + dsl::sql::quote_identifier(table.name);
  return text;
}

std::string key_text(const std::vector<std::string>& key) {
  if (key.empty()) return "'ctid = ' || ctid::text";
  std::string text;
  for (const std::string& column : key) {
    text += fmt::format("{}{} || ' = ' || coalesce({}::text, 'NULL')",
                        text.empty() ? "" : " || ', ' || ", dsl::sql::quote_literal(column),
                        dsl::sql::quote_identifier(column));
  }
  return text;
}

Findings search(
    const std::function<Session&()>& session, const Search& what,
    const std::function<void(const Findings&, std::uint64_t, std::uint64_t)>& progress) {
  std::vector<std::pair<QualifiedName, TableSize>> tables;
  std::uint64_t total = 0;
  for (const QualifiedName& leaf : leaves_of(session(), what.table, what.leaves)) {
    tables.emplace_back(leaf, size_of(session(), leaf));
    total += tables.back().second.blocks;
  }
  Findings findings;
  std::uint64_t done = 0;
  for (const auto& [leaf, size] : tables) {
    const std::string from_leaf = only_leaf(leaf, what.table);
    for (std::uint64_t from = 0; from < size.blocks; from += blocks_per_look) {
      pacing::stop_if_asked("");
      const std::uint64_t to = std::min(size.blocks, from + blocks_per_look);
      Session& here = session();
      const std::string range = block_condition(here.server_version(), size.block_size, from, to);
      const Rows counts =
          here.exec(fmt::format("SELECT /* segue */ pg_catalog.count(*), pg_catalog.count(*) "
                                "FILTER (WHERE {}) FROM {} WHERE {}",
                                what.condition, from_leaf, range));
      findings.checked += std::strtoull(counts.rows.at(0).at(0).value_or("0").c_str(), nullptr, 10);
      const auto found = std::strtoull(counts.rows.at(0).at(1).value_or("0").c_str(), nullptr, 10);
      findings.found += found;
      if (found > 0 && findings.first.size() < keys_shown) {
        const Rows keys = here.exec(fmt::format(
            "SELECT /* segue */ {} FROM {} WHERE {} AND ({}) LIMIT {}", key_text(what.key),
            from_leaf, range, what.condition, keys_shown - findings.first.size()));
        for (const auto& row : keys.rows) findings.first.push_back(row[0].value_or(""));
      }
      done += to - from;
      if (progress) progress(findings, done, total);
    }
  }
  return findings;
}

}  // namespace segue::runtime
