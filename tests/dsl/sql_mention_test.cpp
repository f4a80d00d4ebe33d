// Statements as applications send them, and as pg_stat_statements keeps them.
#include <gtest/gtest.h>

#include "dsl/sql.hpp"

namespace segue::dsl::sql {
namespace {

std::optional<TableColumns> lookup(const std::string& schema, const std::string& name) {
  static const std::vector<TableColumns> tables = {
      {"public", "users", {"id", "full_name", "display_name"}},
      {"public", "orders", {"id", "user_id", "total"}},
      {"public", "people", {"id", "full_name"}},
      {"app", "users", {"id", "full_name"}},
  };
  for (const auto& table : tables) {
    if (table.table == name && (schema.empty() ? "public" : schema) == table.schema) return table;
  }
  return std::nullopt;
}

struct Case {
  ColumnMention expected;
  const char* statement;
};

class Mention : public testing::TestWithParam<Case> {};

TEST_P(Mention, OfFullNameOfUsers) {
  EXPECT_EQ(mention_in_statement(GetParam().statement, "public", "users", "full_name", lookup),
            GetParam().expected)
      << GetParam().statement;
}

constexpr auto none = ColumnMention::none;
constexpr auto star = ColumnMention::star;
constexpr auto named = ColumnMention::named;

const Case cases[] = {
    {named, "SELECT full_name FROM users WHERE id = $1"},
    {named, "SELECT u.full_name FROM public.users AS u WHERE u.id = $1 LIMIT $2"},
    {named, "SELECT id FROM users ORDER BY lower(full_name)"},
    {named, "SELECT o.id FROM orders o JOIN users u ON u.id = o.user_id AND u.full_name = $1"},
    {named, "SELECT id FROM orders WHERE user_id IN (SELECT id FROM users WHERE full_name ~ $1)"},
    {named, "SELECT id FROM users u WHERE EXISTS (SELECT FROM orders WHERE full_name = $1)"},
    {named, "WITH x AS (SELECT full_name AS n FROM users) SELECT n FROM x"},
    {named, "SELECT id FROM orders UNION ALL SELECT id FROM users WHERE full_name IS NULL"},
    {named, "SELECT (u).full_name FROM users u"},
    {named, "SELECT a.id FROM users a JOIN people b USING (full_name)"},
    {named, "INSERT INTO users (id, full_name) VALUES ($1, $2)"},
    {named, "INSERT INTO users (id) VALUES ($1) ON CONFLICT (full_name) DO NOTHING"},
    {named, "INSERT INTO users (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET full_name = $2"},
    {named, "INSERT INTO users (id) VALUES ($1) RETURNING full_name"},
    {named, "UPDATE users SET full_name = $1 WHERE id = $2"},
    {named, "UPDATE orders SET total = $1 FROM users u WHERE u.id = user_id AND u.full_name = $2"},
    {named, "DELETE FROM users WHERE full_name = $1"},
    {named, "DELETE FROM orders USING users u WHERE u.full_name = $1"},
    {named,
     "MERGE INTO users u USING orders o ON o.user_id = u.id WHEN MATCHED THEN UPDATE SET "
     "full_name = $1"},
    {named, "COPY users (id, full_name) FROM STDIN"},
    {named, "COPY (SELECT full_name FROM users) TO STDOUT"},
    {named, "SELECT full_name FROM users WHERE a b c"},  // does not parse
    {star, "SELECT * FROM users WHERE id = $1"},
    {star, "SELECT u.* FROM users u, orders"},
    {star, "SELECT row_to_json(u) FROM users u"},
    {star, "INSERT INTO users VALUES ($1, $2)"},
    {star, "UPDATE users SET display_name = $1 RETURNING *"},
    {star, "COPY public.users TO STDOUT"},
    {none, "SELECT display_name FROM users WHERE id = $1"},
    {none, "SELECT $1 AS full_name FROM users"},
    {none, "SELECT count(*) FROM users"},
    {none, "SELECT p.full_name FROM people p, users u WHERE p.id = u.id"},
    {none, "SELECT id FROM users WHERE id IN (SELECT id FROM people WHERE full_name = $1)"},
    {none, "SELECT full_name FROM app.users"},
    {none, "WITH users AS (SELECT full_name FROM people) SELECT full_name FROM users"},
    {none, "SELECT o.* FROM users u JOIN orders o ON o.user_id = u.id"},
    {none, "INSERT INTO users (id, display_name) SELECT id, full_name FROM people"},
    {none, "INSERT INTO people (full_name) SELECT display_name FROM users"},
    {none, "UPDATE people SET full_name = u.display_name FROM users u WHERE u.id = people.id"},
    {none, "ALTER TABLE users DROP COLUMN full_name"},
    {none, "COPY people (full_name) FROM STDIN"},
    {none, "SELECT 1 a b c"},
};

INSTANTIATE_TEST_SUITE_P(Case, Mention, testing::ValuesIn(cases));

}  // namespace
}  // namespace segue::dsl::sql
