// segue ack: an app release is fully out.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command.hpp"
#include "cli/running.hpp"
#include "codegen/plan_files.hpp"
#include "runtime/apply.hpp"

namespace segue::cli {

namespace {

struct AckCommand {
  RunningOptions running;
  std::string directory;
  std::string release;
  std::vector<std::string> old_release;
};

int ack(const AckCommand& command) {
  const codegen::ReviewedPlan plan = codegen::read(command.directory);
  runtime::acknowledge(plan, command.release, connector(command.running), command.old_release);
  reporter(command.running)
      ->says(
          fmt::format("{}: release {} is recorded as fully out", plan.plan.name, command.release));
  return exit_done;
}

}  // namespace

void add_ack(CLI::App& app, Run& run) {
  const auto command = std::make_shared<AckCommand>();
  CLI::App* ack_app = app.add_subcommand("ack", "Record that an app release is out everywhere");
  ack_app->add_option("directory", command->directory, "The plan's directory")
      ->required()
      ->type_name("DIR");
  ack_app->add_option("--release", command->release, "The release that no longer needs what is old")
      ->required()
      ->type_name("NAME");
  add_old_release(*ack_app, command->old_release);
  add_database(*ack_app, command->running);
  ack_app->footer(
      "\nExample:\n"
      "  segue ack migrations/0007_display_name --release v43 --old-release 'shop-v42%'\n");
  ack_app->callback([command, &run] {
    run.command = [command] { return guarded(command->running, [&] { return ack(*command); }); };
  });
}

}  // namespace segue::cli
