#include "codegen/altered_triggers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <vector>

#include "dsl/sql.hpp"

namespace segue::codegen {

namespace {

using dsl::sql::quote_literal;
using planner::Plan;
using planner::QualifiedName;
using planner::quoted;
using planner::Step;

// The step's tables that have dual-write triggers, and what these are called.
struct Triggers {
  std::set<QualifiedName> tables;
  std::set<std::string> names;
};

bool locks_out_all(const Step& step, const QualifiedName& table) {
  return std::any_of(step.locks.begin(), step.locks.end(), [&](const planner::LockUse& use) {
    return use.relation == table && use.mode == planner::LockMode::access_exclusive;
  });
}

// Where a CHECK proves what was promised, nothing leans on a look at rows.
Triggers leaned_on(const Plan& plan, const Step& step) {
  Triggers found;
  const bool looked_at = std::any_of(
      plan.verifications.begin(), plan.verifications.end(), [&](const planner::Verification& one) {
        return one.from <= planner::Phase::backfill && one.proven_by.empty() &&
               locks_out_all(step, one.table);
      });
  if (step.phase != planner::Phase::contract || !looked_at) return found;
  for (const planner::OwnedObject& object : plan.owned) {
    if (object.kind != planner::ObjectKind::trigger || !locks_out_all(step, object.table)) continue;
    found.tables.insert(object.table);
    found.names.insert(object.name);
  }
  return found;
}

template <typename Items, typename Text>
std::string listed(const Items& items, std::string_view between, const Text& text) {
  std::vector<std::string> texts;
  texts.reserve(items.size());
  for (const auto& item : items) texts.push_back(text(item));
  return fmt::format("{}", fmt::join(texts, between));
}

// A row of pg_trigger or pg_proc that anybody alters is another version of it: DISABLE and ENABLE
// again leave a trace. By name alone, which only the partitions of the table share.
std::string as_they_are(const Triggers& triggers) {
  return fmt::format(
      "(\n  SELECT COALESCE(pg_catalog.string_agg(pg_catalog.format('%s %s %s %s', t.oid, t.xmin, "
      "p.oid, p.xmin), ', ' ORDER BY t.oid), 'none')\n"
      "    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid\n"
      "   WHERE t.tgname IN (\n           {}))",
      listed(triggers.names, ",\n           ", quote_literal));
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
  return fmt::format("SELECT {} AS {} \\gset\n", as_they_are(triggers), variable(step));
}

std::string psql_asks_for_triggers(const Plan& plan, const Step& step) {
  const Triggers triggers = leaned_on(plan, step);
  if (triggers.names.empty()) return {};
  const std::string tables = listed(triggers.tables, ", ", quoted);
  const std::string refuse = fmt::format(
      "\nBEGIN\n  RAISE EXCEPTION '%', {}\n    USING HINT = {};\nEND\n",
      quote_literal(fmt::format(
          "a dual-write trigger of {} was altered since the rows were looked at", tables)),
      quote_literal("Nothing was taken away. Find out who altered it; run this file again, which "
                    "looks at all rows again."));
  return fmt::format(
      "{}LOCK TABLE {} IN ACCESS EXCLUSIVE MODE;\nSELECT {} <> :'{}' AS segue_altered \\gset\n"
      "\\if :segue_altered\nDO {};\n{}",
      psql_alone_begin, tables, as_they_are(triggers), variable(step),
      dsl::sql::dollar_quoted(refuse), psql_alone_end);
}

}  // namespace segue::codegen
