// segue rehearse as a user runs it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <set>

#include "cli_fixture.hpp"
#include "runtime/server.hpp"
#include "runtime/session.hpp"

namespace segue::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr const char* schema =
    "CREATE TABLE users (id bigint PRIMARY KEY, full_name text, seen date);\n"
    "CREATE VIEW people AS SELECT u.id, u.full_name, t.name AS team\n"
    "  FROM users u LEFT JOIN teams t ON t.id = u.id;\n";

class RehearseCommand : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    write("schema.sql",
          std::string("CREATE TABLE teams (id bigint PRIMARY KEY, name text);\n") + schema);
    write("a.segue", "change a\nrename users.full_name -> display_name\n");
    ASSERT_EQ(segue({"plan", "a.segue", "--schema", "schema.sql", "--out", "plan"}).err, "");
  }
  void edit(const std::string& file, const std::string& from, const std::string& to) const {
    std::string text = read(file);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << text;
    write(file, text.replace(at, from.size(), to));
  }
  Finished rehearse(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"rehearse", "plan", "--quick", "--rows", "60"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return segue(arguments);
  }
};

// The plan's own copy of the schema is enough, with the view's other table in it; the live database
// gives its figures and is left as it was.
TEST_F(RehearseCommand, NeedsNothingButTheDirectory) {
  write(
      "old.sql",
      "-- two on a line\n"
      "SELECT full_name FROM users WHERE id = $1; UPDATE users SET full_name = $1 WHERE id = $2;\n"
      "INSERT INTO users (id, full_name) VALUES ($1, $2) ON CONFLICT DO NOTHING;\n"
      "VACUUM users;\n");
  write("new.json",
        R"([{"query": "UPDATE users SET display_name = $1 WHERE id = $2", "calls": 7},
            {"query": "SELECT * FROM users LIMIT $1"}, {"query": "SELECT nope FROM users"}])");
  const Finished done = rehearse({"--apps", "old.sql", "new.json", "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.both();
  const auto object = nlohmann::json::parse(done.out);
  EXPECT_TRUE(object.at("passed"));
  EXPECT_EQ(object.at("covers_not"), "it was a quick one");
  EXPECT_EQ(object.at("apps"), "derived from the catalogue, and old.sql, new.json");
  EXPECT_EQ(object.at("rows").at("public.users"), 60);
  const auto notes = object.at("notes").get<std::vector<std::string>>();
  EXPECT_THAT(notes, Contains("old.sql:4: left out: it neither reads nor writes rows"));
  EXPECT_THAT(notes, Contains("new.json, query 3: left out: on the schema of the new app alone it "
                              "does not run: column \"nope\" does not exist"));
  EXPECT_THAT(notes, Not(Contains(HasSubstr("teams"))));
  EXPECT_THAT(object.at("tried").dump(), HasSubstr("old app: own statement"));
  EXPECT_THAT(object.at("tried").dump(), HasSubstr("new app: own statement"));
  EXPECT_EQ(done.out, read("plan/rehearsal.json"));
  EXPECT_THAT(read("plan/REHEARSAL.md"), HasSubstr("# Rehearsal of a: passed\n"));

  const runtime::ThrowawayServer server;
  const Finished refused =
      segue({"apply", "plan", "--phase", "1", "--require-rehearsal", "--db", server.conninfo()});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_EQ(refused.err,
            "segue: refused: the rehearsal of a covers nothing: it was a quick one [rehearsal]\n"
            "  hint: Run `segue rehearse plan`, and review what it says.\n");
}

TEST_F(RehearseCommand, TakesSizesFromALiveDatabase) {
  runtime::ThrowawayServer server;
  const std::string conninfo = server.create_database("live");
  const auto live = runtime::connect(conninfo);
  live->exec(std::string("CREATE TABLE teams (id bigint PRIMARY KEY, name text);") + schema);
  live->exec(
      "INSERT INTO users SELECT n, 'a name that nobody else has', NULL FROM "
      "generate_series(1, 50000) n; ANALYZE");
  const Finished done = rehearse({"--like", conninfo, "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.both();
  const auto object = nlohmann::json::parse(done.out);
  EXPECT_EQ(object.at("target_rows").at("public.users"), 50000);
  for (const auto& step : object.at("steps")) {
    if (step.at("declared").at("scan") == "catalogue") {
      EXPECT_EQ(step.at("projected_ms"), step.at("traced").at("ms")) << step.dump(1);
    } else {
      EXPECT_GE(step.at("projected_ms"), step.at("traced").at("ms")) << step.dump(1);
    }
  }
  EXPECT_THAT(done.both(), Not(HasSubstr("a name that nobody else has")));
  EXPECT_EQ(live->exec("SELECT count(*) FROM pg_namespace WHERE nspname = 'segue'").scalar(), "0");

  live->exec("ALTER TABLE users ADD COLUMN surprise text");
  const Finished drifted = rehearse({"--like", conninfo});
  EXPECT_EQ(drifted.exit_code, 3);
  EXPECT_EQ(drifted.err,
            "segue: refused: the live database, made again here, is not what the plan was made "
            "for:\n"
            "  column public.users.surprise is new [drift]\n"
            "  hint: Plan again from the schema as it is now.\n");
}

TEST_F(RehearseCommand, ASchemaThatWasNotPlannedForIsRefusedBeforeAnythingIsPlayed) {
  write("other.sql", "CREATE TABLE users (id int PRIMARY KEY);");
  const Finished other = rehearse({"--schema", "other.sql"});
  EXPECT_EQ(other.exit_code, 3) << other.both();
  EXPECT_THAT(other.err, HasSubstr("segue: refused: other.sql, made again here, is not what the "
                                   "plan was made for:\n"));
  EXPECT_FALSE(exists("plan/rehearsal.json"));
}

TEST_F(RehearseCommand, RunsFilesAsSomebodyEditedThem) {
  edit("plan/1_expand.sql", "ADD COLUMN display_name text;",
       "ADD COLUMN display_name text;\nSELECT 1 / 0;");
  const Finished refused = rehearse({});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_EQ(refused.err,
            "segue: plan/1_expand.sql: edited since it was planned: change a.segue and plan again, "
            "so that what runs is what was reviewed\n");
  const Finished done = rehearse({"--as-is"});
  EXPECT_EQ(done.exit_code, 1) << done.both();
  EXPECT_THAT(done.out, HasSubstr("note: 1_expand.sql was edited since it was planned\n"));
  EXPECT_THAT(done.out,
              HasSubstr("\nbroken: end state, in phase 1, at 1.1 Add public.users.display_name\n"));
  EXPECT_THAT(done.out, HasSubstr("a: the rehearsal failed on PostgreSQL "));
  EXPECT_FALSE(nlohmann::json::parse(read("plan/rehearsal.json")).at("covers"));
  EXPECT_THAT(read("plan/REHEARSAL.md"),
              HasSubstr("This covers no plan: the directory was rehearsed as it is."));
}

TEST_F(RehearseCommand, SaysWhatIsWrongWithTheCommand) {
  const auto expect = [&](const std::vector<std::string>& arguments, const std::string& error) {
    const Finished done = segue(arguments);
    EXPECT_EQ(done.exit_code, 2) << done.both();
    EXPECT_EQ(done.err, error);
    EXPECT_EQ(done.out, "");
    EXPECT_FALSE(exists("plan/rehearsal.json"));
  };
  expect({"rehearse", "nowhere"}, "segue: nowhere: no such directory\n");
  expect({"rehearse", "plan", "--schema", "none.sql"},
         "segue: none.sql: No such file or directory\n");
  write("bad.json", "{}");
  expect({"rehearse", "plan", "--snapshot", "bad.json"},
         "segue: bad.json: not a snapshot of segue's\n");
  expect({"rehearse", "plan", "--apps", "bad.json", "bad.json"},
         "segue: bad.json: not a JSON list of queries\n");
  write("bad.csv", "calls\n7\n");
  expect({"rehearse", "plan", "--apps", "bad.csv", "bad.csv"},
         "segue: bad.csv: no column \"query\" in its first line\n");
  write("none.sql", "VACUUM;\n");
  expect({"rehearse", "plan", "--apps", "none.sql", "none.sql"},
         "segue: none.sql: no statement that an app could send; none.sql:1: left out: it neither "
         "reads nor writes rows\n");
  std::set<int> others;
  for (const runtime::ServerBinaries& one : runtime::installed_servers()) others.insert(one.major);
  expect({"rehearse", "plan", "--pg", "99"},
         fmt::format("segue: --pg 99: PostgreSQL 99 is not installed here; {} {}\n",
                     fmt::join(others, ", "), others.size() == 1 ? "is" : "are"));
  EXPECT_EQ(segue({"rehearse", "plan", "--rows", "-5"}).exit_code, 2);
  EXPECT_EQ(segue({"rehearse", "plan", "--rows", "0"}).exit_code, 2);
  EXPECT_EQ(segue({"rehearse", "plan", "--sample", "5"}).exit_code, 2);
  EXPECT_EQ(segue({"rehearse", "plan", "--like", "x", "--schema", "y"}).exit_code, 2);
  EXPECT_EQ(segue({"rehearse", "plan", "--like", "foo bar"}).exit_code, 2);
}

}  // namespace
}  // namespace segue::test
