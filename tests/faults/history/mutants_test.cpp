// Mistakes that a dual-write trigger or a backfill could have: histories find each, and the story
// that is told is short enough to read.
#include <fmt/format.h>

#include "history/history_fixture.hpp"

namespace segue::test::history {
namespace {

struct Mutant {
  const char* name;
  const char* subject;
  // Of a DO block that has the name of the table's trigger in `sync`, its function's text in
  // `body`.
  const char* sql;
  // A batch of the backfill; `{}`: the condition on its rows. Empty: the plan's own.
  const char* fill = "";
};

class Mutants : public History {
 protected:
  static std::string broken(const Mutant& mutant) {
    const std::string conninfo = database();
    runtime::connect(conninfo)->exec(fmt::format(
        R"(DO $do$
DECLARE place regclass := '{}'; sync name; body text; found record;
BEGIN
  SELECT tgname, pg_get_functiondef(tgfoid) INTO sync, body FROM pg_trigger
   WHERE tgrelid = place AND tgname LIKE 'zz_segue_sync%';
  {}
END $do$)",
        mutant.subject, mutant.sql));
    return conninfo;
  }
};

constexpr const char* only_inserts = R"(
  SELECT pg_get_triggerdef(oid) AS text INTO found FROM pg_trigger WHERE tgname = sync;
  EXECUTE format('DROP TRIGGER %I ON %s', sync, place);
  EXECUTE replace(found.text, 'INSERT OR UPDATE', 'INSERT');
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', place, sync);)";

const Mutant mutants[] = {
    {"TheOldColumnWins", "renamed",
     "EXECUTE replace(body, 'NEW.body := NEW.text;', 'NEW.text := NEW.body;');"},
    {"AnInsertOfTheNewReleaseIsForgotten", "renamed",
     "EXECUTE replace(body, 'IF NEW.text IS NOT NULL THEN', 'IF false THEN');"},
    {"SilentUnderReplica", "renamed",
     "EXECUTE format('ALTER TABLE %s ENABLE TRIGGER %I', place, sync);"},
    {"ANullOfTheNewReleaseIsForgotten", "renamed",
     "FOR found IN SELECT tgname FROM pg_trigger WHERE tgrelid = place AND tgname LIKE "
     "'zz_segue_null%' LOOP EXECUTE format('DROP TRIGGER %I ON %s', found.tgname, place); "
     "END LOOP;"},
    {"AnUpdateIsNotPassedOn", "renamed", only_inserts},
    {"WhatIsLeftOutIsNotFilled", "parted",
     "EXECUTE replace(body, 'IF OLD.first IS NULL AND OLD.last IS NULL THEN', 'IF false "
     "THEN');"},
    {"CentsAreLost", "priced",
     "EXECUTE replace(body, 'NEW.total * 100', 'trunc(NEW.total) * 100');"},
    {"AnUpdateToNullStaysNull", "called", only_inserts},
    {"ANewPairFetchesNothing", "moved",
     "FOR found IN SELECT tgname, tgrelid::regclass AS place FROM pg_trigger WHERE tgname "
     "LIKE 'zz_segue_move%fetches%' LOOP EXECUTE format('DROP TRIGGER %I ON %s', "
     "found.tgname, found.place); END LOOP;"},
    {"TheOldTableIsNotTold", "moved",
     "FOR found IN SELECT tgname, tgrelid::regclass AS place FROM pg_trigger WHERE tgname "
     "LIKE 'zz_segue_move%set%' LOOP EXECUTE format('DROP TRIGGER %I ON %s', "
     "found.tgname, found.place); END LOOP;"},
    // What the old release wrote loses its zeros in front.
    {"TheFillGoesThroughTheReverseMap", "coded", "",
     "UPDATE coded SET number = code::integer, code = code::integer::text WHERE {} AND number IS "
     "NULL AND code ~ '^[0-9]+$'"},
    // Only a batch that waits for a row shows this one.
    {"TheValueIsReadFirst", "renamed", "",
     "SET LOCAL segue.backfill = 'on'; UPDATE renamed SET text = early.body FROM (SELECT "
     "body FROM renamed WHERE {0} OFFSET 0) early WHERE {0}"}};

TEST_F(Mutants, AreFoundAndToldShortly) {
  for (const Mutant& mutant : mutants) {
    SCOPED_TRACE(mutant.name);
    const Subject& one = subject(mutant.subject);
    Table where = table(one, broken(mutant));
    const std::string fill = mutant.fill;
    if (!fill.empty())
      where.fill = [fill](const std::string& rows) {
        return fmt::format(fmt::runtime(fill), rows);
      };
    Player player(one, where);
    const Schedule story = first_failure(player, 2000);
    EXPECT_FALSE(story.empty()) << "nothing was found";
    fmt::print("{}\n{}", mutant.name, text_of(story));
    EXPECT_LE(story.size(), 5U) << text_of(story);
  }
}

}  // namespace
}  // namespace segue::test::history
