#include "runtime/backfill.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <sstream>
#include <thread>

#include "run_fixture.hpp"
#include "runtime/backfill_cursor.hpp"
#include "runtime/stripes.hpp"
#include "runtime/table_scan.hpp"

namespace segue::runtime::test {
namespace {

using planner::BackfillPass;
using testing::ElementsAre;
using testing::HasSubstr;

class BackfillTest : public RunTest {
 protected:
  BackfillPass& pass() { return std::get<BackfillPass>(plan_.plan.steps[2].action); }
  void until_dual_write() {
    for (const int phase : {1, 2}) apply_phase(phase);
  }
  std::string differing() const {
    return ask("SELECT count(*) FROM users WHERE display_name IS DISTINCT FROM full_name");
  }
};

TEST_F(BackfillTest, Arithmetic) {
  EXPECT_EQ(blocks_for(5000, 50), 100U);
  EXPECT_EQ(blocks_for(1, 50), 1U);
  EXPECT_EQ(blocks_for(5000, 0), 5000U);
  EXPECT_THAT(share_out(0, 8, 10), ElementsAre(BlockRange{0, 0}));
  EXPECT_THAT(share_out(19, 8, 10), ElementsAre(BlockRange{0, 19}));
  EXPECT_THAT(share_out(25, 8, 10), ElementsAre(BlockRange{0, 12}, BlockRange{12, 25}));
  const auto many = share_out(1000003, 8, 10);
  ASSERT_EQ(many.size(), 8U);
  EXPECT_EQ(many.front().from, 0U);
  EXPECT_EQ(many.back().to, 1000003U);
  for (std::size_t i = 1; i < many.size(); ++i) EXPECT_EQ(many[i].from, many[i - 1].to);
}

TEST_F(BackfillTest, StripesShareEveryBlockEvenlyAndMissNoRow) {
  make_users(3000);
  const auto session = open();
  for (const Striping& striping : {Striping{}, Striping{"id", "", stripes}}) {
    long total = 0;
    for (unsigned turn = 0; turn < stripes; ++turn) {
      const std::string rows = striping.condition(turn);
      const Rows spread =
          session->exec("SELECT max(n) - min(n) FROM (SELECT count(*) AS n FROM users WHERE " +
                        rows + " AND ctid < '(20,0)'::tid GROUP BY (ctid::text::point)[0]) s");
      EXPECT_LE(std::stol(*spread.rows[0][0]), 1);
      total += std::stol(session->exec("SELECT count(*) FROM users WHERE " + rows).scalar());
    }
    EXPECT_EQ(total, 3000);
  }
}

// The first turns take as many rows of a page as any later one, so that these find room.
TEST_F(BackfillTest, StripesByPlaceBeginWithTheLargest) {
  make_users(3000);
  const auto session = open();
  long before = 1000;
  for (unsigned turn = 0; turn < stripes; ++turn) {
    const long rows =
        std::stol(session
                      ->exec("SELECT count(*) FROM users WHERE " + Striping{}.condition(turn) +
                             " AND ctid >= '(1,0)'::tid AND ctid < '(2,0)'::tid")
                      .scalar());
    EXPECT_LE(rows, before);
    before = rows;
  }
}

TEST_F(BackfillTest, TheStripesAreChosenByALookAtTheRows) {
  make_users(5000);
  const auto session = open();
  const planner::QualifiedName users{"public", "users"};
  if (session->server_version() < tid_range_scans_since) {
    const Striping none = choose_striping(*session, users, {"id"});
    EXPECT_EQ(none.turns, 1U);
    EXPECT_EQ(none.reason, "block by block: stripes need the TID range scans of PostgreSQL 14");
    return;
  }
  EXPECT_EQ(choose_striping(*session, users, {"id"}).column, "id");
  EXPECT_EQ(choose_striping(*session, users, {}).reason,
            "stripes by the row's place in its page: the table has no key");
  // Keys in no order at all.
  session->exec(
      "CREATE TABLE mixed AS SELECT hashint8(n)::bigint AS id, repeat('x', 100) FROM "
      "generate_series(1, 5000) n");
  EXPECT_EQ(choose_striping(*session, {"public", "mixed"}, {"id"}).reason,
            "stripes by the row's place in its page: no integer key column lies in the rows' "
            "order");
  session->exec("CREATE TABLE empty (id bigint PRIMARY KEY)");
  EXPECT_EQ(choose_striping(*session, {"public", "empty"}, {"id"}).reason,
            "stripes by the row's place in its page: there are no rows to look at");
}

TEST_F(BackfillTest, PagesWithRoomTakeFewerTurns) {
  EXPECT_EQ(turns_for(0), stripes);
  EXPECT_EQ(turns_for(0.1), stripes);
  EXPECT_EQ(turns_for(0.2), 8U);
  EXPECT_EQ(turns_for(0.43), 4U);
  EXPECT_EQ(turns_for(9), 4U);
  if (open()->server_version() < tid_range_scans_since) return;
  make_users(5000);
  const auto session = open();
  session->exec("ALTER TABLE users SET (fillfactor = 70)");
  const planner::QualifiedName users{"public", "users"};
  EXPECT_EQ(choose_striping(*session, users, {"id"}).turns, stripes);  // of rows to come
  session->exec("VACUUM FULL users");
  const Striping striping = choose_striping(*session, users, {"id"});
  EXPECT_EQ(striping.turns, 4U);
  EXPECT_THAT(striping.reason, HasSubstr("4 stripes, as pages have room, by id"));
  long total = 0;
  for (unsigned turn = 0; turn < striping.turns; ++turn)
    total += std::stol(
        session->exec("SELECT count(*) FROM users WHERE " + striping.condition(turn)).scalar());
  EXPECT_EQ(total, 5000);
}

// PostgreSQL 13 has no TID range scan; its way must find the same rows.
TEST_F(BackfillTest, BlockConditionsOfOldAndNewServersAgree) {
  make_users(3000);
  const auto session = open();
  for (const auto& [from, to] : {std::pair{0, 1}, std::pair{3, 9}, std::pair{30, 300}}) {
    const auto count = [&](int version) {
      return session
          ->exec("SELECT count(*) || ' ' || coalesce(sum(id), 0) FROM users WHERE " +
                 block_condition(version, 8192, static_cast<std::uint64_t>(from),
                                 static_cast<std::uint64_t>(to)))
          .scalar();
    };
    EXPECT_EQ(count(130000), count(150000));
  }
}

TEST_F(BackfillTest, StripesLeaveTheTableSmallerThanOneUpdateWould) {
  make_users(60000);
  open()->exec("ALTER TABLE users SET (autovacuum_enabled = off)");
  until_dual_write();
  const long before = std::stol(ask("SELECT pg_relation_size('users')"));
  ApplyOptions options;
  options.run.batch = 1000;
  apply_with(3, options);
  const long after = std::stol(ask("SELECT pg_relation_size('users')"));
  EXPECT_EQ(differing(), "0");
  // Without stripes as large as one UPDATE leaves it, and no larger.
  const double most = open()->server_version() < tid_range_scans_since ? 2.3 : 1.4;
  EXPECT_LT(static_cast<double>(after) / static_cast<double>(before), most);
}

TEST_F(BackfillTest, AnAppBesideItLosesNothing) {
  make_users(40000);
  until_dual_write();
  std::atomic<bool> over = false;
  std::atomic<int> writes = 0;
  std::vector<std::jthread> apps;
  for (int worker = 0; worker < 2; ++worker) {
    apps.emplace_back([&, worker] {
      const auto session = open("app");
      for (int i = 0; !over; ++i) {
        const int id = (i * 7919 + worker * 13) % 40000 + 1;
        // A note alone moves the row without its names; a name has to be on both sides at once.
        session->exec(fmt::format("UPDATE users SET note = 'n{}' WHERE id = {}", i, id));
        session->exec(fmt::format("UPDATE users SET {} = 'w{}' WHERE id = {}",
                                  i % 2 == 0 ? "full_name" : "display_name", i,
                                  (id * 31) % 40000 + 1));
        ++writes;
      }
    });
  }
  ApplyOptions options;
  options.run.workers = 2;
  const ApplyReport report = apply_with(3, options);
  over = true;
  apps.clear();
  EXPECT_GT(writes, 20);
  EXPECT_TRUE(report.verified.at(0).holds());
  EXPECT_EQ(differing(), "0");
}

TEST_F(BackfillTest, WorkersShareATable) {
  make_users(200000);
  until_dual_write();
  ApplyOptions options;
  options.run.workers = 3;
  options.run.batch = 500;
  apply_with(3, options);
  EXPECT_EQ(differing(), "0");
  EXPECT_EQ(recorder_.outcomes["3.1"].rows, 200000U);
  EXPECT_GT(std::stol(ask("SELECT count(*) FROM segue.cursor")), 1);
}

TEST_F(BackfillTest, GoesOnFromItsCursor) {
  make_users(40000);
  until_dual_write();
  ApplyOptions options;
  options.run.batch = 500;
  recorder_.on_progress = [](const Progress& progress) {
    if (progress.rows >= 20000) throw std::runtime_error("stop here");
  };
  EXPECT_THROW(apply_with(3, options), std::runtime_error);
  const long filled = std::stol(ask("SELECT count(*) FROM users WHERE display_name = full_name"));
  EXPECT_GE(filled, 20000);
  EXPECT_LT(filled, 40000);
  EXPECT_EQ(ask("SELECT sum(rows) FROM segue.cursor"), std::to_string(filled));
  recorder_.on_progress = nullptr;
  // Those that are done are not written again.
  const long writes_before = std::stol(ask("SELECT pg_stat_get_tuples_updated('users'::regclass)"));
  apply_with(3, options);
  EXPECT_EQ(differing(), "0");
  EXPECT_EQ(ask("SELECT rows FROM segue.step WHERE step = '3.1'"), "40000");
  EXPECT_LE(std::stol(ask("SELECT pg_stat_get_tuples_updated('users'::regclass)")) - writes_before,
            40000);
}

TEST_F(BackfillTest, RowsThatCannotBeFilledAreListed) {
  make_users(5000);
  pass().set = {{"display_name", "nullif(users.full_name, 'name 4711')"}};
  pass().pending = "display_name IS NULL";
  open()->exec("UPDATE users SET full_name = 'name 4711' WHERE id IN (5, 6)");
  apply_phase(1);
  plan_.plan.steps.erase(plan_.plan.steps.begin() + 1);
  apply_phase(2);
  const Failed failed = thrown_by<Failed>([&] { apply_phase(3); });
  // In the rows' order, which the fill has changed.
  std::istringstream text(failed.what());
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  EXPECT_THAT(lines, testing::UnorderedElementsAre(
                         "step 3.1: 3 of 5,000 rows of public.users could not be filled:",
                         "  id = 5", "  id = 6", "  id = 4711"));
  EXPECT_EQ(ask("SELECT count(*) FROM users WHERE display_name IS NULL"), "3");
}

TEST_F(BackfillTest, ARowWhoseValueFailsIsNamed) {
  make_users(5000);
  pass().set = {
      {"display_name",
       "CASE WHEN full_name = 'name 1234' THEN (1 / (id - id))::text ELSE full_name END"}};
  until_dual_write();
  const Failed failed = thrown_by<Failed>([&] { apply_phase(3); });
  EXPECT_EQ(failed.sqlstate(), "22012");
  EXPECT_STREQ(failed.what(),
               "step 3.1: a row of public.users cannot be filled (id = 1234): division by zero");
}

TEST_F(BackfillTest, TheTablesOwnTriggersAreNotItsToFire) {
  make_users(500);
  open()->exec(
      "CREATE TABLE fired (id bigint);"
      "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO fired "
      "VALUES (NEW.id); RETURN "
      "NEW; END $$; CREATE TRIGGER zz_segue_touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE "
      "FUNCTION touch();");
  pass().silence_triggers = true;
  until_dual_write();
  open()->exec(
      "CREATE ROLE humble LOGIN; GRANT postgres TO humble; GRANT CREATE ON DATABASE " +
      ask("SELECT current_database()") +
      " TO humble; ALTER TABLE users OWNER TO humble;"
      "ALTER SCHEMA segue OWNER TO humble; GRANT ALL ON ALL TABLES IN SCHEMA segue TO humble;"
      "GRANT ALL ON fired TO humble; REVOKE postgres FROM humble;");
  ApplyOptions options;
  options.phase = planner::Phase::backfill;
  const auto as_humble = [&] { return connect(conninfo_ + " user=humble"); };
  const Refused refused =
      thrown_by<Refused>([&] { apply(plan_, options, as_humble, real_clock(), recorder_); });
  EXPECT_EQ(refused.objections()[0].code, "own-triggers-fire");
  EXPECT_THAT(refused.what(),
              HasSubstr("fire the table's own triggers: zz_segue_touch on public.users"));
  EXPECT_EQ(ask("SELECT count(*) FROM fired"), "0");
  apply_phase(3);  // a superuser may
  EXPECT_EQ(ask("SELECT count(*) FROM fired"), "0");
  EXPECT_EQ(differing(), "0");
  open()->exec(
      "ALTER TABLE users DISABLE TRIGGER zz_segue_display_name; UPDATE users SET display_name = "
      "NULL; TRUNCATE "
      "fired; ALTER TABLE users ENABLE ALWAYS TRIGGER zz_segue_display_name");
  options.run.allowed = options.gate.allowed = {"own-triggers-fire"};
  apply(plan_, options, as_humble, real_clock(), recorder_);
  EXPECT_EQ(ask("SELECT count(*) > 0 FROM fired"), "t");
}

TEST_F(BackfillTest, PartitionsOneByOneAndUnderTheAppsName) {
  open()->exec(
      "CREATE TABLE users (id bigint, full_name text, note text) PARTITION BY RANGE (id);"
      "CREATE TABLE users_low PARTITION OF users FOR VALUES FROM (0) TO (1000);"
      "CREATE TABLE users_high PARTITION OF users FOR VALUES FROM (1000) TO (5000) PARTITION BY "
      "HASH (id);"
      "CREATE TABLE users_h0 PARTITION OF users_high FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
      "CREATE TABLE users_h1 PARTITION OF users_high FOR VALUES WITH (MODULUS 2, REMAINDER 1);"
      "INSERT INTO users SELECT g, 'name ' || g FROM generate_series(1, 4999) g");
  plan_.plan.steps.erase(plan_.plan.steps.begin() + 3);
  pass().leaves = {{"public", "users_low"}, {"public", "users_h0"}};  // one was made after the plan
  pass().set = {{"display_name", "users.full_name"}};
  pass().key.clear();
  until_dual_write();
  const ApplyReport report = apply_phase(3);
  EXPECT_EQ(differing(), "0");
  EXPECT_EQ(report.verified[0].findings.checked, 4999U);
  EXPECT_EQ(recorder_.outcomes["3.1"].rows, 4999U);
}

TEST_F(BackfillTest, AnEmptyTableAndATableThatWasNeverAnalyzed) {
  open()->exec("CREATE TABLE users (id bigint PRIMARY KEY, full_name text, note text)");
  until_dual_write();
  apply_phase(3);
  EXPECT_EQ(recorder_.outcomes["3.1"].rows, 0U);
  open()->exec(
      "ALTER TABLE users DISABLE TRIGGER zz_segue_display_name; INSERT INTO users SELECT g, 'n' || "
      "g, '' FROM "
      "generate_series(1, 7000) g; ALTER TABLE users ENABLE ALWAYS TRIGGER zz_segue_display_name");
  apply_phase(3);
  EXPECT_EQ(differing(), "0");
}

TEST_F(BackfillTest, ARowThatTheAppHoldsIsWaitedFor) {
  make_users(2000);
  until_dual_write();
  const auto app = open("slow app");
  app->exec("BEGIN; UPDATE users SET note = 'held' WHERE id = 1000");
  std::jthread leaves([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    app->exec("COMMIT");
  });
  apply_phase(3);
  EXPECT_EQ(differing(), "0");
  ASSERT_FALSE(recorder_.waited.empty());
  EXPECT_THAT(recorder_.waited[0], HasSubstr("app slow app, idle in transaction for"));
}

}  // namespace
}  // namespace segue::runtime::test
