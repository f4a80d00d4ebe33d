// A schema made again from its catalogue is the same schema: whole, and as the part of it that a
// plan keeps.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "codegen/plan_files.hpp"
#include "codegen/schema_sql.hpp"
#include "codegen/snapshot.hpp"
#include "runtime/gate_facts.hpp"
#include "runtime/introspect.hpp"
#include "runtime/make_schema.hpp"
#include "runtime/server.hpp"
#include "support/golden.hpp"
#include "support/process.hpp"

namespace segue::runtime {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const fs::path tests = fs::path(SEGUE_SOURCE_DIR) / "tests";

// Those with something around their tables; SEGUE_EVERY_GOLDEN=1: all of them.
std::vector<std::string> planned_goldens() {
  if (std::getenv("SEGUE_EVERY_GOLDEN") == nullptr) {
    return {"create_dependents",       "drop_table_dependents", "index_partitioned",
            "merge_dependents",        "move_partitioned",      "rename_foreign_key_in",
            "rename_odd_names",        "rename_own_triggers",   "rename_partitioned",
            "rename_table_dependents", "rename_under_policies", "rename_via_view_dependents",
            "retype_dependents",       "retype_text_to_enum",   "shop_display_name",
            "sql_dependents",          "widen_dependents",      "widen_partitioned"};
  }
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(tests / "golden")) {
    if (fs::exists(entry.path() / "expected")) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class SchemaAgain : public ::testing::TestWithParam<std::string> {
 protected:
  static ThrowawayServer& server() {
    static ThrowawayServer one;
    return one;
  }
  static std::string database() {
    static int number = 0;
    return server().create_database(fmt::format("again_{}", ++number));
  }
};

// What drift is told by says nothing, so phase 1 goes through.
TEST_P(SchemaAgain, FromThePlanAlone) {
  if (const auto why = test::needs_newer_server(GetParam()); !why.empty()) GTEST_SKIP() << why;
  const codegen::ReviewedPlan plan = test::golden_plan(GetParam());
  const auto session = connect(database());
  const std::vector<std::string> notes =
      make_schema(*session, planner::with_surroundings(plan.plan.baseline, plan.plan.surroundings));
  session->exec("RESET ALL");
  EXPECT_THAT(find_drift(*session, plan.plan, planner::Phase::expand, {}), IsEmpty())
      << fmt::format("{}", fmt::join(notes, "\n"));
  for (const std::string& note : notes) EXPECT_EQ(note.find("left out"), std::string::npos) << note;
}

INSTANTIATE_TEST_SUITE_P(Case, SchemaAgain, ::testing::ValuesIn(planned_goldens()),
                         [](const auto& one) { return one.param; });

class WholeSchemaAgain : public SchemaAgain {};

std::string without_what_is_no_structure(planner::Catalog catalog) {
  for (planner::Table& table : catalog.tables) table.owner.clear();
  return codegen::write_snapshot(catalog);
}

TEST_P(WholeSchemaAgain, IsTheSameToTheLastField) {
  if (const auto why = test::needs_newer_server(GetParam()); !why.empty()) GTEST_SKIP() << why;
  const fs::path file = test::golden_folder(GetParam()) / "schema.sql";
  const std::string first = database();
  load_schema(*connect(first), file.string(), test::read_text(file));
  const planner::Catalog wanted = read_catalog(*connect(first));
  const std::string second = database();
  const std::vector<std::string> notes = make_schema(*connect(second), wanted);
  for (const std::string& note : notes) EXPECT_EQ(note.find("left out"), std::string::npos) << note;
  const planner::Catalog found = read_catalog(*connect(second));
  EXPECT_THAT(planner::differences(wanted, found, {}), IsEmpty());
  EXPECT_EQ(without_what_is_no_structure(wanted), without_what_is_no_structure(found));
}

INSTANTIATE_TEST_SUITE_P(Case, WholeSchemaAgain,
                         ::testing::Values("rename_odd_names", "rename_types", "widen_partitioned",
                                           "split_dependents", "rename_statistics",
                                           "rename_serial"),
                         [](const auto& one) { return std::string(one.param); });

TEST(SchemaAgainElsewhere, BringsTheTablespacesOfItsIndexes) {
  ThrowawayServer here;
  const auto first = connect(here.create_database("again"));
  if (first->exec("SELECT FROM pg_settings WHERE name = 'allow_in_place_tablespaces'").empty())
    GTEST_SKIP() << "a server of before August 2022";
  load_schema(*first, "schema.sql",
              "CREATE TABLE users (id int PRIMARY KEY USING INDEX TABLESPACE fast, name text); "
              "CREATE INDEX users_name ON users (name) TABLESPACE \"quite slow\";");
  const planner::Catalog wanted = read_catalog(*first);
  ThrowawayServer elsewhere;
  const auto second = connect(elsewhere.create_database("again"));
  EXPECT_THAT(make_schema(*second, wanted), IsEmpty());
  EXPECT_THAT(planner::differences(wanted, read_catalog(*second), {}), IsEmpty());
}

// Everything that can hang on a column, from a snapshot.
TEST(SchemaOfASnapshot, IsTheSameButForWhatACatalogueDoesNotSay) {
  ThrowawayServer server;
  if (server.major() != 15) GTEST_SKIP() << "the snapshot is one of PostgreSQL 15";
  const planner::Catalog wanted =
      codegen::read_snapshot(test::read_text(tests / "runtime" / "everything.json"));
  const auto session = connect(server.create_database("again"));
  EXPECT_THAT(make_schema(*session, wanted),
              ElementsAre("aggregate app.total(integer): left out, a catalogue does not say it all",
                          "policies of public.users: for everybody, and permissive; the catalogue "
                          "does not say for whom"));
  planner::Catalog found = read_catalog(*session);
  // The snapshot was written without what an extension brings.
  std::erase_if(found.types,
                [](const planner::Type& type) { return type.name.name.starts_with("gbtreekey"); });
  EXPECT_THAT(planner::differences(wanted, found, {}),
              ElementsAre("function app.total(integer) is gone"));
}

}  // namespace
}  // namespace segue::runtime
