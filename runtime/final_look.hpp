// Old = new once more, under the lock that takes the old away.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "planner/plan.hpp"
#include "runtime/clock.hpp"
#include "runtime/reporter.hpp"
#include "runtime/session.hpp"

namespace segue::runtime {

// Promises that no CHECK keeps were looked at in short pieces, beside the traffic. From then on the
// dual-write triggers keep them: they fire ALWAYS, and their own rows in the catalogue tell under
// the lock whether anybody took them away or changed them in between. Where somebody did, the rows
// that were written since are read again, told by the transaction that wrote them. The app waits
// meanwhile, so a table that takes longer than `final_look_budget` is refused instead.
inline constexpr Milliseconds final_look_budget{300};

class FinalLook {
 public:
  // To be made before the look in short pieces: what changes from here on is looked at again.
  FinalLook(Session& session, const planner::Plan& plan);

  // For a contract that was begun before, and whose gate therefore did not look. Throws Refused.
  void look_ahead(const std::function<Session&()>& session, const Clock& clock,
                  Reporter& reporter) const;
  // Whether all rows that a step of contract would look at were looked at in this run already, and
  // triggers keep what was found.
  bool covers(const planner::NoRows& rows) const;
  // In the transaction of a step of contract, before its statements: takes its locks, asks for the
  // triggers, and looks where they were altered.
  // Throws Refused.
  void look(Session& session, const planner::Step& step) const;

 private:
  // Whether a dual-write trigger of the step's tables is not the one that it was.
  bool altered(Session& session, const planner::Step& step) const;

  const planner::Plan& plan_;
  std::vector<const planner::Verification*> promises_;  // that PostgreSQL does not keep
  std::string since_;  // the oldest transaction that may write after this
  std::map<planner::QualifiedName, std::string> triggers_;  // by table, as the catalogue has them
};

}  // namespace segue::runtime
