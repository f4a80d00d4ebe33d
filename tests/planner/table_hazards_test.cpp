// Hazards that rest on a catalogue's figures and names, where a golden folder cannot have them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dsl/parser.hpp"
#include "planner/planner.hpp"

namespace segue::planner {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Catalog one_table() {
  Catalog catalog;
  catalog.server_version = 150018;
  catalog.search_path = {"public"};
  catalog.schemas = {"public"};
  catalog.builtin_types = {"text", "int4", "int8"};
  Table table;
  table.name = {"public", "users"};
  table.columns.resize(3);
  table.columns[0].name = "id";
  table.columns[0].type = "integer";
  table.columns[0].not_null = true;
  table.columns[1].name = "a";
  table.columns[1].type = "text";
  table.columns[2].name = "b";
  table.columns[2].type = "text";
  Constraint key;
  key.name = "users_pkey";
  key.kind = ConstraintKind::primary_key;
  key.columns = {"id"};
  table.constraints = {key};
  catalog.tables = {table};
  return catalog;
}

PlanResult plan(const std::string& text, const Catalog& catalog, const PlanOptions& options = {}) {
  const dsl::Source source("change.segue", text);
  const dsl::ParseResult parsed = dsl::parse(source);
  return make_plan(source, *parsed.change, catalog, options);
}

std::vector<std::string> messages(const PlanResult& result, const std::string& code) {
  std::vector<std::string> found;
  const auto& hazards = result.plan ? result.plan->hazards : result.refusals;
  for (const Hazard& hazard : hazards) {
    if (hazard.code == code) found.push_back(hazard.object + ": " + hazard.message);
  }
  return found;
}

TEST(TableHazards, ALongTableSaysWhatItsFillCosts) {
  Catalog catalog = one_table();
  Table& users = catalog.tables[0];
  const std::string change = "rename users.a -> c\n";
  EXPECT_THAT(messages(plan(change, catalog), "long-table"), IsEmpty()) << "no statistics";
  users.estimated_rows = 2e6;
  users.bytes = 500'000'000;
  const PlanResult small = plan(change, catalog);
  EXPECT_THAT(messages(small, "long-table"), IsEmpty());
  EXPECT_THAT(
      small.plan->notes_for(Phase::backfill).watch,
      testing::Contains(
          "`users` has about 2.0 million rows (500 MB with its indexes): the fill takes 7 s "
          "to 32 s where the table is cached, more where it is not; it writes 932 MB to 1.7 "
          "GB of WAL, and the table grows by 92 MB to 428 MB."));
  users.estimated_rows = 4e8;
  users.bytes = 100'000'000'000;
  EXPECT_THAT(messages(plan(change, catalog), "long-table"),
              ElementsAre("public.users: `users` has about 400 million rows (100 GB with its "
                          "indexes): the fill takes 22 min to 107 min where the table is cached, "
                          "more where it is not; it writes 186 GB to 345 GB of WAL, and the table "
                          "grows by 18 GB to 86 GB."));
  EXPECT_THAT(messages(plan("index users(a)\n", catalog), "long-table"), IsEmpty());
}

TEST(TableHazards, ColumnsThatChangePlaces) {
  const auto said = [&](const std::string& text) {
    const auto found = messages(plan(text, one_table()), "column-list");
    return found.empty() ? "" : found.front();
  };
  EXPECT_THAT(said("rename users.a -> c\n"), HasSubstr("change their places"));
  EXPECT_THAT(said("drop users.a\n"), HasSubstr("change their places"));
  for (const char* stays : {"rename users.b -> c\n", "rename users.a -> c\nrename users.b -> d\n",
                            "drop users.b\n", "add users.c text\n", "default users.a 'x'\n"})
    EXPECT_THAT(said(stays), Not(HasSubstr("change their places"))) << stays;
  EXPECT_THAT(said("rename users.b -> d\nrename users.a -> c\n"), HasSubstr("change their places"));
}

TEST(TableHazards, AForeignTableChangesOnlyWhatIsSaidOfIt) {
  Catalog catalog = one_table();
  catalog.tables[0].kind = TableKind::foreign;
  catalog.tables[0].columns[2].not_null = true;
  for (const char* works :
       {"add users.c text\n", "drop users.a\n", "relax users.b\n", "default users.a 'x'\n"}) {
    EXPECT_THAT(messages(plan(works, catalog), "foreign-table"),
                ElementsAre(HasSubstr("public.users: It is a foreign table: only what")))
        << works;
    EXPECT_TRUE(plan(works, catalog, {{"foreign-table"}}).plan) << works;
  }
  for (const char* never :
       {"rename users.a -> c\n", "require users.a\n", "index users(a)\n", "unique users(a)\n",
        "add users.c text required backfill 'x'\n", "check users (a <> '')\n", "drop table users\n",
        "split users.a -> c text = (a)\n", "rename table users -> people\n"}) {
    const PlanResult result = plan(never, catalog, {{"foreign-table"}});
    ASSERT_FALSE(result.plan) << never;
    ASSERT_FALSE(result.diagnostics.empty()) << never;
    EXPECT_EQ(result.diagnostics[0].message, "public.users is a foreign table") << never;
  }
}

TEST(TableHazards, WhatAnExtensionOwnsIsRefused) {
  Catalog catalog = one_table();
  catalog.tables[0].extension = "tiger";
  View view;
  view.name = {"public", "v"};
  view.definition = " SELECT users.a\n   FROM public.users";
  view.columns = {"a"};
  view.uses = {{{"public", "users"}, "a"}};
  view.extension = "tiger";
  catalog.views = {view};
  EXPECT_THAT(messages(plan("rename users.a -> c\n", catalog), "extension-object"),
              ElementsAre(HasSubstr("public.users: It belongs to extension \"tiger\""),
                          HasSubstr("public.v: It reads the old column and belongs")));
  EXPECT_TRUE(plan("rename users.a -> c\n", catalog, {{"extension-object"}}).plan);
  EXPECT_FALSE(plan("drop table users\n", catalog, {{"extension-object"}}).plan);
}

TEST(TableHazards, AnInheritedColumnIsDroppedWhereItComesFrom) {
  Catalog catalog = one_table();
  catalog.tables[0].inherits = {{"public", "people"}};
  catalog.tables[0].columns[1].inherited = true;
  const PlanResult result = plan("drop users.a\n", catalog);
  ASSERT_EQ(result.diagnostics.size(), 1U);
  EXPECT_EQ(result.diagnostics[0].message, "\"a\" of public.users is inherited from public.people");
  EXPECT_TRUE(plan("drop users.b\n", catalog).plan);
}

TEST(TableHazards, PublicationsWithAndWithoutAList) {
  Catalog catalog = one_table();
  catalog.tables[0].publications = {{"part", false, {"id", "a"}, "", {}}};
  const std::string change = "add users.c text\n";
  EXPECT_THAT(messages(plan(change, catalog), "publication"),
              ElementsAre("part of public.users: The publication has a column list: subscribers do "
                          "not get the new column."));
  catalog.tables[0].publications.push_back({"whole", false, {}, "", {}});
  EXPECT_THAT(messages(plan(change, catalog), "logical-subscriber"), testing::SizeIs(1));
  catalog.tables[0].publications = {{"every", true, {}, "", {}}};
  EXPECT_THAT(messages(plan("index users(a)\n", catalog), "ledger-published"),
              ElementsAre(HasSubstr("every: It publishes all tables, those of schema segue too")));
}

}  // namespace
}  // namespace segue::planner
