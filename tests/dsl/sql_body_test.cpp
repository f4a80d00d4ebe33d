#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dsl/sql.hpp"

namespace segue::dsl::sql {
namespace {

using testing::Contains;
using testing::IsSupersetOf;
using testing::Not;

BodyNames plpgsql(const std::string& body, const std::string& returns = "trigger") {
  return names_in_plpgsql("CREATE OR REPLACE FUNCTION public.f() RETURNS " + returns +
                          " LANGUAGE plpgsql AS $function$" + body + "$function$");
}

TEST(NamesInPlpgsql, FindsFieldsColumnsAndTables) {
  const auto names = plpgsql(R"(
    DECLARE kept text := 'email';
    BEGIN
      NEW.full_name := lower(NEW.display);
      IF OLD.age IS NULL THEN UPDATE app.users SET phone = kept WHERE users.id = 1; END IF;
      PERFORM count(*) FROM orders o JOIN parts p USING (part_id);
      RETURN NEW;
    END)");
  EXPECT_TRUE(names.parsed);
  EXPECT_THAT(names.columns,
              IsSupersetOf({"full_name", "display", "age", "phone", "id", "part_id"}));
  EXPECT_THAT(names.columns, Not(Contains("email")));
  EXPECT_THAT(names.relations, IsSupersetOf({"users", "orders", "parts"}));
  EXPECT_FALSE(names.selects_star);
  EXPECT_FALSE(names.inserts_without_columns);
}

TEST(NamesInPlpgsql, SeesStarsAndBareInserts) {
  const auto names = plpgsql("BEGIN INSERT INTO log SELECT * FROM users; RETURN NULL; END");
  EXPECT_TRUE(names.parsed);
  EXPECT_TRUE(names.selects_star);
  EXPECT_TRUE(names.inserts_without_columns);
  EXPECT_FALSE(
      plpgsql("BEGIN INSERT INTO log (a) VALUES (1); RETURN NULL; END").inserts_without_columns);
}

TEST(NamesInPlpgsql, CountsEveryWordWhereTheParserGivesUp) {
  const auto names = plpgsql(R"(
    DECLARE r users%ROWTYPE;
    BEGIN SELECT full_name INTO r.full_name FROM users; INSERT INTO log VALUES (1); RETURN NEW; END)");
  EXPECT_TRUE(names.parsed);
  EXPECT_THAT(names.columns, Contains("full_name"));
  EXPECT_THAT(names.relations, Contains("users"));
  EXPECT_TRUE(names.inserts_without_columns);
}

TEST(NamesInPlpgsql, DynamicTextIsNotKnown) {
  const auto names = plpgsql("BEGIN EXECUTE 'UPDATE users SET full_name = 1'; RETURN NEW; END");
  EXPECT_FALSE(names.parsed);
  EXPECT_THAT(names.columns, Contains("full_name"));
}

TEST(NamesInPlpgsql, RefusesWhatIsNoFunction) {
  EXPECT_FALSE(names_in_plpgsql("SELECT 1").parsed);
  EXPECT_FALSE(names_in_plpgsql("CREATE FUNCTION f( RETURNS").parsed);
}

TEST(NamesInSql, ReadsStatementsAndOwnForms) {
  const auto names =
      names_in_sql("SELECT u.full_name FROM app.users u; DELETE FROM logs WHERE a = 1");
  EXPECT_TRUE(names.parsed);
  EXPECT_THAT(names.columns, IsSupersetOf({"full_name", "a"}));
  EXPECT_THAT(names.relations, IsSupersetOf({"users", "logs"}));
  EXPECT_THAT(names_in_sql("RETURN (SELECT full_name FROM users LIMIT 1)").columns,
              Contains("full_name"));
  EXPECT_THAT(names_in_sql("BEGIN ATOMIC\n SELECT users.full_name FROM users;\nEND").relations,
              Contains("users"));
  EXPECT_TRUE(names_in_sql("MERGE INTO t USING s ON true WHEN NOT MATCHED THEN INSERT VALUES (1)")
                  .inserts_without_columns);
  EXPECT_FALSE(names_in_sql("SELEC 1").parsed);
}

}  // namespace
}  // namespace segue::dsl::sql
