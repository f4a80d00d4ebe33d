// Plays every fault and prints what became of it. See tests/faults/run.
#include <fmt/format.h>
#include <sys/utsname.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "driver/faults.hpp"

namespace {

using namespace segue::test;

std::vector<Fault> all_faults() {
  std::vector<Fault> all;
  // Those that crash the server come last: they have a server of their own.
  for (const auto* some :
       {&kill_faults(), &network_faults(), &lock_faults(), &surrounding_faults(), &server_faults()})
    all.insert(all.end(), some->begin(), some->end());
  return all;
}

void print(const Tally& tally) {
  fmt::print("{:<62} {:>6} {:>7} {:>7} {:>9} {:>5} {:>5} {:>9} {:>7.0f}{}{}\n", tally.fault,
             tally.times, tally.in_flight, tally.by_itself, tally.recovered, tally.lost, tally.hurt,
             tally.leftovers, tally.seconds, tally.note.empty() ? "" : "  ", tally.note);
  for (const auto& sentence : tally.complaints) fmt::print("    {}\n", sentence);
  std::fflush(stdout);
}

nlohmann::ordered_json to_json(const Tally& tally) {
  return {{"fault", tally.fault},          {"times", tally.times},
          {"in_flight", tally.in_flight},  {"by_itself", tally.by_itself},
          {"recovered", tally.recovered},  {"app_writes_lost", tally.lost},
          {"app_errors", tally.hurt},      {"leftovers", tally.leftovers},
          {"seconds", tally.seconds},      {"note", tally.note},
          {"complaints", tally.complaints}};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Plays faults against segue and prints a table");
  std::string file;
  std::string only;
  std::uint64_t seed = std::random_device()();
  Effort effort;
  bool small = false;
  app.add_option("--json", file, "Write the table to this file as JSON")->type_name("FILE");
  app.add_option("--only", only, "Faults with this in their name");
  app.add_option("--seed", seed, "Chooses the moments");
  app.add_option("--moments", effort.moments, "Random moments per phase");
  app.add_option("--repetitions", effort.repetitions, "Per phase, of what takes seconds");
  app.add_option("--every", effort.every, "Each n-th request only");
  app.add_option("--jobs", effort.jobs, "So many at a time");
  app.add_flag("--small", small, "A few of each, for a test run");
  CLI11_PARSE(app, argc, argv);
  if (small) {
    effort.moments = 1;
    effort.repetitions = 1;
    effort.every = 40;
    effort.phases = {2, 3};
  }
  fmt::print("seed {}\n{:<62} {:>6} {:>7} {:>7} {:>9} {:>5} {:>5} {:>9} {:>7}\n", seed, "fault",
             "times", "met it", "itself", "recovered", "lost", "hurt", "leftovers", "seconds");
  std::fflush(stdout);
  std::unique_ptr<Stage> stage;
  bool durable = false;
  bool clean = true;
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const Fault& fault : all_faults()) {
    if (std::string(fault.name).find(only) == std::string::npos) continue;
    if (!stage || durable != fault.durable) {
      stage.reset();
      Stage::Options options;
      options.durable = durable = fault.durable;
      options.seed = seed;
      options.last_phase = effort.phases.back();
      stage = std::make_unique<Stage>(options);
    }
    const auto start = std::chrono::steady_clock::now();
    Tally tally = fault.play(*stage, effort);
    tally.fault = fault.name;
    tally.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    print(tally);
    clean = clean && tally.clean() && tally.complaints.empty();
    rows.push_back(to_json(tally));
  }
  if (!file.empty()) std::ofstream(file) << rows.dump(2) << '\n';
  return clean ? 0 : 1;
}
