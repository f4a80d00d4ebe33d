// Names as PostgreSQL would give them, and segue's own.
#include "planner/names.hpp"

#include <gtest/gtest.h>

#include <set>

namespace segue::planner {
namespace {

const NameTaken free_of = [](const std::string&) { return false; };

TEST(ObjectName, JoinsWhatIsThere) {
  EXPECT_EQ(object_name("users", "email", "key"), "users_email_key");
  EXPECT_EQ(object_name("users", "", "pkey"), "users_pkey");
  EXPECT_EQ(object_name("users", "email", ""), "users_email");
}

TEST(ObjectName, CutsTheLongerPartFirst) {
  const std::string table(50, 't');
  const std::string column(40, 'c');
  const std::string name = object_name(table, column, "idx");
  EXPECT_EQ(name.size(), 63U);
  EXPECT_EQ(name, std::string(29, 't') + "_" + std::string(29, 'c') + "_idx");
}

TEST(ObjectName, NeverCutsInsideACharacter) {
  std::string table;
  for (int i = 0; i < 40; ++i) table += "ü";
  const std::string name = object_name(table, "x", "idx");
  EXPECT_LE(name.size(), 63U);
  EXPECT_EQ(name.substr(name.size() - 6), "_x_idx");
  EXPECT_EQ((name.size() - 6) % 2, 0U) << name;
}

TEST(ChooseName, CountsUpLikePostgres) {
  std::set<std::string> taken{"users_email_idx", "users_email_idx1"};
  EXPECT_EQ(choose_name("users", "email", "idx",
                        [&](const std::string& name) { return taken.contains(name); }),
            "users_email_idx2");
  EXPECT_EQ(choose_name("users", "email", "idx", free_of), "users_email_idx");
}

TEST(IndexNameAddition, JoinsColumnsUntilTheyAreLongEnough) {
  EXPECT_EQ(index_name_addition({"a", "b", "expr"}), "a_b_expr");
  EXPECT_EQ(index_name_addition({"lower", "expr", "lower", "expr", "lower"}),
            "lower_expr_lower1_expr1_lower2");
  const std::string wide(60, 'w');
  EXPECT_EQ(index_name_addition({wide, "abcd", "never"}), wide + "_abcd");
}

TEST(OwnName, IsPlainShortAndTheSameEachTime) {
  const std::string name = own_name("display_name", "public.\"Users\" sync");
  EXPECT_EQ(name, own_name("display_name", "public.\"Users\" sync"));
  EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), std::string::npos)
      << name;
  EXPECT_TRUE(name.starts_with("segue_"));
  EXPECT_LE(own_name("c", std::string(200, 'x')).size(), 63U);
}

TEST(OwnName, DiffersByChangeAndByObject) {
  EXPECT_NE(own_name("a", "x"), own_name("b", "x"));
  EXPECT_NE(own_name("a", "x.y"), own_name("a", "x_y"));
}

}  // namespace
}  // namespace segue::planner
