// The application keeps both columns equal: what the backfill leaves alone, and what stops a phase.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

using ::testing::HasSubstr;

TEST(ByApp, FillsWhatIsMissingAndListsWhatDiffers) {
  runtime::ThrowawayServer server;
  const TemporaryDirectory directory;
  const std::string conninfo = server.create_database("by_app");
  const auto session = runtime::connect(conninfo);
  const auto ask = [&](const std::string& sql) { return session->exec(sql).scalar(); };
  session->exec(
      "CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t SELECT n, 'v' || n FROM "
      "generate_series(1, 2000) n");
  write_text(directory.path() / "change.segue", "rename t.a -> b via app\n");
  const auto planned = run(
      {SEGUE_BINARY, "plan", "change.segue", "--db", conninfo, "--out", "plan"}, directory.path());
  ASSERT_EQ(planned.exit_code, 0) << planned.both();
  const auto apply = [&](const std::string& phase) {
    return run({SEGUE_BINARY, "apply", (directory.path() / "plan").string(), "--phase", phase,
                "--db", conninfo, "--release", "v2"});
  };
  ASSERT_EQ(apply("1").exit_code, 0);
  ASSERT_EQ(apply("2").exit_code, 0);
  EXPECT_EQ(ask("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"), "0");

  // One release writes both, another only the old one, one makes a mistake.
  session->exec(
      "UPDATE t SET a = 'both', b = 'both' WHERE id = 1; UPDATE t SET a = 'old' WHERE id = 2;"
      "UPDATE t SET a = 'one', b = 'other' WHERE id = 3; INSERT INTO t VALUES (2001, NULL, 'new')");
  const auto stopped = apply("3");
  EXPECT_EQ(stopped.exit_code, 1);
  EXPECT_THAT(stopped.err, HasSubstr("rows of public.t have a b that is not their a"));
  EXPECT_THAT(stopped.err, HasSubstr("id = 3"));
  EXPECT_THAT(stopped.err, HasSubstr("id = 2001"));
  EXPECT_EQ(ask("SELECT b FROM t WHERE id = 3"), "other") << "the app's word was overwritten";
  EXPECT_EQ(ask("SELECT b FROM t WHERE id = 2"), "old");
  session->exec("UPDATE t SET b = 'one' WHERE id = 3; UPDATE t SET a = b WHERE id = 2001");
  const auto filled = apply("3");
  EXPECT_EQ(filled.exit_code, 0) << filled.both();
  EXPECT_EQ(ask("SELECT count(*) FROM t WHERE a IS DISTINCT FROM b"), "0");

  // From here on PostgreSQL itself holds the promise that contract stands on.
  EXPECT_THROW(session->exec("UPDATE t SET a = 'alone' WHERE id = 1"), std::exception);
  session->exec("UPDATE t SET a = 'x', b = 'x' WHERE id = 1");
  const auto contracted = apply("4");
  EXPECT_EQ(contracted.exit_code, 0) << contracted.both();
  EXPECT_EQ(ask("SELECT b FROM t WHERE id = 1"), "x");
}

}  // namespace
}  // namespace segue::test
