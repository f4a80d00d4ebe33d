// What no plan can foretell is found out whatever the statements are that the seed makes up.
#include "runtime/rehearsal/calibrate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "codegen/plan_files.hpp"
#include "runtime/introspect.hpp"
#include "support/process.hpp"

namespace segue::runtime::rehearsal {
namespace {

TEST(Calibrate, ADefaultThatDiffersFromTimeToTimeIsNotCompared) {
  const std::filesystem::path golden =
      std::filesystem::path(SEGUE_SOURCE_DIR) / "tests" / "golden" / "tripwire";
  const codegen::ReviewedPlan plan = codegen::read(golden / "expected");
  StageOptions options;
  options.rows = 20;
  options.load = [&](Session& session) {
    load_schema(session, "schema.sql", test::read_text(golden / "schema.sql"));
  };
  Stage stage(plan.plan, options);
  calibrate(stage, 1, 0);
  const auto& tables = stage.shapes().tables;
  const auto people = std::find_if(tables.begin(), tables.end(), [](const TableShape& shape) {
    return shape.name() == "public.people";
  });
  ASSERT_NE(people, tables.end());
  EXPECT_THAT(people->untold_before, ::testing::Contains("made"));  // clock_timestamp()
  EXPECT_THAT(people->untold_after, ::testing::Contains("made_at"));
  EXPECT_THAT(people->untold_before, ::testing::Not(::testing::Contains("state")));  // 'new'
}

}  // namespace
}  // namespace segue::runtime::rehearsal
