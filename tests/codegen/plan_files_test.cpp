// A plan directory: written whole or not at all, and read only as it was reviewed.
#include "codegen/plan_files.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "codegen/as_is.hpp"

namespace segue::codegen {
namespace {

namespace fs = std::filesystem;

class PlanFiles : public ::testing::Test {
 protected:
  PlanFiles()
      : root_(fs::temp_directory_path() / ("segue_plan_files_" + std::to_string(::getpid()))) {
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  ~PlanFiles() override { fs::remove_all(root_); }

  static planner::Plan plan(const std::string& column = "phone") {
    planner::Plan made;
    made.name = "phone";
    made.source_name = "phone.segue";
    made.source_text = "add users." + column + " text\n";
    planner::Step step;
    step.id = "1.1";
    step.phase = planner::Phase::expand;
    step.title = "Add public.users." + column;
    step.action =
        planner::Transaction{"ALTER TABLE public.users ADD COLUMN " + column + " text;\n"};
    step.why = "a catalogue change";
    step.undo = {
        planner::Transaction{"ALTER TABLE public.users DROP COLUMN IF EXISTS " + column + ";\n"}};
    step.source = {{1, "add users." + column + " text"}};
    made.steps = {step};
    made.baseline.server_version = 150000;
    return made;
  }

  fs::path directory() const { return root_ / "migrations" / "phone"; }

  static std::string bytes(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }

  void edit(const std::string& file, const std::string& from, const std::string& to) const {
    std::string text = bytes(directory() / file);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << file;
    text.replace(at, from.size(), to);
    std::ofstream(directory() / file, std::ios::binary) << text;
  }

  // The message of the error that reading gives.
  std::string read_error(bool expect_refused) const {
    try {
      read(directory());
    } catch (const PlanDirectoryError& error) {
      EXPECT_EQ(error.refused, expect_refused) << error.what();
      std::string message = error.what();
      const std::string prefix = root_.string();
      for (std::size_t at = message.find(prefix); at != std::string::npos;
           at = message.find(prefix))
        message.erase(at, prefix.size() + 1);
      return message;
    }
    return "no error";
  }

  fs::path root_;
};

TEST_F(PlanFiles, WhatIsReadIsWhatWasWritten) {
  const auto files = render(plan());
  write(files, directory(), false);
  EXPECT_EQ(files.size(), 6U);
  const ReviewedPlan reviewed = read(directory());
  EXPECT_EQ(render(reviewed.plan), files);
  EXPECT_EQ(reviewed.checksums.size(), 5U);
  EXPECT_EQ(reviewed.checksum(planner::Phase::expand).size(), 64U);
}

TEST_F(PlanFiles, NothingElseStaysBehind) {
  write(render(plan()), directory(), false);
  write(render(plan("mobile")), directory(), true);
  std::size_t entries = 0;
  for (const auto& entry : fs::directory_iterator(directory().parent_path())) {
    ++entries;
    EXPECT_EQ(entry.path(), directory());
  }
  EXPECT_EQ(entries, 1U);
}

TEST_F(PlanFiles, TheSamePlanAgainIsNoConflict) {
  write(render(plan()), directory(), false);
  EXPECT_NO_THROW(write(render(plan()), directory(), false));
}

TEST_F(PlanFiles, AnotherPlanIsNotOverwrittenUnasked) {
  write(render(plan()), directory(), false);
  const auto before = bytes(directory() / "plan.json");
  EXPECT_THROW(write(render(plan("mobile")), directory(), false), PlanDirectoryError);
  EXPECT_EQ(bytes(directory() / "plan.json"), before);
  write(render(plan("mobile")), directory(), true);
  EXPECT_NE(bytes(directory() / "plan.json"), before);
}

TEST_F(PlanFiles, ADirectoryOfOtherThingsIsLeftAlone) {
  fs::create_directories(directory());
  std::ofstream(directory() / "precious.txt") << "mine";
  EXPECT_THROW(write(render(plan()), directory(), true), PlanDirectoryError);
  EXPECT_EQ(bytes(directory() / "precious.txt"), "mine");
}

TEST_F(PlanFiles, AnEditedPhaseFileIsRefused) {
  write(render(plan()), directory(), false);
  edit("1_expand.sql", "ADD COLUMN phone text", "ADD COLUMN phone int");
  EXPECT_EQ(read_error(true),
            "migrations/phone/1_expand.sql: edited since it was planned: change phone.segue and "
            "plan again, so that what runs is what was reviewed");
}

TEST_F(PlanFiles, AnEditedPlanJsonIsRefused) {
  write(render(plan()), directory(), false);
  edit("plan.json", "DROP COLUMN IF EXISTS phone", "DROP COLUMN IF EXISTS email");
  EXPECT_EQ(
      read_error(true),
      "migrations/phone/plan.json: edited since it was planned: change phone.segue and plan again");
}

TEST_F(PlanFiles, AMissingFileIsSaid) {
  write(render(plan()), directory(), false);
  fs::remove(directory() / "3_backfill.sql");
  EXPECT_EQ(read_error(false),
            "migrations/phone/3_backfill.sql: missing or not readable: this is no complete plan "
            "directory");
}

TEST_F(PlanFiles, AMissingDirectoryIsSaid) {
  EXPECT_EQ(read_error(false), "migrations/phone: no such directory");
}

TEST_F(PlanFiles, AnotherFormatIsSaid) {
  write(render(plan()), directory(), false);
  edit("plan.json", "\"version\": 1", "\"version\": 9");
  EXPECT_EQ(read_error(false),
            "migrations/phone/plan.json: its format is version 9, this segue reads version 1: use "
            "the segue that made it, or plan again");
}

TEST_F(PlanFiles, AsTheyAreTheyAreReadWithTheirEdits) {
  write(render(plan()), directory(), false);
  PlanAsIs as_is = read_as_is(directory());
  EXPECT_EQ(as_is.edited, std::vector<std::string>{});
  EXPECT_EQ(as_is.plan.checksums, read(directory()).checksums);

  edit("1_expand.sql", "ADD COLUMN phone text;", "ADD COLUMN phone text;\n-- and\nSELECT 1;");
  as_is = read_as_is(directory());
  EXPECT_EQ(as_is.edited, std::vector<std::string>{"1_expand.sql"});
  EXPECT_EQ(as_is.notes, std::vector<std::string>{});
  EXPECT_EQ(std::get<planner::Transaction>(as_is.plan.plan.steps.at(0).action).sql,
            "ALTER TABLE public.users ADD COLUMN phone text;\n-- and\nSELECT 1;\n");

  edit("1_expand.sql", "-- ── 1.1  Add", "-- ── 1.7  Add");
  as_is = read_as_is(directory());
  EXPECT_TRUE(as_is.plan.plan.steps.empty());
  EXPECT_EQ(as_is.notes,
            (std::vector<std::string>{"step 1.7 is not in plan.json: psql alone runs it",
                                      "step 1.1 is gone from its file"}));
}

TEST_F(PlanFiles, PhasesWithoutStepsHaveTheirFile) {
  const auto files = render(plan());
  EXPECT_NE(files.at("3_backfill.sql").find("nothing is filled, built or validated"),
            std::string::npos);
}

}  // namespace
}  // namespace segue::codegen
