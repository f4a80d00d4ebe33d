#include "runtime/rehearsal/report_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "runtime/reporter.hpp"

namespace segue::runtime::rehearsal {

namespace {

// Those beside the phases, and those between the steps.
std::uint64_t statements_of(const Rehearsal& rehearsal) {
  std::uint64_t count = 0;
  for (const auto& [phase, waits] : rehearsal.waits) count += waits.statements;
  for (const Tried& one : rehearsal.tried) {
    const bool sent = one.what.starts_with("old app: ") || one.what.starts_with("new app: ");
    if (sent && one.what.find("left out") == std::string::npos) count += one.times;
  }
  return count;
}

}  // namespace

std::string but_for(const Rehearsal& rehearsal) {
  if (rehearsal.unplayed.empty()) return {};
  return fmt::format(", but for step{} {}, which psql alone ran",
                     rehearsal.unplayed.size() == 1 ? "" : "s",
                     fmt::join(rehearsal.unplayed, ", "));
}

std::string verdict(const Rehearsal& rehearsal) {
  if (rehearsal.passed()) return fmt::format("{}: passed{}", rehearsal.plan, but_for(rehearsal));
  const Story& story = rehearsal.stories.front();
  return fmt::format("{}: FAILED: {}{}", rehearsal.plan, name_of(story.promise),
                     story.step.empty() ? fmt::format(", phase {}", number_of(story.phase))
                                        : ", at step " + story.step);
}

std::string summary(const Rehearsal& rehearsal) {
  std::uint64_t rows = 0;
  for (const auto& [table, count] : rehearsal.rows) rows += count;
  const std::uint64_t statements = statements_of(rehearsal);
  std::string text = fmt::format(
      "PostgreSQL {}, {} rows in {} {}, {} statements of the old and the new app ({}), {} in all. "
      "Seed {}.",
      rehearsal.server, count_text(rows), rehearsal.rows.size(),
      rehearsal.rows.size() == 1 ? "table" : "tables", count_text(statements), rehearsal.apps,
      duration_text(rehearsal.seconds), rehearsal.seed);
  if (!rehearsal.server_note.empty()) text += " " + rehearsal.server_note;
  if (!rehearsal.covers) text += fmt::format(" This covers no plan: {}.", rehearsal.covers_not);
  return text;
}

std::string milliseconds_text(double ms) {
  if (ms < 10) return fmt::format("{:.2f} ms", ms);
  if (ms < 1000) return fmt::format("{:.0f} ms", ms);
  return duration_text(ms / 1000);
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < std::size(units)) {
    value /= 1000;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

std::vector<std::string> lock_words(const std::vector<planner::LockUse>& locks) {
  std::vector<std::string> words;
  for (const planner::LockUse& lock : locks)
    words.push_back(fmt::format("{} {}", quoted(lock.relation), name_of(lock.mode)));
  return words;
}

std::vector<std::string> lock_words(const std::vector<HeldLock>& locks) {
  std::vector<std::string> words;
  for (const HeldLock& lock : locks)
    words.push_back(fmt::format("{} {}, {}", quoted(lock.use.relation), name_of(lock.use.mode),
                                milliseconds_text(lock.held_ms)));
  return words;
}

std::vector<std::string> deeds(const Trace& trace) {
  std::vector<std::string> words;
  const auto add = [&](std::string_view verb, const std::vector<std::string>& objects) {
    for (const std::string& object : objects) words.push_back(fmt::format("{} {}", verb, object));
  };
  add("rewrote", trace.rewrites);
  add("read through", trace.scans);
  add("built", trace.index_builds);
  return words;
}

std::string did_nothing_else(const TracedStep& step) {
  return step.declared_scan == planner::Scan::writes ? "wrote rows" : "catalogue only";
}

std::vector<PromiseLine> promise_lines(const Rehearsal& rehearsal) {
  std::vector<PromiseLine> lines;
  for (int i = 0; i < promises; ++i) {
    const auto promise = static_cast<Promise>(i);
    const auto looked = rehearsal.checks.find(promise);
    PromiseLine line{promise, looked == rehearsal.checks.end() ? 0 : looked->second, 0, {}};
    // Those that psql's own run looks at too.
    const bool by_psql = promise == Promise::rerunnable || promise == Promise::end_state;
    line.kept = "kept" + (by_psql ? "" : but_for(rehearsal));
    line.broken = static_cast<std::uint64_t>(
        std::count_if(rehearsal.stories.begin(), rehearsal.stories.end(),
                      [&](const Story& story) { return story.promise == promise; }));
    lines.push_back(line);
  }
  return lines;
}

std::string phase_words(int phase) {
  if (phase == 0) return "before phase 1";
  return fmt::format("{} {}", phase, name_of(static_cast<planner::Phase>(phase)));
}

}  // namespace segue::runtime::rehearsal
