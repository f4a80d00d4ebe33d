#include "runtime/preview_trial.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "codegen/backfill_sql.hpp"
#include "planner/journal.hpp"
#include "runtime/backfill.hpp"
#include "runtime/backfill_batch.hpp"
#include "runtime/errors.hpp"
#include "runtime/table_scan.hpp"

namespace segue::runtime {

namespace {

using planner::quoted;

// An UPDATE's record in the heap takes about so much without images of pages.
constexpr double least_wal_of_a_row = 100;
// A page of the heap or of an index is logged whole once after each checkpoint.
constexpr double block_bytes = 8192;

bool exists(Session& session, const planner::QualifiedName& table) {
  return session.exec("SELECT pg_catalog.to_regclass($1) IS NOT NULL", {quoted(table)}).scalar() ==
         "t";
}

struct Tried {
  double rows = 0;
  double of_rows = 0;  // that lie in the blocks looked at
  double wal = 0;
  double images = 0;   // of whole pages
  double outside = 0;  // bytes that the values' own table grew by
  double milliseconds = 0;
};

// The node that gives an UPDATE or INSERT its rows.
double rows_filled(const nlohmann::json& plan) {
  if (!plan.contains("Plans")) return 0;
  for (const auto& child : plan.at("Plans")) {
    const std::string relationship = child.value("Parent Relationship", "");
    if (relationship == "Outer" || relationship == "Member")  // PostgreSQL 13's word for it
      return child.value("Actual Rows", 0.0) * child.value("Actual Loops", 1.0);
  }
  return 0;
}

// Bytes of the table in which PostgreSQL keeps values that are too long for a row.
double size_outside(Session& session, const planner::QualifiedName& leaf) {
  return number_in(session
                       .exec("SELECT pg_catalog.pg_relation_size(nullif(reltoastrelid, 0)) FROM "
                             "pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass($1)",
                             {quoted(leaf)})
                       .rows.at(0)[0]);
}

// One batch as the backfill would do it, explained and rolled back.
void try_blocks(Session& session, const planner::BackfillPass& pass, bool silence,
                const planner::QualifiedName& leaf, const std::string& range,
                const std::string& share, Tried& tried) {
  const TransactionScope transaction(session);
  session.exec(
      "SET LOCAL lock_timeout = '200ms'; SET LOCAL row_security = off; SET LOCAL segue.backfill = "
      "'on'");
  if (pass.journal && !exists(session, pass.journal->table))
    session.exec(planner::create_journal(pass.table, *pass.journal));  // goes with the trial
  if (silence) session.exec("SET LOCAL session_replication_role = replica");
  const double outside = size_outside(session, leaf);
  const auto explained =
      nlohmann::json::parse(session
                                .exec("EXPLAIN (ANALYZE, WAL, TIMING off, FORMAT json) " +
                                      codegen::batch_update(pass, leaf, range, share))
                                .scalar());
  const auto& whole = explained.at(0);
  const auto& plan = whole.at("Plan");
  tried.rows += rows_filled(plan);
  tried.wal += plan.value("WAL Bytes", 0.0);
  tried.images += plan.value("WAL FPI", 0.0);
  tried.outside += std::max(0.0, size_outside(session, leaf) - outside);
  tried.milliseconds += whole.value("Execution Time", 0.0);
}

// Whether PostgreSQL would keep values of the filled columns outside: those of other columns stay.
bool may_be_long(Session& session, const planner::BackfillPass& pass,
                 const planner::QualifiedName& leaf) {
  return std::any_of(pass.set.begin(), pass.set.end(), [&](const planner::Assignment& one) {
    return !session
                .exec(
                    "SELECT FROM pg_catalog.pg_attribute WHERE attrelid = "
                    "pg_catalog.to_regclass($1) AND attname = $2 AND attstorage <> 'p'",
                    {quoted(leaf), one.column})
                .empty();
  });
}

double table_bytes(Session& session, const planner::QualifiedName& leaf) {
  return number_in(
      session.exec("SELECT pg_catalog.pg_table_size(pg_catalog.to_regclass($1))", {quoted(leaf)})
          .rows.at(0)[0]);
}

void try_leaf(Session& session, const planner::BackfillPass& pass, bool silence,
              const planner::QualifiedName& leaf, const TableSize& size, Tried& tried) {
  // A rollback gives no room back: rows that are long by values outside are few.
  const double each = table_bytes(session, leaf) /
                      std::max(1.0, static_cast<double>(size.blocks) * size.rows_per_block);
  const double rows = std::clamp(bytes_of_a_trial / std::max(1.0, each), 1.0, rows_of_a_trial);
  const std::uint64_t blocks = blocks_for(rows, size.rows_per_block);
  // Of the places 1 to n of a page.
  const auto one_in = static_cast<std::uint64_t>(
      std::max(1.0, std::floor(static_cast<double>(blocks) * size.rows_per_block / rows)));
  const std::string share =
      one_in < 2 ? ""
                 : fmt::format("pg_catalog.get_byte(pg_catalog.tidsend(ctid), 5) % {} = 1", one_in);
  for (unsigned i = 0; i < trials; ++i) {
    const std::uint64_t from = size.blocks * i / trials;
    const std::uint64_t to = std::min({size.blocks, from + blocks, size.blocks * (i + 1) / trials});
    if (from >= to) continue;
    try_blocks(session, pass, silence, leaf,
               block_condition(session.server_version(), size.block_size, from, to), share, tried);
    tried.of_rows +=
        static_cast<double>(to - from) * size.rows_per_block / static_cast<double>(one_in);
  }
}

// Images are of pages, each once: what a few rows far from each other cost tells nothing of all.
double wal_of_all(const PassPreview& pass, const Tried& tried) {
  const double each =
      std::max(least_wal_of_a_row, (tried.wal - tried.images * block_bytes) / tried.rows);
  const double images =
      std::min(tried.images / tried.rows * pass.fills * block_bytes, pass.heap + pass.indexes);
  return each * pass.fills + images;
}

}  // namespace

PassPreview try_pass(Session& session, const planner::Step& step, const planner::BackfillPass& pass,
                     const std::set<std::string>& allowed) {
  PassPreview preview;
  preview.step = step.id;
  preview.table = pass.table;
  Tried tried;
  const std::vector<planner::QualifiedName> leaves = leaves_of(session, pass.table, pass.leaves);
  bool silence = false;
  try {
    silence = silences_triggers(allowed, session, pass, leaves);
  } catch (const Refused& refused) {
    preview.untried = refused.objections().front().what;
  }
  for (const planner::QualifiedName& leaf : leaves) {
    const TableSize size = size_of(session, leaf);
    preview.pages += size.blocks;
    preview.rows += static_cast<double>(size.blocks) * size.rows_per_block;
    preview.heap += static_cast<double>(size.blocks) * size.block_size;
    preview.indexes += number_in(
        session
            .exec("SELECT pg_catalog.pg_indexes_size(pg_catalog.to_regclass($1))", {quoted(leaf)})
            .rows.at(0)[0]);
    if (!preview.untried.empty()) continue;
    try {
      try_leaf(session, pass, silence, leaf, size, tried);
    } catch (const DatabaseError& error) {
      if (error.connection_lost()) throw;
      const bool missing = error.sqlstate() == sqlstate::undefined_column ||
                           error.sqlstate() == sqlstate::undefined_table;
      const std::string what = error.what();
      preview.untried =
          missing ? fmt::format("phases 1 and 2 come first ({})", what.substr(0, what.find('\n')))
                  : what;
    }
  }
  preview.fills = preview.rows;
  preview.tried = static_cast<std::uint64_t>(tried.rows);
  if (!preview.untried.empty()) {
    // As much as one UPDATE could write, rather than nothing.
    preview.wal = preview.heap + preview.indexes;
    for (const planner::QualifiedName& leaf : leaves) {
      if (may_be_long(session, pass, leaf)) preview.outside += size_outside(session, leaf);
    }
    preview.wal += preview.outside;
    return preview;
  }
  preview.fills = tried.of_rows > 0 ? preview.rows * std::min(1.0, tried.rows / tried.of_rows) : 0;
  if (tried.rows == 0) return preview;
  preview.wal = wal_of_all(preview, tried);
  preview.outside = tried.outside / tried.rows * preview.fills;
  preview.seconds = tried.milliseconds / tried.rows * preview.fills / 1000;
  return preview;
}

std::optional<std::uint64_t> visible_free_space(Session& session, std::string& source) {
  std::string directory;
  double changed_at = 0;
  try {
    const Rows rows = session.exec(
        "SELECT pg_catalog.current_setting('data_directory'), extract(epoch FROM "
        "(pg_catalog.pg_stat_file('.')).modification)");
    directory = rows.rows.at(0)[0].value_or("");
    changed_at = number_in(rows.rows.at(0)[1]);
  } catch (const DatabaseError& error) {
    if (error.connection_lost()) throw;
    source = fmt::format("unknown ({}); say it: --disk-free SIZE", error.what());
    return std::nullopt;
  }
  // The same path on another machine is another directory, with another time.
  struct stat status {};
  struct statvfs disk {};
  if (stat(directory.c_str(), &status) != 0 ||
      static_cast<double>(status.st_mtime) != std::floor(changed_at) ||
      statvfs(directory.c_str(), &disk) != 0) {
    source = "unknown (the server is on another machine); say it: --disk-free SIZE";
    return std::nullopt;
  }
  source = "seen in the server's data directory";
  return static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
}

}  // namespace segue::runtime
