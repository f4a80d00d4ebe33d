// Who pays what a move owes, beside all else that an application does.
#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <thread>

#include "move_halfway.hpp"

namespace segue::test {
namespace {

using std::chrono::milliseconds;

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

// Whoever pays for others meets nobody on the way: two that did would wait for each other.
TEST_F(APayer, HoldsNothingBeforeItsEnd) {
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

}  // namespace
}  // namespace segue::test
