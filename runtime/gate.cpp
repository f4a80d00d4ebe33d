#include "runtime/gate.hpp"

#include <fmt/format.h>

#include "planner/in_flight.hpp"
#include "runtime/backfill_batch.hpp"
#include "runtime/gate_questions.hpp"

namespace segue::runtime {

namespace {

using planner::name_of;
using planner::number_of;
using planner::Phase;
using planner::Plan;

std::string apply_command(Phase phase) {
  return fmt::format("segue apply DIR --phase {}", number_of(phase));
}

Question ask_plan(const Plan& plan, const GateFacts& facts) {
  Question question{"other-plan", fmt::format("no other plan of {} is in progress", plan.name),
                    Answer::yes,  Basis::proof,
                    "",           {}};
  if (!facts.change || !facts.change->in_progress()) {
    question.found = "nothing of it has been applied here";
    return question;
  }
  const bool same = facts.change->digest.empty() ? facts.change->fingerprint == facts.fingerprint
                                                 : facts.change->digest == facts.digest;
  question.found = "this one is";
  if (!same) {
    object(question, {"other-plan",
                      fmt::format("another plan of {} is in progress in this database", plan.name),
                      "Apply that plan's own files, or undo it first with them."});
  }
  return question;
}

void ask_after(const Plan& plan, const GateFacts& facts, std::vector<Question>& questions) {
  for (const std::string& other : plan.after) {
    questions.push_back(
        {"after", fmt::format("{} is contracted", other), Answer::yes, Basis::proof, "", {}});
  }
  for (const std::string& other : facts.not_contracted) {
    const std::string asks = fmt::format("{} is contracted", other);
    auto question = std::find_if(questions.begin(), questions.end(),
                                 [&](const Question& one) { return one.asks == asks; });
    if (question == questions.end())
      question = questions.insert(questions.end(), {"after", asks, {}, {}, "", {}});
    object(
        *question,
        {"after", fmt::format("{} comes after {}, which is not contracted here", plan.name, other),
         fmt::format("Take {} through its phase 4 first.", other)});
  }
}

// What only psql has applied left no plan that would say what it touches: hence evidence.
Question ask_in_flight(const Plan& plan, const GateFacts& facts, const GateOptions& options) {
  Question question{
      "in-flight",
      "no other change in flight claims what this one changes",
      Answer::yes,
      Basis::evidence,
      fmt::format("{} in flight",
                  facts.in_flight.empty() ? "none" : count_text(facts.in_flight.size())),
      {}};
  for (const planner::Collision& collision : planner::collisions(plan, facts.in_flight)) {
    object_unless(question, options.allowed.contains("in-flight"),
                  {"in-flight", fmt::format("{}: {}", collision.object, collision.message),
                   collision.advice});
  }
  return question;
}

Question ask_phase_before(const Plan& plan, const GateFacts& facts) {
  const auto before = static_cast<Phase>(number_of(facts.phase) - 1);
  Question question{"phase-order",
                    fmt::format("phase {} ({}) is complete", number_of(before), name_of(before)),
                    Answer::yes,
                    Basis::proof,
                    "",
                    {}};
  if (facts.change && facts.change->complete(before)) {
    const PhaseRecord& record = *facts.change->phase(before);
    question.found = fmt::format("since {}", record.finished_at);
    if (!record.applied_by.empty()) question.found += ", by " + record.applied_by;
    return question;
  }
  object(question, {"phase-order",
                    fmt::format("phase {} ({}) of {} is not complete in this database",
                                number_of(before), name_of(before), plan.name),
                    fmt::format("Apply it first: {}", apply_command(before))});
  return question;
}

Question ask_steps(const GateFacts& facts) {
  Question question{
      "undone-step", "what earlier phases made is still there", Answer::yes, Basis::proof, "", {}};
  for (const std::string& step : facts.undone_steps) {
    object(question, {"undone-step", fmt::format("step {} was done once and is not any more", step),
                      "Somebody changed the database by hand. Apply the step's phase again: "
                      "what is missing is repaired."});
  }
  return question;
}

Question ask_drift(const Plan& plan, const GateFacts& facts, const GateOptions& options) {
  Question question{
      "drift",     fmt::format("the schema is the one that {} was planned for", plan.name),
      Answer::yes, Basis::proof,
      "",          {}};
  if (facts.drift.empty()) return question;
  std::string list;
  for (const std::string& difference : facts.drift) list += "\n  - " + difference;
  object_unless(
      question, options.allowed.contains("drift"),
      {"drift",
       fmt::format("the schema is not the one that {} was planned for:{}", plan.name, list),
       "Plan the change again for the schema as it is, or put the schema right. --allow "
       "drift goes on in spite of it."});
  return question;
}

Question ask_triggers(const GateFacts& facts, const GateOptions& options) {
  Question question{"own-triggers-fire",
                    "the backfill goes by the tables' own triggers",
                    Answer::yes,
                    Basis::proof,
                    "",
                    {}};
  if (facts.firing_triggers.empty()) return question;
  object_unless(question, options.allowed.contains("own-triggers-fire"),
                own_triggers_fire(facts.firing_triggers));
  return question;
}

bool has_steps(const Plan& plan, Phase phase) {
  for (const planner::Step& step : plan.steps) {
    if (step.phase == phase) return true;
  }
  return false;
}

void ask(const Plan& plan, const GateFacts& facts, const GateOptions& options,
         GateDecision& decision) {
  std::vector<Question>& questions = decision.questions;
  questions.push_back({"recovery", "the server takes changes", {}, {}, "it is no standby", {}});
  questions.push_back(ask_plan(plan, facts));
  ask_after(plan, facts, questions);
  if (facts.phase == Phase::expand) {
    questions.push_back(ask_in_flight(plan, facts, options));
  } else {
    questions.push_back(ask_phase_before(plan, facts));
    questions.push_back(ask_steps(facts));
  }
  questions.push_back(ask_drift(plan, facts, options));
  if (facts.phase == Phase::backfill) questions.push_back(ask_triggers(facts, options));
  // A contract that removes nothing needs nobody's word.
  if (facts.phase == Phase::contract && has_steps(plan, Phase::contract))
    ask_contract(plan, facts, options, decision);
}

}  // namespace

std::string_view name_of(Basis basis) {
  return basis == Basis::proof ? "proof" : "evidence";
}

std::string_view name_of(Answer answer) {
  switch (answer) {
    case Answer::yes:
      return "yes";
    case Answer::no:
      return "no";
    case Answer::allowed:
      return "allowed";
    case Answer::unknown:
      return "unknown";
  }
  return "";
}

void object(Question& question, Objection objection) {
  question.answer = Answer::no;
  question.objections.push_back(std::move(objection));
}

void object_unless(Question& question, bool allowed, Objection objection) {
  if (!allowed) {
    object(question, std::move(objection));
    return;
  }
  if (question.answer != Answer::no) question.answer = Answer::allowed;
  question.found += (question.found.empty() ? "" : "; ") + objection.what;
}

GateDecision decide(const Plan& plan, const GateFacts& facts, const GateOptions& options) {
  GateDecision decision;
  if (facts.in_recovery) {
    Question question{"recovery", "the server takes changes", {}, {}, "", {}};
    object(question, {"recovery", "this server is a standby and takes no changes",
                      "Connect to the primary."});
    decision.questions.push_back(std::move(question));
  } else if (facts.change && facts.change->contracted()) {
    decision.verdict = Verdict::nothing_to_do;
    return decision;
  } else {
    ask(plan, facts, options, decision);
  }
  for (const Question& question : decision.questions) {
    decision.objections.insert(decision.objections.end(), question.objections.begin(),
                               question.objections.end());
  }
  if (!decision.objections.empty()) decision.verdict = Verdict::refuse;
  return decision;
}

}  // namespace segue::runtime
