#include "bench_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

namespace segue::bench {

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

namespace {

std::string bar(double ratio) {
  // 1.00 is 30 characters; what is longer than 60 is cut.
  const auto length = static_cast<std::size_t>(std::clamp(std::lround(ratio * 30), 0L, 60L));
  std::string text;
  for (std::size_t i = 0; i < length; ++i) text += "█";
  return text + (ratio > 2 ? "…" : "");
}

void variants_text(std::string& out, const std::vector<Variant>& variants) {
  out += fmt::format("{:<12} {:>8} {:>6} {:>6} {:>6} {:>7} {:>8} {:>5}  wall\n", "", "seconds",
                     "wall", "cpu", "WAL", "heap", "indexes", "HOT");
  for (const Variant& one : variants) {
    out += fmt::format(
        "{:<12} {:>8.2f} {:>6.2f} {:>6.2f} {:>6.2f} {:>+6.0f}% {:>+7.0f}% {:>4.0f}%  {}\n",
        one.name, one.seconds, one.wall_ratio, one.cpu_ratio, one.wal_ratio, one.heap_growth * 100,
        one.index_growth * 100, one.hot_share * 100, bar(one.wall_ratio));
  }
  for (const Variant& one : variants) {
    if (one.how.empty()) continue;
    out += fmt::format("  {}\n", one.how);
    break;  // the same for any number of workers
  }
}

nlohmann::ordered_json json_of(const Variant& one) {
  return {{"name", one.name},
          {"seconds", one.seconds},
          {"wall_ratio", one.wall_ratio},
          {"cpu_ratio", one.cpu_ratio},
          {"wal_ratio", one.wal_ratio},
          {"heap_growth", one.heap_growth},
          {"index_growth", one.index_growth},
          {"hot_share", one.hot_share},
          {"memory_mb", one.memory_mb},
          {"how", one.how},
          {"rounds", one.rounds.size()}};
}

nlohmann::ordered_json json_of(const std::vector<Variant>& variants) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Variant& one : variants) list.push_back(json_of(one));
  return list;
}

}  // namespace

LoadLine over_rounds(const std::vector<LoadLine>& rounds) {
  LoadLine line = rounds.at(0);
  const auto middle = [&](const auto& figure) {
    std::vector<double> values;
    for (const LoadLine& round : rounds) values.push_back(figure(round));
    return median(values);
  };
  line.felt = {};
  line.felt.p50_ms = middle([](const LoadLine& round) { return round.felt.p50_ms; });
  line.felt.p99_ms = middle([](const LoadLine& round) { return round.felt.p99_ms; });
  line.p99_ratio = middle([](const LoadLine& round) { return round.p99_ratio; });
  line.fill_seconds = middle([](const LoadLine& round) { return round.fill_seconds; });
  for (const LoadLine& round : rounds) {
    line.felt.statements += round.felt.statements;
    line.felt.errors += round.felt.errors;
    line.felt.seconds += round.felt.seconds;
    line.felt.longest_ms = std::max(line.felt.longest_ms, round.felt.longest_ms);
  }
  return line;
}

void compare(std::vector<Variant>& variants) {
  const std::vector<Measured>& base = variants.front().rounds;
  for (Variant& one : variants) {
    const auto over_rounds =
        [&](const std::function<double(const Measured&, const Measured&)>& of) {
          std::vector<double> values;
          for (std::size_t i = 0; i < one.rounds.size(); ++i)
            values.push_back(of(one.rounds[i], base.at(i)));
          return median(values);
        };
    if (!one.rounds.empty()) one.how = one.rounds.front().how;
    one.seconds = over_rounds([](const Measured& m, const Measured&) { return m.seconds; });
    one.wall_ratio =
        over_rounds([](const Measured& m, const Measured& b) { return m.seconds / b.seconds; });
    one.cpu_ratio = over_rounds(
        // The kernel counts in hundredths; a few rows may take none.
        [](const Measured& m, const Measured& b) {
          return m.cpu_seconds / std::max(b.cpu_seconds, 0.01);
        });
    one.wal_ratio =
        over_rounds([](const Measured& m, const Measured& b) { return m.wal_bytes / b.wal_bytes; });
    one.heap_growth = over_rounds([](const Measured& m, const Measured&) { return m.heap_growth; });
    one.index_growth =
        over_rounds([](const Measured& m, const Measured&) { return m.index_growth; });
    one.hot_share = over_rounds([](const Measured& m, const Measured&) { return m.hot_share; });
    one.memory_mb = over_rounds([](const Measured& m, const Measured&) { return m.memory_mb; });
  }
}

std::string to_text(const Report& report) {
  std::string out = fmt::format("{} rows, {}\n\n", report.rows, report.machine);
  if (!report.variants.empty()) {
    out += "Filling a column, beside one UPDATE of the same table (medians)\n";
    variants_text(out, report.variants);
  }
  for (const Report::Shape& shape : report.shapes) {
    out += fmt::format("\n{}\n", shape.name);
    variants_text(out, shape.variants);
  }
  if (!report.growth.empty()) {
    out += fmt::format("\nTwice the rows (medians)\n{:>12} {:>10} {:>7} {:>10} {:>7}\n", "rows",
                       "segue-1 s", "times", "update s", "times");
    const Report::Growth* before = nullptr;
    for (const Report::Growth& one : report.growth) {
      const auto times = [&](double Report::Growth::*seconds) {
        return before == nullptr ? std::string()
                                 : fmt::format("{:.2f}", one.*seconds / before->*seconds);
      };
      out += fmt::format("{:>12} {:>10.2f} {:>7} {:>10.2f} {:>7}\n", one.rows, one.seconds,
                         times(&Report::Growth::seconds), one.update_seconds,
                         times(&Report::Growth::update_seconds));
      before = &one;
    }
  }
  if (!report.load.empty()) {
    out += fmt::format("\nBeside an app that alone makes {:.0f} statements a second\n",
                       report.app_limit);
    out += fmt::format("{:<12} {:>5} {:>9} {:>8} {:>8} {:>6} {:>8} {:>7} {:>10}\n", "", "load",
                       "made/s", "p50 ms", "p99 ms", "ratio", "max ms", "errors", "fill s");
    for (const LoadLine& one : report.load) {
      out +=
          fmt::format("{:<12} {:>4}% {:>9.0f} {:>8.2f} {:>8.2f} {:>6.1f} {:>8.1f} {:>7} {:>10}\n",
                      one.name, one.share, one.felt.rate(), one.felt.p50_ms, one.felt.p99_ms,
                      one.p99_ratio, one.felt.longest_ms, one.felt.errors,
                      one.fill_seconds > 0 ? fmt::format("{:.2f}", one.fill_seconds) : "");
    }
  }
  return out;
}

nlohmann::ordered_json to_json(const Report& report) {
  nlohmann::ordered_json json{
      {"rows", report.rows}, {"machine", report.machine}, {"variants", json_of(report.variants)}};
  nlohmann::ordered_json shapes = nlohmann::ordered_json::array();
  for (const Report::Shape& shape : report.shapes)
    shapes.push_back({{"name", shape.name}, {"variants", json_of(shape.variants)}});
  json["shapes"] = shapes;
  nlohmann::ordered_json growth = nlohmann::ordered_json::array();
  for (const Report::Growth& one : report.growth)
    growth.push_back(
        {{"rows", one.rows}, {"seconds", one.seconds}, {"update_seconds", one.update_seconds}});
  json["growth"] = growth;
  nlohmann::ordered_json load = nlohmann::ordered_json::array();
  for (const LoadLine& one : report.load) {
    load.push_back({{"name", one.name},
                    {"share", one.share},
                    {"rate", one.felt.rate()},
                    {"p50_ms", one.felt.p50_ms},
                    {"p99_ms", one.felt.p99_ms},
                    {"p99_ratio", one.p99_ratio},
                    {"max_ms", one.felt.longest_ms},
                    {"errors", one.felt.errors},
                    {"fill_seconds", one.fill_seconds}});
  }
  json["app_limit"] = report.app_limit;
  json["load"] = load;
  return json;
}

std::string to_svg(const Report& report) {
  constexpr int width = 720;
  constexpr int left = 110;
  constexpr int row = 34;
  double longest = 1;
  for (const Variant& one : report.variants)
    longest = std::max({longest, one.wall_ratio, one.wal_ratio});
  const auto x = [&](double ratio) { return (width - left - 70) * ratio / longest; };
  std::string body;
  int y = 30;
  for (const Variant& one : report.variants) {
    body += fmt::format(
        "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>"
        "<rect x=\"{}\" y=\"{}\" width=\"{:.1f}\" height=\"12\" fill=\"#0b63c5\"/>"
        "<text x=\"{:.1f}\" y=\"{}\">{:.2f}</text>"
        "<rect x=\"{}\" y=\"{}\" width=\"{:.1f}\" height=\"8\" fill=\"#c3d4e8\"/>\n",
        left - 8, y + 11, one.name, left, y, x(one.wall_ratio), left + x(one.wall_ratio) + 5,
        y + 11, one.wall_ratio, left, y + 13, x(one.wal_ratio));
    y += row;
  }
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" "
      "font-family=\"sans-serif\" "
      "font-size=\"12\">\n<rect width=\"{0}\" height=\"{1}\" fill=\"#fff\"/>\n"
      "<text x=\"{2}\" y=\"16\">wall time (dark) and WAL (light), one UPDATE = 1; {3} rows</text>\n"
      "<line x1=\"{4:.1f}\" x2=\"{4:.1f}\" y1=\"24\" y2=\"{5}\" stroke=\"#b3261e\"/>\n{6}</svg>\n",
      width, y + 10, left, report.rows, left + x(1), y, body);
}

}  // namespace segue::bench
