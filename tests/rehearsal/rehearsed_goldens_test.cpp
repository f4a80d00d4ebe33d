// Golden plans are rehearsed: what our own recipes plan must pass, or the rehearsal is wrong.
//
// One server for all. SEGUE_REHEARSAL_SEEDS=N plays seeds 1 to N, at leisure; M-N those from M on.
// SEGUE_REHEARSAL_SPREAD=N (or M-N) spreads them over the plans: each seed with one plan at least,
// each plan with three (SEGUE_REHEARSAL_EACH) or as many as that takes. The last line counts them.
// SEGUE_SHOW_REHEARSALS=1 tells what each took.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "codegen/plan_files.hpp"
#include "runtime/introspect.hpp"
#include "runtime/rehearsal/rehearse.hpp"
#include "runtime/server.hpp"
#include "seed_choice.hpp"
#include "support/golden.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

namespace fs = std::filesystem;
using runtime::rehearsal::Rehearsal;
using runtime::rehearsal::RehearsalOptions;
using runtime::rehearsal::Story;

const fs::path goldens = fs::path(SEGUE_SOURCE_DIR) / "tests" / "golden";

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(goldens)) {
    if (fs::exists(entry.path() / "expected")) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string in_words(const Story& story) {
  std::string text =
      fmt::format("seed {}: {} in phase {} at {}\n", story.seed, name_of(story.promise),
                  planner::number_of(story.phase), story.step);
  for (const auto& line : story.lines)
    text += fmt::format("  {}: {} {}\n", line.who, line.what, line.came);
  return text + fmt::format("  saw {}\n  should see {}\n  because {}\n", story.saw,
                            story.should_see, story.because);
}

// What was played, for the last line.
struct Played {
  std::set<std::string> plans;
  std::set<std::uint64_t> seeds;
  std::size_t rehearsals = 0;
  std::size_t failures = 0;
};
Played& played() {
  static Played all;
  return all;
}

class LastLine : public ::testing::Environment {
 public:
  void TearDown() override {
    fmt::print("rehearsed: {} plans, {} seeds, {} rehearsals, {} failures\n", played().plans.size(),
               played().seeds.size(), played().rehearsals, played().failures);
  }
};
const auto* const last_line = ::testing::AddGlobalTestEnvironment(new LastLine);

class RehearsedGoldens : public ::testing::TestWithParam<std::string> {
 protected:
  static runtime::ThrowawayServer& server() {
    static runtime::ThrowawayServer one(
        {.major = {}, .in_memory = true, .settings = {{"autovacuum", "off"}}});
    return one;
  }
};

TEST_P(RehearsedGoldens, Pass) {
  if (const auto why = needs_newer_server(GetParam()); !why.empty()) GTEST_SKIP() << why;
  const fs::path directory = goldens / GetParam();
  const codegen::ReviewedPlan plan = golden_plan(GetParam());
  const fs::path schema = directory / "schema.sql";
  const std::vector<std::string> names = case_names();
  const auto place = std::lower_bound(names.begin(), names.end(), GetParam()) - names.begin();
  static const SeedChoice choice = seeds_asked_for();
  for (const std::uint64_t seed : choice.of_plan(static_cast<std::size_t>(place), names.size())) {
    RehearsalOptions options;
    options.server = &server();
    options.depth = runtime::rehearsal::Depth::glance;
    options.rows = 60;
    options.seed = seed;
    options.load = [&](runtime::Session& session) {
      runtime::load_schema(session, schema.string(), read_text(schema));
    };
    const Rehearsal rehearsal = runtime::rehearsal::rehearse(plan, options);
    for (const Story& story : rehearsal.stories) ADD_FAILURE() << in_words(story);
    played().plans.insert(GetParam());
    played().seeds.insert(seed);
    ++played().rehearsals;
    if (!rehearsal.passed()) ++played().failures;
    if (std::getenv("SEGUE_SHOW_REHEARSALS") == nullptr) continue;
    fmt::print("{} seed {}: {:.1f} s:", GetParam(), seed, rehearsal.seconds);
    for (const auto& [what, seconds] : rehearsal.spent) fmt::print(" {} {:.1f};", what, seconds);
    fmt::print("\n");
    for (const std::string& note : rehearsal.notes) fmt::print("    {}\n", note);
  }
}

INSTANTIATE_TEST_SUITE_P(Case, RehearsedGoldens, ::testing::ValuesIn(case_names()),
                         [](const auto& parameter) { return parameter.param; });

}  // namespace
}  // namespace segue::test
