// grammar.md lists every hazard code, and no other; and each is seen by a test.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "planner/hazard_codes.hpp"

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

constexpr std::string_view code_letters = "abcdefghijklmnopqrstuvwxyz-";

// The string literals that are codes by their letters, in `text` up to its first comma.
void collect_first_argument(std::string_view text, std::set<std::string>& codes) {
  text = text.substr(0, text.find(','));
  for (std::size_t open = text.find('"'); open != std::string_view::npos;) {
    const std::size_t close = text.find('"', open + 1);
    if (close == std::string_view::npos) return;
    const std::string_view word = text.substr(open + 1, close - open - 1);
    if (!word.empty() && word.find_first_not_of(code_letters) == std::string_view::npos) {
      codes.emplace(word);
    }
    open = text.find('"', close + 1);
  }
}

// hazard("code", …), also hazard(condition ? "code" : "other", …).
void collect_calls(const std::string& text, std::set<std::string>& codes) {
  constexpr std::string_view call = "hazard(";
  for (std::size_t at = text.find(call); at != std::string::npos; at = text.find(call, at + 1)) {
    collect_first_argument(std::string_view{text}.substr(at + call.size()), codes);
  }
}

std::set<std::string> codes_in_sources() {
  std::set<std::string> codes;
  for (const auto& entry : fs::recursive_directory_iterator(root / "planner")) {
    if (entry.path().extension() == ".cpp") collect_calls(text_of(entry.path()), codes);
  }
  // Of an author's own SQL, where the parser's side names them.
  collect_calls(text_of(root / "dsl" / "sql_script.cpp"), codes);
  return codes;
}

std::set<std::string> codes_in_table() {
  const std::string grammar = text_of(root / "grammar.md");
  const std::size_t begin = grammar.find("## Hazards");
  std::istringstream section(grammar.substr(begin, grammar.find("\n## ", begin + 1) - begin));
  std::set<std::string> codes;
  for (std::string line; std::getline(section, line);) {
    if (line.starts_with("| `")) codes.insert(line.substr(3, line.find('`', 3) - 3));
  }
  return codes;
}

TEST(HazardTable, HasEveryCodeOfTheSourcesAndNoOther) {
  const std::set<std::string> codes = codes_in_sources();
  EXPECT_GE(codes.size(), 20U);
  EXPECT_TRUE(codes.contains("materialized-view") && codes.contains("view"));
  EXPECT_EQ(codes_in_table(), codes);
  // What --allow takes.
  const std::vector<std::string>& known = planner::hazard_codes();
  EXPECT_EQ(std::set<std::string>(known.begin(), known.end()), codes);
}

// A code as a test writes it ("code", "code: …"), a plan.json ("code"), or a refusal ([code]).
TEST(HazardTable, EachCodeIsSeenByATest) {
  std::string all;
  for (const auto& entry : fs::recursive_directory_iterator(root / "tests")) {
    const fs::path& file = entry.path();
    const bool counts =
        (file.extension() == ".cpp" && file.filename() != "hazard_table_test.cpp") ||
        file.filename() == "plan.json" || file.filename() == "stderr.txt";
    if (counts) all += text_of(file);
  }
  for (const std::string& code : codes_in_table()) {
    const auto stands = [&](const std::string& text) {
      return all.find(text) != std::string::npos;
    };
    EXPECT_TRUE(stands('"' + code + '"') || stands('"' + code + ':') || stands('[' + code + ']'))
        << code;
  }
}

}  // namespace
}  // namespace segue
