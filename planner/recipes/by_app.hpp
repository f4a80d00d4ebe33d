// Two sides of a column that the application itself keeps in step: no trigger does.
#pragma once

#include <string>
#include <string_view>
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

// Up to contract both sides have to be written, and behind it one of them is gone. `until` says
// what becomes of a write of one side before that.
void app_at_contract(Context& context, const Table& table, const std::string& old_columns,
                     const std::string& shown,
                     std::string_view until = "a write of one side is refused");

// Why the application has nothing to write by itself in such a statement; empty where it may have.
std::string_view why_not_by_app(const dsl::Intent& intent);

// What breaks a rule (in words) is mended in rows that are there; the application writes no more of
// it.
void repaired_by_app(Context& context, const std::string& what);

}  // namespace segue::planner
