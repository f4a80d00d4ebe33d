#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dsl/sql.hpp"

namespace segue::dsl::sql {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
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

TEST(NamesInPlpgsql, KnowsWhatIsFilledByPosition) {
  const auto position = [](const char* statement) {
    return plpgsql(std::string("BEGIN ") + statement + "; RETURN NEW; END");
  };
  EXPECT_THAT(position("INSERT INTO app.users VALUES (1, 'x')").filled_by_position,
              ElementsAre("users"));
  EXPECT_THAT(position("INSERT INTO users (id) VALUES (1)").filled_by_position, IsEmpty());
  EXPECT_THAT(position("INSERT INTO log SELECT NEW.*").inserted_whole, ElementsAre("new"));
  EXPECT_THAT(position("INSERT INTO log VALUES (now(), OLD.*)").inserted_whole, ElementsAre("old"));
  EXPECT_THAT(position("INSERT INTO log (id, name) SELECT * FROM users").inserted_whole,
              ElementsAre("users"));
  EXPECT_THAT(position("INSERT INTO log SELECT 1 UNION ALL SELECT u.* FROM users u JOIN t ON true")
                  .inserted_whole,
              ElementsAre("t", "users"));
  for (const char* plain :
       {"INSERT INTO log SELECT count(*) FROM users",
        "INSERT INTO log SELECT s.id FROM (SELECT * FROM users) s", "PERFORM * FROM users"})
    EXPECT_THAT(position(plain).inserted_whole, IsEmpty()) << plain;
}

TEST(NamesInPlpgsql, KnowsWhatIsAssigned) {
  const auto names = plpgsql(R"(
    DECLARE n int; BEGIN
      IF NEW.email = 'x' THEN NEW.full_name := lower(NEW.full_name); END IF;
      NEW.tags[1] = 'a'; n := 1; RETURN NEW; END)");
  EXPECT_TRUE(names.parsed);
  EXPECT_THAT(names.assigned, ElementsAre("full_name", "n", "tags"));
  EXPECT_THAT(plpgsql("BEGIN NEW := populate(NEW); RETURN NEW; END").assigned, ElementsAre("*"));
  const auto by_words = plpgsql(R"(
    DECLARE r users%ROWTYPE; BEGIN NEW.phone := r.phone; RETURN NEW; END)");
  EXPECT_THAT(by_words.assigned, Contains("phone"));
  EXPECT_THAT(by_words.assigned, Not(Contains("users")));
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
