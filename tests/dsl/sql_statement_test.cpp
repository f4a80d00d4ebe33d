// What an app's statement does with its parameters.
#include "dsl/sql_statement.hpp"

#include <gtest/gtest.h>

namespace segue::dsl::sql {
namespace {

AppStatement read(std::string_view text) {
  auto parsed = parse_app_statement(text);
  if (const auto* error = std::get_if<ParseError>(&parsed)) {
    ADD_FAILURE() << text << ": " << error->message;
    return {};
  }
  return std::get<AppStatement>(std::move(parsed));
}

// "1 users.id, 2 =name, 3 rows": `=` where it is written.
std::string uses(std::string_view text) {
  std::string out;
  for (const ParameterUse& use : read(text).parameters) {
    out += (out.empty() ? "" : ", ") + std::to_string(use.number) + ' ';
    if (use.counts_rows) out += "rows";
    if (use.written) out += '=';
    if (!use.table.name.empty()) out += use.table.name + '.';
    out += use.column;
  }
  return out;
}

TEST(AppStatement, ParametersMeetColumns) {
  EXPECT_EQ(uses("SELECT name FROM users u WHERE u.id = $1 AND $2 < age LIMIT $3"),
            "1 users.id, 2 age, 3 rows");
  EXPECT_EQ(uses("SELECT 1 FROM users WHERE id IN ($1, $2) OR id = ANY ($3::bigint[])"),
            "1 id, 2 id, 3 id");
  EXPECT_EQ(uses("SELECT 1 FROM users WHERE age BETWEEN $1 AND $2 AND lower($3) = 'x'"),
            "1 age, 2 age, 3 ");
  EXPECT_EQ(uses("INSERT INTO app.users (id, name) VALUES ($1, $2::text), ($3, DEFAULT) "
                 "ON CONFLICT (id) DO UPDATE SET name = $4"),
            "1 =users.id, 2 =users.name, 3 =users.id, 4 =users.name");
  EXPECT_EQ(uses("UPDATE users SET name = $2 WHERE id = $1"), "1 id, 2 =users.name");
  EXPECT_EQ(uses("DELETE FROM users"), "");
}

TEST(AppStatement, KindsAndNames) {
  using Kind = AppStatement::Kind;
  EXPECT_EQ(read("SELECT 1").kind, Kind::select);
  EXPECT_EQ(read("WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x").kind, Kind::insert);
  EXPECT_EQ(read("UPDATE t SET a = 1").kind, Kind::update);
  EXPECT_EQ(read("DELETE FROM t").kind, Kind::remove);
  EXPECT_EQ(read("MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE").kind, Kind::merge);
  EXPECT_EQ(read("VACUUM t").kind, Kind::other);
  EXPECT_EQ(read("SELECT a FROM app.t").relations, (std::vector<RelationName>{{"app", "t"}}));
  EXPECT_EQ(std::get<ParseError>(parse_app_statement("SELECT FROM WHERE")).message,
            "syntax error at or near \"WHERE\"");
  EXPECT_EQ(std::get<ParseError>(parse_app_statement("SELECT 1; SELECT 2")).message,
            "not exactly one statement");
}

}  // namespace
}  // namespace segue::dsl::sql
