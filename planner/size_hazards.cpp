// How much there is to fill, by PostgreSQL's statistics: a schema file has none, and then nothing
// is said.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "planner/table_hazards.hpp"

namespace segue::planner {

namespace {

// ---- Long tables
// -----------------------------------------------------------------------------------

// Below it a fill is over before anybody asks.
constexpr double worth_a_word = 1e5;  // rows
// From here on a fill takes minutes at full speed and writes more than a usual max_wal_size.
constexpr double long_rows = 1e7;
constexpr double long_bytes = 4e9;

// What a row costs. Measured over a million rows of 190 bytes with two indexes, fully cached: one
// UPDATE of all of them took 7 s, wrote 0.82 GB of WAL and made the table twice as large. Stripes
// take 0.47 of the time, 0.54 of the WAL and let it grow by 0.23. Where somebody holds an old
// snapshot, they are as dear as plain ranges, 1.15 of the UPDATE; and the fill works half of the
// time at most while the application is busy.
constexpr double seconds_of_update = 7e-6;    // a row
constexpr double wal_of_update = 820. / 190;  // bytes for each byte of a row
struct Share {
  double time;
  double wal;
  double growth;
};
constexpr Share at_best{0.47, 0.54, 0.23};
constexpr Share at_worst{1.15 * 2, 1, 1.07};

// The catalogue knows a table's size with its indexes; with two of them its rows are about so much
// of it.
constexpr double share_of_rows = 0.8;

struct Size {
  double rows = 0;
  double bytes = 0;
};

// None where one of the tables was never counted.
std::optional<Size> size_of(const Context& context, const TableDraft& draft) {
  Size size;
  for (const Table* table : tree_of(context.catalog, *draft.table)) {
    if (table->kind == TableKind::partitioned) continue;
    if (table->estimated_rows < 0) return std::nullopt;
    size.rows += table->estimated_rows;
    size.bytes += static_cast<double>(table->bytes);
  }
  return size;
}

// Two figures at most: they are estimates.
std::string rounded(double value) {
  return value < 10 ? fmt::format("{:.1f}", value) : fmt::format("{:.0f}", value);
}

std::string bytes_text(double bytes) {
  constexpr double kilo = 1000;
  if (bytes < kilo * kilo * kilo) return rounded(bytes / (kilo * kilo)) + " MB";
  if (bytes < kilo * kilo * kilo * kilo) return rounded(bytes / (kilo * kilo * kilo)) + " GB";
  return rounded(bytes / (kilo * kilo * kilo * kilo)) + " TB";
}

std::string time_text(double seconds) {
  constexpr double minute = 60;
  constexpr double hour = 60 * minute;
  if (seconds < 2 * minute) return fmt::format("{:.0f} s", std::max(1., seconds));
  if (seconds < 2 * hour) return fmt::format("{:.0f} min", seconds / minute);
  return rounded(seconds / hour) + " h";
}

std::string rows_text(double rows) {
  constexpr double million = 1e6;
  return rows < million ? fmt::format("{:.0f} thousand", rows / 1000)
                        : rounded(rows / million) + " million";
}

void long_table(Context& context, const TableDraft& draft) {
  const std::optional<Size> size = size_of(context, draft);
  if (draft.fills.empty() || !size || size->rows < worth_a_word) return;
  const double bytes = size->bytes * share_of_rows;
  const double seconds = size->rows * seconds_of_update;
  const double wal = bytes * wal_of_update;
  const std::string sentence = fmt::format(
      "`{}` has about {} rows ({} with its indexes): the fill takes {} to {} where the table is "
      "cached, more where "
      "it is not; it writes {} to {} of WAL, and the table grows by {} to {}.",
      draft.table->name.name, rows_text(size->rows), bytes_text(size->bytes),
      time_text(seconds * at_best.time), time_text(seconds * at_worst.time),
      bytes_text(wal * at_best.wal), bytes_text(wal * at_worst.wal),
      bytes_text(bytes * at_best.growth), bytes_text(bytes * at_worst.growth));
  context.note(context.draft.notes_for(Phase::backfill).watch, sentence);
  if (size->rows < long_rows && size->bytes < long_bytes) return;
  context.hazard("long-table", HazardLevel::note, quoted(draft.table->name), sentence,
                 "See that the disk, the WAL archive and the replicas take it, and that nothing "
                 "holds an old snapshot meanwhile (a dump, an idle transaction).");
}

}  // namespace

void size_hazards(Context& context) {
  for (const auto& [name, draft] : context.draft.tables) {
    if (context.makes_table(name)) continue;
    long_table(context, draft);
  }
}

}  // namespace segue::planner
