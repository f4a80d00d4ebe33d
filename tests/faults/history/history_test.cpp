// Random histories of both releases under dual-write, before and while the backfill runs, against a
// model that knows one column and no trigger.
//
// SEGUE_SEED starts the seeds; SEGUE_HISTORIES is how many.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <random>

#include "history/player.hpp"
#include "runtime/server.hpp"
#include "support/process.hpp"

namespace segue::test::history {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class History : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    runtime::ServerOptions options;
    // A model of one table needs no log; what is tested is what triggers do.
    options.settings = {{"autovacuum", "off"}};
    server_ = std::make_unique<runtime::ThrowawayServer>(options);
    const TemporaryDirectory directory;
    const auto conninfo = server_->create_database("template_notes");
    runtime::connect(conninfo)->exec(
        fmt::format("CREATE TABLE notes (id bigint PRIMARY KEY, body text DEFAULT '{}', seen int)",
                    old_default));
    write_text(directory.path() / "notes.segue", "rename notes.body -> text\n");
    const auto planned = run(
        {SEGUE_BINARY, "plan", "notes.segue", "--db", conninfo, "--out", "plan"}, directory.path());
    ASSERT_EQ(planned.exit_code, 0) << planned.both();
    for (const char* phase : {"1", "2"}) {
      const auto done = run({SEGUE_BINARY, "apply", (directory.path() / "plan").string(), "--phase",
                             phase, "--db", conninfo});
      ASSERT_EQ(done.exit_code, 0) << done.both();
    }
  }
  static void TearDownTestSuite() { server_.reset(); }

  static std::string database() {
    static int count = 0;
    const std::string name = fmt::format("notes_{}", ++count);
    runtime::connect(server_->conninfo())
        ->exec("CREATE DATABASE " + name + " TEMPLATE template_notes");
    return server_->conninfo(name);
  }
  static std::filesystem::path file() { return server_->directory() / "copied"; }

  // The shortest story of the first history that fails; empty: none of so many did.
  static Schedule first_failure(Player& player, int histories) {
    for (int seed = 1; seed <= histories; ++seed) {
      const Schedule schedule = random_schedule(static_cast<std::uint64_t>(seed));
      if (!player.play(schedule).empty()) return player.shrink(schedule);
    }
    return {};
  }

  static std::unique_ptr<runtime::ThrowawayServer> server_;
};
std::unique_ptr<runtime::ThrowawayServer> History::server_;

TEST_F(History, LosesNothing) {
  const std::uint64_t first = from_environment("SEGUE_SEED", std::random_device()());
  const std::uint64_t histories = from_environment("SEGUE_HISTORIES", 1000);
  fmt::print("SEGUE_SEED={}\n", first);
  Player player(database(), file());
  const auto start = std::chrono::steady_clock::now();
  for (std::uint64_t seed = first; seed < first + histories; ++seed) {
    const Schedule schedule = random_schedule(seed);
    const std::string problem = player.play(schedule);
    if (problem.empty()) continue;
    const Schedule shortest = player.shrink(schedule);
    FAIL() << "SEGUE_SEED=" << seed << ": " << player.play(shortest) << "\n" << text_of(shortest);
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print("{} histories, {} statements, {:.1f} s\n", histories, player.statements(), seconds);
}

// Each a mistake that a dual-write trigger could have; the story must be short enough to read.
struct Mutant {
  const char* name;
  const char* sql;
};

class BrokenTrigger : public History, public ::testing::WithParamInterface<Mutant> {};

TEST_P(BrokenTrigger, IsFoundAndToldShortly) {
  const std::string conninfo = database();
  runtime::connect(conninfo)->exec(fmt::format(
      R"(DO $do$
DECLARE sync name; null_mark name; code oid; body text;
BEGIN
  SELECT tgname, tgfoid INTO sync, code FROM pg_trigger WHERE tgrelid = 'notes'::regclass AND tgname LIKE 'zz_segue_sync%';
  SELECT tgname INTO null_mark FROM pg_trigger WHERE tgrelid = 'notes'::regclass AND tgname LIKE 'zz_segue_null%';
  body := pg_get_functiondef(code);
  {}
END $do$)",
      GetParam().sql));
  Player player(conninfo, file());
  const Schedule story = first_failure(player, 2000);
  ASSERT_FALSE(story.empty()) << "nothing was found";
  fmt::print("{}", text_of(story));
  EXPECT_LE(story.size(), 5U) << text_of(story);
}

INSTANTIATE_TEST_SUITE_P(
    Mutants, BrokenTrigger,
    ::testing::Values(
        Mutant{"TheOldColumnWins",
               "EXECUTE replace(body, 'NEW.body := NEW.text;', 'NEW.text := NEW.body;');"},
        Mutant{"AnInsertOfTheNewReleaseIsForgotten",
               "EXECUTE replace(body, 'IF NEW.text IS NOT NULL THEN', 'IF false THEN');"},
        Mutant{"SilentUnderReplica",
               "EXECUTE format('ALTER TABLE notes ENABLE TRIGGER %I', sync);"},
        Mutant{"ANullOfTheNewReleaseIsForgotten",
               "EXECUTE format('DROP TRIGGER %I ON notes', null_mark);"},
        Mutant{"AnUpdateIsNotPassedOn",
               "body := pg_get_triggerdef((SELECT oid FROM pg_trigger WHERE tgname = sync)); "
               "EXECUTE format('DROP TRIGGER %I ON notes', sync); "
               "EXECUTE replace(body, 'INSERT OR UPDATE', 'INSERT'); "
               "EXECUTE format('ALTER TABLE notes ENABLE ALWAYS TRIGGER %I', sync);"}),
    [](const auto& information) { return information.param.name; });

}  // namespace
}  // namespace segue::test::history
