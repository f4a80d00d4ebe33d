// Every message of the parser as a whole: text, caret, hint. SEGUE_REGOLD=1 writes them anew.
#include <gtest/gtest.h>

#include <cstdlib>

#include "dsl/parser.hpp"
#include "tests/dsl/support.hpp"

namespace segue::dsl {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> cases() {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::directory_iterator(testing_support::source_dir() / "tests/dsl/diagnostics")) {
    if (entry.path().extension() == ".segue") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class Diagnostics : public testing::TestWithParam<fs::path> {};

TEST_P(Diagnostics, AreAsExpected) {
  const auto& path = GetParam();
  const Source source(path.filename().string(), testing_support::read_file(path));
  const auto result = parse(source);
  EXPECT_FALSE(result.change);
  const auto text = render(source, result.diagnostics);
  const auto expected = fs::path(path).replace_extension(".txt");
  if (std::getenv("SEGUE_REGOLD") != nullptr) {
    std::ofstream(expected, std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(text, testing_support::read_file(expected));
}

INSTANTIATE_TEST_SUITE_P(Files, Diagnostics, testing::ValuesIn(cases()),
                         [](const auto& test) { return test.param.stem().string(); });

TEST(Render, ShowsARelatedPlace) {
  const Source source("a.segue", "drop t.a\ndrop t.b\n");
  const Diagnostic diagnostic{
      Severity::warning, {9, 17}, "these contradict", "drop one", {{{0, 8}, "the other"}}};
  EXPECT_EQ(render(source, diagnostic),
            "a.segue:2:1: warning: these contradict\n"
            "  drop t.b\n"
            "  ^~~~~~~~\n"
            "  hint: drop one\n"
            "a.segue:1:1: note: the other\n"
            "  drop t.a\n"
            "  ^~~~~~~~\n");
}

TEST(Render, UnderlinesOnlyTheFirstLine) {
  const Source source("a.segue", "drop\n  t.a\n");
  EXPECT_EQ(render(source, Diagnostic{Severity::error, {0, 10}, "m", "", {}}),
            "a.segue:1:1: error: m\n  drop\n  ^~~~\n");
  EXPECT_EQ(render(source, Diagnostic{Severity::error, {900, 901}, "m", "", {}}),
            "a.segue:3:1: error: m\n  \n  ^\n");
}

TEST(Nearest, AllowsAThirdOfTheWord) {
  const std::vector<std::string> words = {"rename", "require", "relax", "add"};
  EXPECT_EQ(nearest("renmae", words), "rename");
  EXPECT_EQ(nearest("RENAME", words), "rename");
  EXPECT_EQ(nearest("ad", words), "add");
  EXPECT_EQ(nearest("dad", words), "add");
  EXPECT_EQ(nearest("remove", words), std::nullopt);
  EXPECT_EQ(nearest("xyz", words), std::nullopt);
  EXPECT_EQ(nearest("", words), std::nullopt);
}

TEST(Position, CountsDisplayColumns) {
  const Source source("a", "é名x\r\n\tb\n");
  EXPECT_EQ(source.position(0).column, 1U);
  EXPECT_EQ(source.position(2).column, 2U);
  EXPECT_EQ(source.position(5).column, 4U);
  EXPECT_EQ(source.position(9).line, 2U);
  EXPECT_EQ(source.position(9).column, 2U);
  EXPECT_EQ(source.line(1), "é名x");
  EXPECT_EQ(source.line(3), "");
  EXPECT_EQ(source.line(99), "");
  EXPECT_EQ(display_width("e\u0301"), 1U);
}

}  // namespace
}  // namespace segue::dsl
