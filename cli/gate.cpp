// segue gate: what the next phase asks, and what there is to say to it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command.hpp"
#include "cli/running.hpp"
#include "codegen/plan_files.hpp"
#include "runtime/gate_report.hpp"

namespace segue::cli {

namespace {

struct GateCommand {
  RunningOptions running;
  std::string directory;
  int phase = 0;  // 0: the next one
  std::vector<std::string> old_release;
};

int gate(const GateCommand& command) {
  runtime::GateOptions options;
  options.allowed = allowed_while_running(command.running);
  const codegen::ReviewedPlan plan = codegen::read(command.directory);
  const std::unique_ptr<runtime::Session> session = connector(command.running)();
  const std::unique_ptr<runtime::Reporter> silent = runtime::make_silent_reporter();
  std::optional<planner::Phase> phase;
  if (command.phase != 0) phase = static_cast<planner::Phase>(command.phase);
  options.old_release = command.old_release;
  const runtime::GateReport report =
      runtime::report_gate(plan, phase, options, *session, runtime::real_clock(), *silent);
  fmt::print("{}", command.running.json ? runtime::gate_json(report) : runtime::gate_text(report));
  return report.decision.verdict == runtime::Verdict::refuse ? exit_refused : exit_done;
}

}  // namespace

void add_gate(CLI::App& app, Run& run) {
  const auto command = std::make_shared<GateCommand>();
  CLI::App* gate_app = app.add_subcommand(
      "gate", "Show what the next phase asks, what was found, and whether that is proof");
  gate_app->add_option("directory", command->directory, "The plan's directory")
      ->required()
      ->type_name("DIR");
  gate_app->add_option("--phase", command->phase, "1 to 4 (default: the next one)")
      ->check(CLI::Range(1, 4))
      ->type_name("N");
  add_database(*gate_app, command->running);
  add_old_release(*gate_app, command->old_release);
  add_allow(*gate_app, command->running);
  gate_app->footer(
      "\nExit code 0: the phase may be applied; 3: it refuses. Nothing is written.\n"
      "\nExample:\n  segue gate migrations/0007_display_name --db \"$DATABASE_URL\"\n");
  gate_app->callback([command, &run] {
    run.command = [command] { return guarded(command->running, [&] { return gate(*command); }); };
  });
}

}  // namespace segue::cli
