#include "runtime/preview.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "runtime/pacing/pace.hpp"
#include "runtime/pacing/sampler.hpp"
#include "runtime/preview_trial.hpp"
#include "runtime/reporter.hpp"

namespace segue::runtime {

namespace {

using pacing::bytes_text;
using planner::quoted;

// Of an index over a key of ordinary width, with its page's share of free room.
constexpr double index_bytes_of_a_row = 40;

double rows_of(Session& session, const planner::QualifiedName& table) {
  const Rows rows = session.exec(
      "SELECT greatest(reltuples, 0) FROM pg_catalog.pg_class WHERE oid = "
      "pg_catalog.to_regclass($1)",
      {quoted(table)});
  return rows.empty() ? 0 : std::strtod(rows.rows.front()[0].value_or("0").c_str(), nullptr);
}

double setting_in_bytes(Session& session, const std::string& name) {
  return std::strtod(
      session.exec("SELECT pg_catalog.pg_size_bytes(pg_catalog.current_setting($1))", {name})
          .scalar()
          .c_str(),
      nullptr);
}

std::string rows_text(double rows) {
  return count_text(static_cast<std::uint64_t>(std::llround(rows)));
}

void sum_up(Session& session, Preview& preview) {
  for (const PassPreview& pass : preview.passes) {
    const double share = pass.rows > 0 ? pass.fills / pass.rows : 0;
    preview.wal += pass.wal;
    preview.seconds += pass.seconds;
    preview.growth += growth_by_stripes * pass.heap * share + pass.outside;
    preview.most_growth +=
        (growth_of_heap_at_worst * pass.heap + growth_of_indexes_at_worst * pass.indexes) * share +
        pass.outside;
  }
  preview.wal += preview.new_indexes;  // a build writes itself into WAL
  preview.wal_on_disk = std::min(preview.wal, setting_in_bytes(session, "max_wal_size"));
  for (const pacing::Slot& slot : preview.slots) {
    if (slot.active || slot.spare || slot.wal_status == "lost") continue;
    preview.wal_on_disk = preview.wal;
    preview.wal_kept_by = slot.name;
  }
}

}  // namespace

Preview preview(Session& session, const planner::Plan& plan, std::optional<std::uint64_t> disk_free,
                const std::set<std::string>& allowed) {
  Preview found;
  for (const planner::Step& step : plan.steps) {
    if (step.phase != planner::Phase::backfill) continue;
    if (const auto* pass = std::get_if<planner::BackfillPass>(&step.action))
      found.passes.push_back(try_pass(session, step, *pass, allowed));
    const auto* index = std::get_if<planner::ConcurrentIndex>(&step.action);
    if (index != nullptr && !index->drop)
      found.new_indexes += rows_of(session, index->table) * index_bytes_of_a_row;
  }
  found.slots = pacing::read_slots(session);
  found.free = disk_free;
  found.free_source = "as --disk-free says";
  if (!disk_free) found.free = visible_free_space(session, found.free_source);
  sum_up(session, found);
  return found;
}

std::vector<Objection> headroom(const Preview& preview, const std::set<std::string>& allowed) {
  std::vector<Objection> objections;
  if (preview.free && !allowed.contains("disk-space")) {
    const double usable = static_cast<double>(*preview.free) * (1 - share_left_free);
    if (preview.disk() > usable) {
      objections.push_back(
          {"disk-space",
           fmt::format("phase 3 needs about {} of disk, and {} are free, of which a tenth has to "
                       "stay",
                       bytes_text(preview.disk()), bytes_text(static_cast<double>(*preview.free))),
           "Make room first. --allow disk-space goes on in spite of it."});
    }
  }
  for (const pacing::Slot& slot : preview.slots) {
    // One that is read is waited for while it goes.
    if (slot.active || !slot.spare || allowed.contains("slot-headroom")) continue;
    if (static_cast<double>(*slot.spare) >= preview.wal) continue;
    objections.push_back(
        {"slot-headroom",
         fmt::format(
             "nobody reads slot {}, and it is lost after {} of WAL; phase 3 writes about {}",
             slot.name, bytes_text(static_cast<double>(std::max<std::int64_t>(0, *slot.spare))),
             bytes_text(preview.wal)),
         "Connect its reader, drop the slot, or raise max_slot_wal_keep_size. --allow "
         "slot-headroom goes on in spite of it."});
  }
  return objections;
}

std::vector<std::string> preview_text(const Preview& preview) {
  std::vector<std::string> lines;
  for (const PassPreview& pass : preview.passes) {
    const std::string head = fmt::format("  preview {} {}: ", pass.step, quoted(pass.table));
    if (!pass.untried.empty()) {
      lines.push_back(fmt::format("{}about {} rows on {} pages; nothing could be tried: {}", head,
                                  rows_text(pass.rows), count_text(pass.pages), pass.untried));
      continue;
    }
    lines.push_back(fmt::format(
        "{}about {} of {} rows on {} pages, {} of WAL, {} at full pace ({} rows tried)", head,
        rows_text(pass.fills), rows_text(pass.rows), count_text(pass.pages), bytes_text(pass.wal),
        duration_text(pass.seconds), rows_text(static_cast<double>(pass.tried))));
  }
  if (preview.passes.empty() && preview.new_indexes == 0) {
    lines.push_back("  preview: phase 3 writes no rows and builds no index");
    return lines;
  }
  lines.push_back(fmt::format(
      "  preview of the disk: about {} ({} growth, {} while an old snapshot is open; {} new "
      "indexes; {} WAL{}); free: {}{}",
      bytes_text(preview.disk()), bytes_text(preview.growth), bytes_text(preview.most_growth),
      bytes_text(preview.new_indexes), bytes_text(preview.wal_on_disk),
      preview.wal_kept_by.empty() ? "" : fmt::format(", all kept by slot {}", preview.wal_kept_by),
      preview.free ? bytes_text(static_cast<double>(*preview.free)) + ", " : "",
      preview.free_source));
  return lines;
}

std::string preview_json(const Preview& preview, const std::vector<Objection>& objections) {
  using Json = nlohmann::ordered_json;
  Json passes = Json::array();
  for (const PassPreview& pass : preview.passes) {
    passes.push_back({{"step", pass.step},
                      {"table", quoted(pass.table)},
                      {"pages", pass.pages},
                      {"rows", std::llround(pass.rows)},
                      {"fills", std::llround(pass.fills)},
                      {"tried", pass.tried},
                      {"wal_bytes", std::llround(pass.wal)},
                      {"seconds", pass.seconds},
                      {"untried", pass.untried.empty() ? Json() : Json(pass.untried)}});
  }
  Json refused = Json::array();
  for (const Objection& objection : objections) {
    refused.push_back(
        {{"code", objection.code}, {"what", objection.what}, {"advice", objection.advice}});
  }
  const Json object{{"event", "preview"},
                    {"passes", passes},
                    {"wal_bytes", std::llround(preview.wal)},
                    {"seconds", preview.seconds},
                    {"growth_bytes", std::llround(preview.growth)},
                    {"most_growth_bytes", std::llround(preview.most_growth)},
                    {"index_bytes", std::llround(preview.new_indexes)},
                    {"disk_bytes", std::llround(preview.disk())},
                    {"free_bytes", preview.free ? Json(*preview.free) : Json()},
                    {"free_source", preview.free_source},
                    {"objections", refused}};
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace segue::runtime
