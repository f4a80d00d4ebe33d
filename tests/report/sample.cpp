#include "sample.hpp"

#include <cmath>

namespace segue::test {

using namespace runtime::rehearsal;
using planner::LockMode;
using planner::Phase;
using planner::QualifiedName;
using planner::Scan;

namespace {

const QualifiedName users{"public", "users"};

TracedStep traced(const char* id, const char* title, Phase phase, LockMode mode, Scan scan) {
  TracedStep step;
  step.id = id;
  step.title = title;
  step.phase = phase;
  step.declared_locks = {{users, mode}};
  step.declared_scan = scan;
  HeldLock lock;
  lock.use = {users, mode};
  lock.held_ms = 0.42;
  step.trace.locks = {lock};
  step.trace.wal_bytes = 1536;
  step.trace.milliseconds = 1.25;
  return step;
}

}  // namespace

Rehearsal passed_rehearsal() {
  Rehearsal one;
  one.plan = "display_name";
  one.title = "Show the name that people <choose> & \"like\"";
  one.digest = "d1";
  one.checksums = {{"1_expand.sql", "aa"},
                   {"2_dual_write.sql", "bb"},
                   {"3_backfill.sql", "cc"},
                   {"4_contract.sql", "dd"}};
  one.server = "15.18";
  one.apps = "derived from the catalogue";
  one.seed = 42;
  one.rows = {{"public.users", 1000}};
  one.steps = {
      traced("1.1", "Add public.users.\"Anzeige | Name\"", Phase::expand,
             LockMode::access_exclusive, Scan::catalogue),
      traced("3.1", "Fill public.users", Phase::backfill, LockMode::row_exclusive, Scan::writes)};
  one.steps[1].trace.scans = {"public.users"};
  one.steps[1].projected_ms = 61000;
  one.tried = {{"old app: insert", 1200, 0}, {"kills", 31, 0}};
  for (int i = 0; i < promises; ++i) one.checks[static_cast<Promise>(i)] = 100U * (i + 1U);
  one.waits = {{0, {900, 0, 0.3, 1.1, 4}}, {3, {12000, 0, 0.31, 2.4, 31.5}}};
  one.timeline = {{"phase", "1 expand", 0, 0.4},
                  {"phase", "2 dual-write", 0.4, 0.7},
                  {"phase", "3 backfill", 0.7, 2.9},
                  {"phase", "4 contract", 2.9, 3.3},
                  {"segue", "1.1 Add column", 0.1, 0.1},
                  {"segue", "3.1 Fill public.users", 0.8, 2.6},
                  {"lock", "users ACCESS EXCLUSIVE", 0.1, 0.102},
                  {"lock", "users ROW EXCLUSIVE", 0.8, 2.6},
                  {"lock", "orders ROW SHARE", 1.0, 1.5}};
  for (int i = 0; i < 160; ++i) {
    const double at = i * 0.02;
    one.latencies.push_back(
        {at, 0.3 + std::abs(std::sin(i * 0.7)) * (i % 23 == 0 ? 40 : 2), i % 2 == 1});
  }
  one.notes = {"`SELECT *` was not tried: the plan names it."};
  one.seconds = 12.2;
  return one;
}

Rehearsal failed_rehearsal() {
  Rehearsal one = passed_rehearsal();
  one.steps[0].beyond = {"rewrote public.users, which it does not declare"};
  Story story;
  story.promise = Promise::no_lost_write;
  story.phase = Phase::dual_write;
  story.step = "2.1 Create trigger zz_segue_sync on public.users";
  story.lines = {{"segue", "2.1 Create trigger", "done"},
                 {"old app", "UPDATE users SET full_name = 'a<b>```c' WHERE id = 7", "1 row"},
                 {"new app", "SELECT display_name FROM users WHERE id = 7", "NULL"}};
  story.saw = "display_name NULL";
  story.should_see = "display_name 'a<b>```c'";
  story.because = "the trigger carries nothing over on UPDATE";
  story.seed = 42;
  one.stories = {story};
  return one;
}

}  // namespace segue::test
