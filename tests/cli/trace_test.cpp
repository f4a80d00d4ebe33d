// segue trace as a user runs it.
#include <nlohmann/json.hpp>

#include "cli_fixture.hpp"
#include "runtime/server.hpp"
#include "runtime/session.hpp"

namespace segue::test {
namespace {

using testing::HasSubstr;

class TraceCommand : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    write("schema.sql", "CREATE TABLE users (id serial PRIMARY KEY, email text);\n");
  }
};

TEST_F(TraceCommand, TellsWhatHurtsAndWhatFails) {
  write("a.sql",
        "-- two\nCREATE INDEX users_email ON users (email);\nALTER TABLE users\n  ADD nope;\n");
  const Finished done = segue({"trace", "a.sql", "--schema", "schema.sql", "--rows", "100"});
  EXPECT_EQ(done.exit_code, 1);
  EXPECT_THAT(done.out, HasSubstr("a.sql:2: CREATE INDEX users_email ON users (email)\n"));
  EXPECT_THAT(done.out, HasSubstr("    builds   public.users_email\n"
                                  "    HURTS    nobody can write public.users while "
                                  "public.users_email is built (SHARE)\n"));
  EXPECT_THAT(done.err, HasSubstr("segue: a.sql:3: syntax error"));
  EXPECT_THAT(done.err, HasSubstr("(42601)\n"));
}

TEST_F(TraceCommand, SaysTheSameAsJson) {
  write("a.sql", "ALTER TABLE users ALTER email SET NOT NULL;");
  write("schema.sql", "CREATE TABLE users (email text CHECK (email <> ''));\n");
  const Finished done =
      segue({"trace", "a.sql", "--schema", "schema.sql", "--rows", "0", "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.both();
  const auto object = nlohmann::json::parse(done.out);
  const auto& statement = object.at("statements").at(0);
  EXPECT_EQ(statement.at("line"), 1);
  EXPECT_EQ(statement.at("locks").at(0).at("relation"), "public.users");
  EXPECT_EQ(statement.at("locks").at(0).at("mode"), "ACCESS EXCLUSIVE");
  EXPECT_EQ(statement.at("scans"), nlohmann::json::array({"public.users"}));
  EXPECT_EQ(statement.at("rewrites"), nlohmann::json::array());
}

TEST_F(TraceCommand, TellsWhatALiveDatabaseWouldTake) {
  runtime::ThrowawayServer server;
  const auto live = runtime::connect(server.create_database("live"));
  live->exec("CREATE TABLE users (id serial PRIMARY KEY, email text)");
  live->exec("INSERT INTO users (email) SELECT 'x' FROM generate_series(1, 100000); ANALYZE users");
  write("a.sql", "CREATE INDEX ON users (email); ALTER TABLE users ADD seen date");
  const Finished done = segue({"trace", "a.sql", "--schema", "schema.sql", "--rows", "1000",
                               "--like", server.conninfo("live"), "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.both();
  const auto object = nlohmann::json::parse(done.out);
  const auto& build = object.at("statements").at(0);
  EXPECT_EQ(object.at("rows").at("public.users"), 1000);
  EXPECT_GE(build.at("projected_ms").get<double>(), build.at("milliseconds").get<double>());
  EXPECT_FALSE(object.at("statements").at(1).contains("projected_ms"));
}

TEST_F(TraceCommand, RefusesWhatIsNotSql) {
  write("a.sql", "\\echo hello\n");
  const Finished done = segue({"trace", "a.sql"});
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_EQ(done.err,
            "segue: a.sql:1: psql's \\echo is not SQL\n"
            "  hint: leave it out; every statement is run as it stands\n");
  EXPECT_EQ(done.out, "");
}

}  // namespace
}  // namespace segue::test
