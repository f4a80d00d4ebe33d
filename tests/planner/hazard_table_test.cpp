// grammar.md lists every hazard code, and no other.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace segue {
namespace {

namespace fs = std::filesystem;

const fs::path root = SEGUE_SOURCE_DIR;

std::string text_of(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void collect(const std::string& text, const std::regex& pattern, std::set<std::string>& found) {
  for (auto match = std::sregex_iterator(text.begin(), text.end(), pattern);
       match != std::sregex_iterator(); ++match)
    found.insert((*match)[1]);
}

std::set<std::string> codes_in_planner() {
  std::set<std::string> codes;
  for (const auto& entry : fs::recursive_directory_iterator(root / "planner")) {
    if (entry.path().extension() != ".cpp") continue;
    const std::string text = text_of(entry.path());
    collect(text, std::regex(R"(hazard\(\s*"([a-z-]+)\")"), codes);
    // One of two, by what the object is.
    collect(text, std::regex(R"(hazard\([^,;]*\? "([a-z-]+)\")"), codes);
    collect(text, std::regex(R"(hazard\([^,;]*\? "[a-z-]+" : "([a-z-]+)\")"), codes);
  }
  // Of an author's own SQL, where the parser's side names them.
  collect(text_of(root / "dsl" / "sql_script.cpp"), std::regex(R"(hazard\(\s*"([a-z-]+)\")"),
          codes);
  return codes;
}

std::set<std::string> codes_in_table() {
  const std::string grammar = text_of(root / "grammar.md");
  const std::size_t begin = grammar.find("## Hazards");
  const std::size_t end = grammar.find("\n## ", begin + 1);
  std::set<std::string> codes;
  collect(grammar.substr(begin, end - begin), std::regex(R"(\n\| `([a-z-]+)` \|)"), codes);
  return codes;
}

TEST(HazardTable, HasEveryCodeOfThePlannerAndNoOther) {
  const std::set<std::string> codes = codes_in_planner();
  EXPECT_GE(codes.size(), 13U);
  EXPECT_TRUE(codes.contains("materialized-view") && codes.contains("view"));
  EXPECT_EQ(codes_in_table(), codes);
}

}  // namespace
}  // namespace segue
