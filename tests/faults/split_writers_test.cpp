// What old and new releases write into split and merged columns, statement by statement, while some
// rows are not filled yet.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

using ::testing::HasSubstr;

class SplitWriters : public ::testing::Test {
 protected:
  static void TearDownTestSuite() { server_.reset(); }

  // Plans the change for the schema and applies phases 1 and 2.
  void begin(const std::string& schema, const std::string& change) {
    if (!server_) server_ = std::make_unique<runtime::ThrowawayServer>();
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    conninfo_ = server_->create_database(test->name());
    session_ = runtime::connect(conninfo_);
    session_->exec(schema);
    write_text(directory_.path() / "change.segue", change);
    const auto planned =
        run({SEGUE_BINARY, "plan", "change.segue", "--db", conninfo_, "--out", "plan"},
            directory_.path());
    ASSERT_EQ(planned.exit_code, 0) << planned.both();
    for (int phase = 1; phase <= 2; ++phase) {
      const auto done = apply(phase);
      ASSERT_EQ(done.exit_code, 0) << done.both();
    }
  }

  Finished apply(int phase) const {
    std::vector<std::string> command{SEGUE_BINARY,
                                     "apply",
                                     (directory_.path() / "plan").string(),
                                     "--phase",
                                     std::to_string(phase),
                                     "--db",
                                     conninfo_};
    if (phase == 4) {
      for (const auto* word : {"--release", "v2", "--skip-soak", "a test"})
        command.emplace_back(word);
    }
    return run(command);
  }

  // `until`: where the file is cut off, as by a lost connection.
  Finished contract_by_psql(const std::string& until = {}) const {
    std::string sql = read_text(directory_.path() / "plan" / "4_contract.sql");
    if (!until.empty()) sql.resize(sql.rfind(until));
    write_text(directory_.path() / "contract.sql", sql);
    return run({"psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", conninfo_, "-f",
                (directory_.path() / "contract.sql").string()});
  }
  // Phase 3 is complete, and the next release is out.
  void be_filled() {
    const auto filled = apply(3);
    ASSERT_EQ(filled.exit_code, 0) << filled.both();
    exec("SELECT segue.ack('change', 'v2')");
  }
  void past_the_triggers(const std::string& sql) {
    exec(
        fmt::format("ALTER TABLE t DISABLE TRIGGER USER; {}; DO $$ DECLARE one name; BEGIN FOR one "
                    "IN SELECT tgname FROM pg_trigger WHERE tgrelid = 't'::regclass AND NOT "
                    "tgisinternal LOOP EXECUTE format('ALTER TABLE t ENABLE ALWAYS TRIGGER %I', "
                    "one); END LOOP; END $$",
                    sql));
  }
  std::string columns() {
    return session_
        ->exec(
            "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = "
            "'t'::regclass AND attnum > 0 AND NOT attisdropped")
        .scalar();
  }
  std::string triggers() {
    return session_
        ->exec("SELECT count(*) FROM pg_trigger WHERE tgrelid = 't'::regclass AND NOT tgisinternal")
        .scalar();
  }

  void exec(const std::string& sql) { session_->exec(sql); }
  std::string row(int id) {
    return session_->exec(fmt::format("SELECT t::text FROM t WHERE id = {}", id)).scalar();
  }

  TemporaryDirectory directory_;
  std::string conninfo_;
  std::unique_ptr<runtime::Session> session_;
  static inline std::unique_ptr<runtime::ThrowawayServer> server_;
};

constexpr const char* names =
    "CREATE TABLE t (id int PRIMARY KEY, n text NOT NULL, other int);"
    "INSERT INTO t SELECT i, 'Ada Lovelace' FROM generate_series(1, 20) i";
constexpr const char* split_names =
    "split t.n -> a text = (split_part(n, ' ', 1)), b text = (split_part(n, ' ', 2))\n"
    "  back (concat_ws(' ', a, b))\n";

TEST_F(SplitWriters, EachSideReachesTheOther) {
  begin(names, split_names);
  exec("INSERT INTO t (id, n) VALUES (100, 'Alan Turing')");
  EXPECT_EQ(row(100), "(100,\"Alan Turing\",,Alan,Turing)");
  exec("INSERT INTO t (id, a, b) VALUES (101, 'Kurt', 'Gödel')");
  EXPECT_EQ(row(101), "(101,\"Kurt Gödel\",,Kurt,Gödel)");
  exec("UPDATE t SET n = 'Alonzo Church' WHERE id = 100");
  EXPECT_EQ(row(100), "(100,\"Alonzo Church\",,Alonzo,Church)");
  exec("UPDATE t SET b = 'C' WHERE id = 100");
  EXPECT_EQ(row(100), "(100,\"Alonzo C\",,Alonzo,C)");
  exec("UPDATE t SET a = 'x', b = 'y', n = 'z z' WHERE id = 100");
  EXPECT_EQ(row(100), "(100,\"x y\",,x,y)");
  exec(
      "INSERT INTO t (id, a, b) VALUES (100, 'p', 'q') ON CONFLICT (id) DO UPDATE SET a = "
      "EXCLUDED.a, b = EXCLUDED.b");
  EXPECT_EQ(row(100), "(100,\"p q\",,p,q)");
  exec(
      "SET session_replication_role = replica; UPDATE t SET n = 'r s' WHERE id = 100; RESET "
      "session_replication_role");
  EXPECT_EQ(row(100), "(100,\"r s\",,r,s)");
}

TEST_F(SplitWriters, APartialWriteFillsTheRestOfTheRow) {
  begin(names, split_names);
  exec("UPDATE t SET a = 'Augusta' WHERE id = 1");
  EXPECT_EQ(row(1), "(1,\"Augusta Lovelace\",,Augusta,Lovelace)");
  exec("UPDATE t SET a = NULL WHERE id = 2");
  EXPECT_EQ(row(2), "(2,Lovelace,,,Lovelace)");
  exec("UPDATE t SET b = NULL WHERE id IN (3, 4)");
  EXPECT_EQ(row(3), "(3,Ada,,Ada,)");
  EXPECT_EQ(row(4), "(4,Ada,,Ada,)");
  exec("UPDATE t SET b = 'King', a = NULL WHERE id = 5");
  EXPECT_EQ(row(5), "(5,King,,,King)");
  exec("UPDATE t SET other = 1 WHERE id = 2");
  EXPECT_EQ(row(2), "(2,Lovelace,1,,Lovelace)");
  const auto filled = apply(3);
  ASSERT_EQ(filled.exit_code, 0) << filled.both();
  EXPECT_EQ(row(2), "(2,Lovelace,1,,Lovelace)");
  EXPECT_EQ(row(3), "(3,Ada,,Ada,)");
  EXPECT_EQ(row(20), "(20,\"Ada Lovelace\",,Ada,Lovelace)");
  const auto contracted = apply(4);
  EXPECT_EQ(contracted.exit_code, 0) << contracted.both();
}

TEST_F(SplitWriters, WhatTheMapLosesIsLeftAlone) {
  begin(names, split_names);
  exec("UPDATE t SET n = 'Ada King Lovelace' WHERE id = 1");
  EXPECT_EQ(row(1), "(1,\"Ada King Lovelace\",,Ada,King)");
  exec("UPDATE t SET other = 7 WHERE id = 1");
  EXPECT_EQ(row(1), "(1,\"Ada King Lovelace\",7,Ada,King)");
  exec("UPDATE t SET b = 'King Lovelace' WHERE id = 2; UPDATE t SET other = 7 WHERE id = 2");
  EXPECT_EQ(row(2), "(2,\"Ada King Lovelace\",7,Ada,\"King Lovelace\")");
  const auto filled = apply(3);
  ASSERT_EQ(filled.exit_code, 0) << filled.both();
  EXPECT_EQ(row(1), "(1,\"Ada King Lovelace\",7,Ada,King)");
  EXPECT_EQ(row(2), "(2,\"Ada King Lovelace\",7,Ada,\"King Lovelace\")");
}

TEST_F(SplitWriters, AValueThatDoesNotConvertIsListedAndFailsNobody) {
  begin(
      "CREATE TABLE t (id int PRIMARY KEY, n text); INSERT INTO t SELECT i, i || ' EUR' FROM "
      "generate_series(1, 9) i",
      "split t.n -> a numeric(6,2) = (split_part(n, ' ', 1)::numeric), b varchar(3) = "
      "(split_part(n, ' ', 2))\n"
      "  back (a::text || ' ' || b)\n");
  exec("UPDATE t SET n = 'much' WHERE id = 3");
  EXPECT_EQ(row(3), "(3,much,,\"\")");
  exec("INSERT INTO t (id, n) VALUES (100, '1 GULDEN')");
  EXPECT_EQ(row(100), "(100,\"1 GULDEN\",1.00,)");
  exec("UPDATE t SET n = '12345678 EUR' WHERE id = 4");
  const auto stopped = apply(3);
  EXPECT_EQ(stopped.exit_code, 1);
  EXPECT_THAT(stopped.err, HasSubstr("id = 3"));
  EXPECT_THAT(stopped.err, HasSubstr("id = 4"));
  EXPECT_THAT(stopped.err, HasSubstr("id = 100"));
  EXPECT_EQ(row(9), "(9,\"9 EUR\",,)") << "filled before the rows were listed";
  exec(
      "UPDATE t SET n = '3 EUR' WHERE id = 3; UPDATE t SET a = 5, b = 'HUF' WHERE id = 4; UPDATE t "
      "SET n = '1 NLG' WHERE id = 100");
  const auto filled = apply(3);
  ASSERT_EQ(filled.exit_code, 0) << filled.both();
  EXPECT_EQ(row(4), "(4,\"5.00 HUF\",5.00,HUF)");
  // One more, after the promise was proven: contract refuses.
  exec("UPDATE t SET n = 'none' WHERE id = 1");
  const auto refused = apply(4);
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("id = 1"));
  exec("UPDATE t SET n = '1 EUR' WHERE id = 1");
  const auto contracted = apply(4);
  EXPECT_EQ(contracted.exit_code, 0) << contracted.both();
}

TEST_F(SplitWriters, OneWayTheNewSideKeepsWhatItWrote) {
  begin(
      "CREATE TABLE t (id int PRIMARY KEY, n text); INSERT INTO t SELECT i, 'a b' FROM "
      "generate_series(1, 9) i",
      "split t.n -> a text = (split_part(n, ' ', 1)), b text = (split_part(n, ' ', 2))\n");
  exec("UPDATE t SET a = 'new' WHERE id = 1; INSERT INTO t (id, b) VALUES (100, 'x')");
  EXPECT_EQ(row(1), "(1,\"a b\",new,b)");
  EXPECT_EQ(row(100), "(100,,,x)");
  const auto filled = apply(3);
  ASSERT_EQ(filled.exit_code, 0) << filled.both();
  EXPECT_EQ(row(1), "(1,\"a b\",new,b)");
  exec("UPDATE t SET a = NULL, b = NULL WHERE id = 2");
  EXPECT_EQ(row(2), "(2,,,)");
  const auto contracted = apply(4);
  EXPECT_EQ(contracted.exit_code, 0) << contracted.both();
}

TEST_F(SplitWriters, MergeGivesEachOldColumnItsShare) {
  begin(
      "CREATE TABLE t (id int PRIMARY KEY, d date NOT NULL, h time); INSERT INTO t SELECT i, "
      "'2024-01-01', '10:00' FROM generate_series(1, 9) i",
      "merge t(d, h) -> at timestamp = (d + h)\n  back d = (coalesce(at::date, '2000-01-01')), h = "
      "(at::time)\n");
  exec(
      "INSERT INTO t (id, d, h) VALUES (100, '2024-02-02', '11:00'); INSERT INTO t (id, at) VALUES "
      "(101, '2024-03-03 12:00')");
  EXPECT_EQ(row(100), "(100,2024-02-02,11:00:00,\"2024-02-02 11:00:00\")");
  EXPECT_EQ(row(101), "(101,2024-03-03,12:00:00,\"2024-03-03 12:00:00\")");
  exec("UPDATE t SET at = NULL WHERE id = 1; UPDATE t SET h = '09:00' WHERE id = 2");
  EXPECT_EQ(row(1), "(1,2000-01-01,,)");
  EXPECT_EQ(row(2), "(2,2024-01-01,09:00:00,\"2024-01-01 09:00:00\")");
  const auto filled = apply(3);
  ASSERT_EQ(filled.exit_code, 0) << filled.both();
}

// What the new release inserts is what a NULL maps to: both agree, and the old column refuses it.
TEST_F(SplitWriters, AnOldColumnThatRefusesNullIsWrittenWhateverNullMapsTo) {
  begin("CREATE TABLE t (id int PRIMARY KEY, first text NOT NULL, last text, cents int NOT NULL)",
        "merge t(first, last) -> name text = (concat_ws(' ', first, last))\n"
        "  back first = (split_part(name, ' ', 1)), last = (split_part(name, ' ', 2))\n"
        "retype t.cents -> numeric as total using (coalesce(cents, 0) / 100.0)\n"
        "  back ((total * 100)::integer)\n");
  exec(
      "INSERT INTO t (id, name, total) VALUES (1, '', 0.00000000000000000000) ON CONFLICT (id) DO "
      "UPDATE SET name = EXCLUDED.name");
  EXPECT_EQ(row(1), "(1,\"\",\"\",0,\"\",0.00000000000000000000)");
}

// psql has no gate: the file itself looks before it takes the old side away.
TEST_F(SplitWriters, UnderPsqlRowsThatDisagreeStopContract) {
  begin(
      "CREATE TABLE t (id int PRIMARY KEY, n text); INSERT INTO t SELECT i, i || ' EUR' FROM "
      "generate_series(1, 9) i",
      "split t.n -> a numeric = (split_part(n, ' ', 1)::numeric), b text = (split_part(n, ' ', "
      "2))\n"
      "  back (a::text || ' ' || b)\n");
  be_filled();
  const std::string before = triggers();
  past_the_triggers("UPDATE t SET n = repeat('9', 100) || ' USD' WHERE id = 7");
  const auto stopped = contract_by_psql();
  EXPECT_EQ(stopped.exit_code, 3);
  EXPECT_THAT(
      stopped.err,
      HasSubstr("ERROR:  rows of public.t break the promise that n and (a, b) say the same\n"
                "DETAIL:  (7," +
                std::string(60, '9') +
                ",7,EUR)\n"
                "HINT:  `=` cannot convert a value, or something writes past the dual-write "
                "triggers: see "
                "that it stops, mend these rows, then run the phase again\n"));
  EXPECT_EQ(columns(), "id n a b");
  EXPECT_EQ(triggers(), before);
  EXPECT_EQ(session_->exec("SELECT phase FROM segue.status").scalar(), "3");

  exec("UPDATE t SET n = '70 USD' WHERE id = 7");
  EXPECT_EQ(row(7), "(7,\"70 USD\",70,USD)");
  // It may come to an end at any point, and be run again: no row can be looked at any more.
  const auto cut_short = contract_by_psql("SELECT segue.leave");
  EXPECT_EQ(cut_short.exit_code, 0) << cut_short.both();
  EXPECT_EQ(columns(), "id a b");
  EXPECT_EQ(triggers(), "0");
  EXPECT_EQ(session_->exec("SELECT phase FROM segue.status").scalar(), "3");
  for (const auto* time : {"second", "third"}) {
    const auto again = contract_by_psql();
    EXPECT_EQ(again.exit_code, 0) << time << ": " << again.both();
    EXPECT_EQ(again.err, "") << time;
    EXPECT_EQ(session_->exec("SELECT phase FROM segue.status").scalar(), "4") << time;
  }
  EXPECT_EQ(columns(), "id a b");
  EXPECT_EQ(row(7), "(7,70,USD)");
}

// What the new release writes alone is as it should be; what nobody has carried over is not.
TEST_F(SplitWriters, UnderPsqlOneWayOnlyRowsThatWereNotFilledStopContract) {
  begin(
      "CREATE TABLE t (id int PRIMARY KEY, n text); INSERT INTO t SELECT i, 'a b' FROM "
      "generate_series(1, 9) i",
      "split t.n -> a text = (split_part(n, ' ', 1)), b text = (split_part(n, ' ', 2))\n");
  be_filled();
  exec("UPDATE t SET a = 'new' WHERE id = 1; INSERT INTO t (id, b) VALUES (100, 'x')");
  exec("UPDATE t SET a = NULL, b = NULL WHERE id = 2");
  past_the_triggers("INSERT INTO t (id, n) VALUES (101, 'c d')");
  const auto stopped = contract_by_psql();
  EXPECT_EQ(stopped.exit_code, 3);
  EXPECT_THAT(stopped.err,
              HasSubstr("rows of public.t break the promise that (a, b) is filled from "
                        "n\nDETAIL:  (101,\"c d\",,)\nHINT:"));
  EXPECT_THAT(stopped.err,
              HasSubstr("HINT:  something writes past the dual-write triggers: see that it stops, "
                        "run phase 3 again for these rows, then this one\n"));
  EXPECT_EQ(columns(), "id n a b");
  const auto filled = run({"psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", conninfo_, "-f",
                           (directory_.path() / "plan" / "3_backfill.sql").string()});
  ASSERT_EQ(filled.exit_code, 0) << filled.both();
  exec("SELECT segue.ack('change', 'v3')");
  const auto contracted = contract_by_psql();
  EXPECT_EQ(contracted.exit_code, 0) << contracted.both();
  EXPECT_EQ(row(1), "(1,new,b)");
  EXPECT_EQ(row(2), "(2,,)");
  EXPECT_EQ(row(100), "(100,,x)");
  EXPECT_EQ(row(101), "(101,c,d)");
}

TEST_F(SplitWriters, UnderPsqlThePartitionsOfATableAreLookedAtToo) {
  begin(
      "CREATE TABLE t (id int PRIMARY KEY, n text) PARTITION BY RANGE (id); CREATE TABLE t1 "
      "PARTITION OF t FOR VALUES FROM (0) TO (10); CREATE TABLE t2 PARTITION OF t FOR VALUES FROM "
      "(10) TO (1000); INSERT INTO t SELECT i, 'a b' FROM generate_series(1, 19) i",
      "split t.n -> a text = (split_part(n, ' ', 1)), b text = (split_part(n, ' ', 2))\n"
      "  back (concat_ws(' ', a, b, split_part(n, ' ', 3)))\n");
  be_filled();
  past_the_triggers("UPDATE t SET n = 'c d' WHERE id = 17");
  const auto stopped = contract_by_psql();
  EXPECT_EQ(stopped.exit_code, 3);
  EXPECT_THAT(stopped.err, HasSubstr("DETAIL:  (17,\"c d\",a,b)\n"));
  EXPECT_EQ(columns(), "id n a b");
  exec("UPDATE t SET a = 'c', b = 'd' WHERE id = 17");
  for (const auto* time : {"first", "second"}) {
    const auto contracted = contract_by_psql();
    EXPECT_EQ(contracted.exit_code, 0) << time << ": " << contracted.both();
  }
  EXPECT_EQ(columns(), "id a b");
}

// Single-row statements of both releases all the while: none fails, and both sides agree.
TEST_F(SplitWriters, BothReleasesRunThroughout) {
  begin(
      "CREATE TABLE t (id int PRIMARY KEY, n text NOT NULL); INSERT INTO t SELECT i, 'Ada "
      "Lovelace' FROM generate_series(1, 2000) i",
      split_names);
  std::atomic<bool> stop{false};
  std::atomic<int> statements{0};
  std::vector<std::string> failures(2);
  const auto writer = [&](int which) {
    std::mt19937 random(static_cast<unsigned>(which) + 1);
    const auto session = runtime::connect(conninfo_);
    try {
      while (!stop) {
        const auto id = random() % 2000 + 1;
        const auto word = random() % 1000;
        session->exec(which == 0
                          ? fmt::format("UPDATE t SET n = 'o{0} p{0}' WHERE id = {1}", word, id)
                          : fmt::format("UPDATE t SET b = 'q{0}' WHERE id = {1}", word, id));
        ++statements;
      }
    } catch (const std::exception& problem) {
      failures.at(static_cast<std::size_t>(which)) = problem.what();
    }
  };
  std::vector<std::thread> threads;
  for (const int which : {0, 1}) threads.emplace_back(writer, which);
  const auto filled = apply(3);
  stop = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(filled.exit_code, 0) << filled.both();
  EXPECT_EQ(failures, std::vector<std::string>(2));
  EXPECT_GT(statements, 50);
  EXPECT_EQ(session_->exec("SELECT count(*) FROM t WHERE n IS DISTINCT FROM concat_ws(' ', a, b)")
                .scalar(),
            "0");
}

}  // namespace
}  // namespace segue::test
