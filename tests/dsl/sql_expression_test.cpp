#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "dsl/sql.hpp"

namespace segue::dsl::sql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Expression parsed(std::string_view text) {
  auto result = parse_expression(text);
  if (const auto* error = std::get_if<ParseError>(&result)) {
    ADD_FAILURE() << text << ": " << error->message;
    return {};
  }
  return std::get<Expression>(result);
}

ParseError refused(std::string_view text) {
  auto result = parse_expression(text);
  if (const auto* error = std::get_if<ParseError>(&result)) return *error;
  ADD_FAILURE() << "was accepted: " << text;
  return {};
}

std::vector<std::string> columns(std::string_view text) {
  std::vector<std::string> names;
  for (const auto& use : parsed(text).columns) {
    std::string name;
    for (const auto& qualifier : use.qualifiers) name += qualifier + '.';
    names.push_back(name + use.name);
  }
  return names;
}

TEST(ParseExpression, KnowsTheColumns) {
  EXPECT_THAT(columns("lower(email) || u.\"Full Name\" || app.users.phone"),
              ElementsAre("email", "u.Full Name", "app.users.phone"));
  EXPECT_THAT(columns("'email' || $$phone$$ /* x */ -- y\n"), ElementsAre());
  EXPECT_THAT(columns("(a).b[c]"), ElementsAre("a", "c"));
  EXPECT_THAT(columns("users.*"), ElementsAre("users.*"));
}

TEST(ParseExpression, PlacesTheColumnsInTheText) {
  const std::string_view text = "  'é' || u . /* c */ \"Fu\"\"ll\" + 1";
  const auto expression = parsed(text);
  ASSERT_EQ(expression.columns.size(), 1U);
  const auto& use = expression.columns[0];
  EXPECT_EQ(text.substr(use.begin, use.name_end - use.begin), "u . /* c */ \"Fu\"\"ll\"");
  EXPECT_EQ(text.substr(use.name_begin, use.name_end - use.name_begin), "\"Fu\"\"ll\"");
  EXPECT_EQ(use.name, "Fu\"ll");
}

TEST(ParseExpression, ColumnAtTheVeryStart) {
  const auto expression = parsed("email");
  ASSERT_EQ(expression.columns.size(), 1U);
  EXPECT_EQ(expression.columns[0].begin, 0U);
  EXPECT_EQ(expression.columns[0].name_end, 5U);
}

TEST(ParseExpression, TellsConstants) {
  for (const auto* text : {"1", "'x'", "-1", "+ 2.5e3", "'x'::text", "cast('1' as int)", "true",
                           "null", "(-1::numeric(3,1))", "$$x$$", "date '2020-01-01'"}) {
    EXPECT_TRUE(parsed(text).is_constant) << text;
  }
  for (const auto* text : {"now()", "a", "1 + 1", "array[1]", "current_date", "not true"}) {
    EXPECT_FALSE(parsed(text).is_constant) << text;
  }
  EXPECT_TRUE(parsed("NULL").is_null);
  EXPECT_TRUE(parsed("(null)::text").is_null);
  EXPECT_FALSE(parsed("'null'").is_null);
  for (const char* text : {"coalesce(a, 0) * 2", "CASE WHEN a > 1 THEN 1 END", "a IS NULL",
                           "a IS DISTINCT FROM 1", "concat(a, 'x')", "greatest(a, 1)"})
    EXPECT_TRUE(parsed(text).answers_for_null) << text;
  for (const char* text : {"(a * 100)::integer", "lower(a) || 'x'", "-a", "nullif(a, 1)"})
    EXPECT_FALSE(parsed(text).answers_for_null) << text;
}

TEST(ParseExpression, KnowsFunctions) {
  const auto expression = parsed("lower(app.f(a)) || current_timestamp || extract(year from b)");
  ASSERT_EQ(expression.functions.size(), 4U);
  EXPECT_EQ(expression.functions[0].name, "lower");
  EXPECT_EQ(expression.functions[0].schema, "");
  EXPECT_EQ(expression.functions[1].schema, "app");
  EXPECT_EQ(expression.functions[1].name, "f");
  EXPECT_EQ(expression.functions[2].name, "now");
  EXPECT_EQ(expression.functions[3].schema, "pg_catalog");
}

TEST(ParseExpression, KnowsWhatItHolds) {
  EXPECT_TRUE(parsed("(select max(x) from t)").has_subquery);
  EXPECT_TRUE(parsed("exists (select 1)").has_subquery);
  EXPECT_FALSE(parsed("max(x)").has_subquery);
  EXPECT_TRUE(parsed("row_number() over ()").has_aggregate_or_window);
  EXPECT_TRUE(parsed("count(*)").has_aggregate_or_window);
  EXPECT_TRUE(parsed("sum(x) filter (where x > 0)").has_aggregate_or_window);
  EXPECT_TRUE(parsed("$1 + 1").has_parameter);
}

TEST(ParseExpression, TakesExactlyOneExpression) {
  EXPECT_EQ(refused("a, b").offset, 1U);
  EXPECT_EQ(refused("1; drop table x").offset, 1U);
  EXPECT_EQ(refused("1;").offset, 1U);
  EXPECT_EQ(refused("1) + (2").offset, 1U);
  EXPECT_EQ(refused("a b").offset, 2U);
  EXPECT_EQ(refused("select 1").offset, 0U);
  EXPECT_EQ(refused("*").offset, 0U);
  EXPECT_EQ(refused("1 as x").offset, 2U);
  EXPECT_EQ(refused("x from t").offset, 2U);
  EXPECT_EQ(refused("default").offset, 0U);
  parsed("1 -- ) ; (");
  parsed("1 /* ; ) /* ( */ */");
}

TEST(ParseExpression, PlacesErrorsInBytesOfTheText) {
  const auto error = refused("'éé' || b ||");
  EXPECT_EQ(error.message, "syntax error at end of input");
  EXPECT_EQ(refused("'éé' || (1 1)").offset, std::string_view("'éé' || (1 ").size());
  EXPECT_EQ(refused("1 +").offset, 3U);
  EXPECT_EQ(refused("1 +").message, "syntax error at end of input");
  EXPECT_EQ(refused("").message, "syntax error at end of input");
  EXPECT_THAT(refused("'abc").message, HasSubstr("unterminated quoted string"));
  EXPECT_THAT(refused("1 /* x").message, HasSubstr("unterminated /* comment"));
  EXPECT_THAT(refused("(1 + 2").message, HasSubstr("syntax error"));
}

TEST(ParseExpression, RefusesWhatItCannotPlace) {
  EXPECT_THAT(refused("U&\"d\\0061t\" + 1").message, HasSubstr("U&"));
  EXPECT_THAT(refused(std::string_view("a\0b", 3)).message, HasSubstr("NUL"));
  EXPECT_THAT(refused("'\xff'").message, HasSubstr("UTF-8"));
  parsed("U&'d\\0061t'");
}

TEST(ParseExpression, SurvivesDepth) {
  std::string chain = "1";
  for (int i = 0; i < 100'000; ++i) chain += "+1";
  refused(chain);
  refused(std::string(100'000, '(') + "1" + std::string(100'000, ')'));
  std::string nots;
  for (int i = 0; i < 100'000; ++i) nots += "not ";
  refused(nots + "true");
  std::string list = "a in (1";
  for (int i = 0; i < 100'000; ++i) list += ",1";
  parsed(list + ")");
}

TEST(ParseType, KnowsNamesAndArrays) {
  const auto type = [](std::string_view text) { return std::get<Type>(parse_type(text)); };
  EXPECT_EQ(type("int").name, "int4");
  EXPECT_EQ(type("int").schema, "");
  EXPECT_EQ(type("varchar(20)").name, "varchar");
  EXPECT_EQ(type("timestamp with time zone").name, "timestamptz");
  EXPECT_EQ(type("App.\"Mood\"[]").schema, "app");
  EXPECT_EQ(type("App.\"Mood\"[]").name, "Mood");
  EXPECT_TRUE(type("App.\"Mood\"[]").is_array);
  EXPECT_TRUE(type("bigserial").is_serial);
  EXPECT_FALSE(type("bigint").is_serial);
  EXPECT_FALSE(type("app.serial").is_serial);
}

TEST(ParseType, RefusesMoreThanAType) {
  for (const auto* text : {"int)", "int; select 1", "setof int", "int default 1", "", "varchar(",
                           "1", "int, int", "int collate \"C\"", "t.c%type"}) {
    EXPECT_TRUE(std::holds_alternative<ParseError>(parse_type(text))) << text;
  }
  const auto error = std::get<ParseError>(parse_type("varchar(20"));
  EXPECT_EQ(error.message, "syntax error at end of input");
  EXPECT_EQ(error.offset, 10U);
}

TEST(RenameColumns, SplicesAtTheToken) {
  const ColumnMap map = {{"full_name", "display name"}};
  const auto rename = [&](std::string_view text) { return rename_columns(text, map, "users"); };
  EXPECT_EQ(rename("full_name <> 'full_name' /* full_name */"),
            "\"display name\" <> 'full_name' /* full_name */");
  EXPECT_EQ(rename("users.FULL_NAME || \"full_name\" || full_names"),
            "users.\"display name\" || \"display name\" || full_names");
  EXPECT_EQ(rename("public.users.full_name || other.full_name"),
            "public.users.\"display name\" || other.full_name");
  EXPECT_EQ(rename("full_name(full_name::full_name)"), "full_name(\"display name\"::full_name)");
  EXPECT_EQ(rename("'é' || full_name"), "'é' || \"display name\"");
  EXPECT_EQ(rename("((full_name)::text = ANY (ARRAY['a'::text]))"),
            "((\"display name\")::text = ANY (ARRAY['a'::text]))");
  EXPECT_THROW(rename("a in (select full_name from t)"), std::invalid_argument);
  EXPECT_THROW(rename("a +"), std::invalid_argument);
}

TEST(BindColumns, PutsTheRowBeforeEachColumn) {
  EXPECT_EQ(bind_columns("lower(email)", "NEW", "users"), "lower(NEW.email)");
  EXPECT_EQ(bind_columns("users.email || \"Full Name\"", "NEW", "users"),
            "NEW.email || NEW.\"Full Name\"");
  EXPECT_EQ(bind_columns("app.users.Email || o.x", "OLD", "users"), "OLD.email || o.x");
  EXPECT_EQ(bind_columns("\"order\" + 1", "NEW", "users"), "NEW.\"order\" + 1");
  EXPECT_THROW(bind_columns("(select 1)", "NEW", "users"), std::invalid_argument);
}

}  // namespace
}  // namespace segue::dsl::sql
