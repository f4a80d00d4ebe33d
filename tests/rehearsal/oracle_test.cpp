// What the model says of a statement before it is sent.
#include "runtime/rehearsal/oracle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
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

// A foreign key that comes with the change deletes rows that the old release would keep.
TEST_F(Model, WhatTakesRowsAlongInOneSchemaOnlyIsLeftOut) {
  golden("retype_and_more",
         "INSERT INTO customers VALUES (1, 10), (2, 20);"
         "INSERT INTO orders VALUES (1, 'new', 'a', 10, NULL)");
  const auto& tables = stage_->shapes().tables;
  Statement statement;
  statement.kind = StatementKind::remove;
  statement.table = static_cast<std::size_t>(
      std::find_if(tables.begin(), tables.end(),
                   [](const TableShape& shape) { return shape.name() == "public.customers"; }) -
      tables.begin());
  for (const Release release : {Release::before, Release::after}) {
    statement.release = statement.schema = release;
    statement.keys = {{"1"}};
    EXPECT_FALSE(oracle_->attempt(statement).accepted) << name_of(release);
    statement.keys = {{"2"}};  // on which nothing hangs
    EXPECT_TRUE(oracle_->attempt(statement).accepted) << name_of(release);
    oracle_->forget();
  }
}

// Behind contract a release is alone, and a fill may have come before or behind a write.
TEST_F(Model, WhatMayBeOneOrAnotherGoesWithItsRow) {
  golden("add_required_backfill_expression", "INSERT INTO users VALUES (1, 'a@example.org')");
  ASSERT_TRUE(update(Release::before, "email", "'b@example.com'").accepted);
  oracle_->keep();
  oracle_->part();
  Statement copy;
  copy.kind = StatementKind::insert_select;
  copy.release = copy.schema = Release::after;
  copy.columns = {"id", "email", "domain", "region"};
  copy.rows = {{"CAST(2 AS bigint)", "", "", ""}};
  copy.keys = {{"1"}};
  copy.source = {"1"};
  copy.new_keys = {{"2"}};
  EXPECT_FALSE(oracle_->attempt(copy).accepted);
  Statement statement;
  statement.kind = StatementKind::update_key;
  statement.release = statement.schema = Release::after;
  statement.columns = {"id"};
  statement.rows = {{"9"}};
  statement.keys = {{"1"}};
  statement.new_keys = {{"9"}};
  ASSERT_TRUE(oracle_->attempt(statement).accepted);
  oracle_->keep();
  for (const char* value : {"example.org", "example.com"})
    EXPECT_TRUE(oracle_->candidates().allow(Release::after, 0, {"9"}, "domain", value)) << value;
  EXPECT_FALSE(oracle_->candidates().allow(Release::after, 0, {"9"}, "domain", "example.net"));
}

}  // namespace
}  // namespace segue::runtime::rehearsal
