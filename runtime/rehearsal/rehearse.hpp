// A whole rehearsal: a plan, a throwaway server, two releases of an app, and what came of it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "codegen/plan_files.hpp"
#include "runtime/rehearsal/result.hpp"
#include "runtime/server.hpp"
#include "runtime/session.hpp"

namespace segue::runtime::rehearsal {

struct Statistics;

enum class Depth : std::uint8_t {
  glance,  // one way back, which the seed picks: seconds, for many plans in a row
  quick,   // every way back, one run
  whole    // several runs with seeds of their own
};

struct RehearsalOptions {
  std::function<void(Session&)> load;  // the schema; rows too, where there are some
  std::uint64_t rows = 1000;           // in each table that has none
  std::uint64_t seed = 1;
  std::optional<int> major;
  const Statistics* like = nullptr;
  ThrowawayServer* server = nullptr;  // to play on; none: one of its own
  Depth depth = Depth::whole;
  bool crash = false;
  // Told what is being tried, now and then.
  std::function<void(const std::string&)> progress = [](const std::string&) {};
};

// Throws what the server or the schema throws; what the plan does wrong is in the answer.
Rehearsal rehearse(const codegen::ReviewedPlan& plan, const RehearsalOptions& options);

}  // namespace segue::runtime::rehearsal
