// segue preview: what phase 3 will cost, before it begins.
#include "runtime/preview.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <set>

#include "cli/command.hpp"
#include "cli/running.hpp"
#include "codegen/plan_files.hpp"
#include "runtime/errors.hpp"
#include "runtime/runner_connection.hpp"

namespace segue::cli {

namespace {

struct PreviewCommand {
  RunningOptions running;
  std::string directory;
};

int preview(const PreviewCommand& command) {
  const codegen::ReviewedPlan plan = codegen::read(command.directory);
  const runtime::RunOptions options = run_options(command.running);
  const std::unique_ptr<runtime::Session> session = connector(command.running)();
  runtime::prepare_session(*session);
  const runtime::Preview found =
      runtime::preview(*session, plan.plan, options.disk_free, options.allowed);
  std::vector<runtime::Objection> objections = runtime::headroom(found, options.allowed);
  if (command.running.json) {
    fmt::print("{}\n", runtime::preview_json(found, objections));
  } else {
    for (const std::string& line : runtime::preview_text(found)) fmt::print("{}\n", line);
  }
  if (!objections.empty()) throw runtime::Refused(std::move(objections));
  return exit_done;
}

}  // namespace

void add_preview(CLI::App& app, Run& run) {
  const auto command = std::make_shared<PreviewCommand>();
  CLI::App* preview_app = app.add_subcommand(
      "preview", "Say what phase 3 will cost, by a trial on a few rows that is rolled back");
  preview_app->add_option("directory", command->directory, "The plan's directory")
      ->required()
      ->type_name("DIR");
  add_database(*preview_app, command->running);
  add_disk_free(*preview_app, command->running);
  add_allow(*preview_app, command->running);
  preview_app->footer(
      "\nExample:\n  segue preview migrations/0007_display_name --db \"$DATABASE_URL\"\n");
  preview_app->callback([command, &run] {
    run.command = [command] {
      return guarded(command->running, [&] { return preview(*command); });
    };
  });
}

}  // namespace segue::cli
