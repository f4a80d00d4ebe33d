// What the planner promises of every plan, whatever the statements: see tests/golden for what each
// becomes.
#include "planner/planner.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "codegen/plan_files.hpp"
#include "dsl/parser.hpp"

namespace segue::planner {
namespace {

Column column(std::string name, std::string type, bool not_null = false) {
  Column made;
  made.name = std::move(name);
  made.type = std::move(type);
  made.not_null = not_null;
  return made;
}

Catalog shop() {
  Catalog catalog;
  catalog.server_version = 150018;
  catalog.search_path = {"public"};
  catalog.schemas = {"public"};
  catalog.builtin_types = {"text", "int4", "int8", "varchar", "uuid"};
  for (const char* name : {"orders", "users"}) {
    Table table;
    table.name = {"public", name};
    table.columns = {column("id", "bigint", true), column("full_name", "text"),
                     column("email", "text"), column("user_id", "bigint")};
    Index index;
    index.name = table.name.name + "_pkey";
    index.unique = index.primary = true;
    index.constraint = index.name;
    index.keys.resize(1);
    index.keys[0].column = "id";
    table.indexes = {index};
    Constraint key;
    key.name = index.name;
    key.kind = ConstraintKind::primary_key;
    key.columns = {"id"};
    table.constraints = {key};
    catalog.tables.push_back(table);
  }
  return catalog;
}

PlanResult plan(const std::string& text, const Catalog& catalog = shop(),
                const PlanOptions& options = {}) {
  const dsl::Source source("change.segue", text);
  const dsl::ParseResult parsed = dsl::parse(source);
  if (!parsed.change) return {std::nullopt, parsed.diagnostics, {}};
  return make_plan(source, *parsed.change, catalog, options);
}

TEST(Planner, ExtractHasItsNameSincePostgreSQL14) {
  const auto name_on = [](int version) {
    Catalog catalog = shop();
    catalog.server_version = version;
    const PlanResult made = plan("index users((extract(year from created_at)))\n", [&] {
      catalog.tables[1].columns.push_back(column("created_at", "timestamp without time zone"));
      return catalog;
    }());
    return made.plan ? made.plan->owned.at(0).name : "no plan";
  };
  EXPECT_EQ(name_on(150018), "users_extract_idx");
  EXPECT_EQ(name_on(130023), "users_date_part_idx");
}

// Every statement of the language on one table.
constexpr const char* everything = R"(change everything
rename users.full_name -> display_name
add users.phone varchar(20) required backfill 'unknown'
require users.email backfill 'nobody@example.com'
index users(display_name, phone)
unique users(email)
check users (email <> '') as users_email_check
reference users(user_id) -> users(id)
drop orders.full_name
default orders.email 'none'
)";

template <class ActionKind>
std::vector<const Step*> steps_with(const Plan& plan) {
  std::vector<const Step*> found;
  for (const Step& step : plan.steps) {
    if (std::holds_alternative<ActionKind>(step.action)) found.push_back(&step);
  }
  return found;
}

TEST(Planner, GivesTheSameBytesEachTime) {
  const PlanResult first = plan(everything);
  const PlanResult second = plan(everything);
  ASSERT_TRUE(first.plan && second.plan);
  EXPECT_EQ(codegen::render(*first.plan), codegen::render(*second.plan));
}

TEST(Planner, StatementsOfATableShareOneTriggerOneFillAndOneScan) {
  const PlanResult result = plan(everything);
  ASSERT_TRUE(result.plan) << dsl::render(dsl::Source("c", everything), result.diagnostics);
  EXPECT_EQ(steps_with<BackfillPass>(*result.plan).size(), 1U);
  const auto titled = [&](std::string_view title) {
    return std::count_if(result.plan->steps.begin(), result.plan->steps.end(),
                         [&](const Step& step) { return step.title == title; });
  };
  EXPECT_EQ(titled("Dual-write on public.users"), 1);
  // One for all its CHECKs; the foreign key reads two tables and stands alone.
  EXPECT_EQ(titled("Validate public.users"), 2);
}

TEST(Planner, StepsComeInPhasesAndAreNumberedWithinThem) {
  const PlanResult result = plan(everything);
  ASSERT_TRUE(result.plan);
  int phase = 1;
  int number = 0;
  for (const Step& step : result.plan->steps) {
    ASSERT_GE(number_of(step.phase), phase);
    number = number_of(step.phase) == phase ? number + 1 : 1;
    phase = number_of(step.phase);
    EXPECT_EQ(step.id, fmt::format("{}.{}", phase, number));
  }
}

TEST(Planner, EveryStepSaysWhyWhatItLocksAndWhereItComesFrom) {
  const PlanResult result = plan(everything);
  ASSERT_TRUE(result.plan);
  for (const Step& step : result.plan->steps) {
    EXPECT_FALSE(step.why.empty()) << step.id;
    EXPECT_FALSE(step.locks.empty()) << step.id;
    EXPECT_FALSE(step.source.empty()) << step.id << " " << step.title;
    if (step.phase != Phase::contract) {
      EXPECT_FALSE(step.undo.empty() && step.undo_note.empty()) << step.id << " " << step.title;
    }
  }
}

TEST(Planner, NothingIsFilledBeforeTheTriggerIsThere) {
  const PlanResult result = plan(everything);
  ASSERT_TRUE(result.plan);
  for (const Step* step : steps_with<BackfillPass>(*result.plan))
    EXPECT_EQ(step->phase, Phase::backfill);
  const auto trigger =
      std::find_if(result.plan->steps.begin(), result.plan->steps.end(),
                   [](const Step& step) { return step.title == "Dual-write on public.users"; });
  ASSERT_NE(trigger, result.plan->steps.end());
  EXPECT_EQ(trigger->phase, Phase::dual_write);
}

TEST(Planner, ARenamedColumnGetsNoDefaultBeforeContract) {
  Catalog catalog = shop();
  catalog.tables[1].columns[1].default_value = "'nobody'::text";
  const PlanResult result = plan("rename users.full_name -> display_name\n", catalog);
  ASSERT_TRUE(result.plan);
  for (const Step& step : result.plan->steps) {
    const auto* transaction = std::get_if<Transaction>(&step.action);
    if (transaction == nullptr || step.phase == Phase::contract) continue;
    EXPECT_EQ(transaction->sql.find("DEFAULT"), std::string::npos) << step.id;
  }
}

TEST(Planner, TheTriggerSortsBehindTheTablesOwn) {
  Catalog catalog = shop();
  Trigger own;
  own.name = "zz_segue";
  own.timing = "BEFORE";
  own.on_update = true;
  catalog.tables[1].triggers = {own};
  own.name = "zzzz_segue_and_more";
  catalog.tables[1].triggers.push_back(own);
  const PlanResult result = plan("rename users.full_name -> display_name\n", catalog);
  ASSERT_TRUE(result.plan);
  bool found = false;
  for (const OwnedObject& object : result.plan->owned) {
    if (object.kind != ObjectKind::trigger) continue;
    found = true;
    EXPECT_GT(object.name, own.name);
  }
  EXPECT_TRUE(found);
}

TEST(Planner, OwnNamesAreNeverTaken) {
  const PlanResult first =
      plan("rename users.full_name -> display_name\nindex users(display_name)\n");
  ASSERT_TRUE(first.plan);
  Catalog catalog = shop();
  for (const OwnedObject& object : first.plan->owned) {
    if (object.kind != ObjectKind::constraint) continue;
    Constraint taken;
    taken.name = object.name;
    taken.definition = "CHECK (true)";
    taken.expression = "true";
    catalog.tables[1].constraints.push_back(taken);
  }
  const PlanResult second =
      plan("rename users.full_name -> display_name\nindex users(display_name)\n", catalog);
  ASSERT_TRUE(second.plan);
  for (const OwnedObject& object : second.plan->owned) {
    EXPECT_TRUE(object.kind != ObjectKind::constraint ||
                catalog.tables[1].constraint(object.name) == nullptr)
        << object.name;
  }
}

TEST(Planner, APublishedTableIsRefusedUntilItIsAllowed) {
  Catalog catalog = shop();
  catalog.tables[1].publications = {{"feed", false, {}, "", {}}};
  const PlanResult refused = plan("rename users.full_name -> display_name\n", catalog);
  EXPECT_FALSE(refused.plan);
  EXPECT_TRUE(refused.diagnostics.empty());
  ASSERT_EQ(refused.refusals.size(), 1U);
  EXPECT_EQ(refused.refusals[0].code, "logical-subscriber");
  const PlanResult allowed =
      plan("rename users.full_name -> display_name\n", catalog, {{"logical-subscriber"}});
  ASSERT_TRUE(allowed.plan);
  EXPECT_EQ(allowed.plan->hazards[0].code, "logical-subscriber");
  EXPECT_TRUE(allowed.plan->hazards[0].allowed);
}

TEST(Planner, OptionsStayWithTheirOwnTable) {
  const PlanResult result = plan(
      "rename users.full_name -> display_name batch 77\nrename orders.full_name -> display_name\n");
  ASSERT_TRUE(result.plan);
  for (const Step* step : steps_with<BackfillPass>(*result.plan)) {
    const auto& pass = std::get<BackfillPass>(step->action);
    EXPECT_EQ(pass.batch.value_or(0), pass.table.name == "users" ? 77U : 0U);
  }
}

// What a plan does, whatever the order of its lines: the steps of each phase by their titles.
std::vector<std::string> deeds(const std::string& text) {
  const PlanResult result = plan(text);
  EXPECT_TRUE(result.plan.has_value()) << text << dsl::render({"", text}, result.diagnostics);
  std::vector<std::string> titles;
  if (!result.plan) return titles;
  for (const Step& step : result.plan->steps)
    titles.push_back(fmt::format("{} {}", number_of(step.phase), step.title));
  std::sort(titles.begin(), titles.end());
  return titles;
}

// A statement may build on another one, above or below it.
TEST(Planner, TheOrderOfLinesDoesNotMatter) {
  std::vector<std::string> statements{
      "rename table users -> people",
      "rename people.full_name -> display_name",
      "index people(display_name)",
      "require people.display_name\n  backfill 'nobody'",
      "create table visits (id int8 PRIMARY KEY, person int8 REFERENCES people (id))",
      "index visits(person)",
      "add people.phone varchar(20) required\n  backfill 'unknown'",
      "check people (phone <> '')",
      "reference orders(user_id) -> people(id)",
      "drop orders.email"};
  const auto text = [&] {
    std::string all;
    for (const std::string& statement : statements) all += statement + "\n";
    return all;
  };
  const std::vector<std::string> wanted = deeds(text());
  EXPECT_GT(wanted.size(), 15U);
  std::mt19937 random(20240607);
  for (int round = 0; round < 200; ++round) {
    std::shuffle(statements.begin(), statements.end(), random);
    ASSERT_EQ(deeds(text()), wanted) << text();
  }
}

}  // namespace
}  // namespace segue::planner
