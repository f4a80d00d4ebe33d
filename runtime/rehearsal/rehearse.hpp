// A whole rehearsal: a plan, a throwaway server, two releases of an app, and what came of it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "codegen/plan_files.hpp"
#include "runtime/rehearsal/result.hpp"
#include "runtime/rehearsal/team_statements.hpp"
#include "runtime/server.hpp"
#include "runtime/session.hpp"

namespace segue::runtime::rehearsal {

struct Statistics;

enum class Depth : std::uint8_t {
  glance,  // one way back, which the seed picks, beside the apps: for many plans in a row
  quick,   // one run, and what nobody disturbs
  whole    // several runs with seeds of their own
};

struct RehearsalOptions {
  // The schema; rows too, where there are some. What it has to leave out may go into `notes`.
  std::function<void(Session&)> load;
  std::uint64_t rows = 1000;  // in each table that has none
  std::uint64_t seed = 1;
  std::optional<int> major;
  const Statistics* like = nullptr;   // of the database that the plan is for
  ThrowawayServer* server = nullptr;  // to play on; none: one of its own
  Depth depth = Depth::whole;
  std::string covers_not;          // why this covers nothing; empty: it may
  std::vector<std::string> notes;  // for the report
  // Steps that psql alone runs as they are: what is played beside the apps is not these.
  std::vector<std::string> unplayed;
  std::vector<TeamStatement> team;  // the team's own statements, beside the derived ones
  std::string apps;                 // where they are from; empty: there are none
  bool crash = false;
  // Told what is being tried, now and then.
  std::function<void(const std::string&)> progress = [](const std::string&) {};
};

// Throws what the server or the schema throws; what the plan does wrong is in the answer.
Rehearsal rehearse(const codegen::ReviewedPlan& plan, const RehearsalOptions& options);

}  // namespace segue::runtime::rehearsal
