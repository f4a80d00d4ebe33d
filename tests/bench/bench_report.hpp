// What a run of the bench found out, for a terminal, a machine and a browser.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "app_load.hpp"
#include "fills.hpp"

namespace segue::bench {

struct Variant {
  std::string name;
  std::vector<Measured> rounds;
  // Medians over the rounds; ratios to the UPDATE of the same round.
  double seconds = 0;
  double wall_ratio = 0;
  double cpu_ratio = 0;
  double wal_ratio = 0;
  double heap_growth = 0;
  double index_growth = 0;
  double hot_share = 0;
  double memory_mb = 0;
  std::string how;
};

struct LoadLine {
  std::string name;  // "app alone", "segue-1", "update"
  int share = 0;     // of the app's highest rate, in per cent
  Felt felt;
  double p99_ratio = 0;  // to the app alone, in the same round
  double fill_seconds = 0;
};

struct Report {
  std::uint64_t rows = 0;
  std::string machine;
  std::vector<Variant> variants;
  struct Shape {
    std::string name;
    std::vector<Variant> variants;
  };
  std::vector<Shape> shapes;
  struct Growth {
    std::uint64_t rows = 0;
    double seconds = 0;         // of segue with one worker
    double update_seconds = 0;  // of one UPDATE: what the machine makes of more rows
  };
  std::vector<Growth> growth;
  double app_limit = 0;  // statements per second, without a fill
  std::vector<LoadLine> load;
};

double median(std::vector<double> values);

// One line of several rounds: the medians, but the longest of all statements, and every error.
LoadLine over_rounds(const std::vector<LoadLine>& rounds);

// Fills in the medians; the first variant has to be "update".
void compare(std::vector<Variant>& variants);

std::string to_text(const Report& report);
nlohmann::ordered_json to_json(const Report& report);
// Bars of wall time and WAL, as one SVG file.
std::string to_svg(const Report& report);

}  // namespace segue::bench
