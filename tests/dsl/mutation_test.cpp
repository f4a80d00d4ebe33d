// Thousands of damaged change files: nothing may crash, and what still parses has to format well.
#include <gtest/gtest.h>

#include <random>

#include "dsl/parser.hpp"
#include "tests/dsl/meaning.hpp"
#include "tests/dsl/support.hpp"

namespace segue::dsl {
namespace {

using namespace testing_support;

class Mutator {
 public:
  Mutator(unsigned seed, std::vector<std::string> texts)
      : random_(seed), texts_(std::move(texts)) {}

  std::string next() {
    auto text = texts_[pick(texts_.size())];
    const auto changes = 1 + pick(4);
    for (std::size_t at = 0; at < changes; ++at) change(text);
    return text;
  }

 private:
  std::size_t pick(std::size_t count) { return count == 0 ? 0 : random_() % count; }

  void change(std::string& text) {
    static const std::vector<std::string> pieces = {"(",
                                                    ")",
                                                    "[",
                                                    "]",
                                                    "'",
                                                    "\"",
                                                    "$$",
                                                    "$a$",
                                                    "--",
                                                    "/*",
                                                    "*/",
                                                    ";",
                                                    "\n",
                                                    "\n  ",
                                                    ".",
                                                    "->",
                                                    ",",
                                                    "=",
                                                    "::",
                                                    "U&\"",
                                                    "E'",
                                                    "\\",
                                                    "\r",
                                                    "é",
                                                    "名",
                                                    "\t",
                                                    "\xFF",
                                                    "as",
                                                    "not",
                                                    "0",
                                                    "backfill",
                                                    "rename",
                                                    "add ",
                                                    "1e",
                                                    "-",
                                                    "$1",
                                                    "+",
                                                    "\"\"",
                                                    "''",
                                                    "(,)",
                                                    "none",
                                                    "required",
                                                    std::string(1, '\0')};
    const auto at = pick(text.size() + 1);
    const auto length = std::min(pick(12) + 1, text.size() - at);
    switch (pick(5)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, pieces[pick(pieces.size())]);
        break;
      case 2:
        text.insert(at, text.substr(pick(text.size()), pick(30)));
        break;
      case 3:
        text.resize(at);
        break;
      default:
        if (!text.empty()) text[pick(text.size())] = static_cast<char>(random_() % 256);
    }
  }

  std::mt19937 random_;
  std::vector<std::string> texts_;
};

TEST(Mutation, NothingCrashesAndFormatHolds) {
  constexpr unsigned seed = 99;
  constexpr int rounds = 6000;
  RecordProperty("seed", static_cast<int>(seed));
  Mutator mutator(seed, corpus());
  for (int round = 0; round < rounds; ++round) {
    const auto text = mutator.next();
    const Source source("mutant", text);
    const auto result = parse(source);
    render(source, result.diagnostics);
    EXPECT_EQ(result.change.has_value(), !has_errors(result.diagnostics));
    if (result.change) {
      const auto once = format(source, *result.change);
      const Source again("formatted", once);
      const auto second = parse(again);
      EXPECT_TRUE(second.change) << render(again, second.diagnostics);
      if (second.change) {
        EXPECT_EQ(meaning(*second.change), meaning(*result.change));
        EXPECT_EQ(format(again, *second.change), once);
      }
    }
    if (testing::Test::HasFailure()) {
      ADD_FAILURE() << "seed " << seed << ", round " << round << "\n" << text;
      return;
    }
  }
}

}  // namespace
}  // namespace segue::dsl
