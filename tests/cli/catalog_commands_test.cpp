// plan and snapshot against real servers.
#include "cli_fixture.hpp"
#include "runtime/server.hpp"
#include "runtime/session.hpp"

namespace segue::test {
namespace {

using testing::HasSubstr;

constexpr const char* schema = R"(
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  full_name text NOT NULL
);
CREATE INDEX users_full_name ON users (lower(full_name));
)";

class CatalogCommands : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    write("schema.sql", schema);
    write("a.segue", "rename users.full_name -> display_name\n");
  }
};

TEST_F(CatalogCommands, ThreeSourcesGiveOnePlan) {
  runtime::ThrowawayServer server;
  const std::string conninfo = server.create_database("app");
  const auto session = runtime::connect(conninfo);
  session->exec(schema);

  ASSERT_EQ(segue({"plan", "a.segue", "--schema", "schema.sql", "--out", "one"}).err, "");
  ASSERT_EQ(segue({"plan", "a.segue", "--db", conninfo, "--out", "two"}).err, "");
  ASSERT_EQ(segue({"snapshot", "--db", server.url("app"), "--out", "app.json"}).err, "");
  ASSERT_EQ(segue({"plan", "a.segue", "--snapshot", "app.json", "--out", "three"}).err, "");
  setenv("DATABASE_URL", server.url("app").c_str(), 1);
  ASSERT_EQ(segue({"plan", "a.segue", "--out", "four"}).err, "");
  unsetenv("DATABASE_URL");
  for (const char* file : {"1_expand.sql", "2_dual_write.sql", "3_backfill.sql", "4_contract.sql",
                           "DEPLOY.md", "plan.json"}) {
    const std::string expected = read(std::string("one/") + file);
    for (const char* directory : {"two/", "three/", "four/"}) {
      EXPECT_EQ(read(std::string(directory) + file), expected) << directory << file;
    }
  }
}

TEST_F(CatalogCommands, ALiveDatabaseSaysAtOnceWhatAPhaseWouldStopAt) {
  runtime::ThrowawayServer server;
  const std::string conninfo = server.create_database("app");
  const auto session = runtime::connect(conninfo);
  session->exec(
      "CREATE TABLE users (id bigint PRIMARY KEY, country text); "
      "INSERT INTO users SELECT n, CASE WHEN n > 3 THEN 'DE' END FROM generate_series(1, 9) AS n");
  write("b.segue", "require users.country\n");
  const Finished finished = segue({"plan", "b.segue", "--db", conninfo});
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_EQ(finished.err,
            "b.segue: warning: phase 2 would stop today: rows of public.users have no country: "
            "id = 1, id = 2, id = 3\n");
}

TEST_F(CatalogCommands, SnapshotsAreTheSameFromFileAndDatabase) {
  const Finished from_file = segue({"snapshot", "--schema", "schema.sql"});
  EXPECT_EQ(from_file.exit_code, 0);
  runtime::ThrowawayServer server;
  const std::string conninfo = server.create_database("app");
  const auto session = runtime::connect(conninfo);
  session->exec(schema);
  EXPECT_EQ(segue({"snapshot", "--db", conninfo}).out, from_file.out);

  session->exec("INSERT INTO users (full_name) SELECT 'x' FROM generate_series(1, 100)");
  session->exec("ANALYZE users");
  EXPECT_EQ(segue({"snapshot", "--db", conninfo}).out, from_file.out);
  EXPECT_THAT(segue({"snapshot", "--db", conninfo, "--statistics"}).out,
              HasSubstr("\"estimated_rows\": 100.0"));
}

TEST_F(CatalogCommands, ASchemaThatDoesNotLoadIsBadInput) {
  write("schema.sql", "CREATE TABLE a (b int);\nCREATE TABLE users (id bigint, name citext);\n");
  const Finished plan = segue({"plan", "a.segue", "--schema", "schema.sql"});
  EXPECT_EQ(plan.exit_code, 2);
  EXPECT_EQ(plan.err,
            "segue: schema.sql:2: type \"citext\" does not exist\n"
            "  CREATE TABLE users (id bigint, name citext);\n");
  EXPECT_FALSE(exists("migrations"));
}

}  // namespace
}  // namespace segue::test
