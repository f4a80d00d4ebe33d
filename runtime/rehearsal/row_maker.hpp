// Makes candidate rows of one table, column by column; the server then takes what it likes.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "planner/catalog.hpp"
#include "runtime/rehearsal/literals.hpp"
#include "runtime/rehearsal/statistics.hpp"
#include "runtime/session.hpp"

namespace segue::runtime::rehearsal {

// Keys that rows may refer to: the target's values, as text, in the order of its columns.
using Keys = std::vector<std::vector<std::string>>;

struct KeyChoice {
  std::vector<std::string> columns;
  Keys keys;
  bool nullable = false;  // one of its columns at least
  bool in_turn = false;   // the columns are unique: each key once
};

struct ColumnPlan {
  const planner::Column* column = nullptr;
  std::string expression;  // SQL that gives the value (a sequence); empty: from the pool
  TypeValues pool;
  bool distinct = false;     // alone tells rows apart, where a unique index wants that
  bool always_null = false;  // filled later
  double null_fraction = 0;  // of a column that takes NULL
  const ColumnStatistics* like = nullptr;
};

// Which columns should have another value in each row, so that unique indexes and exclusion
// constraints take most of them.
std::set<std::string> distinct_columns(const planner::Table& table,
                                       const std::set<std::string>& not_free);

// One candidate row after the other; the same seed gives the same ones.
class RowMaker {
 public:
  RowMaker(std::vector<ColumnPlan> columns, std::vector<KeyChoice> keys,
           const TableStatistics* like, std::uint64_t seed)
      : columns_(std::move(columns)), keys_(std::move(keys)), like_(like), random_(seed) {}

  // Values of the columns that have no expression, in their order. False: this row has no key to
  // refer to.
  bool make(std::vector<Value>& row);
  const std::vector<ColumnPlan>& columns() const { return columns_; }

 private:
  Value value_of(const ColumnPlan& plan, std::size_t place);
  bool choose_keys(std::map<std::string, Value>& chosen);
  std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : random_() % bound; }
  bool chance(double probability) {
    return static_cast<double>(random_() >> 11U) * 0x1.0p-53 < probability;
  }

  std::vector<ColumnPlan> columns_;
  std::vector<KeyChoice> keys_;
  const TableStatistics* like_;
  std::mt19937_64 random_;
  std::uint64_t number_ = 0;
};

}  // namespace segue::runtime::rehearsal
