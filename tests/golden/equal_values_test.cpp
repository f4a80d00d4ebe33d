// Values that a type calls equal and that are not the same: a write that turns one into the other
// is carried over all the same, also where the application has an `=` of its own.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

struct Pair {
  const char* name;
  const char* type;
  const char* one;
  const char* other;
};

void PrintTo(const Pair& pair, std::ostream* out) {
  *out << pair.type << ": " << pair.one << ", " << pair.other;
}

const Pair pairs[] = {
    {"text", "text", "'Bob'", "'BOB'"},
    {"varchar", "varchar(20)", "'Bob'", "'BOB'"},
    {"collated", "text COLLATE any_case", "'Bob'", "'BOB'"},
    {"char", "char(5)", "'Bob'", "'BOB'"},
    {"numeric", "numeric", "1.0", "1.00"},
    {"float", "float8", "'0'", "'-0'"},
    {"interval", "interval", "'24 hours'", "'1 day'"},
    {"timetz", "timetz", "'12:00+00'", "'12:00+0'"},
    {"array", "numeric[]", "'{1.0}'", "'{1.00}'"},
    {"jsonb", "jsonb", "'{\"a\": 1.0}'", "'{\"a\": 1.00}'"},
    {"json", "json", "'{}'", "'{ }'"},
    {"point", "point", "'(0,0)'", "'(-0,0)'"},
    {"own", "of_own", "'Bob'", "'BOB'"},
    {"integer", "integer", "0", "1"},
    {"bigint", "bigint", "0", "-1"},
    {"boolean", "boolean", "false", "true"},
    {"uuid", "uuid", "'00000000-0000-0000-0000-000000000000'",
     "'00000000-0000-0000-0000-000000000001'"},
    {"bytea", "bytea", "'\\x00'", "'\\x0000'"},
    {"date", "date", "'infinity'", "'2026-01-01'"},
    {"timestamp", "timestamp", "'2026-01-01'", "'2026-01-01 00:00:00.000001'"},
    {"timestamptz", "timestamptz", "'2026-01-01'", "'2026-01-01 00:00:00.000001'"},
};

class EqualValues : public ::testing::Test {
 protected:
  // Equal is what is written alike but for the case, before anything of PostgreSQL's own.
  static void SetUpTestSuite() {
    server_ = std::make_unique<runtime::ThrowawayServer>();
    const auto session = runtime::connect(server_->create_database("app"));
    session->exec(
        "CREATE FUNCTION alike(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS "
        "'SELECT pg_catalog.lower($1) OPERATOR(pg_catalog.=) pg_catalog.lower($2)';"
        "CREATE FUNCTION alike(varchar, varchar) RETURNS boolean LANGUAGE sql IMMUTABLE AS "
        "'SELECT pg_catalog.lower($1) OPERATOR(pg_catalog.=) pg_catalog.lower($2)';"
        "CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = alike);"
        "CREATE OPERATOR public.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = alike);"
        "CREATE DOMAIN of_own AS varchar(20);"
        "CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = "
        "false);"
        "ALTER DATABASE app SET search_path = public, pg_catalog");
  }
  static void TearDownTestSuite() { server_.reset(); }

  static void segue(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), SEGUE_BINARY);
    arguments.insert(arguments.end(), {"--db", server_->conninfo("app")});
    const auto done = run(arguments);
    EXPECT_EQ(done.exit_code, 0) << done.both();
  }

  static inline std::unique_ptr<runtime::ThrowawayServer> server_;
};

class EqualValuesOfType : public EqualValues, public ::testing::WithParamInterface<Pair> {};

TEST_P(EqualValuesOfType, AreCarriedOverEachForItself) {
  const Pair& pair = GetParam();
  const auto app = runtime::connect(server_->conninfo("app"));
  const std::string table = fmt::format("t_{}", pair.name);
  app->exec(
      fmt::format("CREATE TABLE {0} (id integer PRIMARY KEY, a {1});"
                  "INSERT INTO {0} VALUES (1, {2}), (2, {2}), (3, NULL)",
                  table, pair.type, pair.one));
  const TemporaryDirectory directory;
  const auto input = directory.path() / fmt::format("{}.segue", table);
  write_text(input, fmt::format("rename {}.a -> b\n", table));
  const std::string plan = (directory.path() / "plan").string();
  const auto holds = [&](const std::string& what) {
    EXPECT_EQ(app->exec(fmt::format("SELECT pg_catalog.count(*) FROM {} WHERE pg_catalog."
                                    "record_image_ne(ROW(a), ROW(b))",
                                    table))
                  .scalar(),
              "0")
        << what;
  };
  segue({"plan", input.string(), "--out", plan});
  segue({"apply", plan, "--phase", "1"});
  segue({"apply", plan, "--phase", "2"});
  app->exec(fmt::format("UPDATE {} SET a = {} WHERE id = 1", table, pair.other));
  app->exec(fmt::format("INSERT INTO {} (id, a) VALUES (4, {})", table, pair.one));
  segue({"apply", plan, "--phase", "3"});
  holds("after the fill");
  const auto both = [&](const char* column, const char* value) {
    app->exec(fmt::format("UPDATE {} SET {} = {}", table, column, value));
    holds(fmt::format("{} = {}", column, value));
    EXPECT_EQ(app->exec(fmt::format("SELECT pg_catalog.count(*) FROM {} WHERE pg_catalog."
                                    "record_image_ne(ROW(a), ROW({}::{}))",
                                    table, value, pair.type))
                  .scalar(),
              "0")
        << column << " = " << value;
  };
  for (const char* column : {"a", "b"}) {
    both(column, pair.one);
    both(column, pair.other);
    both(column, "NULL");
    both(column, pair.one);
  }
}

// What a domain is made of may bring a collation along.
TEST_F(EqualValues, OfADomainAreCarriedOverToAnotherType) {
  const auto app = runtime::connect(server_->conninfo("app"));
  app->exec(
      "CREATE DOMAIN anyhow AS text COLLATE any_case; CREATE DOMAIN still AS anyhow;"
      "CREATE TABLE of_domains (id integer PRIMARY KEY, a anyhow, b still);"
      "INSERT INTO of_domains VALUES (1, 'Bob', 'Bob')");
  const TemporaryDirectory directory;
  const auto input = directory.path() / "of_domains.segue";
  write_text(input,
             "retype of_domains.a -> text as c back (c)\nretype of_domains.b -> varchar as d back "
             "(d)\n");
  const std::string plan = (directory.path() / "plan").string();
  segue({"plan", input.string(), "--out", plan});
  segue({"apply", plan, "--phase", "1"});
  segue({"apply", plan, "--phase", "2"});
  const auto all = [&] {
    return app->exec("SELECT pg_catalog.concat_ws(' ', a, b, c, d) FROM of_domains").scalar();
  };
  app->exec("UPDATE of_domains SET a = 'BOB', b = 'BOB'");
  EXPECT_EQ(all(), "BOB BOB BOB BOB");
  app->exec("UPDATE of_domains SET c = 'bob', d = 'bob'");
  EXPECT_EQ(all(), "bob bob bob bob");
  segue({"apply", plan, "--phase", "3"});
  app->exec("UPDATE of_domains SET a = 'Bob', b = 'Bob'");
  EXPECT_EQ(all(), "Bob Bob Bob Bob");
}

INSTANTIATE_TEST_SUITE_P(Types, EqualValuesOfType, ::testing::ValuesIn(pairs),
                         [](const auto& of) { return std::string(of.param.name); });

}  // namespace
}  // namespace segue::test
