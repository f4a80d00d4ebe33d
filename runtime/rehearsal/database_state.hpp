// A whole database as a value that is compared: structure, rows, sequences.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "planner/catalog.hpp"
#include "runtime/session.hpp"

namespace segue::runtime::rehearsal {

struct DatabaseState {
  planner::Catalog catalog;                              // columns sorted by name
  std::map<std::string, std::vector<std::string>> rows;  // table -> rows as text, sorted
  std::vector<std::string> sequences;                    // name and last value
};

// Structure alone, fit to be compared: what the order of columns decides is left out.
planner::Catalog read_structure(Session& session);
planner::Catalog comparable(planner::Catalog catalog);

// `not_compared`: "schema.table.column" whose values are random.
DatabaseState read_state(const std::string& conninfo,
                         const std::set<std::string>& not_compared = {});

// One sentence each; empty when the databases are the same. The order of columns does not count.
std::vector<std::string> compare(const DatabaseState& expected, const DatabaseState& found);

}  // namespace segue::runtime::rehearsal
