// Asking a run that is at work for something else, from another terminal, through the ledger.
//
// These tables are made when somebody needs them and not with the ledger: what runs a plan by psql
// has nobody to steer it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/pacing/pace.hpp"
#include "runtime/session.hpp"

namespace segue::runtime::pacing {

// Creates segue.control, segue.pace and segue.app_wait where they are missing. Throws Failed where
// the role may not.
void ensure_live_tables(Session& session);

enum class Ask { pause, resume, faster, slower };

// Throws Refused where the database does not know the change. Gives what is wished for now.
Wish ask(Session& session, const std::string& change, Ask what);
// None asked for: as it is made.
Wish read_wish(Session& session, const std::string& change);

// What a run tells of itself while it is at it.
struct LivePace {
  std::string change;
  std::string step;
  Pace pace;
  double waited = 0;  // seconds of this run
  double age = 0;     // seconds since it said so
};
void tell_pace(Session& session, const LivePace& live);
void forget_pace(Session& session, const std::string& change);
// What was asked of a run that undo took back.
void forget_wish(Session& session, const std::string& change);

// The longest time that an app's statement was seen waiting behind a step.
struct AppWait {
  std::string change;
  std::string step;
  double ms = 0;
  std::string who;  // "pid 4711 (app billing): UPDATE users …"
};
// The longer one stays.
void record_wait(Session& session, const AppWait& wait);

struct LiveState {
  std::vector<LivePace> paces;
  std::vector<std::pair<std::string, Wish>> wishes;  // by change; those that somebody asked for
  std::vector<AppWait> waits;
};
// Nothing where the tables are missing or may not be read.
LiveState read_live(Session& session);

// "display_name 3.1 waits: replica b is 80 MB behind (limit 64 MB)"; one line each, may be empty.
std::string live_text(const LiveState& live);

}  // namespace segue::runtime::pacing
