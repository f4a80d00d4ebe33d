// What `segue gate` says on a live server, in full; what contract asks under psql; what apps ask.
#include <algorithm>

#include "cli_fixture.hpp"
#include "runtime/server.hpp"
#include "runtime/session.hpp"

namespace segue::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

runtime::ServerOptions counting_statements() {
  runtime::ServerOptions options;
  options.settings["shared_preload_libraries"] = "pg_stat_statements";
  return options;
}

class Gate : public CommandLine {
 protected:
  static void SetUpTestSuite() {
    server_ = std::make_unique<runtime::ThrowawayServer>(counting_statements());
  }
  static void TearDownTestSuite() { server_.reset(); }

  void SetUp() override {
    CommandLine::SetUp();
    static int number = 0;
    conninfo_ = server_->create_database("gate_" + std::to_string(++number));
    execute(
        "CREATE TABLE users (id bigint PRIMARY KEY, full_name text);"
        "INSERT INTO users SELECT n, 'name ' || n FROM generate_series(1, 50) n");
    write("schema.sql", "CREATE TABLE users (id bigint PRIMARY KEY, full_name text);\n");
  }

  void plan(const std::string& change) const {
    write("a.segue", change);
    ASSERT_EQ(segue({"plan", "a.segue", "--schema", "schema.sql", "--out", "plan"}).err, "");
  }
  void apply_until(int last) const {
    for (int phase = 1; phase <= last; ++phase) {
      const Finished done =
          segue({"apply", "plan", "--phase", std::to_string(phase), "--db", conninfo_});
      ASSERT_EQ(done.exit_code, 0) << done.both();
    }
  }
  void execute(const std::string& sql, const std::string& application = "test") const {
    runtime::connect(conninfo_, application)->exec(sql);
  }
  std::string ask(const std::string& sql) const {
    return runtime::connect(conninfo_)->exec(sql).scalar();
  }
  Finished with_db(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--db", conninfo_});
    return segue(arguments);
  }
  Finished gate(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"gate", "plan"});
    return with_db(more);
  }
  Finished ack(const std::string& release, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"ack", "plan", "--release", release});
    return with_db(more);
  }
  // The lines about one question.
  static std::string about(const Finished& finished, const std::string& words) {
    std::string found;
    bool inside = false;
    std::istringstream lines(finished.out);
    for (std::string line; std::getline(lines, line);) {
      const bool begins = !line.starts_with(' ');
      if (begins) inside = line.find(words) != std::string::npos;
      if (inside) found += without_times(line) + "\n";
    }
    return found;
  }
  // Times are of the form 2030-01-01T10:00:00.000000Z, or with a blank and to the second.
  static std::string without_times(std::string text) {
    constexpr std::size_t date = 10;
    for (std::size_t at = 0; at + date < text.size(); ++at) {
      const bool is_time = text[at] == '2' && text[at + 4] == '-' && text[at + 7] == '-' &&
                           (text[at + date] == 'T' || text[at + date] == ' ');
      const std::size_t end = is_time ? text.find('Z', at) : std::string::npos;
      if (end != std::string::npos) text.replace(at, end - at + 1, "TIME");
    }
    return text;
  }

  static std::unique_ptr<runtime::ThrowawayServer> server_;
  std::string conninfo_;
};

std::unique_ptr<runtime::ThrowawayServer> Gate::server_;

TEST_F(Gate, OfTheFirstPhaseInADatabaseThatSegueHasNotBeenTo) {
  plan("rename users.full_name -> display_name\n");
  const Finished open = gate();
  EXPECT_EQ(open.exit_code, 0);
  EXPECT_EQ(open.err, "");
  EXPECT_EQ(open.out,
            "a, phase 1 (expand): open\n"
            "yes      proof     the server takes changes: it is no standby\n"
            "yes      proof     no other plan of a is in progress: nothing of it has been applied "
            "here\n"
            "yes      evidence  no other change in flight claims what this one changes: none in "
            "flight\n"
            "yes      proof     the schema is the one that a was planned for\n"
            "proof: PostgreSQL or the ledger vouches for it. evidence: what somebody said, or what "
            "could be seen from here.\n");
  EXPECT_EQ(ask("SELECT to_regnamespace('segue') IS NULL"), "t") << "a gate writes nothing";
  execute("ALTER TABLE users ADD COLUMN extra int");
  const Finished drifted = gate();
  EXPECT_EQ(drifted.exit_code, 3);
  EXPECT_EQ(about(drifted, "planned for"),
            "NO       proof     the schema is the one that a was planned for\n"
            "                   the schema is not the one that a was planned for:\n"
            "                     - column public.users.extra is new [drift]\n"
            "                   hint: Plan the change again for the schema as it is, or put the "
            "schema right. --allow drift goes on in spite of it.\n");
  EXPECT_EQ(gate({"--allow", "drift"}).exit_code, 0);
}

TEST_F(Gate, OfContractTellsProofFromEvidence) {
  plan("soak 7 days\nrename users.full_name -> display_name\n");
  apply_until(3);
  const Finished waiting = gate();
  EXPECT_EQ(waiting.exit_code, 3);
  EXPECT_EQ(
      without_times(waiting.out),
      "a, phase 4 (contract): refuses\n"
      "yes      proof     the server takes changes: it is no standby\n"
      "yes      proof     no other plan of a is in progress: this one is\n"
      "yes      proof     phase 3 (backfill) is complete: since TIME, by postgres\n"
      "yes      proof     what earlier phases made is still there\n"
      "yes      proof     the schema is the one that a was planned for\n"
      "NO       evidence  a release that needs nothing of what is old is out everywhere\n"
      "                   nobody has said which app release, fully out, no longer needs what this "
      "phase removes [release]\n"
      "                   hint: When it is out everywhere: segue ack DIR --release NAME (or "
      "--release NAME with this command).\n"
      "unknown  evidence  its soak of 7 d 0 h is over\n"
      "unknown  evidence  no session of the release before is open: nobody has said how its "
      "sessions are called (--old-release PATTERN); open now: none\n"
      "unknown  evidence  no statement that names public.users.full_name was called since the "
      "acknowledgement: no release is acknowledged: who uses what is old may do so\n"
      "yes      proof     no view, rule, policy or the like needs public.users.full_name\n"
      "yes      evidence  no function names public.users.full_name: bodies were parsed; SQL that "
      "one builds at run time is not seen\n"
      "yes      proof     public.users: display_name is full_name: PostgreSQL keeps it: "
      "segue_display_name_is_full_name_2a05c42d is validated, so no row breaks it now or later\n"
      "proof: PostgreSQL or the ledger vouches for it. evidence: what somebody said, or what could "
      "be seen from here.\n");
}

TEST_F(Gate, WithoutACheckTheRowsAreRead) {
  plan(
      "split users.full_name -> first_name text = (split_part(full_name, ' ', 1)), last_name text "
      "= "
      "(split_part(full_name, ' ', 2))\n  back (concat_ws(' ', first_name, last_name, "
      "split_part(full_name, ' ', 3)))\n");
  apply_until(3);
  EXPECT_EQ(ack("v2").exit_code, 0);
  Finished open = gate();
  EXPECT_EQ(open.exit_code, 0) << open.both();
  EXPECT_EQ(about(open, "rows were read"),
            "yes      evidence  public.users: full_name and (first_name, last_name) say the same: "
            "50 rows were "
            "read in short pieces; the triggers keep what was found\n");
  execute(
      "SET session_replication_role = replica; ALTER TABLE users DISABLE TRIGGER USER; "
      "UPDATE users SET full_name = 'Some One' WHERE id = 7; ALTER TABLE users ENABLE TRIGGER "
      "USER");
  const Finished differs = gate();
  EXPECT_EQ(differs.exit_code, 3);
  EXPECT_THAT(differs.out, HasSubstr("1 of 50 rows break the promise"));
  EXPECT_THAT(differs.out, HasSubstr("id = 7"));
}

TEST_F(Gate, SessionsOfTheReleaseBefore) {
  plan("rename users.full_name -> display_name\n");
  apply_until(3);
  ASSERT_EQ(ack("v43", {"--old-release", "shop-v42%"}).exit_code, 0);
  const auto old = runtime::connect(conninfo_, "shop-v42-web");
  const auto current = runtime::connect(conninfo_, "shop-v43");
  const Finished refused = gate();
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_EQ(about(refused, "no session"),
            "NO       evidence  no session of the release before is open: called like shop-v42%; "
            "open now: shop-v42-web (role postgres, 1), shop-v43 (role postgres, 1)\n"
            "                   sessions of the release before are open: shop-v42-web (role "
            "postgres, 1) [old-sessions]\n"
            "                   hint: See that it is stopped everywhere. Or go on with --allow "
            "old-sessions.\n");
  const Finished apply = with_db({"apply", "plan", "--phase", "4"});
  EXPECT_EQ(apply.exit_code, 3);
  EXPECT_EQ(apply.err,
            "segue: refused: sessions of the release before are open: shop-v42-web (role postgres, "
            "1) [old-sessions]\n"
            "  hint: See that it is stopped everywhere. Or go on with --allow old-sessions.\n");
  EXPECT_EQ(gate({"--allow", "old-sessions"}).exit_code, 0);
  EXPECT_EQ(gate({"--old-release", "shop-v43"}).exit_code, 3);
  // What another role's session does is hidden from such a role, what it is called is not.
  execute(
      "CREATE ROLE deployer LOGIN; GRANT USAGE ON SCHEMA segue TO deployer; GRANT SELECT ON users "
      "TO deployer; GRANT SELECT ON ALL TABLES IN SCHEMA segue TO deployer");
  const Finished blind = segue({"gate", "plan", "--db", conninfo_ + " user=deployer"});
  EXPECT_EQ(blind.exit_code, 3);
  EXPECT_THAT(blind.out, HasSubstr("sessions of the release before are open: shop-v42-web (role "
                                   "postgres, 1) [old-sessions]"));
}

TEST_F(Gate, StatementsSinceTheAcknowledgement) {
  plan("rename users.full_name -> display_name\n");
  apply_until(3);
  execute("CREATE SCHEMA tools; CREATE EXTENSION pg_stat_statements SCHEMA tools");
  execute("SELECT full_name FROM users WHERE id = 1");  // before: it may
  ASSERT_EQ(ack("v43").exit_code, 0);
  EXPECT_EQ(about(gate(), "no statement"),
            "yes      evidence  no statement that names public.users.full_name was called since "
            "the acknowledgement: pg_stat_statements counts none\n");
  execute("SELECT display_name FROM users; SELECT 'full_name' AS full_name FROM users u");
  execute("SELECT * FROM users WHERE id = 4");
  EXPECT_EQ(segue({"verify", "plan", "--db", conninfo_}).exit_code, 0);
  const Finished open = gate();
  EXPECT_EQ(open.exit_code, 0) << open.out;
  EXPECT_EQ(about(open, "no statement"),
            "yes      evidence  no statement that names public.users.full_name was called since "
            "the acknowledgement: statements that use all columns were called; after contract they "
            "find one less:\n"
            "                     - once by postgres: SELECT * FROM users WHERE id = $1\n");
  // Up to PostgreSQL 17 another alias is the same statement, with the text of its first call.
  for (int i = 0; i < 3; ++i) execute("SELECT u.full_name FROM users u WHERE u.id = 9");
  execute("SELECT full_name FROM users WHERE id = 2");
  const Finished refused = gate();
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_EQ(
      about(refused, "no statement"),
      "NO       evidence  no statement that names public.users.full_name was called since "
      "the acknowledgement: statements that use all columns were called; after contract they "
      "find one less:\n"
      "                     - once by postgres: SELECT * FROM users WHERE id = $1\n"
      "                   statements that name public.users.full_name were called since v43 "
      "was acknowledged:\n"
      "                     - " +
          std::string(server_->major() < 18
                          ? "4 times by postgres: SELECT full_name FROM users WHERE id = $1 "
                          : "3 times by postgres: SELECT u.full_name FROM users u WHERE u.id = $1\n"
                            "                     - once by postgres: SELECT full_name FROM users "
                            "WHERE id = $1 ") +
          "[old-statements]\n"
          "                   hint: Find out who sends them. When that is over: segue ack DIR "
          "--release with the name of the release that ended it, from which on calls count; or "
          "--allow old-statements.\n");
  ASSERT_EQ(ack("v44").exit_code, 0);
  EXPECT_EQ(gate().exit_code, 0);
}

TEST_F(Gate, ATripwireNotesOldWritesAndNothingElse) {
  plan("tripwire\nrename users.full_name -> display_name\n");
  apply_until(3);
  execute("CREATE ROLE shop LOGIN; GRANT SELECT, INSERT, UPDATE ON users TO shop");
  const std::string app = conninfo_ + " user=shop";
  const auto write = [&](const std::string& application, const std::string& sql) {
    runtime::connect(app, application)->exec(sql);
  };
  write("shop-v42", "UPDATE users SET full_name = 'before' WHERE id = 1");
  ASSERT_EQ(ack("v43").exit_code, 0);
  write("shop-v43", "INSERT INTO users (id, display_name) VALUES (100, 'new')");
  write("shop-v43", "UPDATE users SET display_name = 'newer' WHERE id < 20");
  EXPECT_EQ(about(gate(), "tripwire"),
            "yes      evidence  the tripwire has seen nobody write what is old since the "
            "acknowledgement\n");
  const auto old = runtime::connect(app, "cron-v42");
  for (int i = 0; i < 5; ++i) {
    old->exec("UPDATE users SET full_name = full_name WHERE id = 2");
    old->exec("INSERT INTO users (id, full_name) VALUES (" + std::to_string(200 + i) + ", 'x')");
  }
  EXPECT_EQ(ask("SELECT count(*) FROM segue.sighting WHERE app = 'cron-v42'"), "1");
  const Finished refused = gate();
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_EQ(about(refused, "tripwire"),
            "NO       evidence  the tripwire has seen nobody write what is old since the "
            "acknowledgement\n"
            "                   somebody wrote what is old since v43 was acknowledged:\n"
            "                     - cron-v42 (role shop): full_name of public.users, last seen "
            "TIME [tripwire]\n"
            "                   hint: Find out who that is. When it is over: segue ack DIR "
            "--release with the name of the release that ended it, from which on notes count; or "
            "--allow tripwire.\n");
  ASSERT_EQ(with_db({"apply", "plan", "--phase", "4", "--allow", "tripwire"}).exit_code, 0);
  EXPECT_EQ(ask("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'users'::regclass"), "0");
}

TEST_F(Gate, ATripwireNeitherHoldsUpNorFailsAWrite) {
  plan("tripwire\nrename users.full_name -> display_name\n");
  apply_until(2);
  // Two transactions that note at the same moment do not wait for each other.
  const auto one = runtime::connect(conninfo_, "same-name");
  const auto two = runtime::connect(conninfo_, "same-name");
  two->exec("SET lock_timeout = '1s'");
  for (const auto* session : {one.get(), two.get()})
    const_cast<runtime::Session*>(session)->exec("BEGIN");
  one->exec("UPDATE users SET full_name = 'a' WHERE id = 1");
  two->exec("UPDATE users SET full_name = 'b' WHERE id = 2");
  two->exec("COMMIT");
  one->exec("COMMIT");
  EXPECT_EQ(ask("SELECT count(*) FROM segue.sighting WHERE app = 'same-name'"), "2");
  // Nor do serializable ones fail for it.
  for (const auto& session : {&one, &two})
    (*session)->exec("SET application_name = 'strict'; BEGIN ISOLATION LEVEL SERIALIZABLE");
  one->exec("UPDATE users SET full_name = 'a' WHERE id = 11");
  two->exec("INSERT INTO users VALUES (300, 'b')");
  two->exec("COMMIT");
  one->exec("COMMIT");
  // A ledger that somebody has locked, or spoiled, costs a few milliseconds and a note.
  const auto locker = runtime::connect(conninfo_);
  locker->exec("BEGIN; LOCK TABLE segue.sighting");
  execute("UPDATE users SET full_name = 'c' WHERE id = 3", "while-locked");
  locker->exec("ROLLBACK");
  execute(
      "ALTER TABLE segue.sighting ADD COLUMN spoiled int NOT NULL DEFAULT 1, ADD CHECK (spoiled > "
      "1) NOT VALID");
  execute("UPDATE users SET full_name = 'd' WHERE id = 4", "while-spoiled");
  EXPECT_EQ(ask("SELECT string_agg(full_name || display_name, ',' ORDER BY id) FROM users WHERE id "
                "IN (1, 2, 3, 4)"),
            "aa,bb,cc,dd");
  EXPECT_EQ(ask("SELECT count(*) FROM segue.sighting WHERE app LIKE 'while%'"), "0");
  ASSERT_EQ(with_db({"undo", "plan"}).exit_code, 0);
  EXPECT_EQ(ask("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'users'::regclass"), "0");
}

TEST_F(Gate, AsARoleThatOnlyReads) {
  plan("rename users.full_name -> display_name\n");
  apply_until(3);
  ASSERT_EQ(ack("v43").exit_code, 0);
  execute("CREATE ROLE ci LOGIN");
  conninfo_ += " user=ci";
  const Finished blind = gate();
  EXPECT_EQ(blind.exit_code, 1);
  EXPECT_EQ(blind.err,
            "segue: role ci may not read the ledger: permission denied for table change [42501]\n"
            "  hint: GRANT SELECT ON ALL TABLES IN SCHEMA segue TO ci; and, so that it sees other "
            "roles' sessions and statements: GRANT pg_read_all_stats TO ci;\n");
  const std::string ci = std::exchange(conninfo_, conninfo_.substr(0, conninfo_.rfind(" user=")));
  execute("GRANT SELECT ON ALL TABLES IN SCHEMA segue TO ci");
  conninfo_ = ci;
  const Finished open = gate({"--json"});
  EXPECT_EQ(open.exit_code, 0) << open.both();
  EXPECT_THAT(open.out, HasSubstr("\"open\": true"));
  EXPECT_EQ(with_db({"status", "--expect", "a:3"}).exit_code, 0);
}

TEST_F(Gate, ContractUnderPsqlAsksForReleaseAndSoak) {
  plan("soak 7 days\nrename users.full_name -> display_name\n");
  const auto psql = [&](const std::string& file) {
    return run({"psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", conninfo_, "-f", file},
               directory_.path() / "plan");
  };
  for (const char* file : {"1_expand.sql", "2_dual_write.sql", "3_backfill.sql"})
    ASSERT_EQ(psql(file).exit_code, 0);
  const Finished nobody = psql("4_contract.sql");
  EXPECT_EQ(nobody.exit_code, 3);
  EXPECT_THAT(nobody.err,
              HasSubstr("ERROR:  nobody has said which app release, fully out, no longer needs "
                        "what phase 4 of a removes\n"
                        "HINT:  When it is out everywhere: SELECT segue.ack('a', 'RELEASE');\n"));
  execute("SELECT segue.ack('a', 'v43')");
  const Finished early = psql("4_contract.sql");
  EXPECT_EQ(early.exit_code, 3);
  EXPECT_THAT(early.err, HasSubstr("ERROR:  the soak of a is over at "));
  EXPECT_THAT(early.err, HasSubstr("HINT:  Wait, or say why not: SELECT segue.skip_soak('a', "
                                   "'REASON');\n"));
  EXPECT_EQ(ask("SELECT phase || coalesce(running::text, ' and no more') FROM segue.status"),
            "3 and no more");
  execute("SELECT segue.skip_soak('a', 'tried on staging')");
  EXPECT_EQ(psql("4_contract.sql").err, "");
  EXPECT_EQ(psql("4_contract.sql").err, "");
  EXPECT_EQ(ask("SELECT phase FROM segue.status"), "4");
}

TEST_F(Gate, AnAppAsksForThePhaseThatItNeeds) {
  plan("rename users.full_name -> display_name\n");
  const auto expect = [&](const std::string& what) {
    return with_db({"status", "--expect", what});
  };
  EXPECT_EQ(
      expect("a:1").err,
      "segue: refused: phase 1 (expand) of a is expected here; none of its phases is complete "
      "[behind]\n"
      "  hint: Apply what is missing before this release starts.\n");
  apply_until(2);
  // Half of phase 3, as a run that was killed leaves it.
  execute("SELECT segue.enter('a', '', 3, (SELECT fingerprint FROM segue.change))");
  EXPECT_EQ(ask("SELECT phase || ', in ' || running FROM segue.status"), "2, in 3");
  EXPECT_EQ(expect("a:2").exit_code, 0);
  const Finished behind = expect("a:3");
  EXPECT_EQ(behind.exit_code, 3);
  EXPECT_EQ(behind.err,
            "segue: refused: phase 3 (backfill) of a is expected here; phase 2 (dual-write) is the "
            "last one that is complete [behind]\n"
            "  hint: Apply what is missing before this release starts.\n");
  const Finished both = with_db({"status", "--expect", "a:2", "--expect", "b:1", "--json"});
  EXPECT_EQ(both.exit_code, 3);
  EXPECT_THAT(both.out, HasSubstr("\"change\": \"b\",\n      \"phase\": 1,\n      \"found\": 0,\n  "
                                  "    \"met\": false"));
  const Finished mistaken = expect("a:5");
  EXPECT_EQ(mistaken.exit_code, 2);
  EXPECT_EQ(mistaken.err,
            "segue: --expect a:5: not a change and one of its phases (0007_display_name:3)\n");
}

}  // namespace
}  // namespace segue::test
