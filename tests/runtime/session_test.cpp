#include "runtime/session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/server.hpp"

namespace segue::runtime {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class SessionTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<ThrowawayServer>(); }
  static void TearDownTestSuite() { server_.reset(); }

  static std::unique_ptr<Session> open() { return connect(server_->conninfo()); }

  template <typename Use>
  static DatabaseError error_of(const Use& use) {
    try {
      use();
    } catch (const DatabaseError& error) {
      return error;
    }
    ADD_FAILURE() << "no DatabaseError";
    return {"", "", false};
  }

  static std::unique_ptr<ThrowawayServer> server_;
};
std::unique_ptr<ThrowawayServer> SessionTest::server_;

TEST_F(SessionTest, RowsKeepNullsAndNames) {
  const auto session = open();
  const Rows rows = session->exec("SELECT 1 AS a, NULL::text AS b, '' AS c, 'ü' AS \"D e\"");
  EXPECT_THAT(rows.columns, ElementsAre("a", "b", "c", "D e"));
  EXPECT_THAT(rows.rows, ElementsAre(ElementsAre("1", std::nullopt, "", "ü")));
  EXPECT_EQ(session->exec("SHOW application_name").scalar(), "segue");
  EXPECT_EQ(session->exec("SHOW client_encoding").scalar(), "UTF8");
  EXPECT_EQ(session->exec("SELECT pg_backend_pid()").scalar(),
            std::to_string(session->backend_pid()));
}

TEST_F(SessionTest, ParametersAreValues) {
  const auto session = open();
  const Rows rows = session->exec("SELECT $1::text, $2::text IS NULL, $3::int + 1",
                                  {Value("it's; DROP"), Value(), Value("41")});
  EXPECT_THAT(rows.rows, ElementsAre(ElementsAre("it's; DROP", "t", "42")));
}

TEST_F(SessionTest, SeveralStatementsAreOneTransaction) {
  const auto session = open();
  session->exec("CREATE TEMP TABLE t (a int PRIMARY KEY)");
  EXPECT_EQ(session->exec("INSERT INTO t VALUES (1); INSERT INTO t VALUES (2), (3)").affected, 2U);
  const DatabaseError error =
      error_of([&] { session->exec("INSERT INTO t VALUES (4); INSERT INTO t VALUES (1)"); });
  EXPECT_EQ(error.sqlstate(), "23505");
  EXPECT_FALSE(error.connection_lost());
  EXPECT_STREQ(error.what(),
               "duplicate key value violates unique constraint \"t_pkey\"\n"
               "DETAIL:  Key (a)=(1) already exists.");
  EXPECT_EQ(session->exec("SELECT count(*) FROM t").scalar(), "3");
}

TEST_F(SessionTest, TransactionsRollBackUnlessCommitted) {
  const auto session = open();
  session->exec("CREATE TEMP TABLE t (a int)");
  {
    TransactionScope transaction(*session);
    session->exec("INSERT INTO t VALUES (1)");
  }
  EXPECT_EQ(session->exec("SELECT count(*) FROM t").scalar(), "0");
  {
    TransactionScope transaction(*session);
    session->exec("INSERT INTO t VALUES (1)");
    transaction.commit();
  }
  EXPECT_EQ(session->exec("SELECT count(*) FROM t").scalar(), "1");
}

TEST_F(SessionTest, NoticesAreTakenOnce) {
  const auto session = open();
  session->exec("DO $$ BEGIN RAISE NOTICE 'one'; RAISE WARNING 'two'; END $$");
  EXPECT_THAT(session->take_notices(), ElementsAre("NOTICE:  one", "WARNING:  two"));
  EXPECT_TRUE(session->take_notices().empty());
}

TEST_F(SessionTest, LockTimeoutAndDeadlockKeepTheirStates) {
  const auto one = open();
  const auto two = open();
  one->exec("CREATE TABLE locked (a int)");
  {
    TransactionScope transaction(*one);
    one->exec("LOCK TABLE locked");
    two->exec("SET lock_timeout = '20ms'");
    EXPECT_EQ(error_of([&] { two->exec("SELECT * FROM locked"); }).sqlstate(), "55P03");
  }
  EXPECT_EQ(error_of([&] {
              two->exec("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$");
            }).sqlstate(),
            "40P01");
  EXPECT_EQ(error_of([&] {
              two->exec("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$");
            }).sqlstate(),
            "40001");
}

TEST_F(SessionTest, ALostSessionStaysLost) {
  const auto victim = open();
  const auto other = open();
  victim->exec("SELECT pg_advisory_lock(1)");
  const std::string pid = std::to_string(victim->backend_pid());
  other->exec("SELECT pg_terminate_backend(" + pid + ")");
  while (other->exec("SELECT count(*) FROM pg_stat_activity WHERE pid = " + pid).scalar() != "0") {
  }
  for (int i = 0; i < 4; ++i) {
    const DatabaseError error = error_of([&] { victim->exec("SELECT 1"); });
    EXPECT_TRUE(error.connection_lost());
    EXPECT_THAT(error.sqlstate(), testing::AnyOf("08006", "57P01"));
  }
}

TEST_F(SessionTest, UnreachableServersSayWhereAndNeverThePassword) {
  for (const std::string conninfo :
       {"host=/nowhere user=u password=hunter2", "postgresql://u:hunter2@127.0.0.1:1/db",
        "postgresql://u:%zzhunter2@h/db", "host=h password='hunter2", "host=h password=my hunter2",
        "postgres://u:hunter2/x@127.0.0.1:1/db", "postgres://u:a@hunter2@127.0.0.1:1/db",
        "postgres://u:hunter2?x@127.0.0.1:1/db",
        "postgres://u:a@hunter2:1/b@127.0.0.1,[::1]:1/db"}) {
    const DatabaseError error = error_of([&] { connect(conninfo); });
    EXPECT_EQ(error.sqlstate(), "08001");
    EXPECT_TRUE(error.connection_lost());
    EXPECT_THAT(error.what(), Not(HasSubstr("hunter2")));
    EXPECT_THAT(without_password(conninfo), Not(HasSubstr("hunter2")));
  }
  EXPECT_THAT(error_of([] { connect("host=/nowhere"); }).what(), HasSubstr("/nowhere/.s.PGSQL"));
  EXPECT_THAT(error_of([] { connect("hots=/nowhere"); }).what(),
              HasSubstr("invalid connection option \"hots\""));
  EXPECT_THAT(error_of([] { connect("postgres://u:a@b@127.0.0.1:1/db"); }).what(),
              HasSubstr("@ within a name or a password is %40"));
  for (const std::string good : {"postgres://", "postgres:///db?host=/tmp", "postgres://[::1]:1/db",
                                 "postgres://u@h1:1,[::1]:2,h3/db?application_name=a@b:c"})
    EXPECT_FALSE(mistake_in_conninfo(good)) << good;
  EXPECT_EQ(without_password("postgresql://u:p%40w@h:1/db?sslmode=require"),
            "user=u dbname=db host=h port=1 sslmode=require");
}

TEST_F(SessionTest, AScalarIsOneValue) {
  const auto session = open();
  EXPECT_THROW((void)session->exec("SELECT 1 WHERE false").scalar(), std::logic_error);
  EXPECT_THROW((void)session->exec("SELECT NULL").scalar(), std::logic_error);
}

}  // namespace
}  // namespace segue::runtime
