// A database of its own for each test, with a change that is planned for it.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "support/process.hpp"

namespace segue::test {

class Hostile : public ::testing::Test {
 protected:
  static void TearDownTestSuite() { server_.reset(); }

  void begin(const std::string& schema, const std::string& change) {
    if (!server_)
      server_ = std::make_unique<runtime::ThrowawayServer>(
          runtime::ServerOptions{.settings = {{"max_prepared_transactions", "5"}}});
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    conninfo_ = server_->create_database(test->name());
    session_ = runtime::connect(conninfo_);
    session_->exec(schema);
    write_text(directory_.path() / "change.segue", change);
    const auto planned =
        run({SEGUE_BINARY, "plan", "change.segue", "--db", conninfo_, "--out", "plan"},
            directory_.path());
    ASSERT_EQ(planned.exit_code, 0) << planned.both();
  }
  Finished segue(const std::vector<std::string>& words, const std::string& role = "postgres") {
    std::vector<std::string> command{SEGUE_BINARY};
    command.insert(command.end(), words.begin(), words.end());
    command.insert(command.begin() + 2, (directory_.path() / "plan").string());
    command.emplace_back("--db");
    command.push_back(conninfo_ + " user=" + role);
    return run(command);
  }
  Finished apply(int phase, const std::string& role = "postgres") {
    std::vector<std::string> words{"apply", "--phase", std::to_string(phase)};
    if (phase == 4) words.insert(words.end(), {"--release", "v2"});
    return segue(words, role);
  }
  void apply_all() {
    for (int phase = 1; phase <= 4; ++phase) {
      const auto done = apply(phase);
      ASSERT_EQ(done.exit_code, 0) << done.both();
    }
  }
  std::string value(const std::string& sql) { return session_->exec(sql).scalar(); }
  std::string columns(const std::string& table) {
    return value(
        "SELECT string_agg(attname, ' ' ORDER BY attname) FROM pg_attribute WHERE attrelid "
        "= '" +
        table + "'::regclass AND attnum > 0 AND NOT attisdropped");
  }

  TemporaryDirectory directory_;
  std::string conninfo_;
  std::unique_ptr<runtime::Session> session_;
  static inline std::unique_ptr<runtime::ThrowawayServer> server_;
};

inline constexpr const char* users =
    "CREATE TABLE users (id int PRIMARY KEY, full_name text); "
    "INSERT INTO users SELECT g, 'name ' || g FROM generate_series(1, 1000) g";
inline constexpr const char* rename_name = "rename users.full_name -> display_name\n";

}  // namespace segue::test
