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

}  // namespace
}  // namespace segue::test
