// Ways of filling a column, side by side: all with the dual-write triggers there.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "bench_table.hpp"

namespace segue::bench {

struct Measured {
  double seconds = 0;
  double wal_bytes = 0;
  double heap_growth = 0;  // 0.2: a fifth more than before
  double index_growth = 0;
  double memory_mb = 0;    // the most that this process held; of segue's fills
  double cpu_seconds = 0;  // of the server's processes: what other work on the machine hardly moves
  std::string how;         // what segue said of its stripes
  double hot_share = 0;    // of the rows' new versions, those on their old page and in no index
};

// update       one UPDATE over the table
// skip-locked  the tutorials' loop: IN (SELECT … WHERE … IS NULL LIMIT n FOR UPDATE SKIP LOCKED)
// key-touch    a batch of keys FOR NO KEY UPDATE, then an UPDATE that sets the key to itself, so
//              that the triggers do the work
// segue-N      segue with N workers
const std::vector<std::string>& fill_names();
// Several times an UPDATE's time: once is enough to see that.
bool is_slow(const std::string& name);

// Fills a fresh copy. Throws std::runtime_error where rows were left, or were filled wrongly.
Measured fill(BenchTable& table, const std::string& name);
// The same in a database that is there already. `app_leaves`: where an app is at work in it; called
// when the fill has ended, since the check of the rows would take the app's processor time.
Measured fill_in(const BenchTable& table, const std::string& conninfo, const std::string& name,
                 const std::function<void()>& app_leaves);

}  // namespace segue::bench
