// Each statement of the language has golden folders: one where all is well, one where others hang on
// what it changes, one where it is refused.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

#include "dsl/statement_forms.hpp"
#include "tests/dsl/support.hpp"

namespace segue::dsl {
namespace {

namespace fs = std::filesystem;

// The statement that a line begins: the longest of the keywords that fit. Empty where none does.
std::string statement_of(const std::string& line) {
  std::string found;
  for (const std::string& keyword : statement_keywords()) {
    if (line.starts_with(keyword + " ") && keyword.size() > found.size()) found = keyword;
  }
  // `index` is the keyword of this one too.
  return line.starts_with("unique index ") ? "index" : found;
}

TEST(GoldenFolders, AreThereForEachStatement) {
  std::map<std::string, std::set<std::string>> seen;  // kinds of folder, by statement
  for (const auto& entry : fs::directory_iterator(testing_support::source_dir() / "tests/golden")) {
    if (!fs::exists(entry.path() / "input.segue")) continue;
    const std::string name = entry.path().filename();
    const std::string kind = fs::exists(entry.path() / "exit_code") ? "refusal"
                             : name.ends_with("_dependents")        ? "dependents"
                                                                    : "happy";
    std::istringstream input(testing_support::read_file(entry.path() / "input.segue"));
    for (std::string line; std::getline(input, line);) seen[statement_of(line)].insert(kind);
  }
  for (const std::string& keyword : statement_keywords())
    EXPECT_EQ(seen[keyword], (std::set<std::string>{"dependents", "happy", "refusal"})) << keyword;
}

}  // namespace
}  // namespace segue::dsl
