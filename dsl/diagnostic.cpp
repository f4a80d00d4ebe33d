#include "dsl/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <numeric>

#include "dsl/utf8.hpp"

namespace segue::dsl {
namespace {

// A longer line is shown as a window around the caret: a minified file must not fill the screen.
constexpr std::size_t max_line_columns = 160;
constexpr std::size_t window_before_caret = 60;

// Tabs as one space, so that the caret line agrees; control characters as `?`.
std::string printable(std::string_view line) {
  std::string out(line);
  for (char& c : out) {
    if (c == '\t') c = ' ';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return out;
}

// The source line of a span with the caret line under it.
std::string excerpt(const Source& source, Span span) {
  if (source.text().empty()) return {};
  const auto position = source.position(span.begin);
  const auto line = source.line(position.line);
  const auto line_begin = static_cast<std::size_t>(line.data() - source.text().data());
  const auto from = std::min<std::size_t>(
      span.begin - std::min<std::size_t>(line_begin, span.begin), line.size());
  const auto to =
      std::clamp<std::size_t>(std::max(span.end, span.begin) - line_begin, from, line.size());
  std::size_t first = 0;
  std::size_t last = line.size();
  std::string_view lead;
  std::string_view tail;
  if (display_width(line) > max_line_columns) {
    if (from > window_before_caret) {
      first = from - window_before_caret;
      while (first < from && continues_character(line[first])) ++first;
      lead = "…";
    }
    if (first + max_line_columns < last) {
      last = std::max(first + max_line_columns, from);
      while (last < line.size() && continues_character(line[last])) ++last;
      tail = "…";
    }
  }
  const auto shown = printable(line.substr(first, last - first));
  const auto before = display_width(lead) + display_width(line.substr(first, from - first));
  const auto marked = line.substr(from, std::min(to, last) - std::min(from, last));
  const auto width = std::max<std::size_t>(display_width(marked), 1);
  return fmt::format("  {}{}{}\n  {:{}}^{:~>{}}\n", lead, shown, tail, "", before, "", width - 1);
}

std::string headline(const Source& source, Span span, std::string_view kind,
                     std::string_view message) {
  const auto position = source.position(span.begin);
  return fmt::format("{}:{}:{}: {}: {}\n", source.name(), position.line, position.column, kind,
                     message);
}

}  // namespace

std::string render(const Source& source, const Diagnostic& diagnostic) {
  const auto* kind = diagnostic.severity == Severity::error ? "error" : "warning";
  std::string out = headline(source, diagnostic.span, kind, diagnostic.message);
  out += excerpt(source, diagnostic.span);
  if (!diagnostic.hint.empty()) out += fmt::format("  hint: {}\n", diagnostic.hint);
  for (const auto& related : diagnostic.related) {
    out += headline(source, related.span, "note", related.message);
    out += excerpt(source, related.span);
  }
  return out;
}

std::string render(const Source& source, const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  for (const auto& diagnostic : diagnostics) out += render(source, diagnostic);
  return out;
}

bool has_errors(const std::vector<Diagnostic>& diagnostics) {
  return std::ranges::any_of(diagnostics, [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::error;
  });
}

namespace {

// Edit distance with transpositions of neighbours (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  std::iota(previous.begin(), previous.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + change});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) current[j] = std::min(current[j], before[j - 2] + 1);
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  const std::size_t allowed = std::max<std::size_t>(word.size() / 3, 1);
  std::optional<std::string> best;
  std::size_t best_distance = allowed + 1;
  for (const auto& candidate : candidates) {
    const auto longer = std::max(candidate.size(), word.size());
    const auto shorter = std::min(candidate.size(), word.size());
    if (longer - shorter > allowed) continue;
    const auto distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace segue::dsl
