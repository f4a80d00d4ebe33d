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

// Promises that no CHECK keeps were looked at in short pieces, beside the traffic; between that
// look and the lock somebody may have written past the triggers. Rows that changed since are told
// by the transaction that wrote them. They are found by reading the table, so only one that is read
// within `final_look_budget` is: the app waits meanwhile. For a larger one the triggers' own rows
// in the catalogue tell that nobody took them away or changed them in between.
inline constexpr Milliseconds final_look_budget{300};

class FinalLook {
 public:
  // To be made before the look in short pieces: what changes from here on is looked at again.
  FinalLook(Session& session, const planner::Plan& plan);

  // For a contract that was begun before, and whose gate therefore did not look. Throws Refused.
  void look_ahead(const std::function<Session&()>& session, const Clock& clock,
                  Reporter& reporter) const;
  // In the transaction of a step of contract, before its statements: takes its locks and looks.
  // Throws Refused.
  void look(Session& session, const planner::Step& step, Reporter& reporter) const;

 private:
  // Whether a dual-write trigger of the step's tables is not the one that it was.
  bool altered(Session& session, const planner::Step& step) const;

  const planner::Plan& plan_;
  std::vector<const planner::Verification*> promises_;  // that PostgreSQL does not keep
  std::string since_;  // the oldest transaction that may write after this
  std::map<planner::QualifiedName, std::string> triggers_;  // by table, as the catalogue has them
};

}  // namespace segue::runtime
