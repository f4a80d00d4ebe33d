// One server with a table for each kind of change, planned together and taken to phases 2 and 3.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "codegen/plan_files.hpp"
#include "history/player.hpp"
#include "runtime/server.hpp"

namespace segue::test::history {

class History : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  // A database of its own, as after phase 2 or 3; its conninfo.
  static std::string database(bool filled = false);
  static Table table(const Subject& subject, const std::string& conninfo, bool filled = false);
  // As the backfill runs a batch.
  static std::string fill_of(const Subject& subject, const std::string& condition);

  // The shortest story of the first history that fails; empty: none of so many did.
  static Schedule first_failure(Player& player, int histories);

 private:
  static std::unique_ptr<runtime::ThrowawayServer> server_;
  static codegen::ReviewedPlan plan_;
};

}  // namespace segue::test::history
