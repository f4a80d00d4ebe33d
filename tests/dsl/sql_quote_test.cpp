#include <gtest/gtest.h>

#include "dsl/sql.hpp"

namespace segue::dsl::sql {
namespace {

TEST(QuoteIdentifier, LeavesPlainNamesAlone) {
  EXPECT_EQ(quote_identifier("users"), "users");
  EXPECT_EQ(quote_identifier("_a1"), "_a1");
  EXPECT_EQ(quote_identifier("name"), "name");  // an unreserved keyword
}

TEST(QuoteIdentifier, QuotesWhatPostgresNeedsQuoted) {
  EXPECT_EQ(quote_identifier("Full Name"), "\"Full Name\"");
  EXPECT_EQ(quote_identifier("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(quote_identifier("1a"), "\"1a\"");
  EXPECT_EQ(quote_identifier("größe"), "\"größe\"");
  EXPECT_EQ(quote_identifier("a$b"), "\"a$b\"");
  EXPECT_EQ(quote_identifier(""), "\"\"");
}

TEST(QuoteIdentifier, QuotesKeywordsOfEveryVersion) {
  for (const auto* word : {"order", "user", "between", "left", "values", "analyse", "json_table",
                           "system_user", "merge_action", "normalize", "xmltable"}) {
    EXPECT_EQ(quote_identifier(word), '"' + std::string(word) + '"');
  }
}

TEST(QuoteLiteral, DoublesQuotesAndBackslashes) {
  EXPECT_EQ(quote_literal("it's"), "'it''s'");
  EXPECT_EQ(quote_literal("a\\'b"), "E'a\\\\''b'");
  EXPECT_EQ(quote_literal(""), "''");
}

}  // namespace
}  // namespace segue::dsl::sql
