// A column that moves to another table, up to phase 2: both releases may write.
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

inline constexpr const char* change =
    "move users.bio -> profiles.bio on (profiles.user_id = users.id)\n";
inline constexpr const char* tied =
    "CREATE TABLE users (id int PRIMARY KEY, name text, bio text);"
    "CREATE TABLE profiles (user_id int UNIQUE REFERENCES users ON DELETE CASCADE ON UPDATE "
    "CASCADE, picture text);"
    "INSERT INTO users SELECT i, 'u', 'b' || i FROM generate_series(1, 20) i;"
    "INSERT INTO profiles SELECT i, 'p' FROM generate_series(1, 20) i;";
inline constexpr const char* loose =
    "CREATE TABLE users (id int PRIMARY KEY, name text, bio text);"
    "CREATE TABLE profiles (user_id int UNIQUE, picture text);"
    "INSERT INTO users SELECT i, 'u', 'b' || i FROM generate_series(1, 20) i;"
    "INSERT INTO profiles SELECT i, 'p' FROM generate_series(1, 20) i;";

class MoveWriters : public ::testing::Test {
 protected:
  static void TearDownTestSuite() { server_.reset(); }

  // Plans the change for the schema and applies phases 1 and 2.
  void begin(const std::string& schema, const std::string& statements = change) {
    if (!server_) server_ = std::make_unique<runtime::ThrowawayServer>();
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    conninfo_ = server_->create_database(test->name());
    session_ = runtime::connect(conninfo_);
    session_->exec(schema);
    write_text(directory_.path() / "change.segue", statements);
    const auto planned =
        run({SEGUE_BINARY, "plan", "change.segue", "--db", conninfo_, "--out", "plan"},
            directory_.path());
    ASSERT_EQ(planned.exit_code, 0) << planned.both();
    for (int phase = 1; phase <= 2; ++phase) {
      const auto done = apply(phase);
      ASSERT_EQ(done.exit_code, 0) << done.both();
    }
  }

  std::vector<std::string> command(int phase) const {
    std::vector<std::string> words{SEGUE_BINARY,
                                   "apply",
                                   (directory_.path() / "plan").string(),
                                   "--phase",
                                   std::to_string(phase),
                                   "--db",
                                   conninfo_};
    if (phase == 4) words.insert(words.end(), {"--release", "v2", "--skip-soak", "a test"});
    return words;
  }
  Finished apply(int phase) const { return run(command(phase)); }

  void exec(const std::string& sql) { session_->exec(sql); }
  // What each side holds: "bio of users / bio of profiles", "-" for NULL, "" where there is no row.
  std::string pair(int id) {
    const auto side = [&](const std::string& table, const std::string& key) {
      const auto found = session_->exec(
          fmt::format("SELECT coalesce(bio, '-') FROM {} WHERE {} = {}", table, key, id));
      return found.empty() ? std::string() : found.scalar();
    };
    return side("users", "id") + "/" + side("profiles", "user_id");
  }

  TemporaryDirectory directory_;
  std::string conninfo_;
  std::unique_ptr<runtime::Session> session_;
  static inline std::unique_ptr<runtime::ThrowawayServer> server_;
};

}  // namespace segue::test
