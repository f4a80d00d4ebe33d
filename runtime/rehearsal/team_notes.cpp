#include "runtime/rehearsal/team_notes.hpp"

#include <fmt/format.h>

namespace segue::runtime::rehearsal {

bool notes_name_reconnect(const planner::Plan& plan) {
  for (const planner::Hazard& hazard : plan.hazards) {
    if (hazard.message.find("cached plan must not change result type") != std::string::npos)
      return true;
  }
  for (int phase = 1; phase <= 4; ++phase) {
    const planner::PhaseNotes& notes = plan.notes_for(static_cast<planner::Phase>(phase));
    for (const auto* list : {&notes.changes, &notes.may, &notes.must_not, &notes.watch}) {
      for (const std::string& sentence : *list) {
        if (sentence.find("cached plan must not change result type") != std::string::npos)
          return true;
      }
    }
  }
  return false;
}

std::string because_of_notes(const planner::Plan& plan, planner::Phase latest,
                             const TeamStatement& statement) {
  std::vector<std::string> named = statement.shape.columns;
  for (const auto& relation : statement.shape.relations) named.push_back(relation.name);
  for (int phase = planner::number_of(latest); phase >= 1; --phase) {
    for (const std::string& sentence :
         plan.notes_for(static_cast<planner::Phase>(phase)).must_not) {
      for (const std::string& name : named) {
        if (sentence.find("`" + name + "`") != std::string::npos ||
            sentence.find("." + name + "`") != std::string::npos)
          return fmt::format("the notes of phase {} say: {}", phase, sentence);
      }
    }
  }
  for (const planner::Hazard& hazard : plan.hazards) {
    for (const auto& relation : statement.shape.relations) {
      if (hazard.object.ends_with("." + relation.name))
        return fmt::format("{}: {} [{}]", hazard.object, hazard.message, hazard.code);
    }
  }
  return "";
}

}  // namespace segue::runtime::rehearsal
