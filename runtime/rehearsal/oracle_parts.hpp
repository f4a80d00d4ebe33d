// What the parts of the oracle share.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "runtime/rehearsal/oracle.hpp"

namespace segue::runtime::rehearsal {

// A statement that the two schemas do not agree on: nobody could say what it should do.
struct NotComparable {
  std::string why;
};

inline Key key_of(const Side& side, const Row& row) {
  Key key;
  for (const std::string& column : side.key) key.push_back(row.at(column).value_or(no_value));
  return key;
}

inline const Row* row_with_key(const Side& side, const std::vector<Row>& rows, const Key& key) {
  for (const Row& row : rows) {
    if (key_of(side, row) == key) return &row;
  }
  return nullptr;
}

inline bool names_column(const Statement& statement, const std::string& column) {
  return std::find(statement.columns.begin(), statement.columns.end(), column) !=
         statement.columns.end();
}

inline Value value_in(const Row& row, const std::string& column) {
  const auto place = row.find(column);
  return place == row.end() ? Value{} : place->second;
}

inline bool differ(const Row& left, const Row& right, const std::vector<std::string>& columns) {
  return std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
    return left.at(column) != right.at(column);
  });
}

// As PostgreSQL would store them in the columns they are for.
std::vector<std::string> values_of(const std::vector<planner::Assignment>& assignments,
                                   const planner::Table& table);

}  // namespace segue::runtime::rehearsal
