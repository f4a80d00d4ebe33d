#include "runtime/gate_facts.hpp"

#include <algorithm>

#include "planner/renamed_tables.hpp"
#include "runtime/backfill_batch.hpp"
#include "runtime/ddl.hpp"
#include "runtime/introspect.hpp"

namespace segue::runtime {

namespace {

using planner::Catalog;
using planner::number_of;
using planner::Phase;

// What somebody is asked to mend between phases 3 and 4.
void leave_out_what_may_be_mended(Catalog& catalog) {
  catalog.views.clear();
  catalog.functions.clear();
  for (planner::Table& table : catalog.tables) {
    table.policies.clear();
    table.rules.clear();
    table.triggers.clear();
    table.publications.clear();
  }
}

// Steps that say when they are done, and whose work no later step before contract takes away.
std::vector<std::string> undone_steps(Session& session, const planner::Plan& plan, Phase before) {
  std::vector<std::string> undone;
  for (const planner::Step& step : plan.steps) {
    const bool lasting = std::holds_alternative<planner::Transaction>(step.action) ||
                         std::holds_alternative<planner::ConcurrentIndex>(step.action);
    if (number_of(step.phase) >= number_of(before) || step.done.empty() || !lasting) continue;
    bool done = false;
    try {
      done = is_done(session, step.done);
    } catch (const DatabaseError& error) {
      if (error.connection_lost()) throw;
    }
    if (!done) undone.push_back(step.id + " " + step.title);
  }
  return undone;
}

bool has_table(const Catalog& catalog, const planner::QualifiedName& name) {
  return std::any_of(catalog.tables.begin(), catalog.tables.end(),
                     [&](const planner::Table& table) { return table.name == name; });
}

// A table that bears another name while a change runs is expected under it once it does. Answers
// both names of each such table, and takes them from `owned`: the tables are still compared.
std::vector<planner::QualifiedName> follow_renames(Catalog& planned, const Catalog& found,
                                                   std::vector<planner::OwnedObject>& owned) {
  std::vector<planner::QualifiedName> names;
  for (const auto& [from, to] : planner::moved_tables(owned)) {
    names.push_back(from);
    names.push_back(to);
    if (has_table(found, to) && !has_table(found, from) && has_table(planned, from))
      planner::rename_in_catalog(planned, from, to);
  }
  std::erase_if(owned, [](const planner::OwnedObject& object) {
    return object.kind == planner::ObjectKind::table && object.name != object.table.name;
  });
  return names;
}

// A column that the plan makes or retypes may bring a type into the excerpt, or leave one without
// use: the types that the plan rests on are those that it was made with.
void keep_types_of(const Catalog& planned, const Catalog& whole, Catalog& found) {
  found.types.clear();
  for (const planner::Type& type : whole.types) {
    const bool known = std::any_of(planned.types.begin(), planned.types.end(),
                                   [&](const planner::Type& one) { return one.name == type.name; });
    if (known) found.types.push_back(type);
  }
}

// Another change's columns, and what stands on them, are its own to change.
void own_what_is_claimed(const Catalog& planned, const std::vector<planner::ColumnUse>& claimed,
                         std::vector<planner::OwnedObject>& owned) {
  const auto holds = [&](const planner::Table& table, const std::string& column) {
    return std::any_of(claimed.begin(), claimed.end(), [&](const planner::ColumnUse& claim) {
      return claim.table == table.name && claim.column == column;
    });
  };
  for (const planner::ColumnUse& claim : claimed) {
    if (!claim.column.empty())
      owned.push_back({planner::ObjectKind::column, claim.table, claim.column});
  }
  for (const planner::Table& table : planned.tables) {
    const auto any = [&](const std::vector<std::string>& columns) {
      return std::any_of(columns.begin(), columns.end(),
                         [&](const std::string& column) { return holds(table, column); });
    };
    for (const planner::Index& index : table.indexes) {
      std::vector<std::string> columns = index.expression_columns;
      for (const planner::IndexKeyPart& key : index.keys) columns.push_back(key.column);
      if (any(columns) || any(index.include))
        owned.push_back({planner::ObjectKind::index, table.name, index.name});
    }
    for (const planner::Constraint& constraint : table.constraints) {
      if (any(constraint.columns))
        owned.push_back({planner::ObjectKind::constraint, table.name, constraint.name});
    }
    for (const planner::ExtendedStatistics& statistics : table.statistics) {
      if (any(statistics.columns) || any(statistics.expression_columns))
        owned.push_back({planner::ObjectKind::statistics, statistics.name, statistics.name.name});
    }
  }
}

}  // namespace

std::vector<planner::QualifiedName> whole_tables(const planner::Catalog& excerpt) {
  std::vector<planner::QualifiedName> names;
  for (const planner::Table& table : excerpt.tables) {
    if (!table.owner.empty()) names.push_back(table.name);
  }
  return names;
}

std::vector<std::string> find_drift(Session& session, const planner::Plan& plan, Phase phase,
                                    const std::vector<planner::OwnedObject>& owned_by_others) {
  Catalog planned = plan.baseline;
  const Catalog whole = read_catalog(session);
  std::vector<planner::OwnedObject> ignore = plan.owned;
  ignore.insert(ignore.end(), owned_by_others.begin(), owned_by_others.end());
  const std::vector<planner::QualifiedName> renamed = follow_renames(planned, whole, ignore);
  std::vector<planner::QualifiedName> tables = whole_tables(planned);
  tables.insert(tables.end(), renamed.begin(), renamed.end());
  Catalog found = planner::excerpt(whole, tables);
  keep_types_of(planned, whole, found);
  if (phase == Phase::contract) {
    leave_out_what_may_be_mended(planned);
    leave_out_what_may_be_mended(found);
  }
  return planner::differences(planned, found, ignore);
}

std::vector<Promise> find_promises(Session& session, const planner::Plan& plan) {
  std::vector<Promise> promises;
  for (const planner::Verification* one : verifications_after(plan, Phase::backfill)) {
    Promise& promise = promises.emplace_back(Promise{one->table, one->promise, ""});
    if (one->proven_by.empty()) continue;
    const Rows valid = session.exec(
        "SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass($1) AND "
        "conname = $2 AND contype = 'c' AND convalidated",
        {planner::quoted(one->table), one->proven_by});
    if (!valid.empty()) promise.proof = one->proven_by;
  }
  return promises;
}

GateFacts gather_facts(Session& session, const codegen::ReviewedPlan& plan, Phase phase,
                       bool ledger_exists, const std::vector<std::string>& old_release) {
  GateFacts facts;
  facts.phase = phase;
  facts.digest = plan.digest;
  facts.fingerprint = plan.fingerprint;
  facts.in_recovery = session.exec("SELECT pg_catalog.pg_is_in_recovery()").scalar() == "t";
  if (facts.in_recovery) return facts;
  Ledger ledger(session);
  std::vector<planner::OwnedObject> owned_by_others;
  if (ledger_exists) {
    facts.change = ledger.change(plan.plan.name);
    if (facts.change && facts.change->contracted()) return facts;
    owned_by_others = ledger.owned_by_others(plan.plan.name);
    own_what_is_claimed(plan.plan.baseline, ledger.claimed_beside(plan.plan.name), owned_by_others);
  }
  for (const std::string& name : plan.plan.after) {
    const std::optional<ChangeRecord> other = ledger_exists ? ledger.change(name) : std::nullopt;
    if (!other || !other->contracted()) facts.not_contracted.push_back(name);
  }
  const bool begun = facts.change && facts.change->in_progress();
  if (phase == Phase::expand && ledger_exists && !begun)
    facts.in_flight = ledger.in_flight(plan.plan.name);
  // A contract that was cut short has taken away already what these would look for.
  facts.begun =
      phase == Phase::contract && ledger_exists && ledger.has_done_steps(plan.plan.name, phase);
  if (facts.begun) return facts;
  facts.drift = find_drift(session, plan.plan, phase, owned_by_others);
  const bool in_order =
      phase == Phase::expand ||
      (facts.change && facts.change->complete(static_cast<Phase>(number_of(phase) - 1)));
  if (in_order && phase == Phase::backfill)
    facts.firing_triggers = triggers_that_would_fire(session, plan.plan);
  if (in_order) facts.undone_steps = undone_steps(session, plan.plan, phase);
  if (in_order && phase == Phase::contract) {
    facts.old_release = find_old_release(session, plan.plan, *facts.change, old_release);
    facts.dependents = find_dependents(session, plan.plan);
    facts.promises = find_promises(session, plan.plan);
  }
  return facts;
}

}  // namespace segue::runtime
