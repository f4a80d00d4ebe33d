// What phase 3 will cost, before it begins: from a trial on a few rows that is rolled back.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "planner/plan.hpp"
#include "runtime/errors.hpp"
#include "runtime/pacing/signals.hpp"
#include "runtime/session.hpp"

namespace segue::runtime {

// One backfill of the phase. Bytes, rows and seconds are estimates.
struct PassPreview {
  std::string step;
  planner::QualifiedName table;
  std::uint64_t pages = 0;
  double rows = 0;          // in the table
  double fills = 0;         // of them are pending
  double heap = 0;          // bytes
  double indexes = 0;       // bytes
  double outside = 0;       // bytes of long values, stored out of line, that the fill adds
  std::uint64_t tried = 0;  // rows that the trial filled
  double wal = 0;           // bytes; untried: the most to be expected
  double seconds = 0;       // alone, one worker, without its rests
  std::string untried;      // why nothing is known of WAL and time; empty: it is
};

struct Preview {
  std::vector<PassPreview> passes;
  double new_indexes = 0;  // bytes
  double wal = 0;          // bytes
  double seconds = 0;
  double wal_on_disk = 0;             // bytes of it that lie on the disk at a time
  std::string wal_kept_by;            // who keeps all of it; empty: nobody
  double growth = 0;                  // of tables, expected
  double most_growth = 0;             // where an old snapshot keeps dead rows
  std::optional<std::uint64_t> free;  // bytes
  std::string free_source;            // where that is known from, or why it is not
  std::vector<pacing::Slot> slots;

  double disk() const { return growth + new_indexes + wal_on_disk; }
};

// ---- What the estimates rest on, by measurement (16 stripes, a table with a second index)
inline constexpr double growth_by_stripes = 0.25;
// One UPDATE's: where an old snapshot is open no room is used again.
inline constexpr double growth_of_heap_at_worst = 1.1;
inline constexpr double growth_of_indexes_at_worst = 1.0;
// So much of what is free is left free: PostgreSQL stops where the disk is full.
inline constexpr double share_left_free = 0.1;
// Rows that one trial fills, and how many there are in a table: an app waits for one of them as
// long as for any batch.
inline constexpr double rows_of_a_trial = 250;
inline constexpr double bytes_of_a_trial = 1 << 20;
inline constexpr unsigned trials = 4;

// The trial leaves some dead rows, as any rollback, and nothing else; needs phase 2. `disk_free`:
// what somebody says; `allowed`: objections taken upon oneself, own-triggers-fire among them.
Preview preview(Session& session, const planner::Plan& plan, std::optional<std::uint64_t> disk_free,
                const std::set<std::string>& allowed);

// "disk-space", "slot-headroom": those that are not `allowed`.
std::vector<Objection> headroom(const Preview& preview, const std::set<std::string>& allowed);

// Lines for people, and one object for machines.
std::vector<std::string> preview_text(const Preview& preview);
std::string preview_json(const Preview& preview, const std::vector<Objection>& objections);

}  // namespace segue::runtime
