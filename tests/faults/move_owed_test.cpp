// Two releases that write one pair of a move at the same moment and want each other's row.
#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <thread>

#include "move_halfway.hpp"
#include "runtime/errors.hpp"

namespace segue::test {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

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

// ---- A holder that cannot be told
// ---------------------------------------------------------------------

constexpr const char* unsure =
    "BEGIN; DO $$ BEGIN FOR i IN 1 .. 20 LOOP BEGIN UPDATE users SET name = 'held' WHERE id = i; "
    "EXCEPTION WHEN division_by_zero THEN NULL; END; END LOOP; END $$";  // a savepoint for each row

TEST_F(MetHalfway, AnUnsureWriterKeepsToItsLockTimeout) {
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

TEST_F(MetHalfway, AnUnsureWriterWaitsOnceForAHolder) {
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
TEST_F(MetHalfway, AStrangerIsNoHolder) {
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
