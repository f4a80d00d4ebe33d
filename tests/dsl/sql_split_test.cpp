#include "dsl/sql_split.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace segue::dsl::sql {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string_view> texts(std::string_view sql) {
  std::vector<std::string_view> result;
  for (const StatementText& statement : split_statements(sql)) result.push_back(statement.text);
  return result;
}

TEST(SplitStatements, KnowsWhereASemicolonIsText) {
  EXPECT_THAT(texts("SELECT 1; SELECT 2"), ElementsAre("SELECT 1", "SELECT 2"));
  EXPECT_THAT(texts(" ;; \n-- only; this\n/* and; /* this; */ ; */ ;"), IsEmpty());
  EXPECT_THAT(texts("SELECT ';', E'\\';', \"a;\"\"b;\", 'it''s;'; X"),
              ElementsAre("SELECT ';', E'\\';', \"a;\"\"b;\", 'it''s;'", "X"));
  EXPECT_THAT(texts("SELECT '\\'; X"), ElementsAre("SELECT '\\'", "X"));
  EXPECT_THAT(texts("DO $$ a; $b$ ; $$; DO $ä1$ ; $$ ; $ä1$; SELECT a$1;$2"),
              ElementsAre("DO $$ a; $b$ ; $$", "DO $ä1$ ; $$ ; $ä1$", "SELECT a$1", "$2"));
  EXPECT_THAT(texts("CREATE RULE r AS ON DELETE TO t DO (SELECT 1; SELECT 2); X"),
              ElementsAre("CREATE RULE r AS ON DELETE TO t DO (SELECT 1; SELECT 2)", "X"));
  EXPECT_THAT(texts("name1; SELECT fe'x;'; X"), ElementsAre("name1", "SELECT fe'x;'", "X"));
}

TEST(SplitStatements, KnowsTheBodiesOfRoutines) {
  constexpr std::string_view function =
      "create or replace function f() returns int language sql begin atomic\n"
      "  select case when begin then 1 else 2 end; select 3;\nend";
  const std::string two = std::string(function) + "; X";
  EXPECT_THAT(texts(two), ElementsAre(function, "X"));
  EXPECT_THAT(texts("BEGIN; CREATE PROCEDURE p() BEGIN ATOMIC SELECT 1; END; COMMIT"),
              ElementsAre("BEGIN", "CREATE PROCEDURE p() BEGIN ATOMIC SELECT 1; END", "COMMIT"));
  EXPECT_THAT(texts("CREATE FUNCTION f() RETURN CASE WHEN a THEN 1 END; X"),
              ElementsAre("CREATE FUNCTION f() RETURN CASE WHEN a THEN 1 END", "X"));
}

TEST(SplitStatements, SaysTheLineAndWhatIsForPsql) {
  const auto found =
      split_statements("\\restrict a;b\r\n\n/*\n*/ SELECT '\n\\x';\n  -- c\n\n  X\n  y;\n\\q");
  ASSERT_EQ(found.size(), 4U);
  EXPECT_TRUE(found[0].is_meta);
  EXPECT_EQ(found[0].text, "\\restrict a;b");
  EXPECT_FALSE(found[1].is_meta);
  EXPECT_EQ(found[1].line, 4U);
  EXPECT_EQ(found[2].text, "X\n  y");
  EXPECT_EQ(found[2].line, 8U);
  EXPECT_EQ(found[3].text, "\\q");
  EXPECT_EQ(found[3].line, 10U);
}

TEST(SplitStatements, WhatIsNotClosedGoesToTheEnd) {
  for (const char* sql : {"SELECT 'a;", "SELECT \"a;", "DO $$ a;", "SELECT (a;", "X /* ;"}) {
    EXPECT_THAT(texts(sql), ElementsAre(testing::StartsWith(std::string(sql).substr(0, 1))));
  }
  EXPECT_THAT(texts(""), IsEmpty());
}

}  // namespace
}  // namespace segue::dsl::sql
