// The kinds of change that histories are played with, each a table of its own, and what their maps
// do, said a second time and without SQL.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace segue::test::history {

using Value = std::optional<std::string>;  // none: NULL
using Values = std::vector<Value>;

enum class Release { old_one, new_one };

struct Subject {
  std::string name;    // of its table too
  std::string schema;  // SQL
  std::string change;  // in the change language

  std::vector<std::string> old_columns;
  std::vector<std::string> new_columns;
  Values old_default;  // what PostgreSQL puts in the old columns where they are left out
  // What a statement with that number writes.
  std::function<Values(Release, int)> written;

  std::function<Values(const Values& old)> map;
  // None: the new side says nothing of the old one, and its NULL is filled.
  std::function<Values(const Values& now)> back;
  // Any UPDATE of a row that is not filled yet fills it.
  bool touch_fills = true;
  // The new columns are in a table of their own, `<name>_too (id, …)`.
  bool other_table = false;

  std::string new_table() const { return other_table ? name + "_too" : name; }
};

const std::vector<Subject>& subjects();
const Subject& subject(const std::string& name);

// One change file for all of them.
std::string change_of_all();

}  // namespace segue::test::history
