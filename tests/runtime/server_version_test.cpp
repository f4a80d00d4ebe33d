// A server that is too old, which cannot be installed beside the others here.
#include <gtest/gtest.h>

#include "runtime/errors.hpp"
#include "runtime/introspect.hpp"
#include "runtime/runner_connection.hpp"

namespace segue::runtime {
namespace {

class PostgreSQL12 final : public Session {
 public:
  Rows exec(const std::string& sql) override { throw std::logic_error("asked: " + sql); }
  Rows exec(const std::string& sql, const std::vector<Value>&) override { return exec(sql); }
  std::vector<std::string> take_notices() override { return {}; }
  int backend_pid() const override { return 1; }
  int server_version() const override { return 120019; }
};

TEST(ServerVersion, AnOldServerIsToldBeforeItIsAskedAnything) {
  PostgreSQL12 server;
  try {
    prepare_session(server);
    FAIL() << "not refused";
  } catch (const Refused& error) {
    ASSERT_EQ(error.objections().size(), 1U);
    EXPECT_EQ(error.objections()[0].code, "server-version");
    EXPECT_EQ(error.objections()[0].what, "the server is PostgreSQL 12; segue needs 13 or later");
  }
  try {
    static_cast<void>(read_catalog(server));
    FAIL() << "not refused";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "the server is PostgreSQL 12; segue needs 13 or newer");
  }
}

}  // namespace
}  // namespace segue::runtime
