#include <fmt/format.h>

#include <algorithm>

#include "runtime/rehearsal/report.hpp"
#include "runtime/rehearsal/report_words.hpp"
#include "runtime/reporter.hpp"

namespace segue::runtime::rehearsal {

namespace {

// A cell may hold neither a bar nor a line end.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string cell(const std::vector<std::string>& lines, std::string_view none) {
  if (lines.empty()) return std::string{none};
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : "<br>") + cell(line);
  return out;
}

// SQL may hold backticks of its own, three in a row even.
std::string fenced(const std::string& text) {
  std::string fence = "```";
  while (text.find(fence) != std::string::npos) fence += '`';
  return fmt::format("{}\n{}\n{}\n", fence, text, fence);
}

void promises_table(std::string& out, const Rehearsal& rehearsal) {
  out += "| promise | looked at | |\n|---|---:|---|\n";
  for (const PromiseLine& line : promise_lines(rehearsal)) {
    out += fmt::format("| {} | {} | {} |\n", name_of(line.promise),
                       line.looked_at == 0 ? "—" : count_text(line.looked_at),
                       line.broken > 0      ? std::string("**broken**")
                       : line.looked_at > 0 ? cell(line.kept)
                                            : "not looked at");
  }
  out += '\n';
}

void story_text(std::string& out, const Story& story) {
  out += fmt::format(
      "### {}: {}\n\n", name_of(story.promise),
      story.step.empty() ? phase_words(number_of(story.phase)) : "at step " + story.step);
  std::string lines;
  for (const StoryLine& line : story.lines) {
    lines += fmt::format("{}{:8} {}", lines.empty() ? "" : "\n", line.who, line.what);
    if (!line.came.empty()) lines += fmt::format("\n         -> {}", line.came);
  }
  if (!lines.empty()) out += fenced(lines) + "\n";
  if (!story.saw.empty()) out += fmt::format("- saw: {}\n", story.saw);
  if (!story.should_see.empty()) out += fmt::format("- should have seen: {}\n", story.should_see);
  if (!story.because.empty()) out += fmt::format("- because: {}\n", story.because);
  out += fmt::format("- again: `--seed {}`\n\n", story.seed);
}

void steps_table(std::string& out, const Rehearsal& rehearsal) {
  const bool projected = std::any_of(rehearsal.steps.begin(), rehearsal.steps.end(),
                                     [](const TracedStep& one) { return one.projected_ms; });
  out += "## What each step did\n\n";
  out += fmt::format("| step | declared | taken, and held for | data | WAL | took |{}\n",
                     projected ? " at the target's size |" : "");
  out += fmt::format("|---|---|---|---|---:|---:|{}\n", projected ? "---:|" : "");
  for (const TracedStep& step : rehearsal.steps) {
    std::vector<std::string> declared = lock_words(step.declared_locks);
    if (step.declared_scan != planner::Scan::catalogue)
      declared.emplace_back(name_of(step.declared_scan));
    std::vector<std::string> did = deeds(step.trace);
    for (const std::string& more : step.beyond) did.push_back("**" + more + "**");
    out += fmt::format("| {} {} | {} | {} | {} | {} | {} |", step.id, cell(step.title),
                       cell(declared, "none"), cell(lock_words(step.trace.locks), "none"),
                       cell(did, did_nothing_else(step)), bytes_text(step.trace.wal_bytes),
                       milliseconds_text(step.trace.milliseconds));
    if (projected)
      out += fmt::format(" {} |", step.projected_ms ? milliseconds_text(*step.projected_ms) : "—");
    out += '\n';
  }
  out += '\n';
}

void waits_table(std::string& out, const Rehearsal& rehearsal) {
  if (rehearsal.waits.empty()) return;
  out +=
      "## What the apps felt\n\n| while | statements | failed | p50 | p99 | longest |\n"
      "|---|---:|---:|---:|---:|---:|\n";
  for (const auto& [phase, waits] : rehearsal.waits) {
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", phase_words(phase),
                       count_text(waits.statements), waits.errors, milliseconds_text(waits.p50_ms),
                       milliseconds_text(waits.p99_ms), milliseconds_text(waits.longest_ms));
  }
  out += '\n';
}

// Mermaid ends a task's name at a colon or a semicolon.
std::string task_name(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == ':' || c == ';' || c == '#' || c == '\n' ? ' ' : c;
  return out;
}

void timeline(std::string& out, const Rehearsal& rehearsal) {
  if (rehearsal.timeline.empty()) return;
  out += "## Timeline\n\n```mermaid\ngantt\n  dateFormat x\n  axisFormat %S.%L\n";
  std::string lane;
  for (const Stretch& one : rehearsal.timeline) {
    if (one.lane != lane) {
      lane = one.lane;
      out += fmt::format("  section {}\n", task_name(lane));
    }
    const auto from = static_cast<std::int64_t>(one.from * 1000);
    const auto to = std::max(static_cast<std::int64_t>(one.to * 1000), from + 1);
    out += fmt::format("  {} :{}, {}\n", task_name(one.label), from, to);
  }
  out += "```\n\n";
}

void tried_table(std::string& out, const Rehearsal& rehearsal) {
  if (rehearsal.tried.empty()) return;
  out += "## What was tried\n\n| what | times | failed |\n|---|---:|---:|\n";
  for (const Tried& one : rehearsal.tried)
    out += fmt::format("| {} | {} | {} |\n", cell(one.what), count_text(one.times), one.failed);
  out += '\n';
}

}  // namespace

std::string to_markdown(const Rehearsal& rehearsal) {
  std::string out = fmt::format("# Rehearsal of {}\n\n", verdict(rehearsal));
  if (!rehearsal.title.empty()) out += fmt::format("{}\n\n", rehearsal.title);
  out += summary(rehearsal) + "\n\n";
  promises_table(out, rehearsal);
  if (!rehearsal.stories.empty()) out += "## What went wrong\n\n";
  for (const Story& story : rehearsal.stories) story_text(out, story);
  steps_table(out, rehearsal);
  waits_table(out, rehearsal);
  timeline(out, rehearsal);
  tried_table(out, rehearsal);
  if (!rehearsal.notes.empty()) {
    out += "## To know\n\n";
    for (const std::string& note : rehearsal.notes) out += fmt::format("- {}\n", note);
    out += '\n';
  }
  if (rehearsal.covers) {
    out += "## Covers\n\n";
    for (const auto& [file, checksum] : rehearsal.checksums)
      out += fmt::format("- `{}` {}\n", file, checksum);
  }
  return out;
}

}  // namespace segue::runtime::rehearsal
