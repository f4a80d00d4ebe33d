// Rows for a schema: every table filled from the catalogue alone, edge values first.
//
// The same catalogue, seed and server give the same rows.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "planner/catalog.hpp"
#include "runtime/session.hpp"

namespace segue::runtime::rehearsal {

struct Statistics;  // statistics.hpp

struct RowOptions {
  std::uint64_t rows = 1000;  // in each table
  std::uint64_t seed = 1;
  // Row counts in proportion to a live database's, its null fractions and its common values;
  // none: nothing is known of one.
  const Statistics* like = nullptr;
};

struct Filled {
  std::map<std::string, std::uint64_t> rows;  // quoted name -> rows that it has now
  std::vector<std::string> notes;             // a table that got fewer than asked, and why
};

// Fills every table of the catalogue that holds rows itself or through partitions, parents of
// foreign keys first. Triggers of the schema's own do not fire. Rows that a constraint refuses are
// left out; a table that cannot be filled gets a note, never an error. Throws DatabaseError only
// where the connection is lost. Ends with ANALYZE.
Filled fill_tables(Session& session, const planner::Catalog& catalog, const RowOptions& options);

// At most `count` different SQL literals, cast where they need it, that a column's type takes: its
// edge values first ("NULL" among them where the column takes it), then ordinary ones. Knows the
// constants in the table's CHECKs, its enum labels and its domain's base; whether a table's
// constraints take a value is for the server to say.
std::vector<std::string> value_pool(const planner::Catalog& catalog, const planner::Table& table,
                                    const planner::Column& column, std::uint64_t seed,
                                    std::size_t count);

}  // namespace segue::runtime::rehearsal
