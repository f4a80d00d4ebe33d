// Both releases of an application run while a change goes through, is killed in every phase,
// undone, and goes through again: no statement fails, and each row says what was last written to
// it.
//
// All kinds of statements are one change here. By hand: SEGUE_BOTH_EACH=1 makes a change of each,
// SEGUE_BOTH_ROUNDS=20 goes forth and back as often, SEGUE_BOTH_ROWS=20000 gives the tables that
// many rows.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <shared_mutex>
#include <thread>

#include "both_apps_cases.hpp"
#include "codegen/plan_files.hpp"
#include "dsl/statement_forms.hpp"
#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "support/database_state.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

using ::testing::IsEmpty;

constexpr int writers = 3;
constexpr int undoing = -5;  // a stage: the new releases are gone, and not all old ones are back

int number_from(const char* variable, int usual) {
  const char* text = std::getenv(variable);
  return text == nullptr ? usual : std::atoi(text);
}

std::string filled_in(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const std::string mark = "{" + name + "}";
    for (std::size_t at = text.find(mark); at != std::string::npos;
         at = text.find(mark, at + value.size()))
      text.replace(at, mark.size(), value);
  }
  return text;
}

std::string statement(const std::string& text, int id, int n) {
  static constexpr const char* words[] = {"bad", "ok", "good"};
  return filled_in(text,
                   {{"id", std::to_string(id)}, {"n", std::to_string(n)}, {"word", words[n % 3]}});
}

// Which releases are out. A writer holds it while its statements run, so that a release that is to
// be gone is gone.
class Traffic {
 public:
  explicit Traffic(const std::vector<Case>& cases) : cases_(cases) {}

  void reach(int stage) {
    const std::lock_guard first(turnstile_);
    const std::unique_lock lock(gate_);
    stage_ = stage;
  }
  void last_time() {
    const std::lock_guard first(turnstile_);
    const std::unique_lock lock(gate_);
    last_time_ = true;
  }
  std::shared_lock<std::shared_mutex> running() {
    const std::lock_guard first(turnstile_);
    return std::shared_lock(gate_);
  }

  const std::vector<Case>& cases() const { return cases_; }
  std::vector<const Release*> writing(const Case& one) const {
    std::vector<const Release*> out;
    if (one.waits_at_contract && stage_ == stage::before_contract) return out;
    const bool old_is_back = stage_ != undoing || one.old_until != stage::before_backfill;
    if (!one.old_app.none() && stage_ < one.old_until && old_is_back) out.push_back(&one.old_app);
    if (stage_ >= stage::contracted && !one.after.none()) {
      out.push_back(&one.after);
    } else if (!one.new_app.none() && stage_ >= one.new_from && (!one.once || last_time_)) {
      out.push_back(&one.new_app);
    }
    return out;
  }
  bool reads(const Case& one, const Release& release) const {
    return &release != &one.new_app || stage_ >= one.new_reads;
  }
  int stage() const { return stage_; }

 private:
  const std::vector<Case>& cases_;
  std::shared_mutex gate_;
  std::mutex turnstile_;  // else writers who come and go never leave the gate to anybody
  int stage_ = stage::start;
  bool last_time_ = false;
};

// Writes rows that nobody else writes, and looks at once whether they can be read.
class Writer {
 public:
  Writer(const std::string& conninfo, Traffic& traffic, int which, int rows)
      : session_(runtime::connect(conninfo, "app")),
        traffic_(traffic),
        rows_(traffic.cases().size()) {
    session_->exec("SET TimeZone = 'UTC'");
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (traffic.cases()[i].old_app.none()) continue;
      for (int id = which + 1; id <= rows; id += writers) rows_[i].push_back({id, 0});
    }
    next_id_ = 1'000'000 * (which + 1);
    random_.seed(static_cast<unsigned>(which));
  }

  void run(const std::atomic<bool>& stop) {
    try {
      while (!stop) {
        for (std::size_t i = 0; i < rows_.size(); ++i) turn(i);
        ++rounds;
      }
    } catch (const std::exception& problem) {
      failure =
          fmt::format("{}, stage {}: {}\n  {}", doing_, traffic_.stage(), problem.what(), sql_);
    }
    done = true;
  }

  // Every row by every release that is out.
  std::vector<std::string> lost() {
    std::vector<std::string> found;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      for (const Release* release : traffic_.writing(traffic_.cases()[i])) {
        for (const auto& [id, n] : rows_[i]) {
          if (!sees(*release, id, n))
            found.push_back(
                fmt::format("{}: row {} after write {}", traffic_.cases()[i].name, id, n));
        }
      }
    }
    return found;
  }

  std::atomic<int> rounds{0};
  std::atomic<bool> done{false};
  std::string failure;
  std::map<std::string, int> written;  // by case and release

 private:
  struct Row {
    int id = 0;
    int n = 0;
  };

  bool sees(const Release& release, int id, int n) {
    sql_ = statement(release.check, id, n);
    const runtime::Rows rows = session_->exec(sql_);
    return rows.rows.size() == 1 && rows.rows.front().front() == "t";
  }

  // Each release that is out writes one row of the case, and each reads it.
  void turn(std::size_t which) {
    const auto running = traffic_.running();
    const Case& one = traffic_.cases()[which];
    const std::vector<const Release*> out = traffic_.writing(one);
    for (const Release* release : out) {
      std::vector<Row>& rows = rows_[which];
      const bool inserts = rows.empty() || random_() % 6 == 0;
      if (inserts) rows.push_back({++next_id_, 0});
      Row& row = inserts ? rows.back() : rows[random_() % rows.size()];
      row.n = ++number_;
      doing_ = one.name;
      sql_ = statement(inserts ? release->insert : release->update, row.id, row.n);
      session_->exec(sql_);
      ++written[one.name + (release == &one.old_app ? " old" : " new")];
      for (const Release* reader : out) {
        if (traffic_.reads(one, *reader) && !sees(*reader, row.id, row.n))
          throw std::runtime_error(fmt::format("row {} is not as write {} left it", row.id, row.n));
      }
    }
  }

  std::unique_ptr<runtime::Session> session_;
  Traffic& traffic_;
  std::vector<std::vector<Row>> rows_;  // by case
  int next_id_ = 0;
  int number_ = 0;
  std::mt19937 random_;
  std::string doing_;
  std::string sql_;
};

class BothApps : public ::testing::Test {
 protected:
  static void TearDownTestSuite() { server_.reset(); }

  void play(std::vector<Case> cases) {
    cases_ = std::move(cases);
    prepare();
    if (HasFatalFailure()) return;
    Traffic traffic(cases_);
    std::vector<std::unique_ptr<Writer>> apps;
    for (int i = 0; i < writers; ++i)
      apps.push_back(std::make_unique<Writer>(conninfo_, traffic, i, rows_));
    std::atomic<bool> stop{false};
    std::vector<std::thread> threads;
    for (const auto& app : apps) threads.emplace_back([&stop, &app] { app->run(stop); });
    forth_and_back(traffic, apps);
    stop = true;
    for (std::thread& thread : threads) thread.join();
    for (const auto& app : apps) EXPECT_EQ(app->failure, "");
    if (HasFailure()) return;
    for (const auto& app : apps) EXPECT_THAT(app->lost(), IsEmpty());
    for (const Case& one : cases_) {
      if (!one.old_app.none()) {
        EXPECT_GT(apps.front()->written[one.name + " old"], 0) << one.name;
      }
      if (!one.new_app.none()) {
        EXPECT_GT(apps.front()->written[one.name + " new"], 0) << one.name;
      }
    }
    EXPECT_THAT(compare(end_, structure(conninfo_)), IsEmpty());
  }

 private:
  void prepare() {
    if (!server_) server_ = std::make_unique<runtime::ThrowawayServer>();
    rows_ = number_from("SEGUE_BOTH_ROWS", 300);
    static int databases = 0;
    conninfo_ = server_->create_database(fmt::format("both_{}", ++databases));
    const std::string plain = server_->create_database(fmt::format("plain_{}", databases));
    std::string schema;
    std::string change = "change both\n\n";
    for (const Case& one : cases_) {
      schema += one.schema;
      change += one.change + "\n";
    }
    schema = filled_in(schema, {{"rows", std::to_string(rows_)}});
    for (const std::string& database : {conninfo_, plain}) runtime::connect(database)->exec(schema);
    before_ = structure(conninfo_);
    plan_ = directory_.path() / fmt::format("plan_{}", databases);
    write_text(directory_.path() / "both.segue", change);
    const Finished planned =
        run({SEGUE_BINARY, "plan", "both.segue", "--db", conninfo_, "--out", plan_.string()},
            directory_.path());
    ASSERT_EQ(planned.exit_code, 0) << planned.both();
    const auto session = runtime::connect(plain);
    for (const std::string& sql : codegen::read(plan_).plan.meaning.plain) session->exec(sql);
    end_ = structure(plain);
  }

  static DatabaseState structure(const std::string& conninfo) {
    DatabaseState state;
    state.catalog = runtime::rehearsal::read_structure(*runtime::connect(conninfo));
    return state;
  }

  std::vector<std::string> command(int phase) const {
    if (phase == 0) return {SEGUE_BINARY, "undo", plan_.string(), "--db", conninfo_};
    std::vector<std::string> words{
        SEGUE_BINARY, "apply",   plan_.string(), "--phase", std::to_string(phase),
        "--db",       conninfo_, "--batch",      "50"};
    if (phase == 4) words.insert(words.end(), {"--release", "v2"});
    return words;
  }

  // Kills it on its way, if it is to be, and lets another run end it.
  void apply(int phase, bool killed) {
    if (killed) {
      static constexpr double longest[] = {1, 0.5, 0.5, 3, 1};  // seconds
      Process process(command(phase));
      const double span = std::uniform_real_distribution<double>(0.05, longest[phase])(random_);
      std::this_thread::sleep_for(std::chrono::duration<double>(span));
      process.kill();
      process.wait();
    }
    const Finished finished = run(command(phase));
    ASSERT_EQ(finished.exit_code, 0) << "phase " << phase << "\n" << finished.both();
  }

  // Until every writer has been through all cases once.
  static void let_run(const std::vector<std::unique_ptr<Writer>>& apps) {
    for (const auto& app : apps) {
      const int rounds = app->rounds;
      while (app->rounds < rounds + 2 && !app->done)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  void phases_1_to_3(Traffic& traffic, const std::vector<std::unique_ptr<Writer>>& apps,
                     bool killed) {
    for (const int phase : {1, 2, 3}) {
      if (phase == 3) traffic.reach(stage::before_backfill);
      apply(phase, killed);
      if (HasFatalFailure()) return;
      traffic.reach(10 * phase);
      let_run(apps);
    }
  }

  void forth_and_back(Traffic& traffic, const std::vector<std::unique_ptr<Writer>>& apps) {
    let_run(apps);
    for (int round = 0; round < number_from("SEGUE_BOTH_ROUNDS", 1); ++round) {
      phases_1_to_3(traffic, apps, true);
      if (HasFatalFailure()) return;
      traffic.reach(undoing);
      apply(0, true);
      if (HasFatalFailure()) return;
      traffic.reach(stage::start);
      let_run(apps);
      std::vector<std::string> left = compare(before_, structure(conninfo_));
      // An enum's new value stays: PostgreSQL cannot take one back.
      std::erase_if(left,
                    [](const std::string& one) { return one.find("t_kind") != std::string::npos; });
      ASSERT_THAT(left, IsEmpty());
    }
    traffic.last_time();
    phases_1_to_3(traffic, apps, false);
    if (HasFatalFailure()) return;
    traffic.reach(stage::before_contract);
    let_run(apps);
    apply(4, true);
    traffic.reach(stage::contracted);
    let_run(apps);
  }

  static inline std::unique_ptr<runtime::ThrowawayServer> server_;
  TemporaryDirectory directory_;
  std::filesystem::path plan_;
  std::vector<Case> cases_;
  std::string conninfo_;
  int rows_ = 0;
  DatabaseState before_;
  DatabaseState end_;
  std::mt19937 random_{std::random_device{}()};
};

TEST(BothAppsCases, HoldEachKindOfStatement) {
  std::string all = "\n";
  for (const Case& one : statement_cases()) all += one.change + "\n";
  for (const std::string& keyword : dsl::statement_keywords())
    EXPECT_NE(all.find("\n" + keyword + " "), std::string::npos) << keyword;
}

TEST_F(BothApps, RunThroughoutEachKindOfStatement) {
  if (number_from("SEGUE_BOTH_EACH", 0) == 0) {
    play(statement_cases());
    return;
  }
  for (const Case& one : statement_cases()) {
    SCOPED_TRACE(one.name);
    play({one});
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace segue::test
