// Fills one table after the other, inside one transaction of rows.cpp's.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "planner/catalog_index.hpp"
#include "runtime/rehearsal/fill_order.hpp"
#include "runtime/rehearsal/row_maker.hpp"
#include "runtime/rehearsal/rows.hpp"
#include "runtime/rehearsal/server_pool.hpp"

namespace segue::runtime::rehearsal {

class TableFiller {
 public:
  TableFiller(Session& session, const planner::Catalog& catalog, const RowOptions& options);

  // Its rows; an empty reason: as many as were wanted.
  struct Outcome {
    std::uint64_t wanted = 0;
    std::uint64_t rows = 0;
    std::string reason;
  };
  Outcome fill(const Fillable& fillable);

  // After all tables are filled: gives the keys that had to wait a value, and takes away rows whose
  // keys point nowhere. True: some were taken away.
  void link(const Fillable& fillable);
  std::uint64_t remove_orphans(const Fillable& fillable);
  void finish() { tries_.finish(); }

 private:
  struct Insert;
  std::uint64_t rows_wanted(const planner::Table& table) const;
  TypeValues special_values(const planner::Table& table, const planner::Column& column,
                            const TableStatistics* like);
  void within_bounds(const planner::Table& table, const planner::Column& column,
                     const std::set<std::string>& bounding, TypeValues& pool);
  std::vector<ColumnPlan> plan_columns(const Fillable& fillable, const TableStatistics* like);
  std::vector<KeyChoice> key_choices(const Fillable& fillable);
  Keys read_keys(const planner::Table& table, const planner::Constraint& key);
  Insert insert_for(const planner::Table& table, const std::vector<ColumnPlan>& columns);
  std::uint64_t insert(const Insert& how, const std::vector<std::vector<Value>>& rows,
                       std::map<std::string, std::uint64_t>& refusals);
  const std::vector<std::string>& bounds_of(const planner::Table& table);

  Session& session_;
  const planner::Catalog& catalog_;
  planner::CatalogIndex index_;
  const RowOptions& options_;
  Tries tries_;
  ServerPool pool_;
  std::map<std::string, std::vector<std::string>> bounds_;
};

}  // namespace segue::runtime::rehearsal
