// The standby that other tests rest on: behind by what was asked for, and a primary when promoted.
#include "support/standby.hpp"

#include <gtest/gtest.h>

#include "runtime/session.hpp"

namespace segue::test {
namespace {

TEST(Standby, LagsOnDemandAndIsPromoted) {
  const runtime::ThrowawayServer primary;
  const auto session = runtime::connect(primary.conninfo());
  session->exec("CREATE TABLE t AS SELECT 1 AS a");
  Standby standby(primary);
  const auto count = [&] {
    return runtime::connect(standby.conninfo())->exec("SELECT count(*) FROM t").scalar();
  };
  standby.catch_up();
  EXPECT_EQ(count(), "1");

  standby.pause_replay();
  const auto before = standby.lag_bytes();
  session->exec("INSERT INTO t SELECT generate_series(1, 20000)");
  EXPECT_GT(standby.lag_bytes(), before + 1'000'000);
  EXPECT_EQ(count(), "1");
  standby.resume_replay();
  standby.catch_up();
  EXPECT_EQ(count(), "20001");

  standby.delay(std::chrono::hours(1));
  session->exec("DELETE FROM t");
  EXPECT_GT(standby.lag_bytes(), 0U);
  EXPECT_EQ(count(), "20001");
  standby.delay(std::chrono::milliseconds(0));
  standby.catch_up();
  EXPECT_EQ(count(), "0");

  standby.stop();
  EXPECT_THROW(static_cast<void>(standby.lag_bytes()), std::runtime_error);
  standby.start();
  standby.promote();
  runtime::connect(standby.conninfo())->exec("INSERT INTO t VALUES (1)");
  EXPECT_EQ(count(), "1");
}

}  // namespace
}  // namespace segue::test
