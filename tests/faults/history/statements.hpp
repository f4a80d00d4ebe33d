// The SQL of a step, as an application of that release would write it.
#pragma once

#include <functional>
#include <string>

#include "history/schedule.hpp"

namespace segue::test::history {

struct Wording {
  const Subject& subject;
  std::function<long long(int key)> id;
  // The rows of a COPY, where the server reads them.
  std::string file;
  // A batch of the backfill over the rows for which a condition holds, with its settings.
  std::function<std::string(const std::string& condition)> fill;
  bool has_merge = true;  // PostgreSQL 15; an upsert before
};

std::string sql_of(const Step& step, const Wording& wording);
// What a COPY step finds in the file.
std::string copied_rows(const Step& step, const Wording& wording);

std::string quoted(const Value& value);
std::string list_of(const std::vector<std::string>& columns, const std::string& prefix = "");

}  // namespace segue::test::history
