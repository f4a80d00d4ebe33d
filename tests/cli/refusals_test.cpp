// What a user reads when a live database or a plan directory is not as it should be: whole texts.
#include "cli_fixture.hpp"
#include "runtime/server.hpp"
#include "runtime/session.hpp"

namespace segue::test {
namespace {

class Refusals : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    conninfo_ = server_.create_database("app");
    execute("CREATE TABLE users (id bigint PRIMARY KEY, full_name text)");
    write("schema.sql", "CREATE TABLE users (id bigint PRIMARY KEY, full_name text);\n");
    write("a.segue", "change a\nrename users.full_name -> display_name\n");
    ASSERT_EQ(segue({"plan", "a.segue", "--schema", "schema.sql", "--out", "plan"}).err, "");
  }

  void execute(const std::string& sql) const { runtime::connect(conninfo_)->exec(sql); }
  Finished apply(const std::string& phase, const std::string& more = {}) const {
    std::vector<std::string> arguments{"apply", "plan", "--phase", phase, "--db", conninfo_ + more};
    return segue(arguments);
  }
  void replace(const std::string& file, const std::string& from, const std::string& to) const {
    std::string text = read(file);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos);
    write(file, text.replace(at, from.size(), to));
  }

  runtime::ThrowawayServer server_;
  std::string conninfo_;
};

TEST_F(Refusals, APhaseBeforeItsTime) {
  const Finished finished = apply("2");
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_EQ(finished.err,
            "segue: refused: phase 1 (expand) of a is not complete in this database [phase-order]\n"
            "  hint: Apply it first: segue apply DIR --phase 1\n");
}

TEST_F(Refusals, AnEditedFile) {
  replace("plan/1_expand.sql", "ADD COLUMN display_name text", "ADD COLUMN display_name int");
  const Finished finished = apply("1");
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_EQ(finished.err,
            "segue: plan/1_expand.sql: edited since it was planned: change a.segue and plan again, "
            "so that what "
            "runs is what was reviewed\n");
}

TEST_F(Refusals, APlanThatNobodyRehearsed) {
  const Finished finished =
      segue({"apply", "plan", "--phase", "1", "--db", conninfo_, "--require-rehearsal"});
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_EQ(
      finished.err,
      "segue: refused: a has not been rehearsed: there is no plan/rehearsal.json [rehearsal]\n"
      "  hint: Run `segue rehearse plan`, and review what it says.\n");
  const Finished elsewhere =
      segue({"apply", "plan", "--phase", "1", "--db", conninfo_, "--rehearsal", "other.json"});
  EXPECT_EQ(elsewhere.exit_code, 3);
  EXPECT_EQ(elsewhere.err,
            "segue: refused: a has not been rehearsed: there is no other.json [rehearsal]\n"
            "  hint: Run `segue rehearse plan`, and review what it says.\n");
}

TEST_F(Refusals, AnIncompleteDirectory) {
  std::filesystem::remove(directory_.path() / "plan/4_contract.sql");
  const Finished finished = apply("1");
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_EQ(
      finished.err,
      "segue: plan/4_contract.sql: missing or not readable: this is no complete plan directory\n");
}

TEST_F(Refusals, ASchemaThatDrifted) {
  execute(
      "ALTER TABLE users ALTER COLUMN full_name TYPE varchar(40); CREATE INDEX later ON users "
      "(full_name)");
  const Finished finished = apply("1");
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_EQ(finished.err,
            "segue: refused: the schema is not the one that a was planned for:\n"
            "  - column public.users.full_name: type was text, is character varying(40)\n"
            "  - index later on public.users is new [drift]\n"
            "  hint: Plan the change again for the schema as it is, or put the schema right. "
            "--allow drift goes on in "
            "spite of it.\n");
}

TEST_F(Refusals, ARoleWithoutRights) {
  execute("CREATE ROLE lowly LOGIN");
  const Finished finished = apply("1", " user=lowly");
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_EQ(finished.err,
            "segue: role lowly may not make or use the ledger in database app: permission denied "
            "for database app [42501]\n"
            "  hint: Where schema segue is missing: GRANT CREATE ON DATABASE app TO lowly; where "
            "another role made it: apply as that role, or as a member of it.\n");
}

TEST_F(Refusals, ContractWithoutARelease) {
  for (const char* phase : {"1", "2", "3"}) ASSERT_EQ(apply(phase).exit_code, 0);
  const Finished finished = apply("4");
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_EQ(finished.err,
            "segue: refused: nobody has said which app release, fully out, no longer needs what "
            "this phase removes "
            "[release]\n"
            "  hint: When it is out everywhere: segue ack DIR --release NAME (or --release NAME "
            "with this command).\n");
}

TEST_F(Refusals, AnUnreachableServer) {
  const Finished finished = segue({"apply", "plan", "--phase", "1", "--db",
                                   "host=127.0.0.1 port=1 password=secret dbname=app"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.err, testing::HasSubstr("127.0.0.1"));
  EXPECT_THAT(finished.both(), testing::Not(testing::HasSubstr("secret")));
}

}  // namespace
}  // namespace segue::test
