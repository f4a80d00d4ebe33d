#include "codegen/as_is.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "codegen/altered_triggers.hpp"
#include "codegen/checksum.hpp"
#include "codegen/plan_directory.hpp"
#include "codegen/step_sql.hpp"

namespace segue::codegen {

namespace {

using planner::Step;

constexpr std::string_view heading = "-- ── ";

// What stands below each step's heading in a phase's file, in the file's order.
struct Section {
  std::string id;
  std::string text;
};

std::vector<Section> sections(const std::string& file) {
  std::vector<Section> found;
  for (std::size_t at = 0; at < file.size();) {
    const std::size_t end = std::min(file.find('\n', at), file.size() - 1) + 1;
    std::string_view line = std::string_view(file).substr(at, end - at);
    if (line.starts_with(heading)) {
      line.remove_prefix(heading.size());
      found.push_back({std::string(line.substr(0, line.find(' '))), ""});
    } else if (!found.empty()) {
      found.back().text += line;
    }
    at = end;
  }
  return found;
}

std::string_view between(std::string_view text, std::string_view begin, std::string_view end) {
  const auto from = text.find(begin);
  if (from == std::string_view::npos) return {};
  text.remove_prefix(from + begin.size());
  // What psql waits for a lock, and asks under it, is psql's own affair.
  if (text.starts_with("SET LOCAL lock_timeout")) text.remove_prefix(text.find('\n') + 1);
  if (text.starts_with(psql_alone_begin)) {
    const auto asked = text.find(psql_alone_end);
    if (asked != std::string_view::npos) text.remove_prefix(asked + psql_alone_end.size());
  }
  const auto to = text.rfind(end);
  return to == std::string_view::npos ? std::string_view{} : text.substr(0, to + 1);
}

std::string_view last_statement(std::string_view text, std::string_view word) {
  const auto from = text.rfind(word);
  if (from == std::string_view::npos) return {};
  text.remove_prefix(from + 1);
  return text.substr(0, text.find(";\n") + 1);
}

class DirectoryReader {
 public:
  explicit DirectoryReader(const std::filesystem::path& directory)
      : result_{read_unsealed(directory), {}, {}, {}} {}

  PlanAsIs read() {
    std::vector<Step> steps;
    for (const planner::Phase phase : planner::all_phases) {
      const std::string name = file_name(phase);
      const std::string text = file_text(result_.plan.directory / name);
      const std::string checksum = sha256(text);
      if (checksum == result_.plan.checksums[name]) {
        for (const Step* step : steps_of(result_.plan.plan, phase)) steps.push_back(*step);
        continue;
      }
      result_.edited.push_back(name);
      result_.plan.checksums[name] = checksum;
      take_steps(phase, text, steps);
    }
    result_.plan.plan.steps = std::move(steps);
    return std::move(result_);
  }

 private:
  void take_steps(planner::Phase phase, const std::string& text, std::vector<Step>& steps) {
    std::map<std::string, const Step*> known;
    for (const Step* step : steps_of(result_.plan.plan, phase)) known[step->id] = step;
    for (const Section& section : sections(text)) {
      const auto found = known.find(section.id);
      if (found == known.end()) {
        if (section.id.find('.') == std::string::npos) continue;
        result_.unplayed.push_back(section.id);
        note(section.id, "is not in plan.json: psql alone runs it");
        continue;
      }
      Step step = *found->second;
      known.erase(found);
      take_sql(step, section.text);
      steps.push_back(std::move(step));
    }
    for (const auto& [id, step] : known) note(id, "is gone from its file");
  }

  void take_sql(Step& step, const std::string& text) {
    if (auto* transaction = std::get_if<planner::Transaction>(&step.action)) {
      const std::string_view sql = between(text, "\nBEGIN;\n", "\nCOMMIT;");
      if (!sql.empty()) {
        transaction->sql = sql;
        return;
      }
    }
    if (auto* index = std::get_if<planner::ConcurrentIndex>(&step.action)) {
      const std::string_view sql = last_statement(text, index->drop ? "\nDROP INDEX" : "\nCREATE ");
      if (!sql.empty()) {
        index->sql = sql;
        return;
      }
    }
    if (text.find(action_sql(step.action)) != std::string::npos) return;
    result_.unplayed.push_back(step.id);
    note(step.id, "was edited in a way that psql alone runs; segue runs it as it was planned");
  }

  void note(const std::string& id, const char* what) {
    result_.notes.push_back(fmt::format("step {} {}", id, what));
  }

  PlanAsIs result_;
};

}  // namespace

PlanAsIs read_as_is(const std::filesystem::path& directory) {
  return DirectoryReader(directory).read();
}

}  // namespace segue::codegen
