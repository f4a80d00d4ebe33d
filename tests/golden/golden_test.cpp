// Each folder beside this file is a case: what the planner makes of a change, to the byte, and what
// that does to a real server when segue applies it, when psql does, and when it is undone.
//
//   schema.sql  input.segue        the change and what it meets
//   data.sql                       rows (optional)
//   end.sql                        plain DDL that reaches the same end from schema and data
//   expected/                      the six files; `tests/run --regold` writes them anew
//   stderr.txt  exit_code          instead of the two above, where segue must refuse
//   undone.sql                     what undo cannot take back, as plain DDL (an enum's value)
//   plan_arguments  not_compared   more words for `segue plan`; columns whose values are random
#include "support/golden.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <sstream>

#include "codegen/plan_files.hpp"
#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "support/database_state.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;

const fs::path folder = SEGUE_GOLDEN_DIR;
constexpr const char* phase_files[] = {"1_expand.sql", "2_dual_write.sql", "3_backfill.sql",
                                       "4_contract.sql"};

bool regold() {
  const char* const value = std::getenv("SEGUE_REGOLD");
  return value != nullptr && std::string(value) == "1";
}

std::vector<std::string> words_of(const fs::path& file) {
  std::istringstream text(read_text(file));
  std::vector<std::string> words;
  for (std::string word; text >> word;) words.push_back(word);
  return words;
}

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (fs::exists(entry.path() / "input.segue")) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// The first line that differs, for a message that a person can read.
::testing::AssertionResult same_text(const std::string& made, const fs::path& golden) {
  const auto expected = read_text(golden);
  if (made == expected) return ::testing::AssertionSuccess();
  std::istringstream left(expected);
  std::istringstream right(made);
  std::string wanted;
  std::string found;
  int number = 0;
  do {
    ++number;
    wanted = found = "(the end)";
    std::getline(left, wanted);
    std::getline(right, found);
  } while (wanted == found && left && right);
  return ::testing::AssertionFailure()
         << golden.string() << ":" << number << ": differs, `tests/run --regold` writes it anew\n"
         << "  expected " << wanted << "\n  made     " << found;
}

Finished segue(std::vector<std::string> arguments, const fs::path& directory = {}) {
  arguments.insert(arguments.begin(), SEGUE_BINARY);
  return run(arguments, directory);
}

class Golden : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (const auto why = needs_newer_server(GetParam()); !why.empty()) GTEST_SKIP() << why;
  }
  static void TearDownTestSuite() {
    plans_.clear();
    server_.reset();
  }

  static fs::path directory() { return folder / GetParam(); }
  static bool refused() { return fs::exists(directory() / "exit_code"); }

  // Plans the case once; the plan's directory.
  static const fs::path& plan() {
    auto& place = plans_[GetParam()];
    if (!place) {
      place = std::make_unique<TemporaryDirectory>();
      plan_ = place->path() / GetParam();
      planned_ = make_plan(plan_);
    }
    plan_ = place->path() / GetParam();
    return plan_;
  }

  static Finished make_plan(const fs::path& to) {
    std::vector<std::string> arguments{"plan",       "input.segue", "--schema",
                                       "schema.sql", "--out",       to.string()};
    for (const auto& word : words_of(directory() / "plan_arguments")) arguments.push_back(word);
    return segue(arguments, directory());
  }

  static runtime::ThrowawayServer& server() {
    if (!server_) server_ = std::make_unique<runtime::ThrowawayServer>();
    return *server_;
  }

  static Finished psql(const std::string& conninfo, const fs::path& file) {
    return run({"psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", conninfo, "-f", file.string()});
  }

  // What contract asks of the ledger, said by hand.
  static void acknowledge_by_psql(const std::string& conninfo) {
    const auto session = runtime::connect(conninfo);
    session->exec(
        "SELECT segue.ack(name, 'v2'), segue.skip_soak(name, 'a test') FROM segue.change");
  }

  // A new database with the case's schema and rows in it.
  static std::string database(const std::string& name) {
    static std::set<std::string> templates;
    const auto loaded = GetParam() + "_loaded";
    if (templates.insert(loaded).second) {
      const auto conninfo = server().create_database(loaded);
      for (const auto* file : {"schema.sql", "data.sql"}) {
        if (!fs::exists(directory() / file)) continue;
        const auto done = psql(conninfo, directory() / file);
        EXPECT_EQ(done.exit_code, 0) << file << ": " << done.err;
      }
    }
    const auto session = runtime::connect(server().conninfo("postgres"));
    session->exec("CREATE DATABASE \"" + GetParam() + name + "\" TEMPLATE \"" + loaded + "\"");
    return server().conninfo(GetParam() + name);
  }

  static std::set<std::string> not_compared() {
    const auto words = words_of(directory() / "not_compared");
    return {words.begin(), words.end()};
  }
  static DatabaseState state(const std::string& conninfo) {
    return read_state(conninfo, not_compared());
  }

  // What plain DDL makes of the same database.
  static const DatabaseState& wanted_end() {
    static std::map<std::string, DatabaseState> ends;
    const auto known = ends.find(GetParam());
    if (known != ends.end()) return known->second;
    const auto conninfo = database("_end");
    const auto done = psql(conninfo, directory() / "end.sql");
    EXPECT_EQ(done.exit_code, 0) << "end.sql: " << done.err;
    return ends.emplace(GetParam(), state(conninfo)).first->second;
  }

  static DatabaseState undone_state() {
    const auto conninfo = database("_before");
    if (fs::exists(directory() / "undone.sql")) {
      const auto done = psql(conninfo, directory() / "undone.sql");
      EXPECT_EQ(done.exit_code, 0) << "undone.sql: " << done.err;
    }
    return state(conninfo);
  }

  static Finished apply(int phase, const std::string& conninfo) {
    std::vector<std::string> arguments{"apply", plan().string(), "--phase", std::to_string(phase),
                                       "--db",  conninfo};
    if (phase == 4) {
      for (const auto* word : {"--release", "v2", "--skip-soak", "a test"})
        arguments.emplace_back(word);
    }
    return segue(arguments);
  }

 private:
  static inline std::map<std::string, std::unique_ptr<TemporaryDirectory>> plans_;
  static inline fs::path plan_;
  static inline Finished planned_;
  static inline std::unique_ptr<runtime::ThrowawayServer> server_;

 protected:
  static const Finished& planned() {
    plan();
    return planned_;
  }
};

#define SKIP_REFUSED() \
  if (refused()) GTEST_SKIP() << "no plan to apply"

TEST_P(Golden, PlansToTheByte) {
  if (server_major() != golden_major)
    GTEST_SKIP() << "the expected files are made for PostgreSQL " << golden_major;
  const auto& out = plan();
  const auto& result = planned();
  if (refused()) {
    const auto code = read_text(directory() / "exit_code");
    EXPECT_EQ(std::to_string(result.exit_code) + "\n", code) << result.both();
    if (regold()) write_text(directory() / "stderr.txt", result.err);
    EXPECT_TRUE(same_text(result.err, directory() / "stderr.txt")) << result.err;
    EXPECT_FALSE(fs::exists(out)) << "a refusal must write nothing";
    EXPECT_TRUE(fs::is_empty(out.parent_path())) << "half a plan was left behind";
    return;
  }
  ASSERT_EQ(result.exit_code, 0) << result.both();
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(out))
    names.insert(entry.path().filename().string());
  if (regold()) {
    fs::remove_all(directory() / "expected");
    for (const auto& name : names)
      write_text(directory() / "expected" / name, read_text(out / name));
  }
  std::set<std::string> expected;
  if (fs::exists(directory() / "expected")) {
    for (const auto& entry : fs::directory_iterator(directory() / "expected")) {
      expected.insert(entry.path().filename().string());
    }
  }
  ASSERT_EQ(names, expected);
  for (const auto& name : names) {
    EXPECT_TRUE(same_text(read_text(out / name), directory() / "expected" / name));
  }
}

// psql has no gate: what no CHECK proves is looked at by the file itself, before anything goes.
TEST_P(Golden, LooksBeforeContractWhereNothingIsProven) {
  SKIP_REFUSED();
  const planner::Plan made = codegen::read(directory() / "expected").plan;
  const auto looks_at = [&](const planner::Step& step, const planner::Verification& promise) {
    const auto* look = std::get_if<planner::NoRows>(&step.action);
    return step.phase == planner::Phase::contract && look != nullptr && !step.done.empty() &&
           look->table == promise.table && look->condition == promise.differs;
  };
  for (const planner::Verification& promise : made.verifications) {
    if (!promise.proven_by.empty()) continue;
    const auto look = std::find_if(made.steps.begin(), made.steps.end(),
                                   [&](const auto& step) { return looks_at(step, promise); });
    ASSERT_NE(look, made.steps.end()) << promise.promise;
    const auto first_loss =
        std::find_if(made.steps.begin(), made.steps.end(), [](const planner::Step& step) {
          return step.phase == planner::Phase::contract &&
                 std::holds_alternative<planner::Transaction>(step.action);
        });
    EXPECT_LT(look, first_loss) << promise.promise;
  }
}

// What the plan says it means, run as it stands.
TEST_P(Golden, MeansWhatPlainDdlSays) {
  SKIP_REFUSED();
  ASSERT_EQ(planned().exit_code, 0) << planned().both();
  const auto conninfo = database("_plain");
  const auto session = runtime::connect(conninfo);
  for (const std::string& statement : codegen::read(plan()).plan.meaning.plain) {
    ASSERT_NO_THROW(session->exec(statement)) << statement;
  }
  EXPECT_THAT(compare(wanted_end(), state(conninfo)), IsEmpty());
}

TEST_P(Golden, AppliedBySegueEndsAsPlainDdl) {
  SKIP_REFUSED();
  ASSERT_EQ(planned().exit_code, 0) << planned().both();
  const auto conninfo = database("_segue");
  for (int phase = 1; phase <= 4; ++phase) {
    const auto done = apply(phase, conninfo);
    ASSERT_EQ(done.exit_code, 0) << "phase " << phase << ": " << done.both();
    if (phase == 3) {
      const auto verified = segue({"verify", plan().string(), "--db", conninfo});
      EXPECT_EQ(verified.exit_code, 0) << verified.both();
    }
  }
  EXPECT_THAT(compare(wanted_end(), state(conninfo)), IsEmpty());
  // Again, all of it: nothing is left to do.
  const auto before = state(conninfo);
  for (int phase = 1; phase <= 4; ++phase) {
    const auto again = apply(phase, conninfo);
    EXPECT_EQ(again.exit_code, 0) << "phase " << phase << " again: " << again.both();
  }
  EXPECT_THAT(compare(before, state(conninfo)), IsEmpty());
}

TEST_P(Golden, AppliedByPsqlTwiceEndsAsPlainDdl) {
  SKIP_REFUSED();
  ASSERT_EQ(planned().exit_code, 0) << planned().both();
  const auto conninfo = database("_psql");
  for (const auto* file : phase_files) {
    if (file == phase_files[3]) acknowledge_by_psql(conninfo);
    for (const auto* time : {"first", "second"}) {
      const auto done = psql(conninfo, plan() / file);
      ASSERT_EQ(done.exit_code, 0) << file << ", " << time << " time: " << done.both();
    }
  }
  const auto& end = wanted_end();
  EXPECT_THAT(compare(end, state(conninfo)), IsEmpty());
  for (const auto* file : phase_files) {
    const auto done = psql(conninfo, plan() / file);
    EXPECT_EQ(done.exit_code, 0) << file << " after contract: " << done.both();
  }
  EXPECT_THAT(compare(end, state(conninfo)), IsEmpty());
}

TEST_P(Golden, UndoneFromEachPhaseIsAsBefore) {
  SKIP_REFUSED();
  ASSERT_EQ(planned().exit_code, 0) << planned().both();
  const auto conninfo = database("_undo");
  const auto before = undone_state();
  for (int last = 1; last <= 3; ++last) {
    for (int phase = 1; phase <= last; ++phase) {
      const auto done = apply(phase, conninfo);
      ASSERT_EQ(done.exit_code, 0) << "phase " << phase << ": " << done.both();
    }
    const auto undone = segue({"undo", plan().string(), "--db", conninfo});
    ASSERT_EQ(undone.exit_code, 0) << "undo from phase " << last << ": " << undone.both();
    EXPECT_THAT(compare(before, state(conninfo)), IsEmpty()) << "after undo from phase " << last;
  }
}

TEST_P(Golden, TriggerFunctionsPassPlpgsqlCheck) {
  SKIP_REFUSED();
  ASSERT_EQ(planned().exit_code, 0) << planned().both();
  const auto conninfo = database("_check");
  const auto session = runtime::connect(conninfo);
  if (session->exec("SELECT FROM pg_available_extensions WHERE name = 'plpgsql_check'").empty()) {
    GTEST_SKIP() << "plpgsql_check is not installed";
  }
  for (int phase = 1; phase <= 2; ++phase) {
    const auto done = apply(phase, conninfo);
    ASSERT_EQ(done.exit_code, 0) << "phase " << phase << ": " << done.both();
  }
  session->exec("CREATE EXTENSION plpgsql_check");
  const auto found = session->exec(R"(
    SELECT format('%s on %s, line %s: %s %s %s', p.proname, t.tgrelid::regclass, c.lineno, c.level, c.message, c.detail)
      FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_language l ON l.oid = p.prolang,
           LATERAL plpgsql_check_function_tb(p.oid, t.tgrelid, fatal_errors := false) c
     WHERE p.pronamespace = 'segue'::regnamespace AND l.lanname = 'plpgsql')");
  std::vector<std::string> complaints;
  for (const auto& row : found.rows) complaints.push_back(row.front().value_or(""));
  EXPECT_THAT(complaints, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Case, Golden, ::testing::ValuesIn(case_names()),
                         [](const auto& parameter) { return parameter.param; });

}  // namespace
}  // namespace segue::test
