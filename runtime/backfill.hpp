// Filling a table's rows while its app goes on: many short transactions, each with its cursor.
//
// A pass walks a leaf table in regions of blocks; over a region go stripes (runtime/stripes.hpp), a
// transaction for each of its ranges. Then sweeps, until one finds nothing: they catch rows that
// the app moved into blocks already passed.
#pragma once

#include <cstdint>
#include <vector>

#include "planner/plan.hpp"
#include "runtime/run_context.hpp"
#include "runtime/table_scan.hpp"

namespace segue::runtime {

// Runs a pass to its end, or from its cursor on. Throws Failed (rows that stay unfilled are listed
// by key), Refused (triggers of the table's own would fire), DatabaseError for a lost connection.
StepOutcome run_backfill(const RunContext& context, const planner::Step& step,
                         const planner::BackfillPass& pass);

// ---- The arithmetic, for tests
// -------------------------------------------------------------------

// A leaf's blocks are shared out in this many parts, so that workers have something to take, and a
// pass that was cut short loses no more than the region it was in.
inline constexpr unsigned parts_per_leaf = 8;
// Sweeps after the fill; the last ones only happen when an app moves rows faster than they go.
inline constexpr int most_sweeps = 3;

// How many blocks hold `rows` rows; at least one.
std::uint64_t blocks_for(double rows, double rows_per_block);

struct BlockRange {
  std::uint64_t from = 0;
  std::uint64_t to = 0;

  friend bool operator==(const BlockRange&, const BlockRange&) = default;
};
// Shares of [0, blocks), none smaller than `smallest` but the only one.
std::vector<BlockRange> share_out(std::uint64_t blocks, unsigned parts, std::uint64_t smallest);

}  // namespace segue::runtime
