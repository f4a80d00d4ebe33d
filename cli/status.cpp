// segue status: where every change stands in a database.
#include "runtime/status.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command.hpp"
#include "cli/running.hpp"

namespace segue::cli {

namespace {

int status(const RunningOptions& options) {
  const std::unique_ptr<runtime::Session> session = connector(options)();
  const runtime::DatabaseStatus found = runtime::read_status(*session);
  fmt::print("{}", options.json ? runtime::status_json(found) : runtime::status_text(found));
  return exit_done;
}

}  // namespace

void add_status(CLI::App& app, Run& run) {
  const auto options = std::make_shared<RunningOptions>();
  CLI::App* status_app =
      app.add_subcommand("status", "Show where every change stands in a database");
  add_database(*status_app, *options);
  status_app->footer("\nExample:\n  segue status --db \"$DATABASE_URL\" --json\n");
  status_app->callback([options, &run] {
    run.command = [options] { return guarded(*options, [&] { return status(*options); }); };
  });
}

}  // namespace segue::cli
