// What phase 3 will cost: tried on a real server, and refused where it would not fit.
#include "runtime/preview.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "run_fixture.hpp"

namespace segue::runtime::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::SizeIs;

class PreviewTest : public RunTest {
 protected:
  void until_dual_write(int rows) {
    make_users(rows);
    for (const int phase : {1, 2}) apply_phase(phase);
  }
  Preview see() const { return preview(*open("segue"), plan_.plan, std::nullopt, {}); }
};

TEST_F(PreviewTest, FiguresOfATrialThatLeavesNothing) {
  until_dual_write(20000);
  const std::string pages = ask("SELECT pg_relation_size('users') / 8192");
  const Preview found = see();
  ASSERT_THAT(found.passes, SizeIs(1));
  const PassPreview& pass = found.passes[0];
  EXPECT_EQ(pass.untried, "");
  EXPECT_NEAR(pass.rows, 20000, 400);
  EXPECT_NEAR(pass.fills, 20000, 2000);
  EXPECT_GE(pass.tried, 800U);
  EXPECT_EQ(ask("SELECT count(*) FROM users WHERE display_name IS NOT NULL"), "0");
  EXPECT_EQ(std::to_string(pass.pages), pages);
  EXPECT_GT(pass.seconds, 0);
  EXPECT_GT(found.new_indexes, 20000 * 10);
  // What it really writes then is no more than twice as much, nor a quarter.
  const double before = std::stod(ask("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"));
  apply_phase(3);
  const double wrote =
      std::stod(ask("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")) - before;
  EXPECT_GT(found.wal, wrote / 2);
  EXPECT_LT(found.wal, wrote * 4);
}

TEST_F(PreviewTest, FreeSpaceIsSeenOnTheServersOwnMachine) {
  until_dual_write(100);
  const Preview found = see();
  EXPECT_EQ(found.free_source, "seen in the server's data directory");
  ASSERT_TRUE(found.free);
  EXPECT_GT(*found.free, 1U << 20);
  open()->exec(
      "DO $$ BEGIN IF to_regrole('plain') IS NULL THEN CREATE ROLE plain LOGIN; END IF; END $$;"
      "GRANT ALL ON users TO plain; GRANT ALL ON SCHEMA segue TO plain");
  const Preview by_plain =
      preview(*connect(conninfo_ + " user=plain", "segue"), plan_.plan, std::nullopt, {});
  EXPECT_FALSE(by_plain.free);
  EXPECT_THAT(by_plain.free_source, HasSubstr("say it: --disk-free SIZE"));
}

TEST_F(PreviewTest, TooLittleDiskIsRefusedBeforeAnythingIsWritten) {
  until_dual_write(5000);
  ApplyOptions options;
  options.run.pacing.emplace();
  options.run.disk_free = 100000;
  const Refused refused = thrown_by<Refused>([&] { apply_with(3, options); });
  ASSERT_THAT(refused.objections(), SizeIs(1));
  EXPECT_EQ(refused.objections()[0].code, "disk-space");
  EXPECT_THAT(refused.objections()[0].what,
              HasSubstr("and 98 kB are free, of which a tenth has to stay"));
  EXPECT_THAT(recorder_.said, Contains(HasSubstr("preview 3.1 public.users: about 5,")));
  EXPECT_EQ(ask("SELECT count(*) FROM segue.phase WHERE phase = 3"), "0");
  options.run.allowed = {"disk-space"};
  options.gate.allowed = {"disk-space"};
  apply_with(3, options);
}

TEST_F(PreviewTest, ASlotThatNobodyReadsAndThatWouldBeLost) {
  ServerOptions settings;
  settings.settings = {{"wal_level", "replica"},
                       {"max_slot_wal_keep_size", "2MB"},
                       {"max_wal_size", "2MB"},
                       {"min_wal_size", "2MB"}};
  ThrowawayServer server(settings);
  conninfo_ = server.create_database("slots");
  until_dual_write(20000);
  open()->exec("CHECKPOINT; SELECT pg_create_physical_replication_slot('old', true)");
  const auto objections = headroom(see(), {});
  ASSERT_THAT(objections, SizeIs(1));
  EXPECT_EQ(objections[0].code, "slot-headroom");
  EXPECT_THAT(objections[0].what, HasSubstr("nobody reads slot old, and it is lost after "));
  EXPECT_THAT(headroom(see(), {"slot-headroom"}), SizeIs(0));
}

TEST_F(PreviewTest, WhatCannotBeTriedYetIsSaid) {
  make_users(100);
  const Preview found = see();
  EXPECT_THAT(found.passes.at(0).untried, HasSubstr("column \"display_name\" does not exist"));
  EXPECT_THAT(
      preview_text(found)[0],
      HasSubstr("preview 3.1 public.users: about 100 rows on 2 pages; nothing could be "
                "tried: phases 1 and 2 come first (column \"display_name\" does not exist)"));
}

// Long values lie outside the rows: they count, and the trial is not to write them all.
TEST_F(PreviewTest, LongValuesCountAndTheTrialTakesFew) {
  make_users(400);
  open()->exec(
      "UPDATE users u SET full_name = (SELECT string_agg(md5(u.id || '-' || n), '') FROM "
      "generate_series(1, 1600) n)");  // 50 kB that do not compress well
  open()->exec("VACUUM FULL users");
  open()->exec("ANALYZE users");
  plan_.plan.steps.erase(plan_.plan.steps.begin() + 3);  // no index holds such values
  for (const int phase : {1, 2}) apply_phase(phase);
  const auto size = [&] { return std::stod(ask("SELECT pg_table_size('users')")); };
  const double before = size();
  ASSERT_GT(before, 1e7);
  const Preview found = see();
  const double after = size();
  EXPECT_LT(after - before, before / 3);
  EXPECT_NEAR(found.growth, before, before * 0.3);
  EXPECT_GT(found.wal, before * 0.7);
  apply_phase(3);
  EXPECT_NEAR(size() - after, found.growth, found.growth * 0.3);
}

// What the trial does is what the fill would: a role that may not silence the table's own triggers
// fires them only where somebody allowed it.
TEST_F(PreviewTest, ARoleThatMayNotSilenceTriggersFiresNoneUnasked) {
  until_dual_write(1000);
  std::get<planner::BackfillPass>(plan_.plan.steps[2].action).silence_triggers = true;
  open()->exec(
      "CREATE SEQUENCE fired; CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS "
      "$$ BEGIN PERFORM nextval('fired'); RETURN NEW; END $$;"
      "CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();"
      "DO $$ BEGIN IF to_regrole('plain') IS NULL THEN CREATE ROLE plain LOGIN; END IF; END $$;"
      "GRANT ALL ON users TO plain; GRANT ALL ON SEQUENCE fired TO plain; GRANT ALL ON SCHEMA "
      "segue TO plain");
  const auto by_plain = [&](const std::set<std::string>& allowed) {
    return preview(*connect(conninfo_ + " user=plain", "segue"), plan_.plan, std::nullopt, allowed);
  };
  const Preview refused = by_plain({});
  EXPECT_THAT(refused.passes.at(0).untried, HasSubstr("own triggers: touch on public.users"));
  EXPECT_GT(refused.wal, refused.passes.at(0).heap) << "headroom is asked for all the same";
  EXPECT_EQ(ask("SELECT is_called FROM fired"), "f");
  const Preview allowed = by_plain({"own-triggers-fire"});
  EXPECT_EQ(allowed.passes.at(0).untried, "");
  EXPECT_GT(allowed.passes.at(0).tried, 0U);
  EXPECT_EQ(ask("SELECT is_called FROM fired"), "t");
}

TEST_F(PreviewTest, HeadroomCountsWalThatASlotKeeps) {
  Preview found;
  found.growth = 1e9;
  found.wal_on_disk = 1e9;
  found.free = 2'100'000'000;
  EXPECT_EQ(
      headroom(found, {}).at(0).what,
      "phase 3 needs about 1.9 GB of disk, and 2.0 GB are free, of which a tenth has to stay");
  found.free = 2'300'000'000;
  EXPECT_THAT(headroom(found, {}), SizeIs(0));
  found.free.reset();  // not known: said, not refused
  EXPECT_THAT(headroom(found, {}), SizeIs(0));
}

}  // namespace
}  // namespace segue::runtime::test
