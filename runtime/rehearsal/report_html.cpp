#include <fmt/format.h>

#include <algorithm>

#include "runtime/rehearsal/report.hpp"
#include "runtime/rehearsal/report_html_text.hpp"
#include "runtime/rehearsal/report_words.hpp"
#include "runtime/reporter.hpp"

namespace segue::runtime::rehearsal {

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string class_name(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    out += plain ? c : '-';
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t letters) {
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  const auto count = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins));
  if (count <= letters) return std::string{text};
  std::size_t seen = 0;
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    if (begins(text[end]) && ++seen == letters) break;
  }
  return std::string{text.substr(0, end)} + "…";
}

namespace {

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6570; --line: #d8dee4; --page: #fff;
  --good: #1a7f37; --bad: #b3261e; --bar: #9db8d9; --bar2: #c3d4e8; --lock: #e0a3a0; --lock2: #edc4c2;
  --old: #b35900; --new: #0b63c5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --soft: #9aa5b1; --line: #39424c;
  --page: #15191e; --good: #57c774; --bad: #ff8a80; --bar: #35567f; --bar2: #274366; --lock: #7c3f3c;
  --lock2: #643330; --old: #f0a45b; --new: #6fb1ff; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page);
  max-width: 1080px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 32px 0 8px; }
.verdict { font-weight: 600; } .passed { color: var(--good); } .failed { color: var(--bad); }
p { margin: 6px 0; } .soft { color: var(--soft); }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; width: 100%; }
th, td { text-align: left; padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line);
  vertical-align: top; } td.n, th.n { text-align: right; white-space: nowrap; }
code, pre { font: 12.5px/1.45 ui-monospace, monospace; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border-left: 3px solid var(--bad);
  padding: 8px 12px; margin: 8px 0; }
svg { width: 100%; height: auto; display: block; font: 11px system-ui, sans-serif; }
svg .lane { text-anchor: end; fill: var(--soft); } svg .tick { text-anchor: middle; fill: var(--soft); }
svg .label { fill: var(--ink); pointer-events: none; } svg .grid { stroke: var(--line); }
svg .bar { fill: var(--bar); } svg .bar.s1 { fill: var(--bar2); }
svg .bar.lock { fill: var(--lock); } svg .bar.lock.s1 { fill: var(--lock2); }
svg .old { fill: none; stroke: var(--old); stroke-width: 1.4; } svg .new { fill: var(--new); }
.key { font-size: 13px; color: var(--soft); } .key b { font-weight: 600; }
.key .o { color: var(--old); } .key .w { color: var(--new); }
)";

class Page {
 public:
  void heading(std::string_view text) { out_ += fmt::format("<h2>{}</h2>\n", html_text(text)); }
  void paragraph(std::string_view text, std::string_view kind = "") {
    out_ += fmt::format("<p{}>{}</p>\n", kind.empty() ? "" : fmt::format(" class=\"{}\"", kind),
                        html_text(text));
  }
  void raw(std::string_view html) { out_ += html; }

  // Headings that begin with '#' stand over numbers.
  void begin_table(const std::vector<std::string>& headings) {
    numbers_.clear();
    out_ += "<div class=\"wide\"><table><tr>";
    for (const std::string& heading : headings) {
      const bool number = heading.starts_with('#');
      numbers_.push_back(number);
      out_ += fmt::format("<th{}>{}</th>", number ? " class=\"n\"" : "",
                          html_text(number ? heading.substr(1) : heading));
    }
    out_ += "</tr>\n";
  }
  // Each cell's lines.
  void row(const std::vector<std::vector<std::string>>& cells) {
    out_ += "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::string text;
      for (const std::string& line : cells[i])
        text += (text.empty() ? "" : "<br>") + html_text(line);
      out_ += fmt::format("<td{}>{}</td>", numbers_.at(i) ? " class=\"n\"" : "", text);
    }
    out_ += "</tr>\n";
  }
  void end_table() { out_ += "</table></div>\n"; }

  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  std::vector<bool> numbers_;
};

void stories(Page& page, const Rehearsal& rehearsal) {
  if (rehearsal.stories.empty()) return;
  page.heading("What went wrong");
  for (const Story& story : rehearsal.stories) {
    std::string text = fmt::format(
        "{}, {}\n\n", name_of(story.promise),
        story.step.empty() ? phase_words(number_of(story.phase)) : "at step " + story.step);
    for (const StoryLine& line : story.lines) {
      text += fmt::format("{:8} {}\n", line.who, line.what);
      if (!line.came.empty()) text += fmt::format("         -> {}\n", line.came);
    }
    if (!story.saw.empty()) text += fmt::format("\nsaw               {}", story.saw);
    if (!story.should_see.empty()) text += fmt::format("\nshould have seen  {}", story.should_see);
    if (!story.because.empty()) text += fmt::format("\nbecause           {}", story.because);
    text += fmt::format("\nagain             --seed {}", story.seed);
    page.raw(fmt::format("<pre>{}</pre>\n", html_text(text)));
  }
}

void promises_table(Page& page, const Rehearsal& rehearsal) {
  page.heading("Promises");
  page.begin_table({"promise", "#looked at", ""});
  for (const PromiseLine& line : promise_lines(rehearsal)) {
    page.row({{std::string{name_of(line.promise)}},
              {line.looked_at == 0 ? "—" : count_text(line.looked_at)},
              {line.broken > 0      ? "broken"
               : line.looked_at > 0 ? line.kept
                                    : "not looked at"}});
  }
  page.end_table();
}

void timeline(Page& page, const Rehearsal& rehearsal) {
  if (rehearsal.timeline.empty() && rehearsal.latencies.empty()) return;
  page.heading("Timeline");
  page.raw(
      "<p class=\"key\">Below the lanes, the slowest statement of each moment: "
      "<b class=\"o\">&#9675; old app</b>, <b class=\"w\">&#9632; new app</b>.</p>\n");
  page.raw(to_svg(rehearsal));
}

std::vector<std::string> or_none(std::vector<std::string> lines, std::string_view none) {
  if (lines.empty()) lines.emplace_back(none);
  return lines;
}

void steps_table(Page& page, const Rehearsal& rehearsal) {
  if (rehearsal.steps.empty()) return;
  page.heading("What each step did");
  page.begin_table({"step", "declared", "taken, and held for", "data", "#WAL", "#took",
                    "#at the target's size"});
  for (const TracedStep& step : rehearsal.steps) {
    std::vector<std::string> declared = lock_words(step.declared_locks);
    if (step.declared_scan != planner::Scan::catalogue)
      declared.emplace_back(name_of(step.declared_scan));
    std::vector<std::string> did = deeds(step.trace);
    for (const std::string& more : step.beyond) did.push_back("BEYOND: " + more);
    page.row({{fmt::format("{} {}", step.id, step.title)},
              or_none(std::move(declared), "none"),
              or_none(lock_words(step.trace.locks), "none"),
              or_none(std::move(did), did_nothing_else(step)),
              {bytes_text(step.trace.wal_bytes)},
              {milliseconds_text(step.trace.milliseconds)},
              {step.projected_ms ? milliseconds_text(*step.projected_ms) : "—"}});
  }
  page.end_table();
}

void waits_table(Page& page, const Rehearsal& rehearsal) {
  if (rehearsal.waits.empty()) return;
  page.heading("What the apps felt");
  page.begin_table({"while", "#statements", "#failed", "#p50", "#p99", "#longest"});
  for (const auto& [phase, waits] : rehearsal.waits) {
    page.row({{phase_words(phase)},
              {count_text(waits.statements)},
              {count_text(waits.errors)},
              {milliseconds_text(waits.p50_ms)},
              {milliseconds_text(waits.p99_ms)},
              {milliseconds_text(waits.longest_ms)}});
  }
  page.end_table();
}

void tried_table(Page& page, const Rehearsal& rehearsal) {
  if (rehearsal.tried.empty()) return;
  page.heading("What was tried");
  page.begin_table({"what", "#times", "#failed"});
  for (const Tried& one : rehearsal.tried)
    page.row({{one.what}, {count_text(one.times)}, {count_text(one.failed)}});
  page.end_table();
}

void to_know(Page& page, const Rehearsal& rehearsal) {
  if (!rehearsal.notes.empty()) {
    page.heading("To know");
    for (const std::string& note : rehearsal.notes) page.paragraph(note);
  }
  if (!rehearsal.covers) return;
  page.heading("Covers");
  page.begin_table({"file", "SHA-256"});
  for (const auto& [file, checksum] : rehearsal.checksums) page.row({{file}, {checksum}});
  page.end_table();
}

}  // namespace

std::string to_html(const Rehearsal& rehearsal) {
  Page page;
  page.raw(
      fmt::format("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<title>Rehearsal of {}</title>\n<style>{}</style>\n</head>\n<body>\n",
                  html_text(verdict(rehearsal)), style));
  page.raw(fmt::format("<h1>Rehearsal of {}</h1>\n<p class=\"verdict {}\">{}</p>\n",
                       html_text(rehearsal.plan), rehearsal.passed() ? "passed" : "failed",
                       html_text(verdict(rehearsal))));
  if (!rehearsal.title.empty()) page.paragraph(rehearsal.title);
  page.paragraph(summary(rehearsal), "soft");
  stories(page, rehearsal);
  timeline(page, rehearsal);
  promises_table(page, rehearsal);
  steps_table(page, rehearsal);
  waits_table(page, rehearsal);
  tried_table(page, rehearsal);
  to_know(page, rehearsal);
  page.raw("</body>\n</html>\n");
  return page.take();
}

}  // namespace segue::runtime::rehearsal
