#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "cli/command.hpp"
#include "codegen/plan_files.hpp"
#include "codegen/snapshot.hpp"
#include "runtime/introspect.hpp"
#include "runtime/session.hpp"

namespace {

using namespace segue;

constexpr const char* examples = R"(
A change goes from one line of intent to a contracted schema in four phases, while the old and the
new release of the app both run:

  segue plan   changes/0007_display_name.segue --schema db/schema.sql
  segue apply  migrations/0007_display_name --phase 1 --db "$DATABASE_URL"
  segue gate   migrations/0007_display_name
  segue status
  segue verify migrations/0007_display_name
  segue undo   migrations/0007_display_name

The database is --db, else DATABASE_URL, else what libpq takes from PGHOST, PGDATABASE, ….
Exit codes: 0 done, 1 failed, 2 bad input, 3 refused by a gate.
)";

int fail(int code, const std::exception& error) {
  fmt::print(stderr, "segue: {}\n", error.what());
  return code;
}

int run_command(const cli::Run& run) {
  try {
    return run.command();
  } catch (const cli::BadInput& error) {
    return fail(cli::exit_bad_input, error);
  } catch (const runtime::SchemaLoadError& error) {
    return fail(cli::exit_bad_input, error);
  } catch (const codegen::SnapshotError& error) {
    return fail(cli::exit_bad_input, error);
  } catch (const codegen::PlanDirectoryError& error) {
    return fail(error.refused ? cli::exit_refused : cli::exit_bad_input, error);
  } catch (const std::exception& error) {
    return fail(cli::exit_failed, error);
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("segue: expand-contract schema changes for a live PostgreSQL", "segue");
  app.footer(examples);
  app.set_version_flag("--version", "segue " SEGUE_VERSION);
  app.require_subcommand(1);
  cli::Run run;
  cli::add_plan(app, run);
  cli::add_rehearse(app, run);
  cli::add_apply(app, run);
  cli::add_gate(app, run);
  cli::add_status(app, run);
  cli::add_verify(app, run);
  cli::add_undo(app, run);
  cli::add_ack(app, run);
  cli::add_snapshot(app, run);
  cli::add_trace(app, run);
  cli::add_fmt(app, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 has codes of its own for mistakes; help and version are none.
    return app.exit(error) == 0 ? cli::exit_done : cli::exit_bad_input;
  }
  return run_command(run);
}
