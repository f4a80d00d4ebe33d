// Two releases that write one pair of a move at the same moment and want each other's row.
#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <thread>

#include "move_fixture.hpp"
#include "runtime/errors.hpp"

namespace segue::test {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

// A writer of each table that holds its row and wants the other's: the one that cannot go on leaves
// the pair to the one that waits. Where that one is rolled back, the write must still arrive.
class MetHalfway : public MoveWriters {
 protected:
  // The new release writes 'new' to pair 1 while `old_statement` waits for its row, and commits;
  // the old one's statement then comes to its end, and its transaction stays open.
  void meet(const std::string& old_statement, const std::string& old_begin = "BEGIN") {
    old_release_ = runtime::connect(conninfo_);
    new_release_ = runtime::connect(conninfo_);
    new_release_->exec("BEGIN; UPDATE profiles SET picture = 'held' WHERE user_id = 1");
    old_release_->exec(old_begin);
    auto waiting = std::async(std::launch::async, [&] { old_release_->exec(old_statement); });
    while (session_
               ->exec("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE "
                      "'%users%' AND pid <> pg_backend_pid()")
               .empty())
      std::this_thread::sleep_for(milliseconds(5));
    new_release_->exec("UPDATE profiles SET bio = 'new' WHERE user_id = 1");
    new_release_->exec("COMMIT");
    waiting.get();
  }

  std::unique_ptr<runtime::Session> old_release_;
  std::unique_ptr<runtime::Session> new_release_;
};

TEST_F(MetHalfway, TheLaterOneWritesThePair) {
  begin(tied);
  meet("UPDATE users SET bio = 'old' WHERE id = 1");
  old_release_->exec("COMMIT");
  EXPECT_EQ(pair(1), "old/old");
}

TEST_F(MetHalfway, AfterARollbackTheNextWriterPassesItOn) {
  begin(tied);
  meet("UPDATE users SET bio = 'old' WHERE id = 1");
  old_release_->exec("ROLLBACK");
  exec("UPDATE users SET name = 'any' WHERE id = 2");
  EXPECT_EQ(pair(1), "new/new");
}

// The row of the source bears the number of a savepoint that is over, which nobody holds any more.
TEST_F(MetHalfway, ARowThatASavepointHeldIsTheTransactions) {
  begin(tied);
  const char* held =
      "BEGIN; SAVEPOINT s; UPDATE users SET name = 'held' WHERE id = 1; RELEASE SAVEPOINT s";
  meet("UPDATE users SET bio = 'old' WHERE id = 1", held);
  old_release_->exec("COMMIT");
  EXPECT_EQ(pair(1), "old/old");
  meet("UPDATE users SET bio = 'older' WHERE id = 1", held);
  old_release_->exec("ROLLBACK");
  exec("UPDATE users SET name = 'any' WHERE id = 2");
  EXPECT_EQ(pair(1), "new/new");
}

TEST_F(MetHalfway, ASavepointAmongSeveralWhoShareTheRow) {
  begin(tied);
  exec("CREATE TABLE orders (user_id int REFERENCES users)");
  const auto sharer = runtime::connect(conninfo_);
  sharer->exec("BEGIN; INSERT INTO orders VALUES (1)");
  meet("UPDATE users SET bio = 'old' WHERE id = 1",
       "BEGIN; SAVEPOINT s; UPDATE users SET name = 'held' WHERE id = 1; RELEASE SAVEPOINT s");
  sharer->exec("COMMIT");
  old_release_->exec("COMMIT");
  EXPECT_EQ(pair(1), "old/old");
}

// Whoever pays for others meets nobody on the way: two that did would wait for each other.
TEST_F(MetHalfway, APayerHoldsNothingBeforeItsEnd) {
  begin(tied);
  exec("UPDATE users SET bio = bio");
  const std::string owed =
      session_->exec("SELECT oid::regclass FROM pg_class WHERE relname LIKE '%\\_owed\\_%'")
          .scalar();
  exec("INSERT INTO " + owed + " VALUES (1), (2), (3), (4)");
  exec("ALTER TABLE profiles DISABLE TRIGGER USER");
  exec("UPDATE profiles SET bio = 'owed' WHERE user_id = 4");
  exec("ALTER TABLE profiles ENABLE TRIGGER USER");
  ASSERT_EQ(pair(4), "b4/owed");
  old_release_ = runtime::connect(conninfo_);
  new_release_ = runtime::connect(conninfo_);
  const auto third = runtime::connect(conninfo_);
  for (auto* session : {old_release_.get(), new_release_.get(), third.get()})
    session->exec("SET lock_timeout = '300ms'");
  old_release_->exec("BEGIN; UPDATE users SET name = 'held' WHERE id = 1");
  new_release_->exec("BEGIN; UPDATE users SET name = 'held' WHERE id = 2");
  third->exec("UPDATE users SET bio = 'three' WHERE id = 3");
  EXPECT_EQ(pair(4), "owed/owed") << "the first to commit pays";
  old_release_->exec("UPDATE users SET bio = 'one' WHERE id = 1");
  new_release_->exec("UPDATE users SET bio = 'two' WHERE id = 2");
  new_release_->exec("UPDATE profiles SET bio = 'four' WHERE user_id = 4");
  old_release_->exec("COMMIT");
  new_release_->exec("COMMIT");
  EXPECT_EQ(pair(1) + pair(2) + pair(3) + pair(4), "one/onetwo/twothree/threefour/four");
  EXPECT_EQ(session_->exec("SELECT count(*) FROM " + owed).scalar(), "0");
}

TEST_F(MetHalfway, AfterACancelTheCommitPassesItOn) {
  begin(tied);
  old_release_ = runtime::connect(conninfo_);
  exec("BEGIN; UPDATE profiles SET picture = 'held' WHERE user_id = 1");
  auto waiting = std::async(std::launch::async, [&] {
    old_release_->exec("SET statement_timeout = '400ms'");
    EXPECT_THROW(old_release_->exec("UPDATE users SET bio = 'old' WHERE id = 1"),
                 runtime::DatabaseError);
  });
  std::this_thread::sleep_for(milliseconds(150));
  exec("UPDATE profiles SET bio = 'new' WHERE user_id = 1");
  waiting.get();
  exec("COMMIT");
  EXPECT_EQ(pair(1), "new/new");
}

TEST_F(MetHalfway, UndoPassesItOn) {
  begin(tied);
  meet("UPDATE users SET bio = 'old' WHERE id = 1");
  old_release_->exec("ROLLBACK");
  EXPECT_EQ(pair(1), "b1/new");
  const auto undone =
      run({SEGUE_BINARY, "undo", (directory_.path() / "plan").string(), "--db", conninfo_});
  ASSERT_EQ(undone.exit_code, 0) << undone.both();
  EXPECT_EQ(session_->exec("SELECT bio FROM users WHERE id = 1").scalar(), "new");
}

TEST_F(MetHalfway, PhaseThreeAndContractGoBy) {
  begin(tied);
  meet("UPDATE users SET bio = 'old' WHERE id = 1");
  old_release_->exec("ROLLBACK");
  const auto filled = apply(3);
  ASSERT_EQ(filled.exit_code, 0) << filled.both();
  const auto contracted = apply(4);
  ASSERT_EQ(contracted.exit_code, 0) << contracted.both();
  EXPECT_EQ(session_->exec("SELECT bio FROM profiles WHERE user_id = 1").scalar(), "new");
}

TEST_F(MetHalfway, AnEmptiedValueIsNotFilledAgain) {
  begin(tied);
  exec("UPDATE users SET bio = 'before' WHERE id = 1");
  old_release_ = runtime::connect(conninfo_);
  new_release_ = runtime::connect(conninfo_);
  new_release_->exec("BEGIN; UPDATE profiles SET picture = 'held' WHERE user_id = 1");
  old_release_->exec("BEGIN");
  auto waiting = std::async(
      std::launch::async, [&] { old_release_->exec("UPDATE users SET bio = 'old' WHERE id = 1"); });
  std::this_thread::sleep_for(milliseconds(150));
  new_release_->exec("UPDATE profiles SET bio = NULL WHERE user_id = 1");
  new_release_->exec("COMMIT");
  waiting.get();
  old_release_->exec("ROLLBACK");
  const auto filled = apply(3);
  ASSERT_EQ(filled.exit_code, 0) << filled.both();
  exec("UPDATE users SET name = 'any' WHERE id = 2");
  EXPECT_EQ(pair(1), "-/-");
}

TEST_F(MetHalfway, AKeyThatChangesTakesTheNewValueAlong) {
  begin(loose);
  exec("UPDATE users SET bio = bio WHERE id = 1");
  meet("UPDATE users SET id = 101 WHERE id = 1");
  old_release_->exec("COMMIT");
  EXPECT_EQ(pair(101), "new/");
  EXPECT_EQ(pair(1), "/-");
}

// The holder of the source's row does not wait yet when the other one comes, and another session's
// key share makes a multixact of the row's lock.
TEST_F(MetHalfway, NobodyIsADeadlocksVictim) {
  begin(tied);
  old_release_ = runtime::connect(conninfo_);
  new_release_ = runtime::connect(conninfo_);
  exec("CREATE TABLE orders (user_id int REFERENCES users)");
  const auto sharer = runtime::connect(conninfo_);
  sharer->exec("BEGIN; INSERT INTO orders VALUES (1)");
  old_release_->exec("BEGIN; UPDATE users SET name = 'held' WHERE id = 1");
  auto second = std::async(std::launch::async, [&] {
    new_release_->exec("UPDATE profiles SET bio = 'new' WHERE user_id = 1");
  });
  std::this_thread::sleep_for(milliseconds(900));
  old_release_->exec("UPDATE users SET bio = 'old' WHERE id = 1");
  old_release_->exec("COMMIT");
  second.get();
  sharer->exec("COMMIT");
  exec("UPDATE users SET name = 'any' WHERE id = 2");
  const std::string both = pair(1);
  EXPECT_THAT(both, ::testing::AnyOf("old/old", "new/new"));
}

// A debt outlives neither the row of the target nor its key.
TEST_F(MetHalfway, ARowThatGoesPaysFirst) {
  begin(loose);
  meet("UPDATE users SET bio = 'old' WHERE id = 1");
  old_release_->exec("ROLLBACK");
  exec("DELETE FROM profiles WHERE user_id = 1");
  EXPECT_EQ(pair(1), "new/");
}

TEST_F(MetHalfway, OneSnapshotForAllStatementsPaysToo) {
  begin(tied);
  meet("UPDATE users SET bio = 'old' WHERE id = 1");
  old_release_->exec("ROLLBACK");
  exec("BEGIN ISOLATION LEVEL REPEATABLE READ; UPDATE users SET name = 'any' WHERE id = 2; COMMIT");
  EXPECT_EQ(pair(1), "new/new");
}

TEST_F(MetHalfway, ANewRowSeesWhatIsBeingWritten) {
  begin(tied);
  exec("INSERT INTO users (id) VALUES (100); INSERT INTO users (id, bio) VALUES (101, 'n')");
  old_release_ = runtime::connect(conninfo_);
  new_release_ = runtime::connect(conninfo_);
  const auto inserted = [&](const std::string& sql) {
    old_release_->exec("BEGIN; UPDATE users SET bio = 'o' WHERE id IN (100, 101)");
    auto waiting = std::async(std::launch::async, [&] { new_release_->exec(sql); });
    std::this_thread::sleep_for(milliseconds(200));
    old_release_->exec("COMMIT");
    waiting.get();
  };
  inserted("INSERT INTO profiles (user_id) VALUES (100)");
  EXPECT_EQ(pair(100), "o/o");
  exec("UPDATE users SET bio = 'n' WHERE id = 101");
  inserted("INSERT INTO profiles (user_id, bio) VALUES (101, 'n')");
  EXPECT_EQ(pair(101), "n/n");
}

// Paid to nobody's harm: the statement of somebody else goes on, and undo says what is in the way.
TEST_F(MetHalfway, AValueThatTheOldSideDoesNotTakeIsTold) {
  begin(std::string(tied) + "ALTER TABLE users ADD CONSTRAINT short CHECK (length(bio) < 6);");
  meet("UPDATE users SET bio = 'old' WHERE id = 1");
  old_release_->exec("ROLLBACK");
  exec("UPDATE users SET name = 'any' WHERE id = 2");
  EXPECT_EQ(pair(1), "new/new");
  new_release_->exec("BEGIN; UPDATE profiles SET picture = 'held' WHERE user_id = 3");
  old_release_->exec("BEGIN");
  auto waiting = std::async(
      std::launch::async, [&] { old_release_->exec("UPDATE users SET bio = 'old' WHERE id = 3"); });
  std::this_thread::sleep_for(milliseconds(150));
  new_release_->exec("UPDATE profiles SET bio = 'far too long' WHERE user_id = 3; COMMIT");
  waiting.get();
  old_release_->exec("ROLLBACK");
  exec("UPDATE users SET name = 'any' WHERE id = 2");
  EXPECT_EQ(pair(3), "b3/far too long");
  const auto undone =
      run({SEGUE_BINARY, "undo", (directory_.path() / "plan").string(), "--db", conninfo_});
  EXPECT_EQ(undone.exit_code, 1) << undone.both();
  EXPECT_THAT(undone.err, HasSubstr("violates check constraint \"short\""));
  exec("UPDATE profiles SET bio = 'fits' WHERE user_id = 3");
  const auto again =
      run({SEGUE_BINARY, "undo", (directory_.path() / "plan").string(), "--db", conninfo_});
  EXPECT_EQ(again.exit_code, 0) << again.both();
}

// ---- Who pays, beside what else an application does
// --------------------------------------------------

// Pair 1 is owed: 'new' is written on the new side alone.
class APayer : public MetHalfway {
 protected:
  void owe(const std::string& schema = tied) {
    begin(schema);
    meet("UPDATE users SET bio = 'old' WHERE id = 1");
    old_release_->exec("ROLLBACK");
    ASSERT_EQ(pair(1), "b1/new");
    payer_ = runtime::connect(conninfo_);
    payer_->exec("SET deadlock_timeout = '10s'");
  }
  // Another session's statement that waits.
  std::future<void> waits(runtime::Session& session, const std::string& sql) {
    auto waiting = std::async(std::launch::async, [&session, sql] { session.exec(sql); });
    std::this_thread::sleep_for(milliseconds(200));
    return waiting;
  }

  std::unique_ptr<runtime::Session> payer_;
};

TEST_F(APayer, ComesBehindDeferredTriggersOfTheApplication) {
  owe(std::string(tied) +
      "CREATE TABLE log (id int PRIMARY KEY, n int); INSERT INTO log VALUES (1, 0);"
      "CREATE TABLE orders (id int); CREATE TABLE items (id int);"
      "CREATE FUNCTION adds() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO items "
      "VALUES "
      "(1); RETURN NULL; END $$;"
      "CREATE FUNCTION logs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE log SET n = n + "
      "1; RETURN NULL; END $$;"
      "CREATE CONSTRAINT TRIGGER adds AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED FOR "
      "EACH ROW EXECUTE FUNCTION adds();"
      "CREATE CONSTRAINT TRIGGER logs AFTER INSERT ON items DEFERRABLE INITIALLY DEFERRED FOR "
      "EACH ROW EXECUTE FUNCTION logs();");
  const auto other = runtime::connect(conninfo_);
  other->exec("SET lock_timeout = '300ms'; BEGIN; UPDATE log SET n = 7");
  payer_->exec("BEGIN; UPDATE users SET name = 'any' WHERE id = 2; INSERT INTO orders VALUES (1)");
  auto commit = waits(*payer_, "COMMIT");
  other->exec("UPDATE profiles SET picture = 'other' WHERE user_id = 1");
  other->exec("COMMIT");
  commit.get();
  EXPECT_EQ(pair(1), "new/new");
}

TEST_F(APayer, IsNotAtItsEndWhereConstraintsAreCheckedAtOnce) {
  owe();
  payer_->exec("BEGIN; SET CONSTRAINTS ALL IMMEDIATE; UPDATE users SET name = 'any' WHERE id = 2");
  exec("SET lock_timeout = '300ms'");
  exec("UPDATE users SET name = 'other' WHERE id = 1");
  payer_->exec("SET CONSTRAINTS ALL IMMEDIATE; COMMIT");
  payer_->exec("BEGIN; UPDATE users SET name = 'any' WHERE id = 2; SET CONSTRAINTS ALL IMMEDIATE");
  exec("UPDATE users SET name = 'other' WHERE id = 1");
  payer_->exec("COMMIT");
  EXPECT_EQ(pair(1), "new/new") << "others pay";
}

TEST_F(APayer, WaitsForNoTableAndForNoKey) {
  owe();
  exec("CREATE UNIQUE INDEX ON users (bio)");
  exec("BEGIN; LOCK TABLE profiles IN ACCESS EXCLUSIVE MODE");
  payer_->exec("SET lock_timeout = '3s'");
  const auto start = std::chrono::steady_clock::now();
  payer_->exec("UPDATE users SET name = 'any' WHERE id = 2");
  exec("ROLLBACK; BEGIN; INSERT INTO users VALUES (77, 'x', 'new')");
  payer_->exec("UPDATE users SET name = 'any' WHERE id = 2");
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(700));
  exec("ROLLBACK");
  EXPECT_EQ(pair(1), "b1/new");
  payer_->exec("UPDATE users SET name = 'any' WHERE id = 2");
  EXPECT_EQ(pair(1), "new/new");
}

// As long as a snapshot is open, what others left behind cannot be vacuumed.
TEST_F(APayer, ReadsNobodyElsesRows) {
  owe();
  old_release_->exec("BEGIN; UPDATE users SET name = 'held' WHERE id = 1");  // nobody can pay
  const std::string settling =
      session_
          ->exec(
              "SELECT oid::regclass FROM pg_class WHERE relname LIKE '%\\_settling\\_%' AND "
              "relkind = 'r'")
          .scalar();
  for (int i = 0; i < 20; ++i) payer_->exec("UPDATE users SET name = 'any' WHERE id = 2");
  EXPECT_EQ(session_->exec("SELECT count(*) FROM " + settling).scalar(), "0");
  payer_->exec("BEGIN; UPDATE users SET name = 'any' WHERE id = 2; SET CONSTRAINTS ALL IMMEDIATE");
  EXPECT_EQ(payer_->exec("SELECT pg_stat_get_xact_numscans('" + settling + "'::regclass)").scalar(),
            "0");
  payer_->exec("COMMIT");
  payer_->exec("BEGIN; SAVEPOINT s; UPDATE users SET name = 'any' WHERE id = 2");
  payer_->exec("ROLLBACK TO s; UPDATE users SET name = 'any' WHERE id = 3; COMMIT");
  EXPECT_EQ(session_->exec("SELECT count(*) FROM " + settling).scalar(), "0");
  old_release_->exec("COMMIT");
  payer_->exec("BEGIN; SAVEPOINT s; UPDATE users SET name = 'any' WHERE id = 2");
  payer_->exec("ROLLBACK TO s; UPDATE users SET name = 'any' WHERE id = 3; COMMIT");
  EXPECT_EQ(pair(1), "new/new");
}

TEST_F(APayer, AReadOnlyEndFailsNobody) {
  owe();
  payer_->exec("BEGIN; UPDATE users SET name = 'kept' WHERE id = 2; SET TRANSACTION READ ONLY");
  payer_->exec("COMMIT");
  exec("UPDATE users SET name = 'any' WHERE id = 3");
  EXPECT_EQ(pair(1), "new/new");
}

TEST_F(APayer, NoDebtOutlivesAnUndo) {
  owe();
  const auto undone = run({SEGUE_BINARY, "undo", (directory_.path() / "plan").string(), "--to", "1",
                           "--db", conninfo_});
  ASSERT_EQ(undone.exit_code, 0) << undone.both();
  EXPECT_EQ(pair(1), "new/new");
  exec("UPDATE users SET bio = 'newest' WHERE id = 1");
  const auto again = apply(2);
  ASSERT_EQ(again.exit_code, 0) << again.both();
  exec("UPDATE users SET name = 'any' WHERE id = 2");
  EXPECT_EQ(pair(1), "newest/new") << "which phase 3 tells";
  exec("UPDATE users SET bio = bio WHERE id = 1");
  const auto filled = apply(3);
  ASSERT_EQ(filled.exit_code, 0) << filled.both();
  EXPECT_EQ(pair(1), "newest/newest");
}

TEST_F(APayer, LooksAtNothingUnderSerializable) {
  owe();
  const auto other = runtime::connect(conninfo_);
  for (auto* session : {payer_.get(), other.get()}) {
    session->exec("SET enable_seqscan = off");
    session->exec("BEGIN ISOLATION LEVEL SERIALIZABLE");
  }
  payer_->exec("SELECT name FROM users WHERE id = 2");
  payer_->exec("UPDATE profiles SET picture = 'held' WHERE user_id = 3");
  old_release_->exec("BEGIN");
  auto waiting = waits(*old_release_, "UPDATE users SET bio = 'old' WHERE id = 3");
  payer_->exec("UPDATE profiles SET bio = 'new' WHERE user_id = 3");
  other->exec("UPDATE users SET name = 'z' WHERE id = 2; COMMIT");
  payer_->exec("COMMIT");
  waiting.get();
  old_release_->exec("COMMIT");
  EXPECT_EQ(pair(3), "old/old");
}

TEST_F(APayer, WhoOwesPaysAtItsOwnCommitThoughItNamesAPartition) {
  begin(
      "CREATE TABLE users (id int PRIMARY KEY, name text, bio text) PARTITION BY RANGE (id);"
      "CREATE TABLE users_1 PARTITION OF users FOR VALUES FROM (0) TO (1000);"
      "CREATE TABLE profiles (user_id int UNIQUE, picture text) PARTITION BY RANGE (user_id);"
      "CREATE TABLE profiles_1 PARTITION OF profiles FOR VALUES FROM (0) TO (1000);"
      "INSERT INTO users SELECT i, 'u', 'b' || i FROM generate_series(1, 20) i;"
      "INSERT INTO profiles SELECT i, 'p' FROM generate_series(1, 20) i;");
  old_release_ = runtime::connect(conninfo_);
  old_release_->exec("SET statement_timeout = '600ms'");
  exec("BEGIN; SELECT FROM profiles_1 WHERE user_id = 1 FOR UPDATE");
  auto waiting = waits(*old_release_, "BEGIN; UPDATE users_1 SET bio = 'old' WHERE id = 1");
  exec("UPDATE profiles_1 SET bio = 'new' WHERE user_id = 1");
  EXPECT_THROW(waiting.get(), runtime::DatabaseError);
  old_release_->exec("ROLLBACK");
  exec("COMMIT");
  EXPECT_EQ(pair(1), "new/new");
}

TEST_F(APayer, MayBePublishedWithAllTables) {
  begin(tied);
  exec("ALTER TABLE users REPLICA IDENTITY FULL; ALTER TABLE profiles REPLICA IDENTITY FULL");
  exec("CREATE PUBLICATION everything FOR ALL TABLES");
  meet("UPDATE users SET bio = 'old' WHERE id = 1");
  old_release_->exec("ROLLBACK");
  exec("UPDATE users SET name = 'any' WHERE id = 2");
  EXPECT_EQ(pair(1), "new/new");
}

TEST_F(APayer, KeysOfADomain) {
  owe("CREATE DOMAIN known AS int DEFAULT 0 NOT NULL CHECK (VALUE >= 0);"
      "CREATE TABLE users (id known PRIMARY KEY, name text, bio text);"
      "CREATE TABLE profiles (user_id known UNIQUE, picture text);"
      "INSERT INTO users SELECT i, 'u', 'b' || i FROM generate_series(1, 20) i;"
      "INSERT INTO profiles SELECT i, 'p' FROM generate_series(1, 20) i;");
  exec("UPDATE users SET name = 'any' WHERE id = 2");
  EXPECT_EQ(pair(1), "new/new");
}

// ---- A holder that cannot be told
// ---------------------------------------------------------------------

constexpr const char* unsure =
    "BEGIN; DO $$ BEGIN FOR i IN 1 .. 20 LOOP BEGIN UPDATE users SET name = 'held' WHERE id = i; "
    "EXCEPTION WHEN division_by_zero THEN NULL; END; END LOOP; END $$";  // a savepoint for each row

TEST_F(APayer, AnUnsureWriterKeepsToItsLockTimeout) {
  begin(tied);
  old_release_ = runtime::connect(conninfo_);
  exec("SET lock_timeout = '200ms'");
  exec("BEGIN; UPDATE profiles SET picture = 'held' WHERE user_id = 1");
  old_release_->exec(unsure);
  auto waiting = waits(*old_release_, "UPDATE users SET bio = 'old' WHERE id = 1; COMMIT");
  exec("UPDATE profiles SET bio = 'new' WHERE user_id = 1; COMMIT");
  waiting.get();
  EXPECT_EQ(pair(1), "old/old");
}

TEST_F(APayer, AnUnsureWriterWaitsOnceForAHolder) {
  begin(tied);
  old_release_ = runtime::connect(conninfo_);
  exec("BEGIN; UPDATE profiles SET picture = 'held' WHERE user_id = 1");
  old_release_->exec(unsure);
  auto waiting = waits(*old_release_, "UPDATE users SET bio = 'old' WHERE id = 1; COMMIT");
  const auto start = std::chrono::steady_clock::now();
  exec("UPDATE profiles SET bio = 'new'");
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(2500)) << "20 rows";
  exec("COMMIT");
  waiting.get();
  exec("UPDATE users SET name = 'any' WHERE id = 2");
  EXPECT_EQ(pair(1) + " " + pair(2), "old/old new/new");
}

// Somebody waits for the writer who has nothing to do with the source: the holder is waited for.
TEST_F(APayer, AStrangerIsNoHolder) {
  begin(tied);
  exec("UPDATE users SET bio = bio");
  old_release_ = runtime::connect(conninfo_);
  new_release_ = runtime::connect(conninfo_);
  const auto stranger = runtime::connect(conninfo_);
  old_release_->exec(unsure);
  new_release_->exec("BEGIN; UPDATE profiles SET picture = 'held' WHERE user_id = 5");
  auto behind = waits(*stranger, "UPDATE profiles SET picture = 'x' WHERE user_id = 5");
  auto writing = waits(*new_release_, "UPDATE profiles SET bio = 'newer' WHERE user_id = 1");
  std::this_thread::sleep_for(milliseconds(700));
  EXPECT_EQ(writing.wait_for(milliseconds(0)), std::future_status::timeout);
  old_release_->exec("COMMIT");
  writing.get();
  new_release_->exec("COMMIT");
  behind.get();
  EXPECT_EQ(pair(1), "newer/newer");
}

}  // namespace
}  // namespace segue::test
