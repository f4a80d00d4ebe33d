#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "planner/catalog_index.hpp"
#include "planner/plan.hpp"

namespace segue::planner {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Column column(const std::string& name, const std::string& type) {
  Column result;
  result.name = name;
  result.type = type;
  return result;
}

Table table(const std::string& name, const std::vector<Column>& columns) {
  Table result;
  result.name = {"public", name};
  result.columns = columns;
  return result;
}

Index index(const std::string& name, const std::string& key) {
  Index result;
  result.name = name;
  result.keys.resize(1);
  result.keys[0].column = key;
  return result;
}

Constraint foreign_key(const std::string& name, const std::string& from, const std::string& target,
                       const std::string& to) {
  Constraint result;
  result.name = name;
  result.kind = ConstraintKind::foreign_key;
  result.columns = {from};
  result.target = {"public", target};
  result.target_columns = {to};
  return result;
}

// users <- orders <- lines; users -> countries; a view, functions, a type and a partitioned log.
Catalog shop() {
  Catalog catalog;
  catalog.server_version = 150018;
  catalog.search_path = {"app", "public"};
  catalog.schemas = {"app", "public"};
  catalog.builtin_types = {"text"};

  Table countries = table("countries", {column("code", "text"), column("name", "text")});
  Table lines = table("lines", {column("order_id", "bigint")});
  lines.constraints = {foreign_key("lines_order", "order_id", "orders", "id")};
  Table log = table("log", {column("id", "bigint"), column("note", "text")});
  log.kind = TableKind::partitioned;
  log.partitions = {{"public", "log_1"}};
  Table log_1 = log;
  log_1.name.name = "log_1";
  log_1.kind = TableKind::plain;
  log_1.partitions.clear();
  log_1.partition_of = log.name;
  for (Column& each : log_1.columns) each.inherited = true;
  Table orders = table(
      "orders", {column("id", "bigint"), column("user_id", "bigint"), column("note", "text")});
  orders.constraints = {foreign_key("orders_user", "user_id", "users", "id")};
  orders.indexes = {index("orders_note", "note"), index("orders_user_id", "user_id")};
  Table users = table("users", {column("id", "bigint"), column("email", "text"),
                                column("mood", "app.mood[]"), column("country", "text")});
  users.constraints = {foreign_key("users_country", "country", "countries", "code")};
  users.indexes = {index("users_email", "email")};
  users.columns[0].sequence.emplace();
  users.columns[0].sequence->name = {"public", "users_id_seq"};
  Trigger trigger;
  trigger.name = "touch";
  trigger.function = {"app", "touch"};
  users.triggers = {trigger};
  catalog.tables = {countries, lines, log, log_1, orders, users};

  View people;
  people.name = {"public", "people"};
  people.uses = {{{"public", "users"}, "email"}, {{"public", "users"}, "id"}};
  View others;
  others.name = {"public", "others"};
  others.uses = {{{"public", "lines"}, "order_id"}};
  catalog.views = {others, people};

  const auto function = [](const std::string& name, const std::string& language,
                           const std::string& body) {
    Function result;
    result.name = {"app", name};
    result.language = language;
    result.body = body;
    return result;
  };
  catalog.functions = {function("by_text", "sql", "SELECT 1 FROM public.\"Users\" -- any case"),
                       function("in_c", "c", "users"),
                       function("other", "sql", "SELECT 1 FROM users_archive"),
                       function("touch", "plpgsql", "BEGIN RETURN NEW; END")};
  Type mood;
  mood.name = {"app", "mood"};
  mood.kind = TypeKind::domain;
  mood.base = "app.base_mood";
  Type base_mood;
  base_mood.name = {"app", "base_mood"};
  Type unused;
  unused.name = {"app", "unused"};
  catalog.types = {base_mood, mood, unused};
  catalog.sequences = {{{"public", "free_seq"}, "bigint"}, {{"public", "users_id_seq"}, "bigint"}};
  return catalog;
}

template <typename List>
std::vector<std::string> names_of(const List& list) {
  std::vector<std::string> names;
  for (const auto& item : list) {
    if constexpr (std::is_same_v<std::decay_t<decltype(item.name)>, std::string>) {
      names.push_back(item.name);
    } else {
      names.push_back(item.name.name);
    }
  }
  return names;
}

Table& table_of(Catalog& catalog, const std::string& name) {
  for (Table& each : catalog.tables) {
    if (each.name.name == name) return each;
  }
  throw std::logic_error("no table " + name);
}

TEST(Catalog, NamesAreQuotedWhereTheyMustBe) {
  EXPECT_EQ(quoted({"public", "users"}), "public.users");
  EXPECT_EQ(quoted({"App", "user"}), "\"App\".\"user\"");
  EXPECT_EQ(quoted({"", "a\"b"}), "\"a\"\"b\"");
}

TEST(Catalog, PartsAreFoundByName) {
  const Catalog catalog = shop();
  const Table& users = catalog.tables.back();
  EXPECT_EQ(users.column("email"), &users.columns[1]);
  EXPECT_EQ(users.column("Email"), nullptr);
  EXPECT_EQ(users.index("users_email"), &users.indexes[0]);
  EXPECT_EQ(users.constraint("users_country"), &users.constraints[0]);
  EXPECT_EQ(users.primary_key(), nullptr);
}

TEST(CatalogIndex, LooksUpRelationsAndWhatTouchesThem) {
  const Catalog catalog = shop();
  const CatalogIndex lookup(catalog);
  EXPECT_EQ(lookup.table({"public", "users"}), &catalog.tables.back());
  EXPECT_EQ(lookup.table({"app", "users"}), nullptr);
  EXPECT_EQ(lookup.table_by_search_path("users"), &catalog.tables.back());
  EXPECT_EQ(lookup.table_by_search_path("user"), nullptr);
  EXPECT_EQ(lookup.view({"public", "people"}), &catalog.views[1]);
  EXPECT_THAT(lookup.views_of({"public", "users"}), ElementsAre(&catalog.views[1]));
  EXPECT_THAT(lookup.views_of({"public", "orders"}), IsEmpty());
  const auto& keys = lookup.foreign_keys_to({"public", "users"});
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys[0].table->name.name, "orders");
  EXPECT_EQ(keys[0].constraint->name, "orders_user");
  for (const char* name : {"users", "people", "users_email", "free_seq", "users_id_seq"}) {
    EXPECT_TRUE(lookup.relation_exists({"public", name})) << name;
  }
  EXPECT_FALSE(lookup.relation_exists({"public", "users_country"}));
  EXPECT_FALSE(lookup.relation_exists({"app", "users"}));
}

TEST(Excerpt, HoldsATableWithWhatDependsOnIt) {
  const Catalog part = excerpt(shop(), {{"public", "users"}});
  EXPECT_THAT(names_of(part.tables), ElementsAre("countries", "orders", "users"));
  EXPECT_TRUE(part.tables[2] == shop().tables.back());
  EXPECT_THAT(names_of(part.tables[0].columns), ElementsAre("code"));
  EXPECT_THAT(names_of(part.tables[1].columns), ElementsAre("user_id"));
  EXPECT_THAT(names_of(part.tables[1].constraints), ElementsAre("orders_user"));
  EXPECT_THAT(names_of(part.tables[1].indexes), ElementsAre("orders_user_id"));
  EXPECT_THAT(names_of(part.views), ElementsAre("people"));
  EXPECT_THAT(names_of(part.functions), ElementsAre("by_text", "touch"));
  EXPECT_THAT(names_of(part.types), ElementsAre("base_mood", "mood"));
  EXPECT_THAT(names_of(part.sequences), ElementsAre("users_id_seq"));
  EXPECT_THAT(part.search_path, ElementsAre("app", "public"));
  EXPECT_EQ(part.server_version, 150000) << "the major version alone";
  EXPECT_THAT(part.builtin_types, IsEmpty());
}

TEST(Excerpt, TakesPartitionsAndTheirParentTogether) {
  EXPECT_THAT(names_of(excerpt(shop(), {{"public", "log"}}).tables), ElementsAre("log", "log_1"));
  EXPECT_THAT(names_of(excerpt(shop(), {{"public", "log_1"}}).tables), ElementsAre("log", "log_1"));
  EXPECT_THAT(excerpt(shop(), {{"public", "nothing"}}).tables, IsEmpty());
}

TEST(Excerpt, OfAnExcerptIsTheSame) {
  const Catalog part = excerpt(shop(), {{"public", "users"}, {"public", "log"}});
  EXPECT_TRUE(excerpt(part, {{"public", "users"}, {"public", "log"}}) == part);
}

TEST(Differences, AreReadable) {
  const Catalog planned = shop();
  Catalog found = shop();
  EXPECT_THAT(differences(planned, found, {}), IsEmpty());
  Table& users = table_of(found, "users");
  users.columns[1].type = "character varying(40)";
  users.columns[1].not_null = true;
  users.columns[3].grants = {{"reader", "SELECT", true}, {"", "UPDATE", false}};
  users.columns.erase(users.columns.begin());
  users.columns.push_back(column("Odd Name", "text"));
  users.indexes[0].name = "users_email_idx";
  users.triggers[0].enabled = "always";
  users.owner = "somebody";
  users.estimated_rows = 5;
  table_of(found, "orders").indexes[0].keys[0].descending = true;
  found.views.pop_back();
  found.functions[3].body = "BEGIN RETURN OLD; END";
  found.types[1].labels = {"sad"};
  EXPECT_THAT(
      differences(planned, found, {}),
      ElementsAre("index orders_note on public.orders: key was note, is note DESC NULLS LAST",
                  "column public.users.\"Odd Name\" is new",
                  "column public.users.country: grants was none, is SELECT to reader with grant "
                  "option, UPDATE to PUBLIC",
                  "column public.users.email: type was text, is character varying(40)",
                  "column public.users.email: NOT NULL was no, is yes",
                  "column public.users.id is gone",  //
                  "index users_email on public.users is gone",
                  "index users_email_idx on public.users is new",
                  "trigger touch on public.users: enabled was origin, is always",
                  "view public.people is gone",  //
                  "function app.touch(): body changed", "type app.mood: labels was none, is sad"));
}

TEST(Differences, ColumnOrderIsOneSentence) {
  Catalog found = shop();
  Table& orders = table_of(found, "orders");
  std::swap(orders.columns[0], orders.columns[1]);
  EXPECT_THAT(differences(shop(), found, {}),
              ElementsAre("table public.orders: the order of columns was id, user_id, note, is "
                          "user_id, id, note"));
}

TEST(Differences, AnotherMajorsWordsAreNone) {
  Catalog found = shop();
  found.views[1].definition = " SELECT email\n   FROM public.users";
  EXPECT_THAT(differences(shop(), found, {}),
              ElementsAre("view public.people: definition changed"));
  found.server_version = 160004;
  EXPECT_THAT(differences(shop(), found, {}), IsEmpty());
  found.views[1].uses.pop_back();
  EXPECT_THAT(differences(shop(), found, {}),
              ElementsAre("view public.people: what it reads was public.users.email, "
                          "public.users.id, is public.users.email"));
}

TEST(Differences, LeaveOutWhatThePlanMade) {
  Catalog found = shop();
  Table& users = table_of(found, "users");
  users.columns.insert(users.columns.begin() + 1, column("phone", "text"));
  users.indexes.push_back(index("users_phone", "phone"));
  Constraint unique;
  unique.name = "users_phone";
  unique.kind = ConstraintKind::unique;
  users.constraints.push_back(unique);
  users.triggers.push_back({});
  users.triggers.back().name = "zz_segue_phone";
  found.functions.push_back({});
  found.functions.back().name = {"segue", "phone"};
  const QualifiedName name{"public", "users"};
  EXPECT_EQ(differences(shop(), found, {}).size(), 5U);
  EXPECT_THAT(differences(shop(), found,
                          {{ObjectKind::column, name, "phone"},
                           {ObjectKind::index, name, "users_phone"},
                           {ObjectKind::trigger, name, "zz_segue_phone"},
                           {ObjectKind::function, {"segue", "phone"}, ""}}),
              IsEmpty());
}

TEST(Differences, LeaveOutItsCopiesOnPartitions) {
  Catalog found = shop();
  for (const char* name : {"log", "log_1"}) {
    Table& log = table_of(found, name);
    const bool is_partition = log.partition_of.has_value();
    Column fresh = column("fresh", "text");
    fresh.inherited = is_partition;
    log.columns.push_back(fresh);
    Index key = index(is_partition ? "log_1_fresh_idx" : "log_fresh", "fresh");
    key.partition_of = is_partition ? "log_fresh" : "";
    log.indexes.push_back(key);
    Constraint check;
    check.name = "fresh_is";
    check.inherited_from = is_partition ? "fresh_is" : "";
    log.constraints.push_back(check);
  }
  const QualifiedName name{"public", "log"};
  EXPECT_THAT(differences(shop(), found,
                          {{ObjectKind::column, name, "fresh"},
                           {ObjectKind::index, name, "log_fresh"},
                           {ObjectKind::constraint, name, "fresh_is"}}),
              IsEmpty());
}

}  // namespace
}  // namespace segue::planner
