// Whether anybody still uses what contract removes. All of it is evidence: nobody sees a program
// that is not running just now, and a name is only what a client calls itself.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/gate_questions.hpp"

namespace segue::runtime {

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string listed(const std::vector<OpenSessions>& sessions, bool old) {
  std::vector<std::string> words;
  for (const OpenSessions& one : sessions) {
    if (old && !one.old) continue;
    words.push_back(fmt::format("{} (role {}, {})",
                                one.application.empty() ? "without a name" : one.application,
                                one.role, count_text(one.count)));
  }
  return words.empty() ? "none" : joined(words);
}

Question ask_sessions(const OldReleaseFacts& facts, const std::set<std::string>& allowed) {
  Question question{"old-sessions",
                    "no session of the release before is open",
                    Answer::yes,
                    Basis::evidence,
                    fmt::format("open now: {}", listed(facts.sessions, false)),
                    {}};
  if (facts.patterns.empty()) {
    question.answer = Answer::unknown;
    question.found =
        "nobody has said how its sessions are called (--old-release PATTERN); " + question.found;
    return question;
  }
  const bool any = std::any_of(facts.sessions.begin(), facts.sessions.end(),
                               [](const OpenSessions& one) { return one.old; });
  question.found = fmt::format("called like {}; {}", joined(facts.patterns), question.found);
  if (!any) return question;
  object_unless(
      question, allowed.contains("old-sessions"),
      {"old-sessions",
       fmt::format("sessions of the release before are open: {}", listed(facts.sessions, true)),
       "See that it is stopped everywhere. Or go on with --allow old-sessions."});
  return question;
}

std::string listed(const std::vector<OldStatement>& statements, bool named) {
  std::string text;
  for (const OldStatement& one : statements) {
    if (one.named != named) continue;
    text += fmt::format("\n  - {} by {}: {}",
                        one.calls == 1 ? "once" : fmt::format("{} times", count_text(one.calls)),
                        one.role, one.text);
  }
  return text;
}

Question ask_statements(const OldReleaseFacts& facts, const std::set<std::string>& allowed,
                        const std::string& old) {
  Question question{
      "old-statements",
      fmt::format("no statement that names {} was called since the acknowledgement", old),
      Answer::yes,
      Basis::evidence,
      "",
      {}};
  if (!facts.statements_unseen.empty()) {
    question.answer = Answer::unknown;
    question.found = facts.statements_unseen;
    return question;
  }
  question.found = "pg_stat_statements counts none";
  const std::string named = listed(facts.statements, true);
  const std::string star = listed(facts.statements, false);
  if (!star.empty())
    question.found =
        "statements that use all columns were called; after contract they find one less:" + star;
  if (named.empty()) return question;
  if (star.empty()) question.found.clear();
  object_unless(
      question, allowed.contains("old-statements"),
      {"old-statements",
       fmt::format("statements that name {} were called since {} was acknowledged:{}", old,
                   facts.since, named),
       "Find out who sends them. When that is over: segue ack DIR --release with the name "
       "of the release that ended it, from which on calls count; or --allow "
       "old-statements."});
  return question;
}

Question ask_tripwire(const OldReleaseFacts& facts, const std::set<std::string>& allowed) {
  Question question{
      "tripwire",  "the tripwire has seen nobody write what is old since the acknowledgement",
      Answer::yes, Basis::evidence,
      "",          {}};
  if (facts.since.empty()) {
    question.answer = Answer::unknown;
    question.found = "no release is acknowledged: who writes what is old may do so";
    return question;
  }
  std::string text;
  for (const Sighting& one : facts.sightings) {
    text += fmt::format("\n  - {} (role {}): {} of {}, last seen {}",
                        one.application.empty() ? "a session without a name" : one.application,
                        one.role, one.columns, one.relation, one.last);
  }
  if (text.empty()) return question;
  object_unless(
      question, allowed.contains("tripwire"),
      {"tripwire",
       fmt::format("somebody wrote what is old since {} was acknowledged:{}", facts.since, text),
       "Find out who that is. When it is over: segue ack DIR --release with the name of "
       "the release that ended it, from which on notes count; or --allow tripwire."});
  return question;
}

}  // namespace

void ask_old_release(const planner::Plan& plan, const OldReleaseFacts& facts,
                     const std::set<std::string>& allowed, std::vector<Question>& questions) {
  questions.push_back(ask_sessions(facts, allowed));
  std::vector<std::string> columns;
  for (const planner::OldColumn& old : plan.old_columns) {
    if (old.replaced_by != old.column)
      columns.push_back(fmt::format("{}.{}", planner::quoted(old.table), old.column));
  }
  if (!columns.empty()) questions.push_back(ask_statements(facts, allowed, joined(columns)));
  if (plan.tripwire) questions.push_back(ask_tripwire(facts, allowed));
}

}  // namespace segue::runtime
