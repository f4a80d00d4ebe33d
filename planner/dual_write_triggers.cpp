#include "planner/dual_write_triggers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "dsl/sql.hpp"

namespace segue::planner {

std::map<QualifiedName, std::set<std::string>> dual_write_triggers(const Plan& plan) {
  std::map<QualifiedName, std::set<std::string>> triggers;
  for (const OwnedObject& object : plan.owned) {
    if (object.kind == ObjectKind::trigger) triggers[object.table].insert(object.name);
  }
  return triggers;
}

// A row of pg_trigger or pg_proc that anybody alters is another version of it: DISABLE and ENABLE
// again leave a trace.
std::string as_they_are(const std::set<std::string>& triggers) {
  std::vector<std::string> names;
  names.reserve(triggers.size());
  for (const std::string& trigger : triggers) names.push_back(dsl::sql::quote_literal(trigger));
  return fmt::format(
      "(\n  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, "
      "p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')\n"
      "    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid\n"
      "   WHERE t.tgname IN (\n           {}))",
      fmt::join(names, ",\n           "));
}

bool locks_out_all(const Step& step, const QualifiedName& table) {
  return std::any_of(step.locks.begin(), step.locks.end(), [&](const LockUse& use) {
    return use.relation == table && use.mode == LockMode::access_exclusive;
  });
}

}  // namespace segue::planner
