// A rehearsal is worth what it finds: plans that were broken on purpose, each of which must fail
// for the right reason; unbroken, each of them passes.
#include "broken_plans.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codegen/plan_files.hpp"
#include "runtime/introspect.hpp"
#include "runtime/rehearsal/rehearse.hpp"
#include "support/golden.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

namespace fs = std::filesystem;
using runtime::rehearsal::Rehearsal;
using runtime::rehearsal::RehearsalOptions;
using runtime::rehearsal::Story;

// One for all of them.
runtime::ThrowawayServer& server() {
  static runtime::ThrowawayServer one(
      {.major = {}, .in_memory = true, .settings = {{"autovacuum", "off"}}});
  return one;
}

Rehearsal rehearse(const planner::Plan& plan, const std::string& golden) {
  const TemporaryDirectory place;
  codegen::write(codegen::render(plan), place.path() / "plan", false);
  RehearsalOptions options;
  options.server = &server();
  options.depth = runtime::rehearsal::Depth::quick;
  options.rows = 120;
  const fs::path schema = golden_folder(golden) / "schema.sql";
  options.load = [&](runtime::Session& session) {
    runtime::load_schema(session, schema.string(), read_text(schema));
  };
  return runtime::rehearsal::rehearse(codegen::read(place.path() / "plan"), options);
}

std::string in_words(const Story& story) {
  std::string text = fmt::format("{} in phase {} at {}\n", name_of(story.promise),
                                 planner::number_of(story.phase), story.step);
  for (const auto& line : story.lines)
    text += fmt::format("  {}: {} {}\n", line.who, line.what, line.came);
  return text + fmt::format("  saw {}\n  should see {}\n  because {}\n", story.saw,
                            story.should_see, story.because);
}

class BrokenPlans : public ::testing::TestWithParam<BrokenPlan> {};

TEST_P(BrokenPlans, AreFound) {
  const BrokenPlan& broken = GetParam();
  planner::Plan plan = golden_plan(broken.golden).plan;
  broken.break_it(plan);
  const Rehearsal rehearsal = rehearse(plan, broken.golden);
  ASSERT_EQ(rehearsal.stories.size(), 1U) << "nobody noticed";
  const Story& story = rehearsal.stories.front();
  std::cout << in_words(story);
  EXPECT_TRUE(broken.promises.contains(story.promise)) << in_words(story);
  const bool elsewhere = server_major() < 14 && !broken.step_before_14.empty();
  const std::string& step = elsewhere ? broken.step_before_14 : broken.step;
  const bool is_missing = step.starts_with("no step");
  if (!step.empty()) {
    EXPECT_THAT(is_missing ? story.because : story.step, ::testing::StartsWith(step + " "))
        << in_words(story);
  }
  EXPECT_FALSE(story.saw.empty());
  EXPECT_LE(story.lines.size(), 24U) << "too long to be read: " << in_words(story);
}

INSTANTIATE_TEST_SUITE_P(Case, BrokenPlans, ::testing::ValuesIn(broken_plans()),
                         [](const auto& one) { return one.param.name; });

class UnbrokenPlans : public ::testing::TestWithParam<std::string> {};

TEST_P(UnbrokenPlans, Pass) {
  const Rehearsal rehearsal = rehearse(golden_plan(GetParam()).plan, GetParam());
  for (const Story& story : rehearsal.stories) ADD_FAILURE() << in_words(story);
}

INSTANTIATE_TEST_SUITE_P(Case, UnbrokenPlans,
                         ::testing::Values("rename_plain", "rename_not_null", "rename_check",
                                           "add_required_backfill", "drop_with_back",
                                           "rename_join_table"),
                         [](const auto& one) { return one.param; });

}  // namespace
}  // namespace segue::test
