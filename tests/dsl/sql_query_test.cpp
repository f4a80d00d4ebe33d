#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dsl/sql.hpp"

namespace segue::dsl::sql {
namespace {

using testing::HasSubstr;

const ColumnMap renames = {{"full_name", "display_name"}};

std::optional<TableColumns> lookup(const std::string& schema, const std::string& name) {
  static const std::vector<TableColumns> tables = {
      {"public", "users", {"id", "full_name", "email"}},
      {"public", "orders", {"id", "user_id", "total"}},
      {"public", "profiles", {"user_id", "display_name", "full_name"}},
      {"public", "titles", {"user_id", "display_name"}},
      {"app", "users", {"id", "full_name"}},
  };
  for (const auto& table : tables) {
    if (table.table == name && (schema.empty() ? "public" : schema) == table.schema) return table;
  }
  return std::nullopt;
}

std::string renamed(std::string_view query) {
  auto result = rename_in_query(query, "public", "users", renames, lookup);
  if (const auto* refusal = std::get_if<CannotRewrite>(&result)) return "! " + refusal->reason;
  const auto& rewritten = std::get<RewrittenQuery>(result);
  EXPECT_EQ(rewritten.changed, rewritten.text != query);
  return rewritten.text;
}

struct Case {
  const char* before;
  const char* after;
};

class RenameInQueryText : public testing::TestWithParam<Case> {};

TEST_P(RenameInQueryText, GivesTheText) {
  EXPECT_EQ(renamed(GetParam().before), GetParam().after);
}

const Case rewritten[] = {
    // As PostgreSQL 13 to 15 print a view, and as 16 to 18 do.
    {" SELECT users.id,\n    users.full_name\n   FROM users;",
     " SELECT users.id,\n    users.display_name AS full_name\n   FROM users;"},
    {" SELECT id,\n    full_name\n   FROM users;",
     " SELECT id,\n    display_name AS full_name\n   FROM users;"},
    {"SELECT u.full_name AS n FROM public.users u",
     "SELECT u.display_name AS n FROM public.users u"},
    {"SELECT public.users.full_name FROM public.users",
     "SELECT public.users.display_name AS full_name FROM public.users"},
    {"SELECT u.full_name::text, lower(u.full_name) FROM users u WHERE u.full_name <> 'full_name'",
     "SELECT u.display_name::text AS full_name, lower(u.display_name) FROM users u WHERE "
     "u.display_name <> 'full_name'"},
    {"SELECT CASE WHEN id IS DISTINCT FROM 1 THEN 'x' ELSE full_name END FROM users",
     "SELECT CASE WHEN id IS DISTINCT FROM 1 THEN 'x' ELSE display_name END AS full_name FROM "
     "users"},
    {"SELECT (full_name) COLLATE \"C\" FROM users",
     "SELECT (display_name) COLLATE \"C\" AS full_name FROM users"},
    // Another table's column of the same name stays.
    {"SELECT p.full_name FROM users u JOIN profiles p ON p.user_id = u.id",
     "SELECT p.full_name FROM users u JOIN profiles p ON p.user_id = u.id"},
    {"SELECT app.users.full_name FROM app.users", "SELECT app.users.full_name FROM app.users"},
    {"SELECT u.full_name, o.total FROM users u LEFT JOIN orders o ON o.user_id = u.id AND "
     "u.full_name = 'x'",
     "SELECT u.display_name AS full_name, o.total FROM users u LEFT JOIN orders o ON o.user_id = "
     "u.id AND u.display_name = 'x'"},
    {"SELECT full_name FROM users JOIN orders USING (id)",
     "SELECT display_name AS full_name FROM users JOIN orders USING (id)"},
    // Derived tables keep their names, so what stands around them stays.
    {"SELECT s.full_name FROM (SELECT users.full_name FROM users) s",
     "SELECT s.full_name FROM (SELECT users.display_name AS full_name FROM users) s"},
    {"SELECT * FROM (SELECT full_name FROM users) s WHERE full_name > 'a'",
     "SELECT * FROM (SELECT display_name AS full_name FROM users) s WHERE full_name > 'a'"},
    {"WITH w AS (SELECT users.full_name FROM users) SELECT w.full_name FROM w",
     "WITH w AS (SELECT users.display_name AS full_name FROM users) SELECT w.full_name FROM w"},
    {"WITH users AS (SELECT 1 AS full_name) SELECT users.full_name FROM users",
     "WITH users AS (SELECT 1 AS full_name) SELECT users.full_name FROM users"},
    {"WITH RECURSIVE w(n) AS (SELECT full_name FROM users UNION ALL SELECT n || 'x' FROM w) "
     "SELECT n FROM w",
     "WITH RECURSIVE w(n) AS (SELECT display_name AS full_name FROM users UNION ALL SELECT n || "
     "'x' FROM w) SELECT n FROM w"},
    {"SELECT o.id FROM orders o WHERE EXISTS (SELECT 1 FROM users u WHERE u.id = o.user_id AND "
     "u.full_name = 'x')",
     "SELECT o.id FROM orders o WHERE EXISTS (SELECT 1 FROM users u WHERE u.id = o.user_id AND "
     "u.display_name = 'x')"},
    {"SELECT (SELECT max(total) FROM orders o WHERE u.full_name = 'x') AS m FROM users u",
     "SELECT (SELECT max(total) FROM orders o WHERE u.display_name = 'x') AS m FROM users u"},
    {"SELECT l.n FROM users u, LATERAL (SELECT u.full_name AS n) l",
     "SELECT l.n FROM users u, LATERAL (SELECT u.display_name AS n) l"},
    {"SELECT g.i FROM users u, generate_series(1, length(u.full_name)) g(i)",
     "SELECT g.i FROM users u, generate_series(1, length(u.display_name)) g(i)"},
    // Set operations.
    {"SELECT users.full_name FROM users UNION SELECT p.full_name FROM profiles p ORDER BY "
     "full_name",
     "SELECT users.display_name AS full_name FROM users UNION SELECT p.full_name FROM profiles p "
     "ORDER BY full_name"},
    // GROUP BY means the column, ORDER BY the output.
    {"SELECT full_name, count(*) FROM users GROUP BY full_name HAVING max(full_name) > 'a' ORDER "
     "BY "
     "full_name",
     "SELECT display_name AS full_name, count(*) FROM users GROUP BY display_name HAVING "
     "max(display_name) > 'a' ORDER BY full_name"},
    {"SELECT id FROM users ORDER BY full_name DESC, lower(full_name)",
     "SELECT id FROM users ORDER BY display_name DESC, lower(display_name)"},
    {"SELECT id AS display_name FROM users ORDER BY full_name",
     "SELECT id AS display_name FROM users ORDER BY users.display_name"},
    {"SELECT DISTINCT ON (users.full_name) users.full_name FROM users ORDER BY users.full_name",
     "SELECT DISTINCT ON (users.display_name) users.display_name AS full_name FROM users ORDER BY "
     "users.display_name"},
    {"SELECT full_name FROM users GROUP BY ROLLUP (full_name)",
     "SELECT display_name AS full_name FROM users GROUP BY ROLLUP (display_name)"},
    {"SELECT row_number() OVER w, sum(id) FILTER (WHERE full_name > 'a') FROM users WINDOW w AS "
     "(PARTITION BY full_name ORDER BY full_name)",
     "SELECT row_number() OVER w, sum(id) FILTER (WHERE display_name > 'a') FROM users WINDOW w AS "
     "(PARTITION BY display_name ORDER BY display_name)"},
    // The new name must not be caught by something else, nor catch it.
    {"SELECT email FROM users, titles WHERE full_name = 'x'",
     "SELECT email FROM users, titles WHERE users.display_name = 'x'"},
    {"SELECT display_name AS d FROM users, titles",
     "SELECT titles.display_name AS d FROM users, titles"},
    {"SELECT u.id FROM users u WHERE EXISTS (SELECT 1 FROM titles WHERE full_name = 'x')",
     "SELECT u.id FROM users u WHERE EXISTS (SELECT 1 FROM titles WHERE u.display_name = 'x')"},
    {"SELECT id FROM users", "SELECT id FROM users"},
    {"SELECT row_to_json(s.*) AS j FROM (SELECT full_name FROM users) s",
     "SELECT row_to_json(s.*) AS j FROM (SELECT display_name AS full_name FROM users) s"},
    {"SELECT users.\"full_name\" /* full_name */ FROM users",
     "SELECT users.display_name AS full_name /* full_name */ FROM users"},
    {"SELECT id FROM users CROSS JOIN (VALUES (1)) v(full_name) WHERE v.full_name = 1",
     "SELECT id FROM users CROSS JOIN (VALUES (1)) v(full_name) WHERE v.full_name = 1"},
};
INSTANTIATE_TEST_SUITE_P(Views, RenameInQueryText, testing::ValuesIn(rewritten));

TEST(RenameInQuery, SaysWhyItCannot) {
  EXPECT_THAT(renamed("SELECT * FROM users"), HasSubstr("! a whole-row reference"));
  EXPECT_THAT(renamed("SELECT u.* FROM users u"), HasSubstr("! a whole-row reference"));
  EXPECT_THAT(renamed("SELECT row_to_json(u) FROM users u"), HasSubstr("! a whole-row reference"));
  EXPECT_THAT(renamed("SELECT row_to_json(u.*) FROM users u"),
              HasSubstr("! a whole-row reference"));
  EXPECT_THAT(renamed("SELECT id FROM users JOIN profiles USING (full_name)"),
              HasSubstr("! JOIN USING (full_name)"));
  EXPECT_THAT(renamed("SELECT email FROM users NATURAL JOIN titles"), HasSubstr("! NATURAL JOIN"));
  EXPECT_THAT(renamed("SELECT u.a FROM users u(a, b, c)"), HasSubstr("! a list of column aliases"));
  EXPECT_THAT(renamed("SELECT full_name FROM users, profiles"), HasSubstr("is ambiguous"));
  EXPECT_THAT(renamed("SELECT full_name FROM nobody_knows, orders"), HasSubstr("is not known"));
  EXPECT_THAT(renamed("SELECT g.full_name FROM get_users() g"), HasSubstr("is not known"));
  EXPECT_THAT(renamed("SELECT (g()).full_name FROM users"), HasSubstr("composite value"));
  EXPECT_THAT(renamed("SELECT xmlforest(full_name) FROM users"), HasSubstr("XML element"));
  EXPECT_THAT(renamed("SELECT upper(email) AS display_name FROM users GROUP BY display_name"),
              HasSubstr("GROUP BY"));
  EXPECT_THAT(renamed("SELECT 1; SELECT 2"), HasSubstr("! not one query"));
  EXPECT_THAT(renamed("DELETE FROM users"), HasSubstr("! not a SELECT"));
  EXPECT_THAT(renamed("SELECT FROM WHERE"), HasSubstr("syntax error"));
  EXPECT_THAT(renamed("SELECT j.full_name FROM (users JOIN orders ON true) j"),
              HasSubstr("an alias over a whole JOIN"));
}

TEST(RenameRelation, ReadsAsPostgresqlPrintsItAfterTheRename) {
  const auto moved = [](std::string_view text, std::string_view prefix = {}) {
    return rename_relation(text, "public", "users", "People", prefix);
  };
  EXPECT_EQ(moved("SELECT users.id, 'public.users' AS users FROM public.users"),
            "SELECT \"People\".id, 'public.users' AS users FROM public.\"People\"");
  EXPECT_EQ(moved("SELECT u.id FROM (public.users u JOIN app.users ON ((app.users.id = u.id)))"),
            "SELECT u.id FROM (public.\"People\" u JOIN app.users ON ((app.users.id = u.id)))");
  // Somebody else is called so in this query: the table keeps the name as its alias.
  EXPECT_EQ(
      moved("SELECT users.id FROM public.users WHERE EXISTS (SELECT users.x FROM t users)"),
      "SELECT users.id FROM public.\"People\" users WHERE EXISTS (SELECT users.x FROM t users)");
  EXPECT_EQ(moved("FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE",
                  "ALTER TABLE t ADD "),
            "FOREIGN KEY (user_id) REFERENCES public.\"People\"(id) ON DELETE CASCADE");
  EXPECT_EQ(
      moved("CREATE TRIGGER users BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION "
            "public.users()"),
      "CREATE TRIGGER users BEFORE UPDATE ON public.\"People\" FOR EACH ROW EXECUTE FUNCTION "
      "public.users()");
  EXPECT_EQ(moved("SELECT FROM users"), "SELECT FROM users");  // whose users is that?
  EXPECT_EQ(moved("SELECT FROM WHERE"), "SELECT FROM WHERE");
}

std::string places_shown(std::string_view query) {
  const auto places = shown_only(query, "public", "users", "full_name", lookup);
  if (!places) return "more than shown";
  std::string list;
  for (const std::size_t place : *places) list += std::to_string(place) + " ";
  return list;
}

TEST(ShownOnly, FindsAColumnThatIsAResultAndNoMore) {
  EXPECT_EQ(places_shown("SELECT users.id, users.full_name FROM users"), "1 ");
  EXPECT_EQ(places_shown("SELECT u.full_name AS a, u.id, full_name AS b FROM users u"), "0 2 ");
  EXPECT_EQ(places_shown("SELECT id FROM users"), "");
  EXPECT_EQ(
      places_shown("SELECT p.full_name || 'x' FROM profiles p JOIN users u ON u.id = p.user_id"),
      "");
}

TEST(ShownOnly, SeesEveryOtherUse) {
  for (const auto* query :
       {"SELECT lower(full_name) FROM users", "SELECT full_name::text FROM users",
        "SELECT full_name FROM users WHERE full_name <> ''",
        "SELECT users.full_name FROM users GROUP BY users.full_name",
        "SELECT users.full_name FROM users ORDER BY users.full_name",
        "SELECT DISTINCT full_name FROM users",
        "SELECT full_name FROM users UNION SELECT display_name FROM titles",
        "SELECT s.full_name FROM (SELECT full_name FROM users) s",
        "SELECT id, (SELECT max(u.full_name) FROM users u) FROM users", "SELECT users.* FROM users",
        "SELECT id FROM users JOIN profiles USING (full_name)"}) {
    EXPECT_EQ(places_shown(query), "more than shown") << query;
  }
}

}  // namespace
}  // namespace segue::dsl::sql
