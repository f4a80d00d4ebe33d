// The timeline, drawn: lanes of stretches above, how long the apps' statements took below.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "runtime/rehearsal/report.hpp"
#include "runtime/rehearsal/report_html_text.hpp"
#include "runtime/rehearsal/report_words.hpp"

namespace segue::runtime::rehearsal {

namespace {

// In units of the viewBox, which the browser scales to the page.
constexpr double width = 1080;
constexpr double left = 92;  // room for the lanes' names
constexpr double right = 16;
constexpr double row_height = 22;
constexpr double lane_gap = 10;
constexpr double plot_height = 190;
constexpr double letter = 6.4;  // about the width of one at 11 units

struct Scale {
  double seconds = 1;

  double x(double at) const {
    return left + (width - left - right) * std::clamp(at / seconds, 0.0, 1.0);
  }
};

double end_of(const Rehearsal& rehearsal) {
  double end = 0.001;
  for (const Stretch& one : rehearsal.timeline) end = std::max(end, one.to);
  for (const Latency& one : rehearsal.latencies) end = std::max(end, one.at + one.ms / 1000);
  return end;
}

// 1, 2 or 5 times a power of ten: so that an axis gets five to ten marks.
double round_step(double range) {
  const double raw = range / 8;
  const double magnitude = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * magnitude >= raw) return factor * magnitude;
  }
  return 10 * magnitude;
}

struct Lane {
  std::string name;
  std::vector<std::vector<const Stretch*>> rows;  // none overlaps another of its row
};

std::vector<Lane> lanes_of(const Rehearsal& rehearsal) {
  std::vector<Lane> lanes;
  for (const Stretch& one : rehearsal.timeline) {
    auto lane = std::find_if(lanes.begin(), lanes.end(),
                             [&](const Lane& other) { return other.name == one.lane; });
    if (lane == lanes.end()) lane = lanes.insert(lanes.end(), Lane{one.lane, {}});
    auto row = std::find_if(lane->rows.begin(), lane->rows.end(),
                            [&](const auto& others) { return others.back()->to <= one.from; });
    if (row == lane->rows.end()) row = lane->rows.insert(lane->rows.end(), {{}});
    row->push_back(&one);
  }
  return lanes;
}

std::string bar(const Stretch& one, const Scale& scale, double y, std::size_t shade) {
  const double from = scale.x(one.from);
  const double breadth = std::max(scale.x(one.to) - from, 1.5);  // a moment is seen too
  const auto fits = static_cast<std::size_t>(std::max(0.0, (breadth - 6) / letter));
  std::string out = fmt::format(
      "<g><title>{}: {} to {} s</title><rect class=\"bar {} s{}\" x=\"{:.1f}\" y=\"{:.1f}\" "
      "width=\"{:.1f}\" height=\"{}\" rx=\"2\"/>",
      html_text(one.label), fmt::format("{:.3f}", one.from), fmt::format("{:.3f}", one.to),
      class_name(one.lane), shade % 2, from, y, breadth, row_height - 4);
  if (fits >= 4) {
    out += fmt::format("<text class=\"label\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", from + 4,
                       y + row_height - 9, html_text(shortened(one.label, fits)));
  }
  return out + "</g>\n";
}

double draw_lanes(std::string& out, const Rehearsal& rehearsal, const Scale& scale, double y) {
  for (const Lane& lane : lanes_of(rehearsal)) {
    out += fmt::format("<text class=\"lane\" x=\"{}\" y=\"{:.1f}\">{}</text>\n", left - 8,
                       y + row_height - 9, html_text(lane.name));
    for (const auto& row : lane.rows) {
      for (std::size_t i = 0; i < row.size(); ++i) out += bar(*row[i], scale, y, i);
      y += row_height;
    }
    y += lane_gap;
  }
  return y;
}

void draw_seconds(std::string& out, const Scale& scale, double top, double bottom) {
  const double step = round_step(scale.seconds);
  const int digits = step >= 1 ? 0 : step >= 0.1 ? 1 : 2;
  for (double at = 0; at <= scale.seconds + step / 1000; at += step) {
    out += fmt::format(
        "<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\"/>"
        "<text class=\"tick\" x=\"{0:.1f}\" y=\"{3:.1f}\">{4:.{5}f} s</text>\n",
        scale.x(at), top, bottom, bottom + 15, at, digits);
  }
}

// Logarithmic: a stall of a second is to be seen beside statements of a tenth of a millisecond.
double draw_latencies(std::string& out, const Rehearsal& rehearsal, const Scale& scale, double y) {
  double longest = 10;
  for (const Latency& one : rehearsal.latencies) longest = std::max(longest, one.ms);
  constexpr double lowest = 0.1;
  const double decades = std::ceil(std::log10(longest / lowest));
  const auto height = [&](double ms) {
    return plot_height * std::clamp(std::log10(std::max(ms, lowest) / lowest) / decades, 0.0, 1.0);
  };
  for (int i = 0; i <= static_cast<int>(decades); ++i) {
    const double ms = lowest * std::pow(10, i);
    const double at = y + plot_height - height(ms);
    out += fmt::format(
        "<line class=\"grid\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>"
        "<text class=\"lane\" x=\"{}\" y=\"{:.1f}\">{:g} ms</text>\n",
        left, width - right, at, at, left - 8, at + 4, ms);
  }
  for (const Latency& one : rehearsal.latencies) {
    const double x = scale.x(one.at);
    const double top = y + plot_height - height(one.ms);
    const std::string title =
        fmt::format("{} app, at {:.3f} s: {}", one.new_release ? "new" : "old", one.at,
                    milliseconds_text(one.ms));
    // Two shapes, not only two colours.
    out += one.new_release ? fmt::format(
                                 "<rect class=\"new\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"5\" "
                                 "height=\"5\"><title>{}</title></rect>\n",
                                 x - 2.5, top - 2.5, title)
                           : fmt::format(
                                 "<circle class=\"old\" cx=\"{:.1f}\" cy=\"{:.1f}\" "
                                 "r=\"2.6\"><title>{}</title></circle>\n",
                                 x, top, title);
  }
  return y + plot_height;
}

}  // namespace

std::string to_svg(const Rehearsal& rehearsal) {
  const Scale scale{end_of(rehearsal)};
  constexpr double top = 8;
  std::string lanes;
  double bottom = draw_lanes(lanes, rehearsal, scale, top);
  std::string points;
  if (!rehearsal.latencies.empty())
    bottom = draw_latencies(points, rehearsal, scale, bottom + lane_gap);
  std::string grid;
  draw_seconds(grid, scale, top, bottom);
  return fmt::format(
      "<svg viewBox=\"0 0 {} {:.0f}\" role=\"img\" aria-label=\"Timeline of phases, locks and app "
      "latencies\">\n{}{}{}</svg>\n",
      width, bottom + 24, grid, lanes, points);
}

}  // namespace segue::runtime::rehearsal
