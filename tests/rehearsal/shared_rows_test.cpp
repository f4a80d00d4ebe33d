// Rows that several writers write at once.
#include "runtime/rehearsal/shared_rows.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "codegen/plan_files.hpp"
#include "runtime/introspect.hpp"
#include "runtime/rehearsal/stage.hpp"
#include "support/process.hpp"

namespace segue::runtime::rehearsal {
namespace {

// Its unique column gets another name.
TEST(SharedRows, ARowThatIsNotFilledIsNotAskedForByWhatIsNew) {
  const auto golden =
      std::filesystem::path(SEGUE_SOURCE_DIR) / "tests" / "golden" / "rename_identity";
  const codegen::ReviewedPlan plan = codegen::read(golden / "expected");
  StageOptions options;
  options.rows = 20;
  options.load = [&](Session& session) {
    load_schema(session, "schema.sql", test::read_text(golden / "schema.sql"));
  };
  Stage stage(plan.plan, options);
  const Shapes& shapes = stage.shapes();
  Oracle oracle(shapes, stage.model(Release::before).open(), stage.model(Release::after).open(),
                std::make_shared<Candidates>());
  oracle.roll_back_at_end();
  const Pools pools(shapes, 1);
  LiveKeys keys(shapes.tables.size());
  for (const Key& key : oracle.all_keys(Release::before, 0)) keys.add(0, key, false);
  SharedRows rows(shapes, oracle, pools, keys, 1);
  const auto made = [&](const Permission& permission) {
    int statements = 0;
    for (int i = 0; i < 20; ++i) {
      if (rows.next(permission)) ++statements;
    }
    return statements;
  };
  EXPECT_GT(made({Release::before, Release::before, true}), 0);
  EXPECT_GT(made({Release::after, Release::after, true}), 0);
  EXPECT_EQ(made({Release::after, Release::after, false}), 0);
}

}  // namespace
}  // namespace segue::runtime::rehearsal
