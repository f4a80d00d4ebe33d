// Hazards that rest on a catalogue's figures and names, where a golden folder cannot have them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "planner_tests.hpp"

namespace segue::planner {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

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

// users(id) draws from a sequence that is at `last`.
Catalog drawn(std::int64_t last, const std::string& type = "integer",
              std::int64_t maximum = 2147483647) {
  Catalog catalog = one_table();
  Column& id = catalog.tables[0].columns[0];
  id.type = type;
  id.drawn_from = SequencePlace{{"public", "users_id_seq"}, last, 1, 1, maximum, false};
  return catalog;
}

TEST(TableHazards, AKeyThatRunsOutSaysHowMuchIsLeft) {
  const std::string change = "add users.c text\n";
  EXPECT_THAT(messages(plan(change, drawn(1'717'000'000)), "sequence-near-end"), IsEmpty());
  const PlanResult near = plan(change, drawn(2'000'000'000));
  EXPECT_THAT(messages(near, "sequence-near-end"),
              ElementsAre("public.users.id: Its values come from public.users_id_seq, which is at "
                          "2000000000 of 2147483647 (93 %): after 147483647 more an INSERT fails, "
                          "since the sequence ends there."));
  EXPECT_EQ(near.plan->hazards.back().advice,
            "widen public.users.id -> bigint, in a change of its own and before any other.");
  EXPECT_THAT(messages(plan(change, drawn(30'000, "smallint")), "sequence-near-end"),
              ElementsAre(HasSubstr("at 30000 of 32767 (92 %): after 2767 more an INSERT fails, "
                                    "since smallint id ends there.")));
  EXPECT_THAT(messages(plan(change, drawn(30'000, "text")), "sequence-near-end"), IsEmpty());
}

TEST(TableHazards, AKeyThatRunsOutSaysWhatHelps) {
  const auto advice = [](const std::string& text, const Catalog& catalog) -> std::string {
    const PlanResult result = plan(text, catalog);
    if (!result.plan) return dsl::render({"change.segue", text}, result.diagnostics);
    for (const Hazard& hazard : result.plan->hazards)
      if (hazard.code == "sequence-near-end") return hazard.advice;
    return "";
  };
  EXPECT_THAT(advice("add users.c text\n", drawn(2'000'000'000, "bigint")),
              HasSubstr("ALTER SEQUENCE public.users_id_seq AS bigint"));
  EXPECT_THAT(advice("add users.c text\n", drawn(9'000'000'000'000'000'000, "bigint",
                                                 std::numeric_limits<std::int64_t>::max())),
              HasSubstr("No integer is wider"));
  Catalog owned = drawn(2'000'000'000);
  owned.tables[0].columns[0].sequence.emplace().name = {"public", "users_id_seq"};
  EXPECT_THAT(advice("widen users.id -> bigint\n", owned),
              HasSubstr("Bring this change through its phase 4 before that"));
  EXPECT_THAT(advice("widen users.id -> bigint\n", drawn(2'000'000'000)),
              HasSubstr("ALTER SEQUENCE public.users_id_seq"))
      << "a sequence that the column does not own stays as narrow as it is";
}

TEST(TableHazards, ASequenceThatStartsOverEndsWithItsColumnAlone) {
  Catalog catalog = drawn(2'000'000'000, "bigint");
  SequencePlace& place = *catalog.tables[0].columns[0].drawn_from;
  place.cycle = true;
  const std::string change = "add users.c text\n";
  EXPECT_THAT(messages(plan(change, catalog), "sequence-near-end"), IsEmpty());
  catalog.tables[0].columns[0].type = "integer";
  EXPECT_THAT(messages(plan(change, catalog), "sequence-near-end"), testing::SizeIs(1));
  place = {
      {"public", "down"}, -2'000'000'000, -1, std::numeric_limits<std::int64_t>::min(), -1, false};
  EXPECT_THAT(messages(plan(change, catalog), "sequence-near-end"),
              ElementsAre(HasSubstr("at -2000000000 of -2147483648 (93 %)")));
}

TEST(TableHazards, AReferenceNarrowerThanTheKeysThatComeToIt) {
  Catalog catalog = drawn(2'000'000'000, "bigint", std::numeric_limits<std::int64_t>::max());
  Table orders;
  orders.name = {"public", "orders"};
  orders.columns.resize(2);
  orders.columns[0].name = "user_id";
  orders.columns[0].type = "integer";
  orders.columns[1].name = "note";
  orders.columns[1].type = "text";
  Constraint key;
  key.name = "orders_user_id_fkey";
  key.kind = ConstraintKind::foreign_key;
  key.columns = {"user_id"};
  key.target = {"public", "users"};
  key.target_columns = {"id"};
  orders.constraints = {key};
  catalog.tables.insert(catalog.tables.begin(), orders);
  EXPECT_THAT(messages(plan("add users.c text\n", catalog), "sequence-near-end"), IsEmpty());
  EXPECT_THAT(messages(plan("add orders.c text\n", catalog), "sequence-near-end"),
              ElementsAre("public.orders.user_id: It references public.users.id, whose sequence "
                          "public.users_id_seq is at 2000000000, and integer ends at 2147483647: a "
                          "row that references a later key cannot be written."));
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

TEST(TableHazards, AnInvalidIndexIsNotCopied) {
  Catalog catalog = one_table();
  Index index;
  index.name = "users_a";
  index.keys.resize(1);
  index.keys[0].column = "a";
  catalog.tables[0].indexes = {index};
  const std::string change = "rename users.a -> c\n";
  EXPECT_THAT(messages(plan(change, catalog), "invalid-index"), IsEmpty());
  catalog.tables[0].indexes[0].valid = false;
  EXPECT_THAT(messages(plan(change, catalog), "invalid-index"),
              ElementsAre("public.users_a: The index is INVALID: it is not copied and goes with "
                          "the old column."));
}

TEST(TableHazards, AFillOfAPublishedTableNeedsAReplicaIdentity) {
  Catalog catalog = one_table();
  Table& users = catalog.tables[0];
  users.publications = {{"part", false, {"id", "a"}, "", {}}};
  const std::string fills = "require users.a backfill 'x'\n";
  EXPECT_THAT(messages(plan(fills, catalog), "replica-identity"), IsEmpty());
  users.replica_identity = "nothing";
  EXPECT_THAT(messages(plan(fills, catalog), "replica-identity"),
              ElementsAre(HasSubstr("public.users: It is published and has no replica identity")));
  EXPECT_THAT(messages(plan("default users.a 'x'\n", catalog), "replica-identity"), IsEmpty());
}

TEST(TableHazards, RowSecurityThroughAViewInTheTablesPlace) {
  Catalog catalog = one_table();
  Table& users = catalog.tables[0];
  users.row_security = true;
  const std::string change = "rename users.a -> c via view\n";
  EXPECT_THAT(messages(plan(change, catalog), "view-row-security"), IsEmpty());
  EXPECT_THAT(messages(plan(change, catalog), "column-grants"), IsEmpty());
  catalog.server_version = 140012;
  EXPECT_THAT(messages(plan(change, catalog), "view-row-security"),
              ElementsAre(HasSubstr("public.users: Before PostgreSQL 15 a view reads with its "
                                    "owner's rights")));
  catalog.server_version = 150018;
  users.columns[1].grants = {{"reader", "SELECT", false}};
  EXPECT_THAT(messages(plan(change, catalog), "column-grants"),
              ElementsAre(HasSubstr("public.users: It has row security and grants on single "
                                    "columns")));
}

}  // namespace
}  // namespace segue::planner
