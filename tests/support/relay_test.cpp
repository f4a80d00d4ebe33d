// The relay that other tests rest on: what it says of a request is what happened to it.
#include "support/relay.hpp"

#include <gtest/gtest.h>

#include "runtime/server.hpp"
#include "runtime/session.hpp"

namespace segue::test {
namespace {

class RelayTest : public ::testing::Test {
 protected:
  RelayTest() : relay_(server_.directory() / ".s.PGSQL.5432") {
    direct_ = runtime::connect(server_.conninfo());
    direct_->exec("CREATE TABLE t (a int)");
  }
  // Whether the client lost its connection at the INSERT, and the rows that are there then.
  std::string insert_under(Fate fate) {
    relay_.watch([fate](const Request& request) {
      return request.sql.starts_with("INSERT") ? fate : Fate::pass;
    });
    const auto session = runtime::connect(relay_.conninfo("postgres"));
    bool lost = false;
    try {
      session->exec("INSERT INTO t VALUES ($1)", {"1"});
    } catch (const runtime::DatabaseError& error) {
      lost = error.connection_lost();
    }
    return (lost ? "lost, " : "answered, ") + direct_->exec("SELECT count(*) FROM t").scalar();
  }
  std::string clients() const {
    return direct_
        ->exec(
            "SELECT count(*) FROM pg_stat_activity WHERE client_addr IS NULL AND "
            "application_name = 'segue' AND query LIKE 'INSERT%'")
        .scalar();
  }

  runtime::ThrowawayServer server_;
  Relay relay_;
  std::unique_ptr<runtime::Session> direct_;
};

TEST_F(RelayTest, CutsWhereItIsTold) {
  EXPECT_EQ(insert_under(Fate::pass), "answered, 1");
  EXPECT_EQ(insert_under(Fate::cut_before), "lost, 1");
  EXPECT_EQ(insert_under(Fate::cut_after), "lost, 2");
  EXPECT_EQ(insert_under(Fate::vanish), "lost, 3");
  EXPECT_EQ(clients(), "1") << "the server was told";
}

TEST_F(RelayTest, HoldsBackAndCutsAll) {
  const auto session = runtime::connect(relay_.conninfo("postgres"));
  relay_.stall();
  std::thread client([&] { session->exec("INSERT INTO t VALUES (2)"); });
  EXPECT_EQ(direct_->exec("SELECT count(*) FROM t").scalar(), "0");
  relay_.resume();
  client.join();
  EXPECT_EQ(direct_->exec("SELECT count(*) FROM t").scalar(), "1");
  relay_.cut();
  EXPECT_THROW(session->exec("SELECT 1"), runtime::DatabaseError);
}

}  // namespace
}  // namespace segue::test
