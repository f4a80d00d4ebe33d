// A database, a plan made from it, and what happens there: for tests that hazards are real.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "runtime/errors.hpp"
#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "support/golden.hpp"
#include "support/process.hpp"

namespace segue::test {

class HazardProofs : public ::testing::Test {
 protected:
  static void TearDownTestSuite() { server_.reset(); }

  void load(const std::string& schema) {
    if (!server_) server_ = std::make_unique<runtime::ThrowawayServer>();
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    conninfo_ = server_->create_database(test->name());
    session_ = runtime::connect(conninfo_);
    session_->exec(schema);
  }

  Finished plan(const std::string& change, const std::string& allow = {}) {
    write_text(directory_.path() / "change.segue", change);
    std::vector<std::string> command{SEGUE_BINARY, "plan",  "change.segue", "--db",
                                     conninfo_,    "--out", "plan"};
    if (!allow.empty()) {
      command.emplace_back("--allow");
      command.push_back(allow);
    }
    return run(command, directory_.path());
  }
  std::string notes() const { return read_text(directory_.path() / "plan" / "DEPLOY.md"); }

  Finished try_phase(int phase) {
    std::vector<std::string> command{SEGUE_BINARY,
                                     "apply",
                                     (directory_.path() / "plan").string(),
                                     "--phase",
                                     std::to_string(phase),
                                     "--db",
                                     conninfo_};
    if (phase == 4) {
      for (const auto* word : {"--release", "v2", "--skip-soak", "a test"})
        command.emplace_back(word);
    }
    return run(command);
  }
  void apply(int phase) {
    const auto done = try_phase(phase);
    ASSERT_EQ(done.exit_code, 0) << done.both();
  }

  std::string failure(const std::string& sql) {
    try {
      session_->exec(sql);
    } catch (const runtime::DatabaseError& error) {
      return error.what();
    }
    return "";
  }
  std::string value(const std::string& sql) { return session_->exec(sql).scalar(); }

  TemporaryDirectory directory_;
  std::string conninfo_;
  std::unique_ptr<runtime::Session> session_;
  static inline std::unique_ptr<runtime::ThrowawayServer> server_;
};

}  // namespace segue::test
