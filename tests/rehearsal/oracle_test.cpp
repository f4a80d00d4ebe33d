// What the model says of a statement before it is sent.
#include "runtime/rehearsal/oracle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "codegen/plan_files.hpp"
#include "runtime/introspect.hpp"
#include "runtime/rehearsal/stage.hpp"
#include "support/process.hpp"

namespace segue::runtime::rehearsal {
namespace {

class Model : public ::testing::Test {
 protected:
  void golden(const std::string& name, const std::string& rows) {
    const auto place = std::filesystem::path(SEGUE_SOURCE_DIR) / "tests" / "golden" / name;
    plan_ = codegen::read(place / "expected");
    StageOptions options;
    options.load = [&](Session& session) {
      load_schema(session, "schema.sql", test::read_text(place / "schema.sql"));
      session.exec(rows);
    };
    stage_.emplace(plan_.plan, options);
    oracle_.emplace(stage_->shapes(), stage_->model(Release::before).open(),
                    stage_->model(Release::after).open(), std::make_shared<Candidates>());
    oracle_->roll_back_at_end();
  }
  Verdict update(Release release, const std::string& column, const std::string& value) {
    Statement statement;
    statement.kind = StatementKind::update;
    statement.release = statement.schema = release;
    statement.columns = {column};
    statement.rows = {{value}};
    statement.keys = {{"1"}};
    return oracle_->attempt(statement);
  }

  codegen::ReviewedPlan plan_;
  std::optional<Stage> stage_;
  std::optional<Oracle> oracle_;
};

// Whoever writes what a fill reads: the row may be filled before or behind it.
TEST_F(Model, WhatIsFilledFromAWriteHasToFitTheNewSchema) {
  golden("add_required_backfill_expression", "INSERT INTO users VALUES (1, 'a@example.org')");
  for (const Release release : {Release::before, Release::after}) {
    const Verdict without = update(release, "email", "'nowhere'");  // whose domain is ''
    EXPECT_FALSE(without.accepted) << name_of(release);
    EXPECT_THAT(without.why, ::testing::HasSubstr("users_domain_check")) << name_of(release);
    EXPECT_TRUE(update(release, "email", "'b@example.com'").accepted) << name_of(release);
    oracle_->keep();
  }
  // A value that the new release has said itself is nobody's to fill.
  ASSERT_TRUE(update(Release::after, "domain", "'example.net'").accepted);
  oracle_->keep();
  EXPECT_TRUE(update(Release::after, "email", "'nowhere'").accepted);
  oracle_->keep();
}

}  // namespace
}  // namespace segue::runtime::rehearsal
