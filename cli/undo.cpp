// segue undo: back from any phase before contract.
#include "runtime/undo.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command.hpp"
#include "cli/running.hpp"
#include "codegen/plan_files.hpp"
#include "runtime/pacing/stop.hpp"

namespace segue::cli {

namespace {

struct UndoCommand {
  RunningOptions running;
  std::string directory;
  int to = 0;
  bool dry_run = false;
};

int undo(const UndoCommand& command) {
  const codegen::ReviewedPlan plan = codegen::read(command.directory);
  const runtime::pacing::SignalScope signals;
  const std::unique_ptr<runtime::Reporter> watcher = reporter(command.running);
  runtime::UndoOptions options;
  options.to = command.to;
  options.run = run_options(command.running);
  options.dry_run = command.dry_run;
  const runtime::UndoReport report =
      runtime::undo(plan, options, connector(command.running), runtime::real_clock(), *watcher);
  if (report.undone.empty()) {
    watcher->says(fmt::format("{}: nothing to undo", plan.plan.name));
    return exit_done;
  }
  for (const planner::Phase phase : report.undone) {
    watcher->says(fmt::format("{}: phase {} ({}) {}", plan.plan.name, number_of(phase),
                              name_of(phase), command.dry_run ? "would be undone" : "undone"));
  }
  return exit_done;
}

}  // namespace

void add_undo(CLI::App& app, Run& run) {
  const auto command = std::make_shared<UndoCommand>();
  CLI::App* undo_app = app.add_subcommand("undo", "Go back from any phase before contract");
  undo_app->add_option("directory", command->directory, "The plan's directory")
      ->required()
      ->type_name("DIR");
  undo_app->add_option("--to", command->to, "The last phase that stays (default: 0, none)")
      ->check(CLI::Range(0, 3))
      ->type_name("PHASE");
  add_database(*undo_app, command->running);
  add_patience(*undo_app, command->running);
  add_pacing(*undo_app, command->running);
  undo_app->add_flag("--dry-run", command->dry_run, "Say what would be undone, do nothing");
  undo_app->footer(
      "\nExamples:\n"
      "  segue undo migrations/0007_display_name --db \"$DATABASE_URL\"\n"
      "  segue undo migrations/0007_display_name --to 2\n");
  undo_app->callback([command, &run] {
    run.command = [command] { return guarded(command->running, [&] { return undo(*command); }); };
  });
}

}  // namespace segue::cli
