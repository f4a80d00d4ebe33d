// What old and new releases write into a column that moves to another table, one after the other
// and both at once, while segue is killed and run again.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "move_fixture.hpp"

namespace segue::test {
namespace {

using std::chrono::milliseconds;
using ::testing::Contains;
using ::testing::HasSubstr;

TEST_F(MoveWriters, EachSideReachesTheOther) {
  begin(tied);
  EXPECT_EQ(pair(1), "b1/-") << "not filled yet";
  exec("UPDATE users SET bio = 'old' WHERE id = 1");
  EXPECT_EQ(pair(1), "old/old");
  exec("UPDATE profiles SET bio = 'new' WHERE user_id = 1");
  EXPECT_EQ(pair(1), "new/new");
  exec("UPDATE users SET bio = NULL WHERE id = 1");
  EXPECT_EQ(pair(1), "-/-");
  exec("UPDATE profiles SET bio = NULL WHERE user_id = 2");
  EXPECT_EQ(pair(2), "-/-") << "an explicit NULL on a row that is not filled yet";
  exec("UPDATE profiles SET picture = 'q'; UPDATE users SET name = 'v'");
  EXPECT_EQ(pair(3), "b3/-") << "other columns carry nothing";
  exec("INSERT INTO users (id, bio) VALUES (100, 'first')");
  EXPECT_EQ(pair(100), "first/");
  exec("INSERT INTO profiles (user_id) VALUES (100)");
  EXPECT_EQ(pair(100), "first/first") << "a row that comes later takes the value";
  exec(
      "INSERT INTO users (id) VALUES (101); INSERT INTO profiles (user_id, bio) VALUES (101, 'n')");
  EXPECT_EQ(pair(101), "n/n");
  exec(
      "INSERT INTO profiles (user_id, bio) VALUES (101, 'again') ON CONFLICT (user_id) DO UPDATE "
      "SET bio = EXCLUDED.bio");
  EXPECT_EQ(pair(101), "again/again");
  exec(
      "INSERT INTO users (id, bio) VALUES (101, 'upsert') ON CONFLICT (id) DO UPDATE SET bio = "
      "EXCLUDED.bio");
  EXPECT_EQ(pair(101), "upsert/upsert");
  exec(
      "SET session_replication_role = replica; UPDATE users SET bio = 'replayed' WHERE id = 101; "
      "RESET session_replication_role");
  EXPECT_EQ(pair(101), "replayed/replayed");
  exec("UPDATE users SET id = 201 WHERE id = 101");
  EXPECT_EQ(pair(201), "replayed/replayed") << "the key goes along by its foreign key";
  exec("BEGIN; UPDATE users SET bio = 'lost' WHERE id = 201; ROLLBACK");
  EXPECT_EQ(pair(201), "replayed/replayed");
}

TEST_F(MoveWriters, DeletesAndKeyChanges) {
  begin(loose);
  exec("UPDATE users SET bio = 'x' WHERE id < 6");
  exec("DELETE FROM users WHERE id = 1");
  EXPECT_EQ(pair(1), "/-") << "the source takes the value with it";
  exec("DELETE FROM profiles WHERE user_id = 2");
  EXPECT_EQ(pair(2), "x/") << "the target does not";
  exec("INSERT INTO profiles (user_id) VALUES (2)");
  EXPECT_EQ(pair(2), "x/x");
  exec("UPDATE users SET id = 103 WHERE id = 3");
  EXPECT_EQ(pair(3), "/-");
  EXPECT_EQ(pair(103), "x/");
  exec("UPDATE profiles SET user_id = 103 WHERE user_id = 3");
  EXPECT_EQ(pair(103), "x/x");
  exec("INSERT INTO profiles (user_id, bio) VALUES (300, 'early')");
  exec("INSERT INTO users (id) VALUES (300)");
  EXPECT_EQ(pair(300), "early/early") << "the new release wrote it before its partner came";
  exec(
      "UPDATE profiles SET user_id = 104 WHERE user_id = 4; UPDATE users SET id = 104 WHERE id = "
      "4");
  EXPECT_EQ(pair(104), "x/x");
}

TEST_F(MoveWriters, AValueWithNowhereToGoStopsThePhaseAndIsListed) {
  begin(loose);
  exec("INSERT INTO users (id, bio) VALUES (77, 'lonely'), (78, NULL)");
  const auto stopped = apply(3);
  EXPECT_EQ(stopped.exit_code, 1);
  EXPECT_THAT(stopped.err, HasSubstr("rows of public.users hold values of bio that have no row of "
                                     "public.profiles to go to (1 of them):\n  id = 77\n"));
  EXPECT_EQ(pair(20), "b20/-") << "filled before the rows were listed";
  exec("INSERT INTO profiles (user_id) VALUES (77)");
  const auto filled = apply(3);
  ASSERT_EQ(filled.exit_code, 0) << filled.both();
  EXPECT_EQ(pair(20), "b20/b20");
  // One more, after the phase: contract refuses, under psql too.
  exec("INSERT INTO users (id, bio) VALUES (79, 'late')");
  const auto refused = apply(4);
  EXPECT_EQ(refused.exit_code, 3) << refused.both();
  EXPECT_THAT(refused.err, HasSubstr("id = 79"));
  const auto by_psql = run({"psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", conninfo_, "-f",
                            (directory_.path() / "plan" / "4_contract.sql").string()});
  EXPECT_NE(by_psql.exit_code, 0);
  EXPECT_EQ(pair(79), "late/");
  exec("UPDATE users SET bio = NULL WHERE id = 79");
  const auto contracted = apply(4);
  ASSERT_EQ(contracted.exit_code, 0) << contracted.both();
  EXPECT_EQ(session_->exec("SELECT count(bio) FROM profiles").scalar(), "21");
}

TEST_F(MoveWriters, AKeyThatIsWrittenOtherwiseKeepsItsValue) {
  begin(
      "CREATE TABLE users (id numeric PRIMARY KEY DEFERRABLE, name text, bio text);"
      "CREATE TABLE profiles (user_id numeric UNIQUE, picture text);"
      "INSERT INTO users SELECT i, 'u', 'b' || i FROM generate_series(1, 20) i;"
      "INSERT INTO profiles SELECT i, 'p' FROM generate_series(1, 21) i;");
  exec("UPDATE users SET bio = bio; UPDATE users SET id = 1.00 WHERE id = 1");
  EXPECT_EQ(pair(1), "b1/b1");
  exec("UPDATE users SET id = id + 1");
  EXPECT_EQ(pair(3), "b2/b2");
  EXPECT_EQ(pair(1), "/-");
}

TEST_F(MoveWriters, ATriggerOfTheAppThatWritesTheValueAgain) {
  begin(std::string(tied) +
        "CREATE FUNCTION louder() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE users SET "
        "bio = "
        "upper(NEW.bio) WHERE id = NEW.id; RETURN NULL; END $$;"
        "CREATE TRIGGER louder AFTER UPDATE OF bio ON users FOR EACH ROW WHEN (NEW.bio <> "
        "upper(NEW.bio)) EXECUTE FUNCTION louder();");
  exec("UPDATE users SET bio = 'loud' WHERE id = 1");
  EXPECT_EQ(pair(1), "LOUD/LOUD");
  exec("UPDATE profiles SET bio = 'and back' WHERE user_id = 1");
  EXPECT_EQ(pair(1), "AND BACK/AND BACK");
}

// Between the CHECK that proves a required column and contract's transaction, which may have to
// wait.
TEST_F(MoveWriters, ARowOfTheSourceGoesWhileTheColumnIsRequiredAlready) {
  begin(loose, std::string(change) + "require profiles.bio\n");
  ASSERT_EQ(apply(3).exit_code, 0);
  exec("INSERT INTO profiles (user_id) VALUES (90); DELETE FROM profiles WHERE user_id = 90");
  exec("ALTER TABLE profiles ADD CONSTRAINT like_the_proof CHECK (bio IS NOT NULL)");
  exec("DELETE FROM users WHERE id = 1; UPDATE users SET id = 102 WHERE id = 2");
  EXPECT_EQ(pair(1), "/b1");
  EXPECT_EQ(pair(102), "b2/");
  exec("ALTER TABLE profiles DROP CONSTRAINT like_the_proof");
}

// The new column bears the old one's name, in the other table.
TEST_F(MoveWriters, TheGateSeesWhoStillUsesTheOldColumn) {
  begin(tied, std::string("tripwire\n") + change);
  ASSERT_EQ(apply(3).exit_code, 0);
  const std::string plan = (directory_.path() / "plan").string();
  const auto acked = run({SEGUE_BINARY, "ack", plan, "--release", "v2", "--db", conninfo_});
  ASSERT_EQ(acked.exit_code, 0) << acked.both();
  const auto gate = [&] { return run({SEGUE_BINARY, "gate", plan, "--db", conninfo_}); };
  exec("UPDATE profiles SET bio = 'by the new one' WHERE user_id = 1");
  exec("INSERT INTO users (id) VALUES (30); INSERT INTO profiles VALUES (30, 'p', 'new')");
  const auto open = gate();
  EXPECT_EQ(open.exit_code, 0) << open.both();
  exec("CREATE FUNCTION reads() RETURNS text LANGUAGE sql AS 'SELECT bio FROM users LIMIT 1'");
  exec("SET application_name = 'shop-v1'; UPDATE users SET bio = 'by the old one' WHERE id = 1");
  const auto refused = gate();
  EXPECT_EQ(refused.exit_code, 3) << refused.both();
  EXPECT_THAT(refused.out, HasSubstr("shop-v1"));
  EXPECT_THAT(refused.out, HasSubstr("function public.reads()"));
  const auto contracted = apply(4);
  EXPECT_EQ(contracted.exit_code, 3) << contracted.both();
}

// Both are written to the end: nothing to watch, and nothing that the gate could say of it.
TEST_F(MoveWriters, NoTripwireWhereTheApplicationWritesBoth) {
  begin(tied,
        "tripwire\nmove users.bio -> profiles.bio on (profiles.user_id = users.id) via app\n");
  const auto told = run({"cat", (directory_.path() / "plan" / "DEPLOY.md").string()});
  EXPECT_THAT(told.out, HasSubstr("No tripwire is laid"));
  const auto gate = run({SEGUE_BINARY, "gate", (directory_.path() / "plan").string(), "--phase",
                         "4", "--db", conninfo_});
  EXPECT_EQ(gate.exit_code, 3) << gate.both();
  EXPECT_THAT(gate.out, ::testing::Not(HasSubstr("tripwire")));
}

// Functions with the owner's rights serve the plan's triggers alone.
TEST_F(MoveWriters, NobodyElseMayUseTheFunctions) {
  begin(tied);
  exec("DROP ROLE IF EXISTS anybody; CREATE ROLE anybody; GRANT ALL ON users TO anybody");
  const auto anybody = runtime::connect(conninfo_);
  anybody->exec("SET ROLE anybody; CREATE TEMP TABLE own (user_id int, id int, bio text)");
  const auto functions = session_->exec(
      "SELECT proname FROM pg_proc WHERE pronamespace = 'segue'::regnamespace AND prosecdef AND "
      "proname LIKE 'segue%' AND prorettype = 'trigger'::regtype");
  EXPECT_GE(functions.rows.size(), 7U);
  for (const auto& row : functions.rows) {
    EXPECT_THROW(anybody->exec("CREATE TRIGGER t AFTER INSERT ON own FOR EACH ROW EXECUTE FUNCTION "
                               "segue." +
                               row[0].value_or("") + "()"),
                 runtime::DatabaseError)
        << row[0].value_or("");
  }
  anybody->exec("UPDATE users SET bio = 'theirs' WHERE id = 1");
  EXPECT_EQ(pair(1), "theirs/theirs");
}

TEST_F(MoveWriters, PsqlSaysThatAHeldPairIsNotFilled) {
  begin(tied);
  const auto holder = runtime::connect(conninfo_);
  holder->exec("BEGIN; UPDATE users SET name = 'held' WHERE id = 5");
  const std::string file = (directory_.path() / "plan" / "3_backfill.sql").string();
  const std::vector<std::string> psql{"psql", "-X",      "-q", "-v", "ON_ERROR_STOP=1",
                                      "-d",   conninfo_, "-f", file};
  const auto early = run(psql);
  EXPECT_NE(early.exit_code, 0);
  EXPECT_THAT(early.err, HasSubstr("do not hold in bio what their rows of public.users hold"));
  auto waiting = std::async(std::launch::async, [&] { return apply(3); });
  std::this_thread::sleep_for(milliseconds(900));
  holder->exec("COMMIT");
  const auto filled = waiting.get();
  EXPECT_EQ(filled.exit_code, 0) << filled.both();
  EXPECT_EQ(pair(5), "b5/b5");
  EXPECT_EQ(run(psql).exit_code, 0);
}

// Few pairs, so that both releases meet on one all the time: no statement fails, no write is lost.
TEST_F(MoveWriters, BothReleasesWriteTheSamePairsAtOnce) {
  begin(tied);
  constexpr int pairs = 20;
  std::atomic<bool> stop{false};
  std::atomic<int> statements{0};
  std::array<std::string, 6> failures;
  std::array<std::map<int, std::string>, 6> last;
  std::array<milliseconds, 6> longest{};
  const auto writer = [&](std::size_t which) {
    std::mt19937 random(static_cast<unsigned>(which) + 1);
    const auto session = runtime::connect(conninfo_);
    int number = 0;
    try {
      while (!stop) {
        const int id = static_cast<int>(random() % pairs) + 1;
        const std::string value = fmt::format("w{}-{}", which, ++number);
        const auto start = std::chrono::steady_clock::now();
        bool kept = true;
        if (which < 4) {
          // Alone, or in a transaction that has the row already and may be rolled back.
          const std::string write =
              which < 2
                  ? fmt::format("UPDATE users SET bio = '{}' WHERE id = {}", value, id)
                  : fmt::format("UPDATE profiles SET bio = '{}' WHERE user_id = {}", value, id);
          const std::string touch =
              which < 2 ? fmt::format("UPDATE users SET name = 'n' WHERE id = {}", id)
                        : fmt::format("UPDATE profiles SET picture = 'n' WHERE user_id = {}", id);
          kept = random() % 4 != 0;
          session->exec(kept && random() % 2 == 0 ? write
                                                  : fmt::format("BEGIN; {}; {}; {}", touch, write,
                                                                kept ? "COMMIT" : "ROLLBACK"));
        } else if (which == 4) {
          session->exec(fmt::format("UPDATE users SET name = '{}' WHERE id = {}", value, id));
        } else {
          // Pairs that come and go beside them.
          const int own = 1000 + static_cast<int>(random() % 5);
          session->exec(fmt::format(
              "BEGIN; DELETE FROM users WHERE id = {0}; INSERT INTO users (id, bio) VALUES ({0}, "
              "'{1}'); INSERT INTO profiles (user_id) VALUES ({0}); COMMIT",
              own, value));
          last.at(which)[own] = value;
        }
        longest.at(which) = std::max(
            longest.at(which),
            std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start));
        if (which < 4 && kept) last.at(which)[id] = value;
        ++statements;
      }
    } catch (const std::exception& problem) {
      failures.at(which) = problem.what();
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t which = 0; which < failures.size(); ++which) threads.emplace_back(writer, which);
  {
    Process killed(command(3));
    std::this_thread::sleep_for(milliseconds(150));
    killed.kill();
    static_cast<void>(killed.wait());
  }
  const auto filled = apply(3);
  std::this_thread::sleep_for(milliseconds(2000));
  stop = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(filled.exit_code, 0) << filled.both();
  EXPECT_EQ(failures, (std::array<std::string, 6>{}));
  EXPECT_GT(statements, 500);
  for (const milliseconds wait : longest) EXPECT_LT(wait, milliseconds(1000));
  exec("UPDATE users SET name = 'the last' WHERE id = 1");  // pays what is owed, if anything is
  for (int id = 1; id <= pairs; ++id) {
    const std::string both = pair(id);
    const std::string value = both.substr(0, both.find('/'));
    EXPECT_EQ(both, fmt::format("{0}/{0}", value)) << "pair " << id;
    std::set<std::string> candidates;
    for (std::size_t which = 0; which < 4; ++which) {
      const auto found = last.at(which).find(id);
      if (found != last.at(which).end()) candidates.insert(found->second);
    }
    EXPECT_THAT(candidates, Contains(value)) << "pair " << id << ": a write that was later is lost";
  }
  for (const auto& [id, value] : last[5]) EXPECT_EQ(pair(id), fmt::format("{0}/{0}", value));
  const auto verified =
      run({SEGUE_BINARY, "verify", (directory_.path() / "plan").string(), "--db", conninfo_});
  EXPECT_EQ(verified.exit_code, 0) << verified.both();
  Process killed(command(4));
  std::this_thread::sleep_for(milliseconds(60));
  killed.kill();
  static_cast<void>(killed.wait());
  const auto contracted = apply(4);
  EXPECT_EQ(contracted.exit_code, 0) << contracted.both();
  EXPECT_EQ(session_->exec("SELECT count(*) FROM pg_trigger WHERE tgname LIKE '%segue%'").scalar(),
            "0");
}

}  // namespace
}  // namespace segue::test
