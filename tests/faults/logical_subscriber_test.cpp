// That the hazard `logical-subscriber` is real, on two servers: the plan stops before it, and
// whoever goes on regardless breaks the subscriber until it has the column.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <thread>

#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

constexpr const char* users = "CREATE TABLE users (id int PRIMARY KEY, full_name text)";

runtime::ServerOptions logical() {
  runtime::ServerOptions options;
  // A worker that failed is started again after this time.
  options.settings = {{"wal_level", "logical"}, {"wal_retrieve_retry_interval", "200ms"}};
  return options;
}

bool soon(const std::function<bool()>& reached) {
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (!reached()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(20ms);
  }
  return true;
}

class LogicalSubscriber : public ::testing::Test {
 protected:
  LogicalSubscriber()
      : publisher_(logical()),
        subscriber_(logical()),
        here_(runtime::connect(publisher_.conninfo())),
        there_(runtime::connect(subscriber_.conninfo())) {
    here_->exec(users);
    there_->exec(users);
    here_->exec("CREATE PUBLICATION news FOR TABLE users");
    here_->exec("INSERT INTO users VALUES (1, 'Ada')");
    std::string conninfo;
    for (const char c : publisher_.conninfo()) conninfo += c == '\'' ? "''" : std::string(1, c);
    there_->exec("CREATE SUBSCRIPTION reader CONNECTION '" + conninfo + "' PUBLICATION news");
  }

  std::string names() {
    return there_->exec("SELECT coalesce(string_agg(full_name, ' ' ORDER BY id), '') FROM users")
        .scalar();
  }
  std::string log() const { return read_text(subscriber_.directory() / "log"); }
  Finished plan(const std::vector<std::string>& more = {}) {
    write_text(directory_.path() / "change.segue", "rename users.full_name -> display_name\n");
    std::vector<std::string> command{SEGUE_BINARY,          "plan",  "change.segue", "--db",
                                     publisher_.conninfo(), "--out", "plan"};
    command.insert(command.end(), more.begin(), more.end());
    return run(command, directory_.path());
  }

  runtime::ThrowawayServer publisher_;
  runtime::ThrowawayServer subscriber_;
  std::unique_ptr<runtime::Session> here_;
  std::unique_ptr<runtime::Session> there_;
  TemporaryDirectory directory_;
};

TEST_F(LogicalSubscriber, ThePlanStopsBeforeItBreaksAndItDoesBreak) {
  ASSERT_TRUE(soon([&] { return names() == "Ada"; }));

  const Finished refused = plan();
  EXPECT_EQ(refused.exit_code, 3) << refused.both();
  EXPECT_THAT(refused.both(), HasSubstr("logical-subscriber"));
  EXPECT_FALSE(std::filesystem::exists(directory_.path() / "plan"));

  const Finished allowed = plan({"--allow", "logical-subscriber"});
  ASSERT_EQ(allowed.exit_code, 0) << allowed.both();
  const auto applied = run({SEGUE_BINARY, "apply", (directory_.path() / "plan").string(), "--phase",
                            "1", "--db", publisher_.conninfo()});
  ASSERT_EQ(applied.exit_code, 0) << applied.both();
  here_->exec("INSERT INTO users VALUES (2, 'Bob')");
  // Again and again: it is no passing trouble.
  const std::string complaint =
      std::string("logical replication target relation \"public.users\" is missing ") +
      (publisher_.major() < 14 ? "some replicated columns" : "replicated column: \"display_name\"");
  EXPECT_TRUE(soon([&] {
    const std::string text = log();
    const auto first = text.find(complaint);
    return first != std::string::npos && text.find(complaint, first + 1) != std::string::npos;
  })) << log();
  EXPECT_EQ(names(), "Ada");

  // As the hazard advises, only too late.
  there_->exec("ALTER TABLE users ADD COLUMN display_name text");
  EXPECT_TRUE(soon([&] { return names() == "Ada Bob"; })) << log();
  here_->exec("UPDATE users SET full_name = 'Bert' WHERE id = 2");
  EXPECT_TRUE(soon([&] { return names() == "Ada Bert"; })) << log();
}

}  // namespace
}  // namespace segue::test
