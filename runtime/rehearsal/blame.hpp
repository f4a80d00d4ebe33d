// Which step of a plan is to blame for a row that reads wrong.
//
// A row that nobody wrote is the backfill's. One that an app wrote where triggers were there
// already and the backfill was done is theirs; so is one that reads wrong at once. What was written
// before is the backfill's again: it came too early, or took the wrong side.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "planner/plan.hpp"
#include "runtime/rehearsal/audit.hpp"
#include "runtime/rehearsal/shape.hpp"

namespace segue::runtime::rehearsal {

struct Culprit {
  const planner::Step* step = nullptr;  // none: there is no such step in the plan
  std::string because;
};

class Blame {
 public:
  Blame(const planner::Plan& plan, const Shapes& shapes) : plan_(plan), shapes_(shapes) {}

  void ended(const planner::Step& step) { ended_.insert(step.id); }
  void wrote(std::size_t table, const Key& key);
  bool knows(std::size_t table, const Key& key) const { return written_.contains({table, key}); }

  // For a column that the change is about; `at_once`: it was read right behind the write. Empty:
  // the column is none of those.
  Culprit of(const Mismatch& mismatch, bool at_once) const;

 private:
  struct Written {
    bool behind_triggers = false;
    bool behind_backfill = false;
  };
  bool is_paired(std::size_t table, const std::string& column) const;
  const planner::Step* triggers_of(std::size_t table) const;
  const planner::Step* backfill_of(std::size_t table) const;

  const planner::Plan& plan_;
  const Shapes& shapes_;
  std::set<std::string> ended_;
  std::map<std::pair<std::size_t, Key>, Written> written_;
};

}  // namespace segue::runtime::rehearsal
