// Every golden plan, applied by the real runtime with the tracer on: no step does more than it
// declares.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "codegen/plan_files.hpp"
#include "runtime/apply.hpp"
#include "runtime/introspect.hpp"
#include "runtime/rehearsal/trace.hpp"
#include "runtime/server.hpp"
#include "support/golden.hpp"
#include "support/process.hpp"

namespace segue::runtime::rehearsal {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;

const fs::path folder = fs::path(SEGUE_SOURCE_DIR) / "tests" / "golden";

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (fs::exists(entry.path() / "expected")) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class GoldenTrace : public ::testing::TestWithParam<std::string> {
 protected:
  static ThrowawayServer& server() {
    static ThrowawayServer one;
    return one;
  }
};

TEST_P(GoldenTrace, NoStepDoesMoreThanItDeclares) {
  if (const auto why = test::needs_newer_server(GetParam()); !why.empty()) GTEST_SKIP() << why;
  const fs::path directory = folder / GetParam();
  const std::string conninfo = server().create_database(GetParam());
  for (const char* file : {"schema.sql", "data.sql"}) {
    if (!fs::exists(directory / file)) continue;
    const auto loaded =
        test::run({"psql", "-X", "-q", "-d", conninfo, "-f", (directory / file).string()});
    ASSERT_EQ(loaded.exit_code, 0) << loaded.err;
  }
  const codegen::ReviewedPlan plan = test::golden_plan(GetParam());
  StepTracer tracer;
  const auto silent = make_silent_reporter();
  const auto reporter = tracer.wrap(*silent);
  const Connector connector = tracer.wrap([&] { return connect(conninfo); });
  for (const planner::Phase phase : planner::all_phases) {
    ApplyOptions options;
    options.phase = phase;
    options.release = phase == planner::Phase::contract ? "v2" : "v1";
    if (phase == planner::Phase::contract) options.gate.skip_soak = "a test";
    apply(plan, options, connector, real_clock(), *reporter);
  }
  const std::vector<TracedStep> steps = tracer.take();
  EXPECT_FALSE(steps.empty());
  for (const TracedStep& step : steps) {
    EXPECT_THAT(step.beyond, IsEmpty());
    const auto declared = std::find_if(plan.plan.steps.begin(), plan.plan.steps.end(),
                                       [&](const auto& one) { return one.id == step.id; });
    ASSERT_NE(declared, plan.plan.steps.end());
    if (std::getenv("SEGUE_SHOW_TRACES") == nullptr) continue;
    fmt::print("{} {} {}: {:.1f} ms, {} bytes of WAL\n", GetParam(), step.id, step.title,
               step.trace.milliseconds, step.trace.wal_bytes);
    for (const HeldLock& lock : step.trace.locks) {
      fmt::print("    {} on {} for {:.1f} ms\n", planner::name_of(lock.use.mode),
                 planner::quoted(lock.use.relation), lock.held_ms);
    }
    for (const std::string& name : step.trace.messages) fmt::print("    {}\n", name);
    for (const std::string& name : step.trace.scans) fmt::print("    scan {}\n", name);
    for (const std::string& sentence : declared_too_much(*declared, step.trace)) {
      fmt::print("    TOO MUCH {}\n", sentence);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Case, GoldenTrace, ::testing::ValuesIn(case_names()),
                         [](const auto& parameter) { return parameter.param; });

}  // namespace
}  // namespace segue::runtime::rehearsal
