// segue rehearse: a plan on a throwaway server, with both releases of the app at work.
#include "runtime/rehearsal/rehearse.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/command.hpp"
#include "cli/rehearsed_schema.hpp"
#include "cli/running.hpp"
#include "codegen/as_is.hpp"
#include "codegen/plan_files.hpp"
#include "runtime/rehearsal/report.hpp"
#include "runtime/rehearsal/report_words.hpp"
#include "runtime/reporter.hpp"
#include "runtime/server.hpp"

namespace segue::cli {

namespace {

using runtime::rehearsal::but_for;
using runtime::rehearsal::Rehearsal;
using runtime::rehearsal::RehearsalOptions;
using runtime::rehearsal::Story;

struct RehearseCommand {
  std::string directory;
  RehearsedSchema schema;
  bool as_is = false;
  std::vector<std::string> apps;  // two files: of the old release and of the new
  std::string report;
  std::uint64_t rows = 0;
  std::uint64_t seed = 1;
  int major = 0;
  bool quick = false;
  bool crash = false;
  bool json = false;
};

void print_story(const Story& story) {
  fmt::print("\nbroken: {}, in phase {}{}\n", name_of(story.promise),
             planner::number_of(story.phase),
             story.step.empty() ? "" : fmt::format(", at {}", story.step));
  for (const auto& line : story.lines) {
    fmt::print("  {:<8} {}{}\n", line.who, line.what,
               line.came.empty() ? "" : fmt::format("  -- {}", line.came));
  }
  fmt::print("  saw        {}\n  should see {}\n", story.saw, story.should_see);
  if (!story.because.empty()) fmt::print("  because    {}\n", story.because);
  fmt::print("  again      --seed {}\n", story.seed);
}

void print_text(const Rehearsal& rehearsal) {
  for (const auto& tried : rehearsal.tried) {
    fmt::print("  {:>8}  {}\n", runtime::count_text(tried.times), tried.what);
  }
  for (const auto& [promise, times] : rehearsal.checks)
    fmt::print("  {:>8}  looks at: {}\n", runtime::count_text(times), name_of(promise));
  for (const std::string& note : rehearsal.notes) fmt::print("note: {}\n", note);
  for (const Story& story : rehearsal.stories) print_story(story);
  std::string parts;
  for (const auto& [what, seconds] : rehearsal.spent)
    parts += fmt::format("{}{} {:.1f} s", parts.empty() ? "" : " · ", what, seconds);
  fmt::print("took: {}\n", parts);
  fmt::print("{}: {} on PostgreSQL {} in {}\n", rehearsal.plan,
             rehearsal.passed() ? "rehearsed" + but_for(rehearsal) : "the rehearsal failed",
             rehearsal.server, runtime::duration_text(rehearsal.seconds));
}

// Beside the plan lie the two that a pull request and `apply --require-rehearsal` want; a directory
// of its own gets the page too.
void write_reports(const RehearseCommand& command, const Rehearsal& rehearsal) {
  namespace fs = std::filesystem;
  const fs::path directory = command.report.empty() ? command.directory : command.report;
  const std::string json = runtime::rehearsal::to_json(rehearsal).dump(
      2, ' ', false, nlohmann::json::error_handler_t::replace);
  write_text((directory / runtime::rehearsal::markdown_file).string(),
             runtime::rehearsal::to_markdown(rehearsal));
  write_text((directory / runtime::rehearsal::json_file).string(), json + "\n");
  if (!command.report.empty())
    write_text((directory / runtime::rehearsal::html_file).string(),
               runtime::rehearsal::to_html(rehearsal));
  if (command.json) fmt::print("{}\n", json);
}

codegen::ReviewedPlan plan_of(const RehearseCommand& command, RehearsalOptions& options) {
  if (!command.as_is) return codegen::read(command.directory);
  codegen::PlanAsIs as_is = codegen::read_as_is(command.directory);
  options.covers_not = "the directory was rehearsed as it is";
  if (as_is.edited.empty()) options.notes.emplace_back("no file was edited since it was planned");
  for (const std::string& file : as_is.edited)
    options.notes.push_back(file + " was edited since it was planned");
  for (std::string& note : as_is.notes) options.notes.push_back(std::move(note));
  options.unplayed = as_is.unplayed;
  return std::move(as_is.plan);
}

void read_apps(const RehearseCommand& command, RehearsalOptions& options) {
  using runtime::rehearsal::Release;
  for (std::size_t i = 0; i < command.apps.size(); ++i) {
    const std::string& file = command.apps[i];
    const std::string text = read_text(file);
    try {
      auto read = runtime::rehearsal::read_team_statements(
          i == 0 ? Release::before : Release::after, file, text);
      if (read.statements.empty())
        throw BadInput(fmt::format("{}: no statement that an app could send{}", file,
                                   read.notes.empty() ? "" : "; " + read.notes.front()));
      for (auto& one : read.statements) options.team.push_back(std::move(one));
      for (auto& note : read.notes) options.notes.push_back(std::move(note));
    } catch (const BadInput&) {
      throw;
    } catch (const std::runtime_error& error) {
      throw BadInput(error.what());
    }
    options.apps += (i == 0 ? "" : ", ") + std::filesystem::path(file).filename().string();
  }
}

// Who names a major means it.
int installed(int major) {
  std::set<int> others;
  for (const runtime::ServerBinaries& one : runtime::installed_servers()) {
    if (one.major == major) return major;
    others.insert(one.major);
  }
  throw BadInput(fmt::format("--pg {0}: PostgreSQL {0} is not installed here; {1}", major,
                             others.empty() ? "nor is any other"
                             : others.size() == 1
                                 ? fmt::format("{} is", *others.begin())
                                 : fmt::format("{} are", fmt::join(others, ", "))));
}

// Minutes later would be late to find out.
void prepare_reports(const RehearseCommand& command) {
  if (command.report.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(command.report, error);
  if (!error && access(command.report.c_str(), W_OK) != 0)
    error = std::error_code(errno, std::generic_category());
  if (error)
    throw BadInput(fmt::format("--report {}: nothing can be written there: {}", command.report,
                               error.message()));
}

int rehearse(const RehearseCommand& command) {
  RehearsalOptions options;
  prepare_reports(command);
  const codegen::ReviewedPlan plan = plan_of(command, options);
  read_apps(command, options);
  const SchemaSource schema(command.schema, plan.plan);
  options.load = [&](runtime::Session& session) {
    for (std::string& note : schema.load(session)) options.notes.push_back(std::move(note));
  };
  options.like = schema.statistics();
  options.crash = command.crash;
  if (command.quick) options.depth = runtime::rehearsal::Depth::quick;
  options.rows = command.rows != 0 ? command.rows : command.quick ? 200 : 1000;
  options.seed = command.seed;
  if (command.major != 0) options.major = installed(command.major);
  if (isatty(STDERR_FILENO) != 0) {
    options.progress = [](const std::string& what) { fmt::print(stderr, "\r\033[K{}", what); };
  }
  const Rehearsal rehearsal = runtime::rehearsal::rehearse(plan, options);
  if (isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r\033[K");
  write_reports(command, rehearsal);
  if (!command.json) print_text(rehearsal);
  return rehearsal.passed() ? exit_done : exit_failed;
}

}  // namespace

void add_rehearse(CLI::App& app, Run& run) {
  const auto command = std::make_shared<RehearseCommand>();
  CLI::App* rehearse_app = app.add_subcommand(
      "rehearse", "Play a plan on a throwaway server while both releases of the app write");
  rehearse_app->add_option("directory", command->directory, "The plan's directory")
      ->required()
      ->type_name("DIR");
  add_rehearsed_schema(*rehearse_app, command->schema);
  rehearse_app
      ->add_option("--apps", command->apps,
                   "What the old and the new release really send: SQL with $1 for values, or "
                   "exports of pg_stat_statements (CSV, JSON)")
      ->type_name("OLD NEW")
      ->expected(2);
  rehearse_app->add_flag("--as-is", command->as_is,
                         "Take the files as somebody edited them; covers nothing");
  rehearse_app->add_option("--rows", command->rows, "Rows in each table (default: 1000)")
      ->check(CLI::Range(1, most_rows))
      ->type_name("N");
  rehearse_app->add_option("--seed", command->seed, "Plays the same again")->type_name("N");
  rehearse_app->add_option("--pg", command->major, "PostgreSQL's major (default: the target's)")
      ->check(CLI::Range(13, 99))
      ->type_name("MAJOR");
  rehearse_app->add_flag("--quick", command->quick, "Fewer rows, fewer runs");
  rehearse_app->add_flag("--crash", command->crash,
                         "Kill segue at every boundary of a step and at random, and go on");
  rehearse_app
      ->add_option("--report", command->report,
                   "Where REHEARSAL.md, rehearsal.json and rehearsal.html go (default: the first "
                   "two beside the plan)")
      ->type_name("DIR");
  rehearse_app->add_flag("--json", command->json, "Print the outcome as JSON");
  rehearse_app->footer(
      "\nExamples:\n  segue rehearse migrations/0007_display_name\n"
      "  segue rehearse migrations/0007_display_name --like \"$DATABASE_URL\"\n");
  rehearse_app->callback([command, &run] {
    run.command = [command] {
      RunningOptions running;
      running.json = command->json;
      return guarded(running, [&] { return rehearse(*command); });
    };
  });
}

}  // namespace segue::cli
