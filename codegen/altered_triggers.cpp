#include "codegen/altered_triggers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "dsl/sql.hpp"
#include "planner/dual_write_triggers.hpp"

namespace segue::codegen {

namespace {

using dsl::sql::quote_literal;
using planner::Plan;
using planner::Step;

// Those that the step drops, and the tables that they are on.
struct Triggers {
  std::string tables;
  std::set<std::string> names;
};

// Where a CHECK proves what was promised, nothing leans on a look at rows.
Triggers leaned_on(const Plan& plan, const Step& step) {
  Triggers found;
  const bool looked_at = std::any_of(
      plan.verifications.begin(), plan.verifications.end(), [&](const planner::Verification& one) {
        return one.from <= planner::Phase::backfill && one.proven_by.empty() &&
               locks_out_all(step, one.table);
      });
  if (step.phase != planner::Phase::contract || !looked_at) return found;
  for (const auto& [table, names] : dual_write_triggers(plan)) {
    if (!locks_out_all(step, table)) continue;
    found.tables += (found.tables.empty() ? "" : ", ") + quoted(table);
    found.names.insert(names.begin(), names.end());
  }
  return found;
}

std::string variable(const Step& step) {
  std::string place = step.id;
  std::replace(place.begin(), place.end(), '.', '_');
  return "segue_triggers_" + place;
}

}  // namespace

std::string psql_remembers_triggers(const Plan& plan, const Step& step) {
  const Triggers triggers = leaned_on(plan, step);
  if (triggers.names.empty()) return {};
  return fmt::format("SELECT {} AS {} \\gset\n", planner::as_they_are(triggers.names),
                     variable(step));
}

std::string psql_asks_for_triggers(const Plan& plan, const Step& step) {
  const Triggers triggers = leaned_on(plan, step);
  if (triggers.names.empty()) return {};
  const std::string refuse = fmt::format(
      "\nBEGIN\n  RAISE EXCEPTION '%', {}\n    USING HINT = {};\nEND\n",
      quote_literal(fmt::format(
          "a dual-write trigger of {} was altered since the rows were looked at", triggers.tables)),
      quote_literal("Nothing was taken away. Find out who altered it; run this file again, which "
                    "looks at all rows again."));
  return fmt::format(
      "{}LOCK TABLE {} IN ACCESS EXCLUSIVE MODE;\nSELECT {} <> :'{}' AS segue_altered \\gset\n"
      "\\if :segue_altered\nDO {};\n{}",
      psql_alone_begin, triggers.tables, planner::as_they_are(triggers.names), variable(step),
      dsl::sql::dollar_quoted(refuse), psql_alone_end);
}

}  // namespace segue::codegen
