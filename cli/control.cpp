// segue pause, resume, faster, slower: steering a run that is at work in another terminal.
#include "runtime/pacing/control.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command.hpp"
#include "cli/running.hpp"
#include "codegen/plan_files.hpp"

namespace segue::cli {

namespace {

using runtime::pacing::Ask;
using runtime::pacing::Wish;

struct ControlCommand {
  RunningOptions running;
  std::string directory;
};

std::string pace_in_words(const Wish& wish) {
  if (wish.speed == 0) return "go at their own pace";
  return fmt::format("go {} ({} of {})", wish.speed > 0 ? "faster" : "slower",
                     wish.speed > 0 ? wish.speed : -wish.speed, runtime::pacing::fastest);
}

std::string in_words(const Wish& wish) {
  const std::string pace = pace_in_words(wish);
  if (!wish.paused) return "its rows " + pace;
  const std::string then = wish.speed == 0 ? "" : fmt::format("; then they {}", pace);
  return fmt::format("its rows wait until: segue resume DIR{}", then);
}

int control(const ControlCommand& command, Ask what) {
  const codegen::ReviewedPlan plan = codegen::read(command.directory);
  const std::unique_ptr<runtime::Session> session = connector(command.running)();
  const Wish wish = runtime::pacing::ask(*session, plan.plan.name, what);
  reporter(command.running)->says(fmt::format("{}: {}", plan.plan.name, in_words(wish)));
  return exit_done;
}

void add_one(CLI::App& app, Run& run, const char* name, const char* help, Ask what) {
  const auto command = std::make_shared<ControlCommand>();
  CLI::App* sub = app.add_subcommand(name, help);
  sub->add_option("directory", command->directory, "The plan's directory")
      ->required()
      ->type_name("DIR");
  add_database(*sub, command->running);
  sub->footer(fmt::format(
      "\nExample:\n  segue {} migrations/0007_display_name --db \"$DATABASE_URL\"\n", name));
  sub->callback([command, what, &run] {
    run.command = [command, what] {
      return guarded(command->running, [&] { return control(*command, what); });
    };
  });
}

}  // namespace

void add_control(CLI::App& app, Run& run) {
  add_one(app, run, "pause", "Let the rows of a change's backfill wait", Ask::pause);
  add_one(app, run, "resume", "Let them go on", Ask::resume);
  add_one(app, run, "faster", "Let them go a notch faster than by themselves", Ask::faster);
  add_one(app, run, "slower", "Let them go a notch slower than by themselves", Ask::slower);
}

}  // namespace segue::cli
