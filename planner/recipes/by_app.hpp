// Two sides of a column that the application itself keeps in step: no trigger does.
#pragma once

#include <string>
#include <vector>

#include "planner/context.hpp"

namespace segue::planner {

struct BothWritten {
  const Table* table = nullptr;
  std::vector<std::string> olds;
  std::vector<std::string> news;
  std::string differs;    // over the table: a row whose two sides do not agree
  bool two_way = true;    // there is a `back`, so that a row can be told to disagree
  bool proven = true;     // a validated CHECK holds the promise from phase 3 on
  bool defaults = false;  // an old column has a default, which fills that one alone
};

// The looks at rows that do not agree, in phase 3 and, where nothing else holds the promise, in
// phase 4; the notes and the hazard.
void let_the_app_write(Context& context, const BothWritten& both);

// Up to contract both sides have to be written, and behind it one of them is gone.
void app_at_contract(Context& context, const Table& table, const std::string& old_columns,
                     const std::string& shown);

}  // namespace segue::planner
