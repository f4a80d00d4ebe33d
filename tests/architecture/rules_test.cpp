// Each rule is shown to catch a bad sample, then held against the tree.
#include "rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace segue::architecture {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<File>& tree() {
  static const auto files = [] {
    std::vector<File> read;
    for (const auto& path : tracked_files(SEGUE_SOURCE_DIR)) {
      read.push_back(read_file(SEGUE_SOURCE_DIR, path));
    }
    return read;
  }();
  return files;
}

template <typename Rule>
std::vector<std::string> breaches_in_tree(Rule rule) {
  std::vector<std::string> all;
  for (const auto& file : tree()) {
    for (auto& breach : rule(file)) all.push_back(std::move(breach));
  }
  return all;
}

TEST(IncludeDirection, CatchesAnIncludeOfALaterStage) {
  EXPECT_THAT(include_direction(
                  {"planner/x.cpp", "#include \"dsl/change.hpp\"\n#include \"codegen/a.hpp\"\n"}),
              ElementsAre("planner/x.cpp:2: planner includes codegen/a.hpp, which comes after it"));
  EXPECT_THAT(
      include_direction({"planner/recipes/x.cpp", "# include <cli/a.hpp>\n"}),
      ElementsAre("planner/recipes/x.cpp:1: planner includes cli/a.hpp, which comes after it"));
  EXPECT_THAT(include_direction({"dsl/x.cpp", "#include \"../planner/plan.hpp\"\n"}),
              ElementsAre("dsl/x.cpp:1: a stage includes ../planner/plan.hpp"));
}

TEST(IncludeDirection, LetsTheStreetAndTestsBe) {
  EXPECT_THAT(include_direction(
                  {"cli/x.cpp", "#include \"dsl/change.hpp\"\n#include <planner/plan.hpp>\n"}),
              IsEmpty());
  EXPECT_THAT(include_direction({"tests/dsl/x.cpp", "#include \"runtime/session.hpp\"\n"}),
              IsEmpty());
}

TEST(IncludeDirection, HoldsInTheTree) {
  EXPECT_THAT(breaches_in_tree(include_direction), IsEmpty());
}

TEST(LibraryBorders, CatchesALibraryOutsideItsStage) {
  EXPECT_THAT(library_borders({"planner/x.cpp", "#include <tao/pegtl.hpp>\n"}),
              ElementsAre("planner/x.cpp:1: tao/pegtl.hpp belongs in dsl"));
  EXPECT_THAT(library_borders({"codegen/x.cpp", "#include <pg_query.h>\n"}),
              ElementsAre("codegen/x.cpp:1: pg_query.h belongs in dsl"));
  EXPECT_THAT(library_borders({"cli/x.cpp", "#include <pqxx/pqxx>\n"}),
              ElementsAre("cli/x.cpp:1: pqxx/pqxx belongs in runtime's sources"));
  EXPECT_THAT(library_borders({"runtime/session.hpp", "#include <libpq-fe.h>\n"}),
              ElementsAre("runtime/session.hpp:1: libpq-fe.h belongs in runtime's sources"));
  EXPECT_THAT(
      library_borders({"codegen/x.hpp", "#include <nlohmann/json.hpp>\n"}),
      ElementsAre("codegen/x.hpp:1: nlohmann/json.hpp belongs in sources, and not in planner"));
  EXPECT_THAT(
      library_borders({"runtime/x.cpp", "#include <pqxx/pqxx>\n#include <nlohmann/json.hpp>\n"}),
      IsEmpty());
}

TEST(LibraryBorders, HoldInTheTree) {
  EXPECT_THAT(breaches_in_tree(library_borders), IsEmpty());
}

// PEGTL is heavy and its rules are private: a header that others include must not bring it along.
TEST(LibraryBorders, NoListedHeaderBringsAParserAlong) {
  const auto list = read_file(SEGUE_SOURCE_DIR, "dsl/CMakeLists.txt").text;
  for (const auto& file : tree()) {
    if (!file.path.starts_with("dsl/") || !file.path.ends_with(".hpp")) continue;
    if (file.text.find("tao/pegtl") == std::string::npos &&
        file.text.find("pg_query.h") == std::string::npos)
      continue;
    EXPECT_EQ(list.find(file.path.substr(4)), std::string::npos) << file.path;
  }
}

TEST(TopDirectory, CatchesAStranger) {
  EXPECT_THAT(top_directory({"dsl/a.cpp", "notes.txt", "scripts/x", ".ci/run", "README.md"}),
              ElementsAre("notes.txt does not belong in the top directory",
                          "scripts does not belong in the top directory"));
}

TEST(TopDirectory, HoldsInTheTree) {
  EXPECT_THAT(top_directory(tracked_files(SEGUE_SOURCE_DIR)), IsEmpty());
}

TEST(MachineTraces, CatchesAPathAndAHost) {
  const std::string path = std::string("/wo") + "rk/x";
  EXPECT_THAT(machine_traces({"a.md", "fine\nsee " + path + "\n"}),
              ElementsAre("a.md:2: names a place of one machine: see " + path));
  EXPECT_EQ(machine_traces({"a.md", std::string("cd /ro") + "ot/segue"}).size(), 1U);
  EXPECT_EQ(machine_traces({"a.md", std::string("http://deb.deb") + "ian.org"}).size(), 1U);
  EXPECT_THAT(machine_traces({"a.md",
                              "frame/"
                              "work/x, network/"
                              "root/y, /tmp/x\n"}),
              IsEmpty());
}

TEST(MachineTraces, NoneInTheTree) {
  EXPECT_THAT(breaches_in_tree(machine_traces), IsEmpty());
}

TEST(Headers, CatchesOneThatIsUsedButNotListed) {
  EXPECT_THAT(
      unlisted_headers(
          {{"dsl/CMakeLists.txt", "change.hpp"},
           {"planner/a.cpp", "#include \"dsl/change.hpp\"\n#include \"dsl/lexer.hpp\"\n"}}),
      ElementsAre(
          "dsl/lexer.hpp is included by another folder but not listed in dsl/CMakeLists.txt"));
}

TEST(Headers, AllThatOtherFoldersUseAreListed) {
  EXPECT_THAT(unlisted_headers(tree()), IsEmpty());
}

TEST(Tree, IsFound) {
  EXPECT_GT(tree().size(), 20U);
}

}  // namespace
}  // namespace segue::architecture
