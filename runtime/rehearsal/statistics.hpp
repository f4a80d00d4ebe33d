// What a live database says of its data without a row of it: counts, null fractions, common values.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "planner/catalog.hpp"
#include "runtime/session.hpp"

namespace segue::runtime::rehearsal {

// From pg_stats. Common values are the database's own, so they stay in this process and in the
// throwaway server: no report prints them.
struct ColumnStatistics {
  double null_fraction = 0;
  double distinct = 0;  // as pg_stats has it: negative means a fraction of the rows
  std::vector<std::string> common_values;
  std::vector<double> frequencies;  // of common_values, in their order
};

struct TableStatistics {
  double rows = -1;  // pg_class.reltuples; -1: unknown
  std::int64_t pages = 0;
  std::map<std::string, ColumnStatistics> columns;
  std::vector<std::string> sampled_columns;
  std::vector<std::vector<Value>> sample;  // whole rows, only where they were asked for
};

struct Statistics {
  int server_version = 0;
  std::map<std::string, TableStatistics> tables;  // by quoted name

  const TableStatistics* table(const planner::QualifiedName& name) const;
  // Known row counts: quoted name -> rows.
  std::map<std::string, std::uint64_t> row_counts() const;
};

// One read-only transaction. `sample`: that many rows of each table are read too, 0: none.
Statistics read_statistics(Session& session, const planner::Catalog& catalog, std::uint64_t sample);

}  // namespace segue::runtime::rehearsal
