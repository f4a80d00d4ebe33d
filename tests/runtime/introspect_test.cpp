#include "runtime/introspect.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "codegen/snapshot.hpp"
#include "planner/plan.hpp"
#include "runtime/server.hpp"

namespace segue::runtime {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string here = SEGUE_SOURCE_DIR "/tests/runtime/";

std::string slurp(const std::string& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// Without the lines that say `-- since N` for a newer N.
std::string everything_for(int major) {
  std::istringstream stream(slurp(here + "everything.sql"));
  std::string text;
  for (std::string line; std::getline(stream, line);) {
    const std::size_t mark = line.rfind("-- since ");
    const int since = mark == std::string::npos ? 0 : std::atoi(line.c_str() + mark + 9);
    if (since <= major) text += line + '\n';
  }
  return text;
}

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) {
    std::string name = (fs::temp_directory_path() / "segue-test-XXXXXX").string();
    close(mkstemp(name.data()));
    path_ = name;
    std::ofstream(path_) << text;
  }
  ~TemporaryFile() { fs::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 4096> buffer{};
  for (std::size_t count = 0; (count = fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0;) {
    text.append(buffer.data(), count);
  }
  return text;
}

std::set<int> installed_majors() {
  std::set<int> majors;
  for (const ServerBinaries& binaries : installed_servers()) {
    if (binaries.major >= 13) majors.insert(binaries.major);
  }
  return majors;
}

class EveryMajor : public testing::TestWithParam<int> {};

TEST_P(EveryMajor, LiveDumpAndSnapshotAgree) {
  const int major = GetParam();
  ThrowawayServer server({.major = major});
  const std::string conninfo = server.create_database("live");
  load_schema(*connect(conninfo), "everything.sql", everything_for(major));

  const planner::Catalog live = read_catalog(*connect(conninfo));
  EXPECT_EQ(live.tables.size(), 12U);
  EXPECT_EQ(live.views.size(), 4U);
  EXPECT_THAT(live.search_path, ElementsAre("public"));

  // The same again, from another session with other settings.
  const auto other = connect(conninfo);
  other->exec(
      "SET timezone = 'Asia/Kolkata'; SET datestyle = 'SQL, DMY'; SET search_path = app, public; "
      "SET extra_float_digits = 0; SET intervalstyle = 'iso_8601'; SET quote_all_identifiers = on");
  planner::Catalog again = read_catalog(*other);
  EXPECT_THAT(again.search_path, ElementsAre("app", "public"));
  again.search_path = live.search_path;
  EXPECT_EQ(codegen::write_snapshot(live), codegen::write_snapshot(again));
  EXPECT_EQ(other->exec("SHOW search_path").scalar(), "app, public");  // all settings were local

  planner::Catalog back = codegen::read_snapshot(codegen::write_snapshot(live, true));
  EXPECT_TRUE(back == live);
  back = codegen::read_snapshot(codegen::write_snapshot(live));
  EXPECT_EQ(codegen::fingerprint(back), codegen::fingerprint(live));
  EXPECT_THAT(planner::differences(live, back, {}), IsEmpty());

  // pg_dump must not be older than its server.
  for (const ServerBinaries& binaries : installed_servers()) {
    if (binaries.major < major || !fs::exists(binaries.bin / "pg_dump")) continue;
    const TemporaryFile dump(output_of(
        fmt::format("{} --schema-only -d \"{}\"", (binaries.bin / "pg_dump").string(), conninfo)));
    const std::string loaded = server.create_database("from_dump");
    load_schema(*connect(loaded), dump.path(), slurp(dump.path()));
    EXPECT_THAT(planner::differences(live, read_catalog(*connect(loaded)), {}), IsEmpty());
    break;
  }
}

INSTANTIATE_TEST_SUITE_P(Introspect, EveryMajor, testing::ValuesIn(installed_majors()),
                         [](const auto& each) { return fmt::format("{}", each.param); });

// The whole catalogue of everything.sql as people may review it. SEGUE_UPDATE_GOLDEN=1 rewrites it.
TEST(Introspect, EverythingIsInTheCatalogue) {
  if (installed_servers().front().major != 15) GTEST_SKIP() << "written for PostgreSQL 15";
  planner::Catalog catalog = read_schema_file(here + "everything.sql");
  EXPECT_THAT(catalog.builtin_types, testing::IsSupersetOf({"text", "int4", "jsonb", "int4range"}));
  EXPECT_THAT(catalog.builtin_types,
              testing::Not(testing::Contains(testing::AnyOf("_text", "record", "pg_class"))));
  catalog.builtin_types.clear();
  catalog.server_version = 0;
  std::erase_if(catalog.types, [](const planner::Type& type) {
    return type.extension == "btree_gist" || type.name.name == "gbtreekey4";
  });
  const std::string found = codegen::write_snapshot(catalog);
  const std::string golden = here + "everything.json";
  if (std::getenv("SEGUE_UPDATE_GOLDEN") != nullptr) std::ofstream(golden) << found;
  EXPECT_EQ(found, slurp(golden));
}

class LiveServer : public testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<ThrowawayServer>(); }
  static void TearDownTestSuite() { server_.reset(); }

  void SetUp() override {
    static int number = 0;
    conninfo_ = server_->create_database(fmt::format("test{}", ++number));
  }
  planner::Catalog load(const std::string& sql) const {
    load_schema(*connect(conninfo_), "db/schema.sql", sql);
    return read_catalog(*connect(conninfo_));
  }
  std::string error_of(const std::string& sql) const {
    try {
      load_schema(*connect(conninfo_), "db/schema.sql", sql);
    } catch (const SchemaLoadError& error) {
      return error.what();
    }
    return "no error";
  }

  static std::unique_ptr<ThrowawayServer> server_;
  std::string conninfo_;
};
std::unique_ptr<ThrowawayServer> LiveServer::server_;

// Passes everything on and counts.
class CountingSession final : public Session {
 public:
  explicit CountingSession(std::unique_ptr<Session> inner) : inner_(std::move(inner)) {}
  Rows exec(const std::string& sql) override {
    ++count;
    return inner_->exec(sql);
  }
  Rows exec(const std::string& sql, const std::vector<Value>& parameters) override {
    ++count;
    return inner_->exec(sql, parameters);
  }
  std::vector<std::string> take_notices() override { return inner_->take_notices(); }
  int backend_pid() const override { return inner_->backend_pid(); }
  int server_version() const override { return inner_->server_version(); }

  int count = 0;

 private:
  std::unique_ptr<Session> inner_;
};

// What is nowhere is not looked for table by table, and one of a kind is found.
TEST_F(LiveServer, OnlyWhatIsThereIsAskedFor) {
  const auto statements = [this] {
    CountingSession session(connect(conninfo_));
    read_catalog(session);
    return session.count;
  };
  const auto session = connect(conninfo_);
  session->exec("CREATE TABLE t (a integer, b integer)");
  const int without = statements();
  const auto alone = [&](const std::string& sql, const auto& list_of) {
    session->exec("BEGIN");
    session->exec(sql);
    session->exec("COMMIT");
    EXPECT_EQ(statements(), without + 1) << sql;
    EXPECT_THAT(list_of(read_catalog(*connect(conninfo_))), testing::SizeIs(1)) << sql;
  };
  const auto types = [](const planner::Catalog& catalog) { return catalog.types; };
  for (const char* type : {"ENUM ('x')", "(a integer)", "RANGE (SUBTYPE = integer)"}) {
    alone(std::string("CREATE TYPE one AS ") + type, types);
    session->exec("DROP TYPE one");
  }
  alone("CREATE DOMAIN one AS text", types);
  session->exec("DROP DOMAIN one");
  // Made as a type in C is: a shell, its functions, the type.
  alone(
      "CREATE TYPE one; CREATE FUNCTION one_in(cstring) RETURNS one LANGUAGE internal IMMUTABLE "
      "STRICT AS 'int4in'; CREATE FUNCTION one_out(one) RETURNS cstring LANGUAGE internal "
      "IMMUTABLE "
      "STRICT AS 'int4out'; CREATE TYPE one (INPUT = one_in, OUTPUT = one_out, LIKE = integer)",
      types);
  session->exec("DROP TYPE one CASCADE");
  alone("CREATE VIEW one AS SELECT a FROM t",
        [](const planner::Catalog& catalog) { return catalog.views; });
  session->exec("DROP VIEW one");
  alone("CREATE POLICY one ON t USING (a > 0)",
        [](const planner::Catalog& catalog) { return catalog.tables.front().policies; });
  session->exec("DROP POLICY one ON t");
  alone("CREATE STATISTICS one ON a, b FROM t",
        [](const planner::Catalog& catalog) { return catalog.tables.front().statistics; });
  session->exec("DROP STATISTICS one");
  alone("CREATE PUBLICATION one FOR TABLE t",
        [](const planner::Catalog& catalog) { return catalog.tables.front().publications; });
}

using SchemaFile = LiveServer;

// As pg_dump writes it, and as people do.
TEST_F(SchemaFile, TablespacesAreMadeWhenTheyAreNamed) {
  if (connect(conninfo_)
          ->exec("SELECT FROM pg_settings WHERE name = 'allow_in_place_tablespaces'")
          .empty())
    GTEST_SKIP() << "a server of before August 2022";
  const planner::Catalog catalog = load(
      "CREATE TABLESPACE \"fast disk\" LOCATION '/mnt/fast';\n"
      "SET default_tablespace = \"fast disk\";\n"
      "CREATE TABLE users (id int, name text);\n"
      "ALTER TABLE ONLY users ADD CONSTRAINT users_pkey PRIMARY KEY (id);\n"
      "SET default_tablespace = '';\n"
      "CREATE INDEX users_name ON users (name) TABLESPACE slow;\n"
      "CREATE TABLE logs (id int) TABLESPACE slow;\n"
      "CREATE INDEX logs_id ON logs (id);\n");
  ASSERT_EQ(catalog.tables.size(), 2U);
  EXPECT_EQ(catalog.tables[1].index("users_pkey")->tablespace, "fast disk");
  EXPECT_EQ(catalog.tables[1].index("users_name")->tablespace, "slow");
  EXPECT_EQ(catalog.tables[0].index("logs_id")->tablespace, "");
}
using LargeCatalog = LiveServer;
using Rights = LiveServer;

TEST_F(SchemaFile, RolesAreMadeAsTheyAreNamed) {
  const planner::Catalog catalog = load(R"(
BEGIN;
CREATE TABLE t (a int);
ALTER TABLE t OWNER TO "App Owner";
GRANT SELECT (a) ON t TO one, two;
COMMIT;
CREATE SCHEMA public;
SET transaction_timeout = 0;
\connect elsewhere
)");
  ASSERT_EQ(catalog.tables.size(), 1U);
  EXPECT_EQ(catalog.tables[0].owner, "App Owner");
  EXPECT_EQ(catalog.tables[0].columns[0].grants.size(), 2U);
}

TEST_F(SchemaFile, MistakesAreShownAtTheirLine) {
  EXPECT_EQ(error_of("CREATE TABLE a (b int);\n\nCREATE TABLE t (\n  a int,\n  b citext\n);\n"),
            "db/schema.sql:5: type \"citext\" does not exist\n"
            "  b citext");
  EXPECT_EQ(error_of("-- a comment;\nCREATE TABEL t (a int);"),
            "db/schema.sql:2: syntax error at or near \"TABEL\"\n"
            "  CREATE TABEL t (a int);");
  EXPECT_EQ(error_of("CREATE TABLE x (a int);\nCREATE TABLE x (a int);"),
            "db/schema.sql:2: relation \"x\" already exists\n"
            "  CREATE TABLE x (a int);");
  EXPECT_THAT(error_of("SELECT 1;\nCREATE EXTENSION no_such_thing;"),
              testing::AllOf(testing::StartsWith(
                                 "db/schema.sql:2: extension \"no_such_thing\" is not available\n"),
                             HasSubstr("\n  hint: install the extension for PostgreSQL ")));
  EXPECT_EQ(error_of("CREATE TABLE y (a int);\nCOPY y (a)\nFROM stdin;\n1\n\\.\n"),
            "db/schema.sql:2: a schema file with data (COPY … FROM stdin)\n"
            "  COPY y (a)\n"
            "  hint: write the file with pg_dump --schema-only, or plan from a database (--db) "
            "instead");
  EXPECT_EQ(error_of("\\i other.sql\n"),
            "db/schema.sql:1: psql's \\i is not SQL\n"
            "  \\i other.sql\n"
            "  hint: write the file with pg_dump --schema-only, or plan from a database (--db) "
            "instead");
  EXPECT_EQ(error_of(std::string("a\0b", 3)), "db/schema.sql: not a text file");
}

TEST_F(SchemaFile, MissingFilesAreNamed) {
  try {
    read_schema_file("/nowhere/schema.sql");
    FAIL();
  } catch (const SchemaLoadError& error) {
    EXPECT_STREQ(error.what(), "/nowhere/schema.sql: No such file or directory");
  }
  EXPECT_THROW(read_schema_file("/"), SchemaLoadError);
}

TEST_F(SchemaFile, TheCatalogueLeavesOutWhatIsNotTheUsers) {
  const planner::Catalog catalog = load(R"(
CREATE SCHEMA segue;
CREATE TABLE segue.change (name text);
CREATE TABLE public.kept (a int);
)");
  ASSERT_EQ(catalog.tables.size(), 1U);
  EXPECT_THAT(catalog.schemas, ElementsAre("public"));
}

TEST_F(Rights, AnOrdinaryRoleReadsTheSame) {
  load(everything_for(server_->major()));
  const auto admin = connect(conninfo_);
  admin->exec("CREATE ROLE nobody_special LOGIN");
  const planner::Catalog all = read_catalog(*admin);
  const planner::Catalog seen = read_catalog(*connect(conninfo_ + " user=nobody_special"));
  EXPECT_THAT(planner::differences(all, seen, {}), IsEmpty());
}

// 5,000 by hand: SEGUE_CATALOG_TABLES=5000 (about 3 s on two idle cores).
TEST_F(LargeCatalog, IsReadWholeAndCutOut) {
  const char* const asked = std::getenv("SEGUE_CATALOG_TABLES");
  const std::size_t tables = asked == nullptr ? 1000 : std::strtoul(asked, nullptr, 10);
  const auto session = connect(conninfo_);
  session->exec(fmt::format(R"(
DO $$ BEGIN
  FOR i IN 1..{} LOOP
    EXECUTE format('CREATE TABLE t%s (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, '
      'a text DEFAULT ''x'' NOT NULL, b integer CHECK (b > 0), c timestamptz, d numeric(12,2), '
      'e jsonb, f text, g boolean, parent bigint %s)', i,
      CASE WHEN i > 1 THEN format('REFERENCES t%s', i - 1) ELSE '' END);
    EXECUTE format('CREATE INDEX ON t%s (lower(a), b) WHERE c IS NOT NULL', i);
    IF i % 500 = 0 THEN COMMIT; END IF;
  END LOOP;
END $$)",
                            tables));
  const auto begin = std::chrono::steady_clock::now();
  const planner::Catalog catalog = read_catalog(*session);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  fmt::print("{} tables read in {:.2f} s\n", tables, taken.count());
  EXPECT_EQ(catalog.tables.size(), tables);

  const auto cut_begin = std::chrono::steady_clock::now();
  const planner::Catalog part = planner::excerpt(catalog, {{"public", "t100"}});
  const std::chrono::duration<double> cut = std::chrono::steady_clock::now() - cut_begin;
  fmt::print("one table cut out in {:.3f} s\n", cut.count());
  EXPECT_EQ(part.tables.size(), 3U);
}

}  // namespace
}  // namespace segue::runtime
