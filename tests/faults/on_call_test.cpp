// What happens to a change on call: rights, data fixes, forgotten transactions, tables that go.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "hostile.hpp"

namespace segue::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class OnCall : public Hostile {
 protected:
  void apply_up_to(int last) {
    for (int phase = 1; phase <= last; ++phase) {
      const auto done = apply(phase);
      ASSERT_EQ(done.exit_code, 0) << done.both();
    }
  }
};

TEST_F(OnCall, AnAppWritesWhereDefaultPrivilegesGiveNobodyAnything) {
  begin(
      "CREATE ROLE app LOGIN; ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; "
      "CREATE TABLE docs (id int PRIMARY KEY, title text, cents int, code text NOT NULL); GRANT "
      "ALL ON docs TO app; INSERT INTO docs SELECT g, 't', g, g FROM generate_series(1, 100) g",
      "rename docs.title -> name\n"
      "retype docs.cents -> numeric(18,2) as amount using (cents / 100.0) back "
      "((amount * 100)::integer)\n"
      "split docs.code -> kind int = (code::int), rest text = ('') back (kind || rest)\n");
  const auto app = [&](const std::string& sql) {
    runtime::connect(conninfo_ + " user=app")->exec(sql);
  };
  for (int phase = 1; phase <= 3; ++phase) {
    ASSERT_EQ(apply(phase).exit_code, 0);
    app("UPDATE docs SET cents = cents + 1, title = 'u', code = '7' WHERE id < 10; "
        "INSERT INTO docs (id, title, cents, code) VALUES (" +
        std::to_string(1000 + phase) + ", 'n', 5, '6')");
    if (phase < 2) continue;
    app(fmt::format(
        "UPDATE docs SET name = 'a{0}', title = 'b', amount = {0}, cents = 4, kind = {0} WHERE id "
        "= 11",
        phase));
    EXPECT_EQ(value("SELECT title || ' ' || cents || ' ' || code FROM docs WHERE id = 11"),
              fmt::format("a{0} {0}00 {0}", phase));
  }
  ASSERT_EQ(segue({"undo"}).exit_code, 0);
  session_->exec(
      "ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC; DROP OWNED BY app; DROP ROLE "
      "app");
}

TEST_F(OnCall, ARoleThatWasSetMayNotSeeItsOwnSession) {
  begin(
      "CREATE ROLE deployer LOGIN NOINHERIT; CREATE ROLE keeper; GRANT keeper TO deployer; CREATE "
      "TABLE t (id int PRIMARY KEY, a text); ALTER TABLE t OWNER TO keeper; GRANT ALL ON SCHEMA "
      "public TO keeper",
      "rename t.a -> b\n");
  const std::string database = "DATABASE \"" + value("SELECT current_database()") + "\"";
  session_->exec("GRANT CREATE ON " + database +
                 " TO keeper; ALTER ROLE deployer SET role = keeper");
  for (int phase = 1; phase <= 3; ++phase) {
    const auto done = apply(phase, "deployer");
    ASSERT_EQ(done.exit_code, 0) << done.both();
  }
  EXPECT_EQ(segue({"undo"}, "deployer").exit_code, 0);
  session_->exec(
      "ALTER ROLE deployer RESET role; DROP OWNED BY deployer, keeper CASCADE; DROP ROLE "
      "deployer; DROP ROLE keeper");
}

// As pg_restore --disable-triggers does, and many a fix of data.
TEST_F(OnCall, TriggersThatWereDisabledAndEnabledAreMadeAgain) {
  begin(
      "CREATE TABLE users (id int PRIMARY KEY, full_name text, bio text, n text NOT NULL); CREATE "
      "TABLE cards (id int PRIMARY KEY); INSERT INTO users SELECT g, 'n', 'b', 'x y' FROM "
      "generate_series(1, 100) g; INSERT INTO cards SELECT id FROM users",
      "rename users.full_name -> display_name\n"
      "split users.n -> a text = (split_part(n, ' ', 1)), b text = (split_part(n, ' ', 2)) back "
      "(concat_ws(' ', a, b))\n"
      "move users.bio -> cards.bio on (users.id = cards.id)\n");
  apply_up_to(3);
  const auto disturb = [&] {
    for (const char* table : {"users", "cards"})
      session_->exec(fmt::format(
          "ALTER TABLE {0} DISABLE TRIGGER ALL; ALTER TABLE {0} ENABLE TRIGGER ALL", table));
  };
  disturb();
  session_->exec("SELECT segue.ack('change', 'v2')");
  const auto refused = apply(4);
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("Apply the step's phase again"));
  const auto again = apply(2);
  EXPECT_EQ(again.exit_code, 0) << again.both();
  EXPECT_EQ(value("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'zz%' AND tgenabled <> 'A'"),
            "0");
  disturb();
  const auto by_psql = run({"psql", "-X", "-q", "-d", conninfo_, "-f",
                            (directory_.path() / "plan" / "2_dual_write.sql").string()});
  EXPECT_EQ(by_psql.exit_code, 0) << by_psql.both();
  EXPECT_EQ(value("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'zz%' AND tgenabled <> 'A'"),
            "0");
  const auto done = apply(4);
  EXPECT_EQ(done.exit_code, 0) << done.both();
}

TEST_F(OnCall, AForgottenPreparedTransactionIsNamed) {
  begin(users, rename_name);
  session_->exec(
      "BEGIN; UPDATE users SET full_name = 'x' WHERE id = 3; PREPARE TRANSACTION 'gone'");
  const auto waited = segue({"apply", "--phase", "1", "--lock-budget", "1s"});
  EXPECT_EQ(waited.exit_code, 1);
  EXPECT_THAT(waited.err, HasSubstr("in the way: prepared transaction 'gone' (of postgres, for"));
  EXPECT_THAT(waited.err, HasSubstr("COMMIT PREPARED or ROLLBACK PREPARED ends it"));
  session_->exec("COMMIT PREPARED 'gone'");
  apply_all();
}

TEST_F(OnCall, TheGateAsksForTriggersThatTheFillWouldFire) {
  begin(
      "CREATE ROLE humble LOGIN; CREATE TABLE users (id int PRIMARY KEY, full_name text); INSERT "
      "INTO users VALUES (1, 'a'); CREATE FUNCTION noop() RETURNS trigger LANGUAGE plpgsql AS "
      "'BEGIN RETURN NEW; END'; CREATE TRIGGER own BEFORE UPDATE ON users FOR EACH ROW EXECUTE "
      "FUNCTION noop(); ALTER TABLE users OWNER TO humble; GRANT ALL ON SCHEMA public TO humble",
      rename_name);
  session_->exec("GRANT ALL ON DATABASE \"" + value("SELECT current_database()") + "\" TO humble");
  ASSERT_EQ(apply(1, "humble").exit_code, 0);
  ASSERT_EQ(apply(2, "humble").exit_code, 0);
  const auto gate = segue({"gate"}, "humble");
  EXPECT_EQ(gate.exit_code, 3);
  EXPECT_THAT(gate.both(), HasSubstr("own-triggers-fire"));
  const auto refused = apply(3, "humble");
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_EQ(value("SELECT count(*) FROM segue.phase WHERE phase = 3"), "0");
  const auto allowed = segue({"apply", "--phase", "3", "--allow", "own-triggers-fire"}, "humble");
  EXPECT_EQ(allowed.exit_code, 0) << allowed.both();
  ASSERT_EQ(segue({"undo"}, "humble").exit_code, 0);
  session_->exec("DROP OWNED BY humble CASCADE; DROP ROLE humble");
}

TEST_F(OnCall, APreviewTriesAFillThatKeepsWhatItOverwrites) {
  begin(users, "require users.full_name backfill '-'\n");
  apply_up_to(2);
  const auto tried = segue({"preview"});
  EXPECT_EQ(tried.exit_code, 0) << tried.both();
  EXPECT_THAT(tried.both(), Not(HasSubstr("nothing could be tried")));
  EXPECT_EQ(value("SELECT count(*) FROM pg_class WHERE relname LIKE '%journal%' AND relkind = 'r'"),
            "0");
}

TEST_F(OnCall, UndoEndsWhenTheTableIsGone) {
  begin(users, "rename users.full_name -> display_name\nrequire users.display_name backfill '-'\n");
  apply_up_to(3);
  session_->exec("DROP TABLE users CASCADE");
  const auto undone = segue({"undo"});
  EXPECT_EQ(undone.exit_code, 0) << undone.both();
  EXPECT_EQ(value("SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
                  "WHERE n.nspname = 'segue' AND p.proname LIKE 'segue\\_%'"),
            "0");
}

// A machine reads what went wrong, whatever it was.
TEST_F(OnCall, EveryMistakeIsJsonWhereThatIsAskedFor) {
  begin(users, rename_name);
  const auto event = [](const Finished& done) {
    return nlohmann::json::parse(done.out).value("event", "");
  };
  const auto unreadable = run({SEGUE_BINARY, "apply", (directory_.path() / "plan").string(),
                               "--json", "--db", "mysql://user:secret@host/db"});
  EXPECT_EQ(unreadable.exit_code, 2);
  EXPECT_EQ(event(unreadable), "failed");
  EXPECT_THAT(unreadable.both(), Not(HasSubstr("secret")));
  const auto missing =
      run({SEGUE_BINARY, "apply", "nowhere", "--json", "--db", conninfo_}, directory_.path());
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_EQ(event(missing), "failed");
  write_text(directory_.path() / "plan" / "1_expand.sql", "SELECT 1;\n");
  const auto edited = segue({"apply", "--json"});
  EXPECT_EQ(edited.exit_code, 3);
  EXPECT_EQ(event(edited), "refused");
}

}  // namespace
}  // namespace segue::test
