// segue verify: old = new on every row, now.
#include "runtime/verify.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/running.hpp"
#include "codegen/plan_files.hpp"
#include "runtime/status.hpp"

namespace segue::cli {

namespace {

using Json = nlohmann::ordered_json;

struct VerifyCommand {
  RunningOptions running;
  std::string directory;
};

void print_json(const planner::Plan& plan, const runtime::PlanVerification& verification) {
  Json results = Json::array();
  for (const runtime::VerificationResult& result : verification.results) {
    results.push_back({{"table", planner::quoted(result.table)},
                       {"promise", result.promise},
                       {"rows", result.findings.checked},
                       {"differ", result.findings.found},
                       {"first", result.findings.first},
                       {"seconds", result.seconds}});
  }
  const Json object{{"change", plan.name},
                    {"filled", verification.filled},
                    {"contracted", verification.contracted},
                    {"results", results}};
  fmt::print("{}\n", object.dump(2, ' ', false, Json::error_handler_t::replace));
}

void print_text(const planner::Plan& plan, const runtime::PlanVerification& verification) {
  if (verification.results.empty()) {
    fmt::print("{}: {}\n", plan.name,
               verification.contracted
                   ? "contracted; what was old is gone, and there is nothing to compare"
                   : "its plan promises nothing about rows");
    return;
  }
  std::vector<std::vector<std::string>> rows{{"TABLE", "PROMISE", "ROWS", "DIFFER", "TIME"}};
  for (const runtime::VerificationResult& result : verification.results) {
    rows.push_back({planner::quoted(result.table), result.promise,
                    runtime::count_text(result.findings.checked),
                    runtime::count_text(result.findings.found),
                    runtime::duration_text(result.seconds)});
  }
  fmt::print("{}", runtime::table_text(rows));
  for (const runtime::VerificationResult& result : verification.results) {
    if (!result.holds()) fmt::print("{}\n", runtime::describe(result));
  }
  if (!verification.filled)
    fmt::print("Phase 3 (backfill) is not complete: until then rows may differ.\n");
}

int verify(const VerifyCommand& command) {
  const codegen::ReviewedPlan plan = codegen::read(command.directory);
  const std::unique_ptr<runtime::Session> session = connector(command.running)();
  const std::unique_ptr<runtime::Reporter> silent = runtime::make_silent_reporter();
  const runtime::PlanVerification verification =
      runtime::verify_plan(plan.plan, *session, *silent, runtime::real_clock());
  if (command.running.json) {
    print_json(plan.plan, verification);
  } else {
    print_text(plan.plan, verification);
  }
  for (const runtime::VerificationResult& result : verification.results) {
    if (!result.holds()) return exit_failed;
  }
  return exit_done;
}

}  // namespace

void add_verify(CLI::App& app, Run& run) {
  const auto command = std::make_shared<VerifyCommand>();
  CLI::App* verify_app = app.add_subcommand("verify", "Look whether old = new on every row, now");
  verify_app->add_option("directory", command->directory, "The plan's directory")
      ->required()
      ->type_name("DIR");
  add_database(*verify_app, command->running);
  verify_app->footer(
      "\nExample:\n  segue verify migrations/0007_display_name --db \"$DATABASE_URL\"\n");
  verify_app->callback([command, &run] {
    run.command = [command] { return guarded(command->running, [&] { return verify(*command); }); };
  });
}

}  // namespace segue::cli
