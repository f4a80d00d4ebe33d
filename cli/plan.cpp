// segue plan: a change file and a catalogue, to the six files that people review.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/catalog_source.hpp"
#include "cli/command.hpp"
#include "codegen/plan_files.hpp"
#include "dsl/parser.hpp"
#include "planner/hazard_codes.hpp"
#include "planner/in_flight.hpp"
#include "planner/planner.hpp"
#include "runtime/look_ahead.hpp"
#include "runtime/session.hpp"

namespace segue::cli {

namespace {

using Json = nlohmann::ordered_json;

struct PlanCommand {
  std::string change_file;
  CatalogSource source;
  std::string out;
  std::vector<std::string> allow;
  std::vector<std::string> in_flight;
  bool json = false;
  bool force = false;
};

Json json_of(const dsl::Source& source, const dsl::Diagnostic& diagnostic) {
  const dsl::Position position = source.position(diagnostic.span.begin);
  return {{"severity", diagnostic.severity == dsl::Severity::error ? "error" : "warning"},
          {"file", source.name()},
          {"line", position.line},
          {"column", position.column},
          {"message", diagnostic.message},
          {"hint", diagnostic.hint}};
}

Json json_of(const planner::Hazard& hazard) {
  const char* level = hazard.level == planner::HazardLevel::note             ? "note"
                      : hazard.level == planner::HazardLevel::stops_contract ? "stops contract"
                                                                             : "refuses";
  Json json{{"code", hazard.code},       {"level", level},          {"object", hazard.object},
            {"message", hazard.message}, {"advice", hazard.advice}, {"allowed", hazard.allowed}};
  if (hazard.source) json["line"] = hazard.source->line;
  return json;
}

template <typename List, typename Print>
Json json_list(const List& list, const Print& print) {
  Json array = Json::array();
  for (const auto& item : list) array.push_back(print(item));
  return array;
}

void print_json(const Json& json) {
  fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
}

// Everything that one file is told; on a terminal as text, for a machine in the answer too.
class Findings {
 public:
  Findings(const dsl::Source& source, bool json) : source_(source), json_(json) {}

  void add(const std::vector<dsl::Diagnostic>& diagnostics) {
    if (!diagnostics.empty()) fmt::print(stderr, "{}", dsl::render(source_, diagnostics));
    for (const dsl::Diagnostic& diagnostic : diagnostics) {
      list_.push_back(json_of(source_, diagnostic));
    }
  }

  // Not the text's fault, but what a phase would stop at today.
  void foresee(const std::string& sentence) {
    fmt::print(stderr, "{}: warning: {}\n", source_.name(), sentence);
    list_.push_back({{"severity", "warning"}, {"file", source_.name()}, {"message", sentence}});
  }

  int fail(int code, const std::vector<planner::Hazard>& refusals = {}) const {
    for (const planner::Hazard& hazard : refusals) {
      fmt::print(stderr, "{}: refused: {}: {} [{}]\n", source_.name(), hazard.object,
                 hazard.message, hazard.code);
      if (!hazard.advice.empty()) fmt::print(stderr, "  hint: {}\n", hazard.advice);
      fmt::print(stderr, "  to plan it all the same: --allow {}\n", hazard.code);
    }
    if (json_) {
      print_json({{"diagnostics", list_},
                  {"refusals", json_list(refusals, [](const auto& h) { return json_of(h); })}});
    }
    return code;
  }

  const Json& list() const { return list_; }

 private:
  const dsl::Source& source_;
  bool json_;
  Json list_ = Json::array();
};

std::string counted(std::size_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

void print_summary(const planner::Plan& plan, const std::string& directory) {
  fmt::print("{}\n", directory);
  for (const planner::Phase phase : planner::all_phases) {
    const std::size_t steps = codegen::steps_of(plan, phase).size();
    fmt::print("  {:<18}{}\n", codegen::file_name(phase),
               steps == 0 ? "nothing to do" : counted(steps, "step"));
  }
  for (const planner::Hazard& hazard : plan.hazards) {
    const bool stops = hazard.level == planner::HazardLevel::stops_contract && !hazard.allowed;
    fmt::print("{}: {}: {} [{}]\n", stops ? "stops contract" : "note", hazard.object,
               hazard.message, hazard.code);
    if (!hazard.advice.empty()) fmt::print("  hint: {}\n", hazard.advice);
  }
  fmt::print("Read {}/DEPLOY.md, then: segue apply {} --phase 1\n", directory, directory);
}

Json summary(const planner::Plan& plan, const std::string& directory, const Json& diagnostics) {
  Json phases = Json::array();
  for (const planner::Phase phase : planner::all_phases) {
    phases.push_back(
        {{"phase", planner::number_of(phase)},
         {"name", planner::name_of(phase)},
         {"file", codegen::file_name(phase)},
         {"steps", json_list(codegen::steps_of(plan, phase), [](const planner::Step* step) {
            return Json{{"id", step->id}, {"title", step->title}};
          })}});
  }
  return {{"change", plan.name},
          {"directory", directory},
          {"phases", phases},
          {"hazards", json_list(plan.hazards, [](const auto& hazard) { return json_of(hazard); })},
          {"diagnostics", diagnostics}};
}

int plan(const PlanCommand& command) {
  planner::PlanOptions options;
  options.allowed_hazards = allowed_codes(command.allow, planner::hazard_codes());
  const dsl::Source source(command.change_file, read_text(command.change_file));
  Findings findings(source, command.json);
  const dsl::ParseResult parsed = dsl::parse(source);
  findings.add(parsed.diagnostics);
  if (!parsed.change) return findings.fail(exit_bad_input);

  planner::Catalog catalog = read_catalog(command.source, true);
  for (const std::string& directory : command.in_flight) {
    const codegen::ReviewedPlan other = codegen::read(directory);
    catalog.in_flight.push_back(planner::in_flight_of(other.plan, 0));
  }
  const planner::PlanResult result = planner::make_plan(source, *parsed.change, catalog, options);
  findings.add(result.diagnostics);
  if (dsl::has_errors(result.diagnostics)) return findings.fail(exit_bad_input, result.refusals);
  if (!result.plan) return findings.fail(exit_refused, result.refusals);

  const std::filesystem::path directory =
      command.out.empty()
          ? std::filesystem::path("migrations") / std::filesystem::path(command.change_file).stem()
          : std::filesystem::path(command.out);
  codegen::write(codegen::render(*result.plan), directory, command.force);
  if (command.source.is_live()) {
    const auto session = runtime::connect(conninfo_or_default(command.source.conninfo));
    for (const std::string& sentence : runtime::look_ahead(*session, *result.plan))
      findings.foresee(sentence);
  }
  if (command.json) {
    print_json(summary(*result.plan, directory.string(), findings.list()));
  } else {
    print_summary(*result.plan, directory.string());
  }
  return exit_done;
}

}  // namespace

void add_plan(CLI::App& app, Run& run) {
  const auto command = std::make_shared<PlanCommand>();
  CLI::App* plan_app =
      app.add_subcommand("plan", "Turn a change file into the files of its phases");
  plan_app->add_option("change", command->change_file, "The change file")
      ->required()
      ->type_name("CHANGE.segue");
  add_catalog_source(*plan_app, command->source, true);
  plan_app
      ->add_option("--out", command->out,
                   "Where the files go (default: migrations/ and the change file's name)")
      ->type_name("DIR");
  plan_app
      ->add_option("--allow", command->allow,
                   "Plan in spite of a hazard that refuses; may be given several times")
      ->type_name("CODE")
      ->allow_extra_args(false);
  plan_app
      ->add_option("--in-flight", command->in_flight,
                   "The plan of a change that is not contracted yet, where the catalogue does not "
                   "say so; may be given several times")
      ->type_name("DIR")
      ->allow_extra_args(false);
  plan_app->add_flag("--json", command->json, "Print the outcome as JSON");
  plan_app->add_flag("--force", command->force, "Replace a plan that is there already");
  plan_app->footer(
      "\nExamples:\n"
      "  segue plan changes/0007_display_name.segue --schema db/schema.sql\n"
      "  segue plan changes/0007_display_name.segue --db \"$DATABASE_URL\" --allow function-body\n"
      "  segue plan changes/0007_display_name.segue --snapshot db/snapshot.json --json\n");
  plan_app->callback([command, &run] { run.command = [command] { return plan(*command); }; });
}

}  // namespace segue::cli
