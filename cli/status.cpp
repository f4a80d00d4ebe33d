// segue status: where every change stands in a database.
#include "runtime/status.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command.hpp"
#include "cli/running.hpp"

namespace segue::cli {

namespace {

struct StatusCommand {
  RunningOptions running;
  std::vector<std::string> expect;
};

std::vector<runtime::Expectation> expectations(const StatusCommand& command) {
  std::vector<runtime::Expectation> expected;
  for (const std::string& text : command.expect) {
    const auto one = runtime::read_expectation(text);
    if (!one) {
      throw BadInput(fmt::format(
          "--expect {}: not a change and one of its phases (0007_display_name:3)", text));
    }
    expected.push_back(*one);
  }
  return expected;
}

int status(const StatusCommand& command) {
  const std::vector<runtime::Expectation> expected = expectations(command);
  const std::unique_ptr<runtime::Session> session = connector(command.running)();
  const runtime::DatabaseStatus found = runtime::read_status(*session);
  fmt::print("{}", command.running.json ? runtime::status_json(found, expected)
                                        : runtime::status_text(found));
  const std::vector<runtime::Objection> behind = runtime::not_met(found, expected);
  for (const runtime::Objection& objection : behind) {
    fmt::print(stderr, "segue: refused: {} [{}]\n  hint: {}\n", objection.what, objection.code,
               objection.advice);
  }
  return behind.empty() ? exit_done : exit_refused;
}

}  // namespace

void add_status(CLI::App& app, Run& run) {
  const auto command = std::make_shared<StatusCommand>();
  CLI::App* status_app =
      app.add_subcommand("status", "Show where every change stands in a database");
  add_database(*status_app, command->running);
  status_app
      ->add_option("--expect", command->expect,
                   "Exit with 3 where this phase of the change is not complete yet; may be given "
                   "several times")
      ->type_name("CHANGE:PHASE")
      ->allow_extra_args(false);
  status_app->footer(
      "\nAny role may ask that may connect: the view segue.status is everybody's to read.\n"
      "\nExamples:\n"
      "  segue status --db \"$DATABASE_URL\" --json\n"
      "  segue status --expect 0007_display_name:3    # before a release that needs it starts\n");
  status_app->callback([command, &run] {
    run.command = [command] { return guarded(command->running, [&] { return status(*command); }); };
  });
}

}  // namespace segue::cli
