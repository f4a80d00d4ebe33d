// segue rehearse: a plan on a throwaway server, with both releases of the app at work.
#include "runtime/rehearsal/rehearse.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "codegen/plan_files.hpp"
#include "runtime/introspect.hpp"
#include "runtime/rehearsal/report.hpp"
#include "runtime/reporter.hpp"

namespace segue::cli {

namespace {

using runtime::rehearsal::Rehearsal;
using runtime::rehearsal::RehearsalOptions;
using runtime::rehearsal::Story;

struct RehearseCommand {
  std::string directory;
  std::string schema_file;
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
             rehearsal.passed() ? "rehearsed" : "the rehearsal failed", rehearsal.server,
             runtime::duration_text(rehearsal.seconds));
}

// Beside the plan lie the two that a pull request and `apply --require-rehearsal` want; a directory
// of its own gets the page too.
void write_reports(const RehearseCommand& command, const Rehearsal& rehearsal) {
  namespace fs = std::filesystem;
  const fs::path directory = command.report.empty() ? command.directory : command.report;
  fs::create_directories(directory);
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

int rehearse(const RehearseCommand& command) {
  const codegen::ReviewedPlan plan = codegen::read(command.directory);
  if (command.schema_file.empty())
    throw BadInput("nothing says what the schema is: give --schema FILE.sql");
  const std::string schema = read_text(command.schema_file);
  RehearsalOptions options;
  options.load = [&](runtime::Session& session) {
    runtime::load_schema(session, command.schema_file, schema);
  };
  options.crash = command.crash;
  if (command.quick) options.depth = runtime::rehearsal::Depth::quick;
  options.rows = command.rows != 0 ? command.rows : command.quick ? 200 : 1000;
  options.seed = command.seed;
  if (command.major != 0) options.major = command.major;
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
  rehearse_app
      ->add_option("--schema", command->schema_file,
                   "The schema before the change (plain SQL, pg_dump --schema-only)")
      ->type_name("FILE.sql");
  rehearse_app->add_option("--rows", command->rows, "Rows in each table (default: 1000)")
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
      "\nExample:\n  segue rehearse migrations/0007_display_name --schema db/schema.sql\n");
  rehearse_app->callback(
      [command, &run] { run.command = [command] { return rehearse(*command); }; });
}

}  // namespace segue::cli
