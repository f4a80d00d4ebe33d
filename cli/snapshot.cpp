// segue snapshot: a catalogue as one JSON file, so that plans can be made without a server.
#include "codegen/snapshot.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/catalog_source.hpp"
#include "cli/command.hpp"

namespace segue::cli {

namespace {

struct SnapshotCommand {
  CatalogSource source;
  std::string out;
  bool statistics = false;
};

int snapshot(const SnapshotCommand& command) {
  const planner::Catalog catalog = read_catalog(command.source, false);
  const std::string text = codegen::write_snapshot(catalog, command.statistics);
  if (command.out.empty() || command.out == "-") {
    fmt::print("{}", text);
  } else {
    write_text(command.out, text);
  }
  return exit_done;
}

}  // namespace

void add_snapshot(CLI::App& app, Run& run) {
  const auto command = std::make_shared<SnapshotCommand>();
  CLI::App* snapshot_app =
      app.add_subcommand("snapshot", "Write a database's structure as JSON, for plan --snapshot");
  add_catalog_source(*snapshot_app, command->source, false);
  snapshot_app->add_option("--out", command->out, "Where it goes (default: standard output)")
      ->type_name("FILE.json");
  snapshot_app->add_flag("--statistics", command->statistics,
                         "With row counts and sizes (the file then changes with the data)");
  snapshot_app->footer(
      "\nExamples:\n"
      "  segue snapshot --db \"$DATABASE_URL\" --out db/snapshot.json\n"
      "  segue snapshot --schema db/schema.sql > db/snapshot.json\n");
  snapshot_app->callback(
      [command, &run] { run.command = [command] { return snapshot(*command); }; });
}

}  // namespace segue::cli
