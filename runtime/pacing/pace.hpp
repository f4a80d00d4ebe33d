// How fast a backfill may go: a pure decision over signals, so that every rule has a test.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "runtime/pacing/signals.hpp"

namespace segue::runtime::pacing {

struct Limits {
  std::optional<std::uint32_t> batch;    // rows that somebody asked for: the most that are taken
  std::optional<std::uint32_t> workers;  // that somebody asked for: kept whoever is at work
  std::uint64_t max_lag = 64ULL << 20;   // bytes a replica may be behind: four segments of WAL
  std::set<std::string> allowed;         // codes of waits that somebody has taken upon them
};

struct Pace {
  std::uint32_t rows = 0;  // of the next transaction
  double duty = 1;         // the share of the time that is worked
  std::uint32_t workers = 1;
  bool waits = false;
  std::string code;  // "idle", "app", or what slows it down or stops it: "replica-lag"
  std::string why;   // one sentence

  friend bool operator==(const Pace&, const Pace&) = default;
};

// ---- Rows of one transaction
// Nobody else is at work: the fastest, by measurement.
inline constexpr std::uint32_t rows_when_idle = 10000;
// Beside an app: batches of a few milliseconds. Fewer rows are no easier on it, and cost more
// commits.
inline constexpr std::uint32_t rows_beside_app = 250;
// Workers that go at it while nobody else does, where nobody asked for a number: two take a third
// off the time, a third worker little more.
inline constexpr std::uint32_t workers_when_idle = 2;
// Where signals are hidden: what cannot be seen may be hurt.
inline constexpr std::uint32_t rows_when_blind = 100;
// Fewer cost more in commits than they spare in waiting.
inline constexpr std::uint32_t fewest_rows = 25;
// A row that we have written is held for the rest of the batch: so long an app's write may wait.
inline constexpr double batch_ms_beside_app = 40;
inline constexpr double batch_ms_when_idle = 500;

// ---- What slows it down
inline constexpr double least_duty = 0.05;  // below that it would look as if it hung
inline constexpr double blind_duty = 0.5;
// The app finds a processor free between two batches: on two processors that it loads to 40 % its
// p99 rises to twice what it was alone (measured: four to seven times without a rest).
inline constexpr double duty_beside_app = 0.5;
// An ordinary disk syncs within 10 ms. Where ours takes so long, the app's commits do as well.
inline constexpr double commit_ms_slow = 50;
// A few waits are any app's everyday; so many at once are a jam that needs no more load.
inline constexpr unsigned lock_jam = 5;
// Above that VACUUM falls behind, and the table grows instead of its room being used again.
inline constexpr double dead_share_high = 0.4;
// Fewer take no room that is worth a wait, and autovacuum looks at a table once a minute.
inline constexpr int dead_rows_few = 10'000;

// ---- What stops it
// A slot that has so little left is lost by an accident: sixteen segments of WAL.
inline constexpr std::int64_t slot_spare_low = 256LL << 20;
// WAL kept without a limit fills the disk in the end.
inline constexpr std::uint64_t slot_retained_high = 4ULL << 30;
// What is not archived stays on the primary's disk, and is what a disaster would lose.
inline constexpr std::uint64_t archive_backlog_high = 1ULL << 30;

// `before`: the last decision; growth is slow, and a wait ends only well below what began it.
Pace decide(const Signals& signals, const Limits& limits, const std::optional<Pace>& before);

// "12 MB", "1.5 GB".
std::string bytes_text(double bytes);

}  // namespace segue::runtime::pacing
