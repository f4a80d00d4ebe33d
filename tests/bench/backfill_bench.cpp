// How a backfill compares: to one UPDATE, to what tutorials show, to what other tools do; beside an
// app; over twice the rows; over tables of other shapes. Ratios within one run, rounds alternated.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "bench_report.hpp"
#include "bench_table.hpp"

namespace {

using namespace segue;
using namespace segue::bench;

struct Options {
  std::uint64_t rows = 1'000'000;
  int rounds = 3;
  std::string json;
  std::string svg;
  std::vector<std::string> sections{"variants", "shapes", "growth", "load"};
  std::vector<std::string> fills = fill_names();  // of the first section; `update` comes first
  std::string shapes;                             // those with this in their name
  bool durable = true;
  double seconds = 10;  // of an app alone

  bool has(std::string_view section) const {
    return std::find(sections.begin(), sections.end(), section) != sections.end();
  }
};

void say(const std::string& what) {
  fmt::print(stderr, "{}\n", what);
}

std::vector<Variant> measure(BenchTable& table, const std::vector<std::string>& names, int rounds) {
  std::vector<Variant> variants;
  for (const std::string& name : names) variants.emplace_back().name = name;
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < variants.size(); ++i) {
      // Each round begins with another one.
      Variant& one = variants[(i + static_cast<std::size_t>(round)) % variants.size()];
      if (round > 0 && is_slow(one.name)) continue;
      one.rounds.push_back(fill(table, one.name));
      const Measured& now = one.rounds.back();
      say(fmt::format("  round {}: {} {:.2f} s, processor {:.2f} s, HOT {:.0f} %", round + 1,
                      one.name, now.seconds, now.cpu_seconds, now.hot_share * 100));
    }
  }
  compare(variants);
  return variants;
}

void shapes(Report& report, const Options& options) {
  struct Shape {
    const char* name;
    TableOptions table;
    const char* shared_buffers = "512MB";
  };
  std::vector<Shape> all;
  TableOptions usual;
  usual.rows = options.rows;
  const auto with = [&](const char* name, const auto& change) {
    TableOptions table = usual;
    change(table);
    all.push_back({name, table});
  };
  with("random keys (uuid)", [](TableOptions& table) { table.key = Key::random; });
  with("no key at all", [](TableOptions& table) { table.key = Key::none; });
  with("fillfactor 70", [](TableOptions& table) { table.fillfactor = 70; });
  with("no secondary index", [](TableOptions& table) { table.index = SecondIndex::none; });
  with("a secondary index grown by inserts",
       [](TableOptions& table) { table.index = SecondIndex::grown; });
  with("a value that widens its row by a fifth",
       [](TableOptions& table) { table.long_value = true; });
  all.push_back({"a table larger than shared_buffers", usual, "24MB"});
  for (const Shape& shape : all) {
    if (std::string_view(shape.name).find(options.shapes) == std::string_view::npos) continue;
    say(shape.name);
    runtime::ThrowawayServer server(server_options(options.durable, shape.shared_buffers));
    BenchTable table(server, shape.table);
    report.shapes.push_back({shape.name, measure(table, {"update", "segue-1", "segue-2"}, 1)});
  }
}

constexpr std::uint64_t largest_growth = 4;

// Memory for the largest table while an UPDATE doubles it, for its indexes, and for what of the
// others is still there: else the sizes differ in how much of each is cached.
std::string buffers_for(std::uint64_t rows) {
  constexpr std::uint64_t bytes_a_row = 1536;
  constexpr std::uint64_t mebibyte = 1024 * 1024;
  const std::uint64_t memory = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) *
                               static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return fmt::format(
      "{}MB", std::clamp(rows * bytes_a_row, 512 * mebibyte, std::max(512 * mebibyte, memory / 3)) /
                  mebibyte);
}

void growth(Report& report, const Options& options) {
  say("twice the rows");
  runtime::ThrowawayServer server(
      server_options(options.durable, buffers_for(largest_growth * options.rows)));
  std::vector<BenchTable> tables;
  for (const std::uint64_t times : {std::uint64_t{1}, std::uint64_t{2}, largest_growth}) {
    TableOptions shape;
    shape.rows = times * options.rows;
    tables.emplace_back(server, shape);
  }
  // A server that has run for a while has touched its memory: the first to do so waits for the
  // kernel to clear each page, the longer the more rows there are.
  fill(tables.back(), "update");
  std::map<std::uint64_t, std::map<std::string, std::vector<double>>> seconds;
  for (int round = 0; round < std::max(2, options.rounds); ++round) {
    for (BenchTable& table : tables) {
      for (const char* name : {"segue-1", "update"}) {
        const Measured now = fill(table, name);
        seconds[table.rows()][name].push_back(now.seconds);
        say(fmt::format("  round {}: {} rows, {} {:.2f} s, processor {:.2f} s", round + 1,
                        table.rows(), name, now.seconds, now.cpu_seconds));
      }
    }
  }
  for (const auto& [rows, by_name] : seconds)
    report.growth.push_back({rows, median(by_name.at("segue-1")), median(by_name.at("update"))});
}

LoadLine beside(BenchTable& table, const std::string& name, int share, double rate) {
  const std::string conninfo = table.fresh();
  LoadLine line;
  line.name = name;
  line.share = share;
  AppLoad app(conninfo, table.rows(), rate);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  line.fill_seconds = fill_in(table, conninfo, name, [&] { line.felt = app.stop(); }).seconds;
  return line;
}

// The app alone, then beside each fill: the machine of a round is one machine.
void load_round(BenchTable& table, const std::vector<std::string>& fills, int share, double rate,
                double seconds, std::map<std::string, std::vector<LoadLine>>& lines) {
  LoadLine alone;
  alone.name = "app alone";
  alone.share = share;
  alone.felt = app_alone(table.fresh(), table.rows(), rate, seconds);
  std::vector<LoadLine> round{alone};
  for (const std::string& name : fills) round.push_back(beside(table, name, share, rate));
  for (LoadLine& line : round) {
    line.p99_ratio = alone.felt.p99_ms > 0 ? line.felt.p99_ms / alone.felt.p99_ms : 0;
    say(fmt::format("  {} at {} %: p99 {:.2f} ms, {:.1f} times its own, longest {:.1f} ms",
                    line.name, share, line.felt.p99_ms, line.p99_ratio, line.felt.longest_ms));
    lines[line.name].push_back(line);
  }
}

void load(Report& report, const Options& options) {
  say("beside an app");
  runtime::ThrowawayServer server(server_options(options.durable));
  TableOptions shape;
  shape.rows = options.rows;
  BenchTable table(server, shape);
  report.app_limit = app_alone(table.fresh(), table.rows(), 0, options.seconds).rate();
  for (const int share : {40, 20}) {
    std::map<std::string, std::vector<LoadLine>> lines;
    for (int round = 0; round < options.rounds; ++round) {
      // What one UPDATE does to an app is seen at once.
      const auto fills = round == 0 ? std::vector<std::string>{"update", "segue-1"}
                                    : std::vector<std::string>{"segue-1"};
      load_round(table, fills, share, report.app_limit * share / 100, options.seconds, lines);
    }
    for (const char* name : {"app alone", "update", "segue-1"})
      report.load.push_back(over_rounds(lines.at(name)));
  }
}

std::string machine(const runtime::ThrowawayServer& server) {
  const auto session = runtime::connect(server.conninfo(), "bench");
  return fmt::format("PostgreSQL {}, {} cores", session->exec("SHOW server_version").scalar(),
                     std::thread::hardware_concurrency());
}

void write(const std::string& path, const std::string& text) {
  if (path.empty()) return;
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

int run(const Options& options) {
  Report report;
  report.rows = options.rows;
  {
    runtime::ThrowawayServer server(server_options(options.durable));
    report.machine = machine(server);
    if (options.has("variants")) {
      say("variants");
      TableOptions shape;
      shape.rows = options.rows;
      BenchTable table(server, shape);
      report.variants = measure(table, options.fills, options.rounds);
    }
  }
  if (options.has("shapes")) shapes(report, options);
  if (options.has("growth")) growth(report, options);
  if (options.has("load")) load(report, options);
  fmt::print("{}", to_text(report));
  write(options.json, to_json(report).dump(2) + "\n");
  if (!report.variants.empty()) write(options.svg, to_svg(report));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"How segue's backfill compares"};
  app.add_option("--rows", options.rows, "Rows of the table")
      ->check(CLI::Range(1000UL, 1000000000UL));
  app.add_option("--rounds", options.rounds, "Alternated rounds")->check(CLI::Range(1, 50));
  app.add_option("--json", options.json, "Where the figures go")->type_name("FILE")->take_last();
  app.add_option("--svg", options.svg, "Where the picture goes")->type_name("FILE")->take_last();
  app.add_option("--sections", options.sections, "variants, shapes, growth, load")->delimiter(',');
  app.add_option("--shapes", options.shapes, "Only those with TEXT in their name")
      ->type_name("TEXT");
  app.add_flag("!--no-fsync", options.durable, "Quick; its times say nothing");
  app.add_option("--seconds", options.seconds, "How long the app runs alone")
      ->check(CLI::Range(0.1, 600.0));
  app.add_option("--fills", options.fills, "update,skip-locked,key-touch,segue-1,segue-2")
      ->delimiter(',');
  CLI11_PARSE(app, argc, argv);
  try {
    return run(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench: {}\n", error.what());
    return 1;
  }
}
