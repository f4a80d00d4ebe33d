// What `sql …` statements are told to cost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "planner_tests.hpp"

namespace segue::planner {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::set<std::string> codes(const std::string& sql, bool undo = true) {
  const std::string text = "sql expand $$ " + sql + " $$" +
                           (undo ? " undo $$ drop table if exists nothing $$" : "") + "\n";
  const PlanResult result = plan(text, one_table());
  EXPECT_TRUE(result.plan) << dsl::render({"change.segue", text}, result.diagnostics);
  std::set<std::string> found;
  if (!result.plan) return found;
  for (const Hazard& hazard : result.plan->hazards) found.insert(hazard.code);
  return found;
}

TEST(SqlHazards, WhatRewritesATable) {
  for (const char* sql :
       {"alter table users alter column a type varchar(20)", "alter table users set unlogged",
        "alter table users add column if not exists c serial", "cluster users"})
    EXPECT_THAT(codes(sql), ElementsAre("sql-rewrite")) << sql;
  EXPECT_THAT(codes("alter table users add column if not exists c text"), IsEmpty());
}

TEST(SqlHazards, WhatReadsATableUnderLock) {
  for (const char* sql :
       {"alter table users add constraint short check (length(a) < 9)",
        "alter table users alter column a set not null", "alter table users add unique (a)"})
    EXPECT_THAT(codes(sql), ElementsAre("sql-scan")) << sql;
  EXPECT_THAT(codes("alter table users add constraint short check (length(a) < 9) not valid"),
              IsEmpty());
}

TEST(SqlHazards, WhatHoldsALock) {
  for (const char* sql : {"create index if not exists i on users (a)", "lock table users",
                          "refresh materialized view m"})
    EXPECT_THAT(codes(sql), ElementsAre("sql-lock")) << sql;
  EXPECT_THAT(codes("create index concurrently if not exists i on users (a)"), IsEmpty());
}

TEST(SqlHazards, WhatWritesRowsAndWhatNobodySeesInto) {
  EXPECT_THAT(codes("update users set a = 'x'"), ElementsAre("sql-data"));
  EXPECT_THAT(codes("do 'begin end'"), ElementsAre("sql-opaque"));
  EXPECT_THAT(codes("select refresh_all()"), ElementsAre("sql-opaque"));
}

TEST(SqlHazards, WhatTheOldReleaseLosesAndUndoLeaves) {
  EXPECT_THAT(codes("alter table users rename column a to c"), ElementsAre("sql-old-release"));
  EXPECT_THAT(codes("alter table users drop column if exists a"), ElementsAre("sql-old-release"));
  EXPECT_THAT(codes("create table if not exists nothing (id int)", false),
              ElementsAre("sql-no-undo"));
}

}  // namespace
}  // namespace segue::planner
