#include <gtest/gtest.h>

#include "dsl/parser.hpp"
#include "tests/dsl/ebnf.hpp"
#include "tests/dsl/meaning.hpp"
#include "tests/dsl/support.hpp"

namespace segue::dsl {
namespace {

using namespace testing_support;

std::string formatted(const std::string& text) {
  const Source source("a.segue", text);
  const auto result = parse(source);
  EXPECT_TRUE(result.change) << text << render(source, result.diagnostics);
  return result.change ? format(source, *result.change) : "";
}

// Formats a text that parses, and checks all that format promises. False for one that does not.
bool check_format(const std::string& text) {
  const Source source("a.segue", text);
  const auto result = parse(source);
  if (!result.change) return false;
  const auto once = format(source, *result.change);
  const Source again("b.segue", once);
  const auto second = parse(again);
  EXPECT_TRUE(second.change) << text << "\n---\n" << once << render(again, second.diagnostics);
  if (!second.change) return true;
  EXPECT_EQ(meaning(*result.change), meaning(*second.change)) << text << "\n---\n" << once;
  EXPECT_EQ(format(again, *second.change), once) << text;
  EXPECT_EQ(result.change->comments.size(), second.change->comments.size()) << text << once;
  return true;
}

TEST(Format, GivesTheCanonicalForm) {
  EXPECT_EQ(formatted("CHANGE display_name FLAG show TITLE 'Say \"hi\"' soak 24 hours after b,c\n"
                      "rename USERS.full_name->\"display_name\" VIA copy;add users.phone "
                      "VarChar ( 20 ) BACKFILL 'unknown'   REQUIRED\n"),
            "change display_name\n"
            "  title \"Say \"\"hi\"\"\"\n"
            "  flag  show\n"
            "  soak  1 day\n"
            "  after b, c\n"
            "\n"
            "rename users.full_name -> display_name via copy\n"
            "\n"
            "add users.phone VarChar ( 20 ) required\n"
            "  backfill 'unknown'\n");
}

TEST(Format, BreaksLongLines) {
  EXPECT_EQ(formatted("unique index app.orders(user_id, placed_at desc nulls last) as "
                      "orders_user_placed include(total,\"Currency\") where (total > 0)\n"),
            "unique index app.orders(user_id, placed_at desc nulls last)\n"
            "  as orders_user_placed\n"
            "  include (total, \"Currency\")\n"
            "  where (total > 0)\n");
}

TEST(Format, KeepsCommentsWhereTheyAre) {
  const std::string canonical =
      "-- of the file\n"
      "\n"
      "-- of the change\n"
      "change x -- its name\n"
      "  -- of the flag\n"
      "  flag f\n"
      "\n"
      "/* of the\n"
      "   rename */\n"
      "rename a.b -> c -- behind\n"
      "\n"
      "add a.d int required -- it is\n"
      "  -- old rows\n"
      "  backfill (1 + /* one */\n"
      "2)\n"
      "\n"
      "-- the end\n";
  EXPECT_EQ(formatted(canonical), canonical);
}

TEST(Format, KeepsFragmentsAsTheyAre) {
  EXPECT_EQ(formatted("check a (x  >  1 -- )\n AND Y<>'  ')\n"),
            "check a (x  >  1 -- )\n AND Y<>'  ')\n");
}

TEST(Format, IsStableOnEverythingThatParses) {
  int formatted_texts = 0;
  for (const auto& text : corpus()) formatted_texts += check_format(text) ? 1 : 0;
  EXPECT_GE(formatted_texts, 15);
}

TEST(Format, IsStableOnRandomSentences) {
  constexpr unsigned seed = 4711;
  std::mt19937 random(seed);
  const auto ebnf = parse_ebnf(examples_of_reference("```ebnf\n").at(0));
  for (int round = 0; round < 1500; ++round) {
    std::string text;
    if (random() % 3 == 0) text += random_sentence(ebnf, "header", random) + "\n";
    const auto count = 1 + random() % 3;
    for (std::size_t at = 0; at < count; ++at) {
      text += random_sentence(ebnf, "statement", random);
      text += random() % 3 == 0 ? "; " : "\n";
      if (random() % 4 == 0) text += "-- between\n";
      if (random() % 6 == 0) text += "\n\n/* far */ \n\n";
    }
    check_format(text);
    if (testing::Test::HasFailure()) {
      ADD_FAILURE() << "seed " << seed << ", round " << round;
      return;
    }
  }
}

}  // namespace
}  // namespace segue::dsl
