#include "runtime/gate_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/gate_ask.hpp"
#include "runtime/runner_connection.hpp"

namespace segue::runtime {

namespace {

using Json = nlohmann::ordered_json;
using planner::Phase;

[[noreturn]] void may_not_read(Session& session, const DatabaseError& error) {
  const std::string role = session.exec("SELECT pg_catalog.quote_ident(current_user)").scalar();
  throw Failed("", fmt::format("role {} may not read the ledger: {}", role, error.what()),
               error.sqlstate(),
               fmt::format("GRANT SELECT ON ALL TABLES IN SCHEMA segue TO {0}; and, so that it "
                           "sees other roles' sessions and statements: GRANT pg_read_all_stats TO "
                           "{0};",
                           role));
}

std::string_view verdict_word(const GateDecision& decision) {
  switch (decision.verdict) {
    case Verdict::allow:
      return "open";
    case Verdict::nothing_to_do:
      return "nothing to do: the change is contracted";
    case Verdict::refuse:
      return "refuses";
  }
  return "";
}

// Lines behind the first stand under it.
std::string indented(const std::string& text, std::size_t by) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out.append(by, ' ');
  }
  return out;
}

}  // namespace

GateReport report_gate(const codegen::ReviewedPlan& plan, std::optional<Phase> phase,
                       const GateOptions& options, Session& session, const Clock& clock,
                       Reporter& reporter) {
  prepare_session(session);
  GateReport report;
  report.change = plan.plan.name;
  try {
    Ledger ledger(session);
    GateRequest request{Phase::expand, ledger.exists(), options, true};
    request.phase = phase.value_or(
        next_phase(request.ledger_exists ? ledger.change(plan.plan.name) : std::nullopt));
    report.phase = request.phase;
    const auto source = [&]() -> Session& { return session; };
    report.decision = ask_gate(source, plan, request, clock, reporter);
  } catch (const DatabaseError& error) {
    if (error.sqlstate() != sqlstate::insufficient_privilege) throw;
    may_not_read(session, error);
  }
  return report;
}

std::string gate_text(const GateReport& report) {
  std::string text = fmt::format("{}, phase {} ({}): {}\n", report.change, number_of(report.phase),
                                 name_of(report.phase), verdict_word(report.decision));
  constexpr std::size_t column = 19;
  for (const Question& question : report.decision.questions) {
    text += fmt::format("{:<9}{:<10}{}",
                        question.answer == Answer::no ? "NO" : name_of(question.answer),
                        name_of(question.basis), question.asks);
    if (!question.found.empty()) text += fmt::format(": {}", indented(question.found, column));
    text += '\n';
    for (const Objection& objection : question.objections) {
      text += fmt::format("{:{}}{} [{}]\n", "", column, indented(objection.what, column),
                          objection.code);
      if (!objection.advice.empty())
        text += fmt::format("{:{}}hint: {}\n", "", column, indented(objection.advice, column));
    }
  }
  if (!report.decision.questions.empty()) {
    text +=
        "proof: PostgreSQL or the ledger vouches for it. evidence: what somebody said, or what "
        "could be seen from here.\n";
  }
  return text;
}

std::string gate_json(const GateReport& report) {
  Json questions = Json::array();
  for (const Question& question : report.decision.questions) {
    Json objections = Json::array();
    for (const Objection& objection : question.objections) {
      objections.push_back(
          {{"code", objection.code}, {"what", objection.what}, {"advice", objection.advice}});
    }
    questions.push_back({{"code", question.code},
                         {"asks", question.asks},
                         {"answer", name_of(question.answer)},
                         {"basis", name_of(question.basis)},
                         {"found", question.found},
                         {"objections", objections}});
  }
  const Json object{{"change", report.change},
                    {"phase", number_of(report.phase)},
                    {"name", name_of(report.phase)},
                    {"open", report.decision.verdict != Verdict::refuse},
                    {"contracted", report.decision.verdict == Verdict::nothing_to_do},
                    {"questions", questions}};
  return object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace segue::runtime
