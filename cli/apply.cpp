// segue apply: one phase of a plan, on a live database.
#include "runtime/apply.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "cli/command.hpp"
#include "cli/running.hpp"
#include "codegen/plan_files.hpp"
#include "runtime/rehearsal/coverage.hpp"
#include "runtime/rehearsal/report.hpp"

namespace segue::cli {

namespace {

struct ApplyCommand {
  RunningOptions running;
  std::string directory;
  int phase = 0;  // 0: the next one
  std::string release;
  std::string skip_soak;
  std::vector<std::string> old_release;
  std::uint32_t batch = 0;
  std::uint32_t workers = 0;
  bool dry_run = false;
  bool needs_rehearsal = false;
  std::string rehearsal;  // where it is; empty: in the plan's directory
};

runtime::ApplyOptions options_of(const ApplyCommand& command) {
  runtime::ApplyOptions options;
  if (command.phase != 0) options.phase = static_cast<planner::Phase>(command.phase);
  options.release = command.release;
  options.dry_run = command.dry_run;
  options.run = run_options(command.running);
  if (command.batch != 0) options.run.batch = command.batch;
  if (command.workers != 0) options.run.workers = command.workers;
  options.gate.skip_soak = command.skip_soak;
  options.gate.allowed = options.run.allowed;
  options.gate.old_release = command.old_release;
  return options;
}

void require_rehearsal(const ApplyCommand& command, const codegen::ReviewedPlan& plan) {
  if (!command.needs_rehearsal && command.rehearsal.empty()) return;
  const std::filesystem::path file = command.rehearsal.empty()
                                         ? plan.directory / runtime::rehearsal::json_file
                                         : std::filesystem::path{command.rehearsal};
  if (auto objection = runtime::rehearsal::not_covered(plan, file))
    throw runtime::Refused({std::move(*objection)});
}

int apply(const ApplyCommand& command) {
  const codegen::ReviewedPlan plan = codegen::read(command.directory);
  require_rehearsal(command, plan);
  const std::unique_ptr<runtime::Reporter> watcher = reporter(command.running);
  const runtime::ApplyReport report = runtime::apply(
      plan, options_of(command), connector(command.running), runtime::real_clock(), *watcher);
  if (report.nothing_to_do) {
    watcher->says(fmt::format("{} is contracted: nothing to do", plan.plan.name));
    return exit_done;
  }
  return exit_done;
}

}  // namespace

void add_apply(CLI::App& app, Run& run) {
  const auto command = std::make_shared<ApplyCommand>();
  CLI::App* apply_app = app.add_subcommand("apply", "Apply one phase of a plan to a database");
  apply_app->add_option("directory", command->directory, "The plan's directory")
      ->required()
      ->type_name("DIR");
  apply_app->add_option("--phase", command->phase, "1 to 4 (default: the next one)")
      ->check(CLI::Range(1, 4))
      ->type_name("N");
  add_database(*apply_app, command->running);
  apply_app
      ->add_option("--release", command->release,
                   "The app release that goes with it; for phase 4: that is out everywhere")
      ->type_name("NAME");
  apply_app
      ->add_option("--skip-soak", command->skip_soak,
                   "Why phase 4 need not wait; kept in the ledger")
      ->type_name("REASON");
  add_old_release(*apply_app, command->old_release);
  add_allow(*apply_app, command->running);
  apply_app->add_option("--batch", command->batch, "Rows per backfill transaction")
      ->check(CLI::Range(1, 1000000))
      ->type_name("N");
  apply_app
      ->add_option("--workers", command->workers, "Sessions that backfill at once (default: 1)")
      ->check(CLI::Range(1, 64))
      ->type_name("N");
  add_patience(*apply_app, command->running);
  apply_app->add_flag("--dry-run", command->dry_run,
                      "Ask the gate, say what would be done, do nothing");
  apply_app->add_flag("--require-rehearsal", command->needs_rehearsal,
                      "Refuse unless a passed rehearsal covers these files");
  apply_app
      ->add_option("--rehearsal", command->rehearsal,
                   "Where that rehearsal's JSON is (default: DIR/rehearsal.json)")
      ->type_name("FILE");
  apply_app->footer(
      "\nExamples:\n"
      "  segue apply migrations/0007_display_name --phase 1 --db \"$DATABASE_URL\"\n"
      "  segue apply migrations/0007_display_name --phase 4 --release v43\n");
  apply_app->callback([command, &run] {
    run.command = [command] { return guarded(command->running, [&] { return apply(*command); }); };
  });
}

}  // namespace segue::cli
