#include "runtime/gate_ask.hpp"

#include <algorithm>

#include "runtime/gate_facts.hpp"

namespace segue::runtime {

namespace {

// A promise that PostgreSQL keeps needs no look at any row.
bool is_proven(const GateFacts& facts, const planner::Verification& verification) {
  return std::any_of(facts.promises.begin(), facts.promises.end(), [&](const Promise& promise) {
    return promise.table == verification.table && promise.promise == verification.promise &&
           !promise.proof.empty();
  });
}

std::vector<VerificationResult> look_at_rows(const std::function<Session&()>& session,
                                             const planner::Plan& plan, const GateFacts& facts,
                                             const Clock& clock, Reporter& reporter) {
  std::vector<VerificationResult> results;
  for (const planner::Verification* one : verifications_after(plan, planner::Phase::backfill)) {
    if (is_proven(facts, *one)) continue;
    try {
      for (VerificationResult& result : verify(session, reporter, clock, {one}))
        results.push_back(std::move(result));
    } catch (const DatabaseError& error) {
      if (error.sqlstate() != sqlstate::insufficient_privilege) throw;
      VerificationResult& result = results.emplace_back();
      result.table = one->table;
      result.promise = one->promise;
      result.refusal = error.what();
    }
  }
  return results;
}

}  // namespace

planner::Phase next_phase(const std::optional<ChangeRecord>& change) {
  if (!change) return planner::Phase::expand;
  return change->next().value_or(planner::Phase::contract);
}

GateDecision ask_gate(const std::function<Session&()>& session, const codegen::ReviewedPlan& plan,
                      const GateRequest& request, const Clock& clock, Reporter& reporter) {
  GateFacts facts = gather_facts(session(), plan, request.phase, request.ledger_exists,
                                 request.options.old_release);
  GateDecision decision = decide(plan.plan, facts, request.options);
  const bool wanted = decision.verdict == Verdict::allow ||
                      (decision.verdict == Verdict::refuse && request.refused_too);
  if (facts.promises.empty() || facts.begun || !wanted) return decision;
  facts.verified = look_at_rows(session, plan.plan, facts, clock, reporter);
  decision = decide(plan.plan, facts, request.options);
  decision.looked = true;
  return decision;
}

}  // namespace segue::runtime
