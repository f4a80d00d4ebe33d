// Which plans a rehearsal covers.
#include "runtime/rehearsal/coverage.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "runtime/rehearsal/report.hpp"
#include "sample.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

using namespace runtime::rehearsal;

class Coverage : public ::testing::Test {
 protected:
  void SetUp() override {
    plan_.plan.name = "display_name";
    plan_.directory = "migrations/0007";
    plan_.digest = "d1";
    plan_.checksums = passed_rehearsal().checksums;
  }

  std::string why_not(const Rehearsal& rehearsal) { return why_not(to_json(rehearsal).dump(2)); }
  std::string why_not(const std::string& text) {
    write_text(file_, text);
    const auto objection = not_covered(plan_, file_);
    return objection ? objection->what : "";
  }

  TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_.path() / "rehearsal.json";
  codegen::ReviewedPlan plan_;
};

TEST_F(Coverage, APassedRehearsalCoversItsPlan) {
  EXPECT_EQ(why_not(passed_rehearsal()), "");
}

TEST_F(Coverage, AnythingElseDoesNot) {
  EXPECT_EQ(not_covered(plan_, file_)->what,
            "display_name has not been rehearsed: there is no " + file_.string());
  EXPECT_EQ(not_covered(plan_, file_)->advice,
            "Run `segue rehearse migrations/0007`, and review what it says.");
  EXPECT_EQ(why_not(failed_rehearsal()), "the rehearsal of display_name failed");

  Rehearsal as_is = passed_rehearsal();
  as_is.covers = false;
  as_is.covers_not = "the directory was rehearsed as it is";
  EXPECT_EQ(why_not(as_is),
            "the rehearsal of display_name covers nothing: the directory was rehearsed as it is");

  Rehearsal older = passed_rehearsal();
  older.digest = "d0";
  EXPECT_EQ(why_not(older),
            "display_name was made anew after it was rehearsed: plan.json is another one");

  Rehearsal other = passed_rehearsal();
  other.checksums["3_backfill.sql"] = "xx";
  EXPECT_EQ(why_not(other), "3_backfill.sql is not the file that was rehearsed");
  other.checksums.erase("3_backfill.sql");
  EXPECT_EQ(why_not(other), "3_backfill.sql is not the file that was rehearsed");
}

TEST_F(Coverage, AnEditedResultIsNone) {
  const std::string edited =
      file_.string() + " is not what a rehearsal of this version of segue wrote";
  auto json = to_json(failed_rehearsal());
  json["passed"] = true;
  EXPECT_EQ(why_not(json.dump()), edited);
  EXPECT_EQ(why_not("no JSON"), edited);
  EXPECT_EQ(why_not("[]"), edited);
}

}  // namespace
}  // namespace segue::test
