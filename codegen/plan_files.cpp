#include "codegen/plan_files.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>

#include "codegen/checksum.hpp"
#include "codegen/deploy_notes.hpp"
#include "codegen/phase_file.hpp"
#include "codegen/plan_directory.hpp"
#include "codegen/plan_json.hpp"
#include "codegen/snapshot.hpp"
#include "codegen/step_sql.hpp"

namespace segue::codegen {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// Bumped when plan.json changes its shape; a reader refuses what it does not know.
constexpr int plan_version = 1;
constexpr const char* notes_file = "DEPLOY.md";
constexpr const char* plan_file = "plan.json";

std::string dumped(const Json& json) {
  return json.dump(2) + "\n";
}

// Over plan.json as it would be without the seal itself.
std::string seal_of(Json json) {
  json.erase("seal");
  return sha256(dumped(json));
}

void write_file(const fs::path& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << bytes;
  out.flush();
  if (!out)
    throw fs::filesystem_error("cannot write", path, std::make_error_code(std::errc::io_error));
}

bool holds_exactly(const fs::path& directory, const std::map<std::string, std::string>& files) {
  for (const auto& [name, bytes] : files) {
    std::ifstream in(directory / name, std::ios::binary);
    std::ostringstream found;
    found << in.rdbuf();
    if (!in || std::move(found).str() != bytes) return false;
  }
  return true;
}

// A text by its lines, from 1.
class Lines {
 public:
  explicit Lines(const std::string& text) : text_(text), starts_{0} {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') starts_.push_back(i + 1);
    }
  }
  // Lines first to last with their ends; empty where there are none.
  std::string_view range(std::size_t first, std::size_t last) const {
    if (first < 1 || last < first || last >= starts_.size()) return {};
    return std::string_view{text_}.substr(starts_[first - 1], starts_[last] - starts_[first - 1]);
  }

 private:
  const std::string& text_;
  std::vector<std::size_t> starts_;
};

Json parse(const fs::path& path, const std::string& bytes) {
  try {
    return Json::parse(bytes);
  } catch (const Json::exception& error) {
    throw PlanDirectoryError(fmt::format("{}: not JSON: {}", path.string(), error.what()), false);
  }
}

void check_version(const fs::path& path, const Json& json) {
  const int found =
      json.is_object() && json.contains("version") && json.at("version").is_number_integer()
          ? json.at("version").get<int>()
          : 0;
  if (found == plan_version) return;
  throw PlanDirectoryError(fmt::format("{}: its format is version {}, this segue reads version {}: "
                                       "use the segue that made it, or plan again",
                                       path.string(), found, plan_version),
                           false);
}

void check_sql(const ReviewedPlan& reviewed, const Json& json,
               const std::map<std::string, std::string>& bytes) {
  std::map<std::string, Lines> files;
  for (const auto& [name, text] : bytes) files.emplace(name, Lines(text));
  for (std::size_t i = 0; i < reviewed.plan.steps.size(); ++i) {
    const planner::Step& step = reviewed.plan.steps[i];
    const std::string name = file_name(step.phase);
    const Json& lines = json.at("steps").at(i).at("lines");
    if (files.at(name).range(lines.at(0).get<std::size_t>(), lines.at(1).get<std::size_t>()) ==
        action_sql(step.action))
      continue;
    throw PlanDirectoryError(fmt::format("{}: step {} is not what plan.json says: plan again",
                                         (reviewed.directory / name).string(), step.id),
                             true);
  }
}

}  // namespace

std::string file_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in)
    throw PlanDirectoryError(
        fmt::format("{}: missing or not readable: this is no complete plan directory",
                    path.string()),
        false);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return std::move(bytes).str();
}

std::string file_name(planner::Phase phase) {
  switch (phase) {
    case planner::Phase::expand:
      return "1_expand.sql";
    case planner::Phase::dual_write:
      return "2_dual_write.sql";
    case planner::Phase::backfill:
      return "3_backfill.sql";
    case planner::Phase::contract:
      return "4_contract.sql";
  }
  return {};
}

std::map<std::string, std::string> render(const planner::Plan& plan) {
  const std::string print = fingerprint(plan.baseline);
  std::map<std::string, std::string> files;
  std::map<std::string, LineRange> lines;
  for (const planner::Phase phase : planner::all_phases) {
    PhaseFile file = render_phase(plan, phase, print);
    lines.merge(file.steps);
    files[file_name(phase)] = std::move(file.text);
  }
  files[notes_file] = render_deploy_notes(plan);

  Json checksums = Json::object();
  for (const auto& [name, bytes] : files) checksums[name] = sha256(bytes);
  Json json{{"version", plan_version}, {"fingerprint", print}, {"checksums", checksums}};
  json.update(to_json(plan));
  for (Json& step : json["steps"]) {
    const LineRange& range = lines.at(step.at("id").get<std::string>());
    step["lines"] = Json::array({range.first, range.last});
  }
  json["seal"] = sha256(dumped(json));
  files[plan_file] = dumped(json);
  return files;
}

void write(const std::map<std::string, std::string>& files, const fs::path& directory,
           bool overwrite) {
  fs::path target = directory;
  if (!target.has_filename()) target = target.parent_path();
  if (fs::exists(target)) {
    if (fs::is_directory(target) && holds_exactly(target, files)) return;
    const bool plan =
        fs::is_directory(target) && (fs::is_empty(target) || fs::exists(target / plan_file));
    if (!plan || (!overwrite && !fs::is_empty(target))) {
      throw PlanDirectoryError(
          plan ? fmt::format("{} holds another plan: add --force to replace it, unless a phase of "
                             "it is applied somewhere",
                             target.string())
               : fmt::format("{} exists and is not a plan directory", target.string()),
          false);
    }
  }
  const fs::path parent = target.has_parent_path() ? target.parent_path() : fs::path{"."};
  fs::create_directories(parent);
  const fs::path temporary = parent / fmt::format(".{}.{}", target.filename().string(), ::getpid());
  fs::remove_all(temporary);
  try {
    fs::create_directory(temporary);
    for (const auto& [name, bytes] : files) write_file(temporary / name, bytes);
    // A directory that holds files cannot be renamed over: the old one steps aside, and goes last.
    const fs::path old = parent / fmt::format(".{}.{}.old", target.filename().string(), ::getpid());
    const bool replaces = fs::exists(target);
    if (replaces) fs::rename(target, old);
    fs::rename(temporary, target);
    if (replaces) fs::remove_all(old);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(temporary, ignored);
    throw;
  }
}

const std::string& ReviewedPlan::checksum(planner::Phase phase) const {
  return checksums.at(file_name(phase));
}

ReviewedPlan read_unsealed(const fs::path& directory) {
  if (!fs::is_directory(directory))
    throw PlanDirectoryError(fmt::format("{}: no such directory", directory.string()), false);
  const fs::path path = directory / plan_file;
  const std::string text = file_text(path);
  const Json json = parse(path, text);
  check_version(path, json);
  ReviewedPlan plan;
  plan.directory = directory;
  plan.digest = sha256(text);
  try {
    plan.plan = plan_from_json(json);
    plan.fingerprint = json.at("fingerprint").get<std::string>();
    for (const auto& [name, checksum] : json.at("checksums").items())
      plan.checksums[name] = checksum.get<std::string>();
  } catch (const Json::exception& error) {
    throw PlanDirectoryError(fmt::format("{}: {}", path.string(), error.what()), false);
  } catch (const SnapshotError& error) {
    throw PlanDirectoryError(fmt::format("{}: {}", path.string(), error.what()), false);
  }
  return plan;
}

ReviewedPlan read(const fs::path& directory) {
  if (!fs::is_directory(directory))
    throw PlanDirectoryError(fmt::format("{}: no such directory", directory.string()), false);
  const fs::path path = directory / plan_file;
  const std::string text = file_text(path);
  const Json json = parse(path, text);
  check_version(path, json);
  ReviewedPlan reviewed;
  reviewed.directory = directory;
  reviewed.digest = sha256(text);
  if (!json.contains("seal") || seal_of(json) != json.at("seal")) {
    throw PlanDirectoryError(
        fmt::format(
            "{}: edited since it was planned: change {} and plan again", path.string(),
            json.contains("source") ? json.at("source").value("file", "the change") : "the change"),
        true);
  }
  std::map<std::string, std::string> bytes;
  try {
    reviewed.plan = plan_from_json(json);
    reviewed.fingerprint = json.at("fingerprint").get<std::string>();
    for (const auto& [name, checksum] : json.at("checksums").items()) {
      bytes[name] = file_text(directory / name);
      reviewed.checksums[name] = checksum.get<std::string>();
      if (sha256(bytes[name]) == reviewed.checksums[name]) continue;
      throw PlanDirectoryError(fmt::format("{}: edited since it was planned: change {} and plan "
                                           "again, so that what runs is what was reviewed",
                                           (directory / name).string(), reviewed.plan.source_name),
                               true);
    }
    check_sql(reviewed, json, bytes);
  } catch (const Json::exception& error) {
    throw PlanDirectoryError(fmt::format("{}: {}", path.string(), error.what()), false);
  } catch (const SnapshotError& error) {
    throw PlanDirectoryError(fmt::format("{}: {}", path.string(), error.what()), false);
  }
  return reviewed;
}

std::string step_hash(const planner::Step& step) {
  return sha256(fmt::format("{}\n{}", kind_of(step.action), action_sql(step.action)));
}

std::vector<const planner::Step*> steps_of(const planner::Plan& plan, planner::Phase phase) {
  std::vector<const planner::Step*> steps;
  for (const planner::Step& step : plan.steps) {
    if (step.phase == phase) steps.push_back(&step);
  }
  return steps;
}

}  // namespace segue::codegen
