#include "broken_plans_parts.hpp"

#include <algorithm>
#include <stdexcept>

namespace segue::test {

using planner::BackfillPass;
using planner::Phase;
using planner::Plan;
using planner::Step;
using planner::Transaction;

Step& step(Plan& plan, const std::string& id) {
  for (Step& one : plan.steps) {
    if (one.id == id) return one;
  }
  throw std::logic_error("no step " + id);
}

std::string& sql(Plan& plan, const std::string& id) {
  return std::get<Transaction>(step(plan, id).action).sql;
}

void replace(std::string& text, const std::string& what, const std::string& by) {
  const auto place = text.find(what);
  if (place == std::string::npos) throw std::logic_error("nothing to break: " + what);
  for (auto at = place; at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

// A line of SQL that holds `what` is gone.
void drop_line(std::string& text, const std::string& what) {
  const auto place = text.find(what);
  if (place == std::string::npos) throw std::logic_error("nothing to break: " + what);
  const auto begin = text.rfind('\n', place) == std::string::npos ? 0 : text.rfind('\n', place) + 1;
  text.erase(begin, text.find('\n', place) + 1 - begin);
}

void erase(Plan& plan, const std::string& id) {
  std::erase_if(plan.steps, [&](const Step& one) { return one.id == id; });
}

// Nobody looks again: neither the plan's own verification nor the proof before contract.
void blind(Plan& plan) {
  plan.verifications.clear();
  for (Step& one : plan.steps) {
    auto* transaction = std::get_if<Transaction>(&one.action);
    if (transaction == nullptr || one.phase != Phase::contract) continue;
    const auto begin = transaction->sql.find("DO $segue$");
    const auto end =
        transaction->sql.find("$segue$;\n", begin == std::string::npos ? 0 : begin + 10);
    if (begin != std::string::npos && end != std::string::npos)
      transaction->sql.erase(begin, end + 9 - begin);
  }
}

void swap_phases(Plan& plan, const std::string& id, Phase phase, const std::string& new_id) {
  Step moved = step(plan, id);
  erase(plan, id);
  moved.phase = phase;
  moved.id = new_id;
  const auto place = std::find_if(plan.steps.begin(), plan.steps.end(),
                                  [&](const Step& one) { return one.phase > phase; });
  plan.steps.insert(place, std::move(moved));
}

BackfillPass& pass(Plan& plan, const std::string& id) {
  return std::get<BackfillPass>(step(plan, id).action);
}

}  // namespace segue::test
