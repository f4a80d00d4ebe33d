// The trace against what was measured before, statement by statement: lock-trace.tsv.
//
// Each runs in a transaction that is rolled back; every lock of the table has to be seen, in its
// mode, and the work that PostgreSQL tells of has to be the same. What was swapped or dropped is
// not in that table, so a trace may hold more.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "runtime/rehearsal/trace.hpp"
#include "runtime/rehearsal/trace_file.hpp"
#include "runtime/server.hpp"
#include "support/process.hpp"

namespace segue::runtime::rehearsal {
namespace {

constexpr const char* schema = R"sql(
CREATE TABLE p (id integer PRIMARY KEY);
CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer, nn integer NOT NULL, p integer);
CREATE UNIQUE INDEX t_a_u ON t (a); CREATE UNIQUE INDEX t_nn_u ON t (nn); CREATE INDEX t_b ON t (b);
CREATE TABLE child (id integer PRIMARY KEY, t integer REFERENCES t);
CREATE TABLE tg2 (a integer, g integer GENERATED ALWAYS AS (a + 1) STORED);
CREATE DOMAIN free AS integer; CREATE DOMAIN bound AS integer CHECK (VALUE > 0);
CREATE DOMAIN dm AS integer; CREATE TABLE tdm (d dm);
CREATE TYPE en AS ENUM ('a', 'b'); CREATE SEQUENCE sq AS integer; CREATE SCHEMA other;
CREATE VIEW vw AS SELECT id FROM t;
CREATE MATERIALIZED VIEW mv AS SELECT id FROM t; CREATE UNIQUE INDEX mv_id_idx ON mv (id);
CREATE TABLE part (id integer NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (0) TO (10);
CREATE TABLE part2 (id integer NOT NULL);
CREATE TABLE part3 (id integer NOT NULL CHECK (id IS NOT NULL AND id >= 20 AND id < 30));
CREATE TABLE par (id integer); CREATE TABLE inh (id integer);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE UPDATE ON p FOR EACH ROW EXECUTE FUNCTION f();
INSERT INTO p SELECT generate_series(1, 9); INSERT INTO t SELECT n, n, n, n, n FROM generate_series(1, 9) n;
INSERT INTO child SELECT n, n FROM generate_series(1, 9) n; INSERT INTO tdm VALUES (1); INSERT INTO part2 VALUES (11);
INSERT INTO part3 VALUES (21); INSERT INTO tg2 VALUES (1); ANALYZE;
)sql";

struct Statement {
  const char* sql;
  const char* before = "";    // committed beforehand
  const char* after = "";     // takes that back
  const char* old_name = "";  // of what it renames: the trace keeps it
  const char* new_name = "";
  int since = 0;  // the first major that has it
};

// By the names of the table.
const std::map<std::string, Statement> statements{
    {"ADD COLUMN nullable", {"ALTER TABLE t ADD z integer"}},
    {"ADD COLUMN DEFAULT const NOT NULL", {"ALTER TABLE t ADD z integer NOT NULL DEFAULT 1"}},
    {"ADD COLUMN DEFAULT now() (stable)", {"ALTER TABLE t ADD z timestamptz DEFAULT now()"}},
    {"ADD COLUMN DEFAULT clock_timestamp() (volatile)",
     {"ALTER TABLE t ADD z timestamptz DEFAULT clock_timestamp()"}},
    {"ADD COLUMN DEFAULT gen_random_uuid()",
     {"ALTER TABLE t ADD z uuid DEFAULT gen_random_uuid()"}},
    {"ADD COLUMN serial", {"ALTER TABLE t ADD z serial"}},
    {"ADD COLUMN identity", {"ALTER TABLE t ADD z integer GENERATED ALWAYS AS IDENTITY"}},
    {"ADD COLUMN generated stored",
     {"ALTER TABLE t ADD z integer GENERATED ALWAYS AS (a + 1) STORED"}},
    {"ADD COLUMN CHECK inline", {"ALTER TABLE t ADD z integer CHECK (z > 0)"}},
    {"ADD COLUMN DEFAULT 1 CHECK inline", {"ALTER TABLE t ADD z integer DEFAULT 1 CHECK (z > 0)"}},
    {"ADD COLUMN REFERENCES", {"ALTER TABLE t ADD z integer REFERENCES p"}},
    {"ADD COLUMN REFERENCES w/ DEFAULT 1", {"ALTER TABLE t ADD z integer DEFAULT 1 REFERENCES p"}},
    {"ADD COLUMN UNIQUE", {"ALTER TABLE t ADD z integer UNIQUE"}},
    {"ADD COLUMN domain w/o constraint", {"ALTER TABLE t ADD z free"}},
    {"ADD COLUMN constrained domain", {"ALTER TABLE t ADD z bound"}},
    {"DROP COLUMN", {"ALTER TABLE t DROP b"}},
    {"RENAME COLUMN", {"ALTER TABLE t RENAME b TO z"}},
    {"RENAME CONSTRAINT", {"ALTER TABLE t RENAME CONSTRAINT t_pkey TO z"}},
    {"SET DEFAULT", {"ALTER TABLE t ALTER a SET DEFAULT 1"}},
    {"DROP DEFAULT", {"ALTER TABLE t ALTER a DROP DEFAULT"}},
    {"SET NOT NULL", {"ALTER TABLE t ALTER a SET NOT NULL"}},
    {"VALIDATE + SET NOT NULL same tx",
     {"ALTER TABLE t VALIDATE CONSTRAINT given; ALTER TABLE t ALTER a SET NOT NULL",
      "ALTER TABLE t ADD CONSTRAINT given CHECK (a IS NOT NULL) NOT VALID",
      "ALTER TABLE t DROP CONSTRAINT given"}},
    {"SET NOT NULL w/ valid CHECK",
     {"ALTER TABLE t ALTER a SET NOT NULL", "ALTER TABLE t ADD CONSTRAINT k CHECK (a IS NOT NULL)",
      "ALTER TABLE t DROP CONSTRAINT k"}},
    {"SET NOT NULL w/ NOT VALID CHECK",
     {"ALTER TABLE t ALTER a SET NOT NULL",
      "ALTER TABLE t ADD CONSTRAINT k CHECK (a IS NOT NULL) NOT VALID",
      "ALTER TABLE t DROP CONSTRAINT k"}},
    {"SET NOT NULL + DROP CHECK in same ALTER",
     {"ALTER TABLE t ALTER a SET NOT NULL, DROP CONSTRAINT k",
      "ALTER TABLE t ADD CONSTRAINT k CHECK (a IS NOT NULL)", "ALTER TABLE t DROP CONSTRAINT k"}},
    {"DROP NOT NULL", {"ALTER TABLE t ALTER nn DROP NOT NULL"}},
    {"ADD CHECK", {"ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0)"}},
    {"ADD CHECK NOT VALID", {"ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID"}},
    {"VALIDATE CHECK",
     {"ALTER TABLE t VALIDATE CONSTRAINT k",
      "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID", "ALTER TABLE t DROP CONSTRAINT k"}},
    {"ADD FK", {"ALTER TABLE t ADD CONSTRAINT fk3 FOREIGN KEY (p) REFERENCES p"}},
    {"ADD FK NOT VALID",
     {"ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (p) REFERENCES p NOT VALID"}},
    {"VALIDATE FK",
     {"ALTER TABLE t VALIDATE CONSTRAINT fk",
      "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (p) REFERENCES p NOT VALID",
      "ALTER TABLE t DROP CONSTRAINT fk"}},
    {"DROP CONSTRAINT check",
     {"ALTER TABLE t DROP CONSTRAINT k", "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0)",
      "ALTER TABLE t DROP CONSTRAINT k"}},
    {"DROP CONSTRAINT fk",
     {"ALTER TABLE t DROP CONSTRAINT fk",
      "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (p) REFERENCES p",
      "ALTER TABLE t DROP CONSTRAINT fk"}},
    {"ADD UNIQUE", {"ALTER TABLE t ADD CONSTRAINT uq UNIQUE (b)"}},
    {"ADD UNIQUE USING INDEX",
     {"ALTER TABLE t ADD CONSTRAINT uq UNIQUE USING INDEX was_uq",
      "CREATE UNIQUE INDEX was_uq ON t (b)", "DROP INDEX was_uq", "was_uq", "uq"}},
    {"RENAME TABLE", {"ALTER TABLE t RENAME TO t2", "", "", "t", "t2"}},
    {"ALTER INDEX RENAME", {"ALTER INDEX t_b RENAME TO t_b2", "", "", "t_b", "t_b2"}},
    {"CREATE OR REPLACE TRIGGER",
     {"CREATE OR REPLACE TRIGGER tr BEFORE UPDATE ON p FOR EACH ROW EXECUTE FUNCTION f()", "", "",
      "", "", 14}},
    {"SET SCHEMA", {"ALTER TABLE t SET SCHEMA other"}},
    {"SET STORAGE", {"ALTER TABLE t ALTER a SET STORAGE PLAIN"}},
    {"SET UNLOGGED", {"ALTER TABLE child SET UNLOGGED"}},
    {"SET TABLESPACE same", {"ALTER TABLE t SET TABLESPACE pg_default"}},
    {"GRANT", {"GRANT SELECT ON t TO PUBLIC"}},
    {"DROP TABLE t CASCADE",
     {"DROP TABLE t CASCADE", "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (p) REFERENCES p",
      "ALTER TABLE t DROP CONSTRAINT fk"}},
    {"ALTER TYPE ADD VALUE", {"ALTER TYPE en ADD VALUE 'c'"}},
    {"ALTER TYPE RENAME VALUE", {"ALTER TYPE en RENAME VALUE 'a' TO 'z'"}},
    {"ALTER DOMAIN ADD CHECK NOT VALID",
     {"ALTER DOMAIN dm ADD CONSTRAINT d CHECK (VALUE > 0) NOT VALID"}},
    {"ADD PK USING INDEX nullable col",
     {"ALTER TABLE t ADD CONSTRAINT t_a_u PRIMARY KEY USING INDEX t_a_u",
      "ALTER TABLE t DROP CONSTRAINT t_pkey CASCADE",
      "ALTER TABLE t ADD PRIMARY KEY (id); ALTER TABLE child ADD FOREIGN KEY (t) REFERENCES t"}},
    {"ADD PK USING INDEX notnull col",
     {"ALTER TABLE t ADD CONSTRAINT t_nn_u PRIMARY KEY USING INDEX t_nn_u",
      "ALTER TABLE t DROP CONSTRAINT t_pkey CASCADE",
      "ALTER TABLE t ADD PRIMARY KEY (id); ALTER TABLE child ADD FOREIGN KEY (t) REFERENCES t"}},
    {"ADD PK",
     {"ALTER TABLE t ADD PRIMARY KEY (id)", "ALTER TABLE t DROP CONSTRAINT t_pkey CASCADE",
      "ALTER TABLE t ADD PRIMARY KEY (id); ALTER TABLE child ADD FOREIGN KEY (t) REFERENCES t"}},
    {"DROP PK", {"ALTER TABLE t DROP CONSTRAINT t_pkey CASCADE"}},
    {"ADD EXCLUDE", {"ALTER TABLE t ADD CONSTRAINT ex EXCLUDE (b WITH =)"}},
    {"ALTER CONSTRAINT DEFERRABLE",
     {"ALTER TABLE t ALTER CONSTRAINT fk DEFERRABLE",
      "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (p) REFERENCES p",
      "ALTER TABLE t DROP CONSTRAINT fk"}},
    {"CREATE INDEX", {"CREATE INDEX t_n ON t (p)"}},
    {"DROP INDEX", {"DROP INDEX t_b"}},
    {"REINDEX INDEX", {"REINDEX INDEX t_b"}},
    {"REINDEX TABLE", {"REINDEX TABLE t"}},
    {"CREATE TABLE w/ FK", {"CREATE TABLE nt (id integer PRIMARY KEY REFERENCES p)"}},
    {"DROP TABLE child (FK out)", {"DROP TABLE child"}},
    {"TRUNCATE child", {"TRUNCATE child"}},
    {"CREATE TRIGGER", {"CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()"}},
    {"DROP TRIGGER", {"DROP TRIGGER tr ON p"}},
    {"DISABLE TRIGGER", {"ALTER TABLE p DISABLE TRIGGER tr"}},
    {"CREATE VIEW", {"CREATE VIEW vw2 AS SELECT id FROM t"}},
    {"CREATE OR REPLACE VIEW", {"CREATE OR REPLACE VIEW vw AS SELECT id FROM t"}},
    {"DROP VIEW", {"DROP VIEW vw"}},
    {"REFRESH MATVIEW", {"REFRESH MATERIALIZED VIEW mv"}},
    {"REFRESH MATVIEW CONCURRENTLY", {"REFRESH MATERIALIZED VIEW CONCURRENTLY mv"}},
    {"ATTACH PARTITION no check",
     {"ALTER TABLE part ATTACH PARTITION part2 FOR VALUES FROM (10) TO (20)"}},
    {"ATTACH PARTITION with check",
     {"ALTER TABLE part ATTACH PARTITION part3 FOR VALUES FROM (20) TO (30)"}},
    {"DETACH PARTITION", {"ALTER TABLE part DETACH PARTITION part1"}},
    {"INHERIT", {"ALTER TABLE inh INHERIT par"}},
    {"SET STATISTICS", {"ALTER TABLE t ALTER a SET STATISTICS 10"}},
    {"SET (fillfactor)", {"ALTER TABLE t SET (fillfactor = 70)"}},
    {"SET (autovacuum..)", {"ALTER TABLE t SET (autovacuum_enabled = false)"}},
    {"CLUSTER", {"CLUSTER t USING t_b"}},
    {"CLUSTER ON", {"ALTER TABLE t CLUSTER ON t_b"}},
    {"ENABLE RLS", {"ALTER TABLE t ENABLE ROW LEVEL SECURITY"}},
    {"CREATE POLICY", {"CREATE POLICY y ON t USING (true)"}},
    {"REPLICA IDENTITY FULL", {"ALTER TABLE t REPLICA IDENTITY FULL"}},
    {"OWNER TO", {"ALTER TABLE t OWNER TO CURRENT_USER"}},
    {"COMMENT ON COLUMN", {"COMMENT ON COLUMN t.a IS 'x'"}},
    {"ANALYZE", {"ANALYZE t"}},
    {"CREATE STATISTICS", {"CREATE STATISTICS st ON a, b FROM t"}},
    {"ALTER SEQUENCE AS bigint", {"ALTER SEQUENCE sq AS bigint"}},
    {"ADD IDENTITY to col", {"ALTER TABLE t ALTER nn ADD GENERATED ALWAYS AS IDENTITY"}},
    {"DROP EXPRESSION", {"ALTER TABLE tg2 ALTER g DROP EXPRESSION"}},
    {"ALTER DOMAIN ADD CHECK", {"ALTER DOMAIN dm ADD CONSTRAINT d CHECK (VALUE > 0)"}},
    {"ALTER DOMAIN VALIDATE",
     {"ALTER DOMAIN dm VALIDATE CONSTRAINT d",
      "ALTER DOMAIN dm ADD CONSTRAINT d CHECK (VALUE > 0) NOT VALID",
      "ALTER DOMAIN dm DROP CONSTRAINT d"}},
    {"LOCK TABLE", {"LOCK TABLE t"}},
    {"CREATE RULE", {"CREATE RULE r AS ON DELETE TO child DO INSTEAD NOTHING"}},
    {"CREATE PUBLICATION", {"CREATE PUBLICATION pub FOR TABLE t"}},
};

// What other majors do otherwise, and why.
const std::map<int, std::set<std::string>> other_majors{
    // Before 14, which can detach CONCURRENTLY, the partition itself was locked less.
    {13, {"DETACH PARTITION"}},
    {15, {}},
    {18, {}},
};

std::string short_mode(planner::LockMode mode) {
  std::string name;
  bool starts = true;
  for (const char c : planner::name_of(mode)) {
    if (c == ' ') {
      starts = true;
    } else {
      name += starts ? c : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      starts = false;
    }
  }
  return name;
}

struct Row {
  std::string name;
  std::set<std::string> locks;
  std::string work;
};

std::vector<Row> measured() {
  std::vector<Row> rows;
  std::ifstream file(std::string(SEGUE_SOURCE_DIR) + "/tests/rehearsal/lock-trace.tsv");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#') || line.starts_with("statement\t")) continue;
    const std::size_t first = line.find('\t');
    const std::size_t second = line.find('\t', first + 1);
    Row row;
    row.name = line.substr(0, first);
    row.work = line.substr(second + 1);
    std::istringstream locks(line.substr(first + 1, second - first - 1));
    for (std::string lock; locks >> lock;) {
      if (lock.find(':') != std::string::npos) row.locks.insert(lock);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string work_of(const Trace& trace) {
  std::string text;
  if (!trace.rewrites.empty()) {
    std::set<std::string> names;
    for (const std::string& name : trace.rewrites) names.insert(name.substr(name.find('.') + 1));
    text = "rewrites";
    for (const std::string& name : names) text += " " + name;
    return text;
  }
  for (const std::string& message : trace.messages) {
    // What a partition's own constraints prove was not looked for then.
    if (message.find("is implied by") != std::string::npos) continue;
    text += (text.empty() ? "" : "; ") + message;
  }
  return text.empty() ? "none" : text;
}

// The names behind "rewrites" come in no order there.
std::string sorted_work(const std::string& work) {
  if (!work.starts_with("rewrites ")) return work;
  std::istringstream words(work.substr(9));
  std::set<std::string> names;
  for (std::string name; words >> name;) names.insert(name);
  std::string text = "rewrites";
  for (const std::string& name : names) text += " " + name;
  return text;
}

class LockTrace : public ::testing::TestWithParam<int> {};

TEST_P(LockTrace, AgreesWithWhatWasMeasured) {
  const int major = GetParam();
  const auto installed = installed_servers();
  if (std::none_of(installed.begin(), installed.end(),
                   [&](const auto& one) { return one.major == major; })) {
    GTEST_SKIP() << "PostgreSQL " << major << " is not installed (SEGUE_PG_BIN)";
  }
  ServerOptions options;
  options.major = major;
  ThrowawayServer server(options);
  const std::string conninfo = server.create_database("locks");
  const auto session = connect(conninfo);
  session->exec(schema);
  std::size_t compared = 0;
  std::set<std::string> differs;
  for (const Row& row : measured()) {
    const auto known = statements.find(row.name);
    if (known == statements.end() || known->second.since > major) continue;
    const Statement& statement = known->second;
    if (*statement.before != '\0') session->exec(statement.before);
    const FileTrace traced = trace_file([&] { return connect(conninfo); }, "t.sql",
                                        fmt::format("BEGIN; {}; ROLLBACK", statement.sql));
    if (*statement.after != '\0') session->exec(statement.after);
    ASSERT_FALSE(traced.failure) << row.name << ": " << traced.failure->message;
    ASSERT_FALSE(traced.statements.empty());
    std::set<std::string> locks;
    Trace trace;  // of all statements of the transaction
    for (const auto& one : traced.statements) {
      for (const HeldLock& lock : one.trace.locks) {
        const std::string& name = lock.use.relation.name;
        locks.insert(fmt::format("{}:{}", name == statement.old_name ? statement.new_name : name,
                                 short_mode(lock.use.mode)));
      }
      trace.rewrites.insert(trace.rewrites.end(), one.trace.rewrites.begin(),
                            one.trace.rewrites.end());
      trace.messages.insert(trace.messages.end(), one.trace.messages.begin(),
                            one.trace.messages.end());
    }
    ++compared;
    std::string missing;
    for (const std::string& lock : row.locks) {
      if (!locks.contains(lock)) missing += " " + lock;
    }
    if (missing.empty() && work_of(trace) == sorted_work(row.work)) continue;
    differs.insert(row.name);
    const auto expected = other_majors.find(major);
    if (expected != other_majors.end() && expected->second.contains(row.name)) continue;
    std::string seen;
    for (const std::string& lock : locks) seen += " " + lock;
    ADD_FAILURE() << row.name << ": not seen:" << missing << "; seen:" << seen
                  << "; work: " << work_of(trace) << " (was " << row.work << ")";
  }
  const auto of_this_major =
      std::count_if(statements.begin(), statements.end(),
                    [&](const auto& one) { return one.second.since <= major; });
  EXPECT_EQ(compared, static_cast<std::size_t>(of_this_major));
  if (const auto expected = other_majors.find(major); expected != other_majors.end()) {
    EXPECT_EQ(differs, expected->second);
  }
}

INSTANTIATE_TEST_SUITE_P(Major, LockTrace, ::testing::Values(13, 15, 18));

TEST(TraceFile, StatementsThatTakeNoTransactionAreWatched) {
  ThrowawayServer server;
  const std::string conninfo = server.create_database("watched");
  connect(conninfo)->exec(schema);
  const FileTrace traced = trace_file(
      [&] { return connect(conninfo); }, "t.sql",
      "CREATE INDEX CONCURRENTLY c ON t (p);\nDROP INDEX CONCURRENTLY t_b;\nVACUUM FULL "
      "p;\nBEGIN;\n"
      "ALTER TABLE p ADD x integer;\nALTER TABLE t ALTER a SET NOT NULL;\nCOMMIT;\nSELECT 1/0;");
  ASSERT_TRUE(traced.failure);
  EXPECT_EQ(traced.failure->line, 8U);
  EXPECT_EQ(traced.failure->sqlstate, "22012");
  ASSERT_EQ(traced.statements.size(), 5U);
  const auto locks = [&](std::size_t at) {
    std::string text;
    for (const HeldLock& lock : traced.statements[at].trace.locks) {
      text += fmt::format("{}:{} ", lock.use.relation.name, short_mode(lock.use.mode));
    }
    return text;
  };
  EXPECT_EQ(locks(0), "t:ShareUpdateExclusive ");
  EXPECT_THAT(traced.statements[0].trace.index_builds, ::testing::ElementsAre("public.c"));
  EXPECT_THAT(traced.statements[0].verdicts, ::testing::IsEmpty());
  EXPECT_EQ(locks(1), "t:ShareUpdateExclusive ");
  EXPECT_THAT(traced.statements[2].trace.rewrites,
              ::testing::ElementsAre("public.p", "public.p_pkey"));
  EXPECT_THAT(traced.statements[3].verdicts, ::testing::IsEmpty());
  EXPECT_GE(traced.statements[3].trace.locks.front().held_ms,
            traced.statements[4].trace.milliseconds);
  EXPECT_THAT(traced.statements[4].verdicts,
              ::testing::ElementsAre(
                  "nobody can read or write public.t while all of public.t is read (ACCESS "
                  "EXCLUSIVE)",
                  "public.p stays locked meanwhile: ACCESS EXCLUSIVE since line 5, until this "
                  "transaction ends"));
}

// One row: nobody waits for it for long.
TEST(TraceFile, ASequenceThatIsRewrittenIsNoVerdict) {
  ThrowawayServer server;
  const std::string conninfo = server.create_database("sequence");
  connect(conninfo)->exec(schema);
  const FileTrace traced =
      trace_file([&] { return connect(conninfo); }, "t.sql", "ALTER SEQUENCE sq AS bigint");
  ASSERT_EQ(traced.statements.size(), 1U);
  const TracedStatement& first = traced.statements.front();
  EXPECT_THAT(first.trace.rewrites, ::testing::ElementsAre("public.sq"));
  EXPECT_THAT(first.trace.rewritten_tables(), ::testing::IsEmpty());
  EXPECT_THAT(first.verdicts, ::testing::IsEmpty());
  EXPECT_EQ(projected_ms(first, {{"public.sq", 1}}, {{"public.sq", 1}}), std::nullopt);
  planner::Step step;
  step.id = "4.1";
  step.locks = {{{"public", "sq"}, planner::LockMode::share_row_exclusive}};
  EXPECT_THAT(beyond_declared(step, first.trace), ::testing::IsEmpty());
}

TEST(TraceFile, RefusesWhatIsNotSql) {
  const auto never = []() -> std::unique_ptr<Session> { throw std::logic_error("connects"); };
  try {
    trace_file(never, "a.sql", "SELECT 1;\n\\copy t from 'x'\n");
    FAIL();
  } catch (const TraceFileError& error) {
    EXPECT_STREQ(error.what(),
                 "a.sql:2: psql's \\copy is not SQL\n  hint: leave it out; every statement is run "
                 "as it stands");
  }
}

}  // namespace
}  // namespace segue::runtime::rehearsal
