#include "runtime/final_look.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql.hpp"
#include "planner/dual_write_triggers.hpp"
#include "runtime/errors.hpp"
#include "runtime/verify.hpp"

namespace segue::runtime {

namespace {

using planner::Phase;
using planner::quoted;
using planner::Step;
using planner::Verification;

std::map<planner::QualifiedName, std::string> triggers_now(Session& session,
                                                           const planner::Plan& plan) {
  std::map<planner::QualifiedName, std::string> found;
  for (const auto& [table, names] : dual_write_triggers(plan))
    found[table] = session.exec("SELECT " + planner::as_they_are(names)).scalar();
  return found;
}

bool is_proven(Session& session, const Verification& promise) {
  if (promise.proven_by.empty()) return false;
  return !session
              .exec(
                  "SELECT FROM pg_catalog.pg_constraint WHERE conrelid = "
                  "pg_catalog.to_regclass($1) AND conname = $2 AND contype = 'c' AND convalidated",
                  {quoted(promise.table), promise.proven_by})
              .empty();
}

// In the order of the step's own LOCK TABLE, so that two of them never wait for each other.
void take_locks(Session& session, const Step& step) {
  std::string tables;
  for (const planner::LockUse& use : step.locks) {
    if (use.mode == planner::LockMode::access_exclusive)
      tables += (tables.empty() ? "" : ", ") + quoted(use.relation);
  }
  session.exec("LOCK TABLE " + tables + " IN ACCESS EXCLUSIVE MODE");
}

[[noreturn]] void refuse(const Verification& promise, const std::string& what) {
  throw Refused({{"differs", fmt::format("{}: {}", quoted(promise.table), what),
                  "Nothing was taken away. Find out who writes past the dual-write triggers; apply "
                  "--phase 3 again when it is mended."}});
}

// A promise over two tables is broken by a write to either, and only one of them is read here.
bool reads_another_table(const Verification& promise) {
  const auto parsed = dsl::sql::parse_expression(promise.differs);
  const auto* expression = std::get_if<dsl::sql::Expression>(&parsed);
  return expression == nullptr || expression->has_subquery;
}

// The keys of rows that break the promise and may have been written since.
std::vector<std::string> broken_since(Session& session, const Verification& promise,
                                      const std::string& since) {
  const std::string young =
      reads_another_table(promise)
          ? "true"
          // Row versions of four thousand million transactions ago look young: they are read as
          // well.
          : fmt::format("pg_catalog.age({}.xmin) <= pg_catalog.age('{}'::xid)",
                        dsl::sql::quote_identifier(promise.table.name), since);
  std::vector<std::string> keys;
  for (const planner::QualifiedName& leaf : leaves_of(session, promise.table, promise.leaves)) {
    const Rows rows = session.exec(
        fmt::format("SELECT {} FROM {} WHERE {} AND ({}) LIMIT {}", key_text(promise.key),
                    only_leaf(leaf, promise.table), young, promise.differs, keys_shown));
    for (const auto& row : rows.rows) keys.push_back(row[0].value_or(""));
  }
  return keys;
}

std::string listed(const std::vector<std::string>& keys) {
  std::string text;
  for (const std::string& key : keys) text += "\n  " + key;
  return text;
}

}  // namespace

FinalLook::FinalLook(Session& session, const planner::Plan& plan) : plan_(plan) {
  for (const Verification* promise : verifications_after(plan, Phase::backfill)) {
    if (!is_proven(session, *promise)) promises_.push_back(promise);
  }
  if (promises_.empty()) return;
  since_ = session
               .exec(
                   "SELECT pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())::text"
                   "::xid8::xid")
               .scalar();
  triggers_ = triggers_now(session, plan);
}

void FinalLook::look_ahead(const std::function<Session&()>& session, const Clock& clock,
                           Reporter& reporter) const {
  constexpr std::string_view missing_object = "42";  // the SQLSTATE's class
  for (const Verification* promise : promises_) {
    try {
      for (const VerificationResult& result : verify(session, reporter, clock, {promise})) {
        if (!result.holds()) refuse(*promise, describe(result));
      }
    } catch (const DatabaseError& error) {
      // What is contracted already has nothing old left to compare.
      if (!error.sqlstate().starts_with(missing_object)) throw;
    }
  }
}

bool FinalLook::covers(const planner::NoRows& rows) const {
  return triggers_.contains(rows.table) &&
         std::any_of(promises_.begin(), promises_.end(), [&](const Verification* promise) {
           return promise->table == rows.table && promise->differs == rows.condition;
         });
}

bool FinalLook::altered(Session& session, const Step& step) const {
  const auto now = triggers_now(session, plan_);
  return std::any_of(triggers_.begin(), triggers_.end(), [&](const auto& before) {
    return locks_out_all(step, before.first) && now.at(before.first) != before.second;
  });
}

void FinalLook::look(Session& session, const Step& step) const {
  if (step.phase != Phase::contract) return;
  std::vector<const Verification*> promises;
  for (const Verification* promise : promises_) {
    if (locks_out_all(step, promise->table)) promises.push_back(promise);
  }
  if (promises.empty()) return;
  take_locks(session, step);
  if (!altered(session, step)) return;
  for (const Verification* promise : promises) {
    session.exec(fmt::format("SAVEPOINT segue_look; SET LOCAL statement_timeout = '{}ms'",
                             final_look_budget.count() / promises.size()));
    try {
      const std::vector<std::string> keys = broken_since(session, *promise, since_);
      if (!keys.empty()) {
        refuse(*promise, fmt::format("rows that were written since all were looked at break the "
                                     "promise that {}:{}",
                                     promise->promise, listed(keys)));
      }
      session.exec("SET LOCAL statement_timeout = 0; RELEASE SAVEPOINT segue_look");
    } catch (const DatabaseError& error) {
      if (error.sqlstate() != sqlstate::query_canceled) throw;
      refuse(*promise,
             "a dual-write trigger was altered since all rows were looked at, and they are too "
             "many to be looked at again under the lock");
    }
  }
}

}  // namespace segue::runtime
