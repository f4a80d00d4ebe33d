// Holds grammar.md and the parser together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dsl/grammar_info.hpp"
#include "dsl/parser.hpp"
#include "dsl/statement_forms.hpp"
#include "tests/dsl/ebnf.hpp"
#include "tests/dsl/support.hpp"

namespace segue::dsl {
namespace {

using testing::ContainerEq;
using testing::IsSubsetOf;
using namespace testing_support;

Ebnf reference() {
  const auto blocks = examples_of_reference("```ebnf\n");
  EXPECT_EQ(blocks.size(), 1U);
  return parse_ebnf(blocks.at(0));
}

// The EBNF describes these in words; the parser leaves them to the SQL lexer.
const std::set<std::string> lexical = {"raw_name",    "word",           "quoted_word",
                                       "number",      "string",         "dollar_string",
                                       "parentheses", "square_brackets"};

TEST(Grammar, HasNoRuleThatCouldLoopForever) {
  EXPECT_EQ(grammar_info().problems, 0U);
}

TEST(Grammar, HasTheRulesOfTheReference) {
  std::set<std::string> rules;
  for (const auto& [name, rule] : reference()) {
    if (!lexical.contains(name)) rules.insert(name);
  }
  EXPECT_THAT(grammar_info().rules, ContainerEq(rules));
}

TEST(Grammar, HasTheKeywordsOfTheReference) {
  EXPECT_THAT(grammar_info().keywords, ContainerEq(keywords_of(reference())));
}

TEST(Grammar, ReferenceDefinesWhatItMentions) {
  const auto ebnf = reference();
  for (const auto& name : mentioned_rules(ebnf)) EXPECT_TRUE(ebnf.contains(name)) << name;
}

TEST(Grammar, TableOfStatementsAgrees) {
  const auto ebnf = reference();
  for (auto word : statement_keywords()) {
    std::ranges::replace(word, ' ', '_');
    EXPECT_TRUE(ebnf.contains(word + "_statement")) << word;
  }
  EXPECT_EQ(ebnf.at("statement").parts.size(), statement_keywords().size());
}

TEST(Grammar, AcceptsEveryExampleOfTheReference) {
  const auto examples = examples_of_reference();
  EXPECT_GE(examples.size(), 15U);
  for (const auto& example : examples) {
    const Source source("grammar.md", example);
    const auto result = parse(source);
    EXPECT_TRUE(result.change) << example << render(source, result.diagnostics);
  }
}

// One sentence after the other out of the EBNF; the parser has to take each of them, but for the
// few rules that no grammar says.
TEST(Grammar, AcceptsWhatTheReferenceSays) {
  constexpr unsigned seed = 20240607;
  std::mt19937 random(seed);
  const auto ebnf = reference();
  int accepted = 0;
  for (int round = 0; round < 5000; ++round) {
    const auto text = random_sentence(ebnf, round % 10 == 0 ? "header" : "statement", random) +
                      (round % 10 == 0 ? "\ndrop t.c\n" : "\n");
    const Source source("sentence", text);
    const auto result = parse(source);
    if (result.change) {
      ++accepted;
      continue;
    }
    for (const auto& diagnostic : result.diagnostics) {
      const auto& message = diagnostic.message;
      const bool beyond_grammar = message.ends_with("needs `references`") ||
                                  message.ends_with("listed twice") ||
                                  message.ends_with("given twice") ||
                                  message.starts_with("PostgreSQL cannot read this expression") ||
                                  message.starts_with("not a type");
      EXPECT_TRUE(beyond_grammar) << "seed " << seed << ", round " << round << "\n"
                                  << text << render(source, result.diagnostics);
    }
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GE(accepted, 3500);
}

}  // namespace
}  // namespace segue::dsl
