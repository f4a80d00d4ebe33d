// What needs no server: the command line itself, snapshots, formatting, bad files.
#include <filesystem>

#include "cli_fixture.hpp"

namespace segue::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* snapshot = R"json({"segue_snapshot": 1, "catalog": {
  "server_version": 150018, "search_path": ["public"], "schemas": ["public"],
  "builtin_types": ["text", "int8"],
  "tables": [{"name": "public.users", "columns": [
    {"name": "id", "type": "bigint", "not_null": true},
    {"name": "full_name", "type": "text"}],
   "indexes": [{"name": "users_pkey", "unique": true, "primary": true,
                "keys": [{"column": "id"}], "constraint": "users_pkey"}],
   "constraints": [{"name": "users_pkey", "kind": "primary key", "columns": ["id"],
                    "definition": "PRIMARY KEY (id)"}]}]}})json";

TEST_F(CommandLine, TellsItsVersionAndHelp) {
  const Finished version = segue({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, StartsWith("segue 0."));
  const Finished help = segue({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* word :
       {"plan", "snapshot", "fmt", "segue plan   changes/", "Exit codes: 0 done"}) {
    EXPECT_THAT(help.out, HasSubstr(word));
  }
  EXPECT_THAT(segue({"plan", "--help"}).out, HasSubstr("Examples:"));
}

TEST_F(CommandLine, MistakesOnItAreBadInput) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{},
                                             {"nonsense"},
                                             {"plan"},
                                             {"plan", "a.segue", "--schema"},
                                             {"plan", "a.segue", "--schema", "a.sql", "--db", "x"},
                                             {"plan", "a.segue", "--nonsense"},
                                             {"fmt"},
                                             {"fmt", "--stdin", "a.segue"}}) {
    EXPECT_EQ(segue(arguments).exit_code, 2) << testing::PrintToString(arguments);
  }
}

TEST_F(CommandLine, ACodeThatNothingBearsCannotBeAllowed) {
  write("users.json", snapshot);
  write("a.segue", "rename users.full_name -> display_name\n");
  const Finished plan =
      segue({"plan", "a.segue", "--snapshot", "users.json", "--allow", "functoin-body"});
  EXPECT_EQ(plan.exit_code, 2);
  EXPECT_EQ(plan.err,
            "segue: --allow functoin-body: nothing that refuses has this code; did you mean "
            "\"function-body\"?\n");
  EXPECT_FALSE(exists("migrations"));
  ASSERT_EQ(segue({"plan", "a.segue", "--snapshot", "users.json"}).exit_code, 0);
  for (const char* command : {"apply", "gate", "preview"}) {
    const Finished run = segue({command, "migrations/a", "--allow", "everything"});
    EXPECT_EQ(run.exit_code, 2) << command;
    EXPECT_THAT(run.err, HasSubstr("--allow everything: nothing that refuses has this code"));
  }
}

TEST_F(CommandLine, PlansFromASnapshotWithoutAServer) {
  write("users.json", snapshot);
  write("0007_display_name.segue", "rename users.full_name -> display_name\n");
  const Finished plan = segue({"plan", "0007_display_name.segue", "--snapshot", "users.json"});
  EXPECT_EQ(plan.err, "");
  EXPECT_EQ(plan.exit_code, 0);
  EXPECT_THAT(plan.out, StartsWith("migrations/0007_display_name\n  1_expand.sql "));
  for (const char* file : {"1_expand.sql", "2_dual_write.sql", "3_backfill.sql", "4_contract.sql",
                           "DEPLOY.md", "plan.json"}) {
    EXPECT_TRUE(exists(std::string("migrations/0007_display_name/") + file)) << file;
  }
  // The same plan again is no quarrel; another one needs --force.
  EXPECT_EQ(segue({"plan", "0007_display_name.segue", "--snapshot", "users.json"}).exit_code, 0);
  write("0007_display_name.segue", "rename users.full_name -> shown_name\n");
  EXPECT_NE(segue({"plan", "0007_display_name.segue", "--snapshot", "users.json"}).exit_code, 0);
  EXPECT_EQ(
      segue({"plan", "0007_display_name.segue", "--snapshot", "users.json", "--force"}).exit_code,
      0);
  EXPECT_THAT(read("migrations/0007_display_name/1_expand.sql"), HasSubstr("shown_name"));
}

TEST_F(CommandLine, AnswersInJson) {
  write("users.json", snapshot);
  write("a.segue", "rename users.full_name -> display_name\n");
  const Finished plan =
      segue({"plan", "a.segue", "--snapshot", "users.json", "--json", "--out", "there"});
  EXPECT_EQ(plan.exit_code, 0);
  EXPECT_THAT(plan.out, StartsWith("{\n  \"change\": \"a\",\n  \"directory\": \"there\",\n"));
  write("a.segue", "rename users.full_nmae -> display_name\n");
  const Finished refused = segue({"plan", "a.segue", "--snapshot", "users.json", "--json"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.out, HasSubstr("\"line\": 1,\n      \"column\": 14,\n"));
}

TEST_F(CommandLine, ShowsMistakesOfTheChangeAndWritesNothing) {
  write("users.json", snapshot);
  write("a.segue", "renmae users.full_name -> b\n");
  Finished plan = segue({"plan", "a.segue", "--snapshot", "users.json"});
  EXPECT_EQ(plan.exit_code, 2);
  EXPECT_THAT(plan.err, StartsWith("a.segue:1:1: error: "));
  EXPECT_THAT(plan.err, HasSubstr("rename"));
  write("a.segue", "rename users.full_nmae -> b\n");
  plan = segue({"plan", "a.segue", "--snapshot", "users.json"});
  EXPECT_EQ(plan.exit_code, 2);
  EXPECT_THAT(plan.err, StartsWith("a.segue:1:14: error: unknown column"));
  EXPECT_FALSE(exists("migrations"));
}

TEST_F(CommandLine, NamesFilesThatAreNoGood) {
  write("users.json", snapshot);
  const auto error_of = [&](const std::vector<std::string>& arguments) {
    const Finished finished = segue(arguments);
    EXPECT_EQ(finished.exit_code, 2);
    EXPECT_FALSE(exists("migrations"));
    return finished.err;
  };
  EXPECT_EQ(error_of({"plan", "none.segue", "--snapshot", "users.json"}),
            "segue: none.segue: No such file or directory\n");
  EXPECT_EQ(error_of({"plan", ".", "--snapshot", "users.json"}),
            "segue: .: a directory, not a file\n");
  write("binary.segue", std::string("\x7f"
                                    "ELF\0\0",
                                    6));
  EXPECT_EQ(error_of({"plan", "binary.segue", "--snapshot", "users.json"}),
            "segue: binary.segue: not a text file\n");
  write("a.segue", "rename users.full_name -> display_name\n");
  EXPECT_EQ(error_of({"plan", "a.segue", "--snapshot", "none.json"}),
            "segue: none.json: No such file or directory\n");
  write("bad.json", "{");
  EXPECT_EQ(error_of({"plan", "a.segue", "--snapshot", "bad.json"}), "segue: bad.json: not JSON\n");
  EXPECT_EQ(error_of({"plan", "a.segue", "--schema", "none.sql"}),
            "segue: none.sql: No such file or directory\n");
  EXPECT_EQ(error_of({"plan", "a.segue"}),
            "segue: nothing says what the schema is: give --schema FILE.sql, --snapshot FILE.json "
            "or --db CONNINFO (or set DATABASE_URL)\n");
  EXPECT_EQ(error_of({"snapshot"}),
            "segue: nothing says what the schema is: give --schema FILE.sql or --db CONNINFO (or "
            "set DATABASE_URL)\n");
}

TEST_F(CommandLine, AServerThatDoesNotAnswerIsAFailure) {
  write("a.segue", "rename users.full_name -> display_name\n");
  const Finished plan =
      segue({"plan", "a.segue", "--db", "postgresql://u:hunter2@/x?host=/nowhere"});
  EXPECT_EQ(plan.exit_code, 1);
  EXPECT_THAT(plan.err, StartsWith("segue: "));
  EXPECT_THAT(plan.err, HasSubstr("/nowhere/.s.PGSQL.5432"));
  EXPECT_THAT(plan.both(), testing::Not(HasSubstr("hunter2")));
}

TEST_F(CommandLine, FormatsInPlace) {
  write("a.segue", "RENAME   users.full_name->display_name -- why\n");
  EXPECT_EQ(segue({"fmt", "--check", "a.segue"}).exit_code, 1);
  EXPECT_THAT(read("a.segue"), StartsWith("RENAME   "));
  EXPECT_EQ(segue({"fmt", "a.segue"}).exit_code, 0);
  EXPECT_THAT(read("a.segue"), HasSubstr("rename users.full_name -> display_name"));
  EXPECT_THAT(read("a.segue"), HasSubstr("-- why"));
  EXPECT_EQ(segue({"fmt", "--check", "a.segue"}).exit_code, 0);
  const std::string formatted = read("a.segue");
  EXPECT_EQ(segue({"fmt", "a.segue"}).exit_code, 0);
  EXPECT_EQ(read("a.segue"), formatted);

  write("b.segue", "rename\n");
  EXPECT_EQ(segue({"fmt", "b.segue", "a.segue"}).exit_code, 2);
  EXPECT_EQ(read("b.segue"), "rename\n");
}

}  // namespace
}  // namespace segue::test
