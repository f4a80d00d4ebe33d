// Walking a table by its blocks in short transactions: what backfill, sweeps and checks share.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "planner/catalog.hpp"
#include "runtime/session.hpp"

namespace segue::runtime {

// The tables that hold the rows of `table` now: itself, or its leaf partitions (foreign ones left
// out), with those of `planned` that are still there: inheritance children, or a partition detached
// since.
std::vector<planner::QualifiedName> leaves_of(Session& session, const planner::QualifiedName& table,
                                              const std::vector<planner::QualifiedName>& planned);

struct TableSize {
  std::uint64_t blocks = 0;
  double rows_per_block = 0;  // by the last ANALYZE, or by a look at a few blocks
  int block_size = 8192;
};
// Throws DatabaseError 42P01 where the table is gone.
TableSize size_of(Session& session, const planner::QualifiedName& leaf);

inline constexpr int tid_range_scans_since = 140000;  // as server_version() has it
// A condition on ctid for blocks [from, to): a TID range scan from PostgreSQL 14 on, a list of row
// addresses on 13, which has none.
std::string block_condition(int server_version, int block_size, std::uint64_t from,
                            std::uint64_t to);

// "ONLY app.users_2024 AS users": a leaf under the name by which an author's expression knows it.
std::string only_leaf(const planner::QualifiedName& leaf, const planner::QualifiedName& table);

// The columns that tell a row, as one text: "id = 7, tenant = 2"; its ctid where `key` is empty.
std::string key_text(const std::vector<std::string>& key);

// Rows for which a condition holds.
struct Findings {
  std::uint64_t checked = 0;
  std::uint64_t found = 0;
  std::vector<std::string> first;  // their keys
};

// What is looked for, and in which rows.
struct Search {
  planner::QualifiedName table;
  std::vector<planner::QualifiedName> leaves;
  std::vector<std::string> key;
  std::string condition;
};

inline constexpr std::size_t keys_shown = 10;

// Looks at every row in short transactions of their own (an open snapshot keeps dead rows from
// being removed). `session` is asked before each, `progress` told after each: blocks done, of how
// many. Throws Failed between two where a signal asked for an end.
Findings search(const std::function<Session&()>& session, const Search& what,
                const std::function<void(const Findings&, std::uint64_t, std::uint64_t)>& progress);

}  // namespace segue::runtime
