#include "runtime/rehearsal/run_record.hpp"

#include <fmt/format.h>

#include <utility>

namespace segue::runtime::rehearsal {

std::string id_and_title(const planner::Step& step) {
  return fmt::format("{} {}", step.id, step.title);
}

void RunRecord::fail(Promise promise, std::string saw, std::string should_see,
                     std::optional<Mismatch> mismatch, std::optional<Statement> statement) {
  if (!good()) return;
  Violation violation;
  violation.promise = promise;
  violation.phase = phase;
  violation.step = step;
  violation.moment = moment;
  violation.saw = std::move(saw);
  violation.should_see = std::move(should_see);
  violation.mismatch = std::move(mismatch);
  violation.statement = std::move(statement);
  violation.leg = leg;
  played.violation = std::move(violation);
}

}  // namespace segue::runtime::rehearsal
