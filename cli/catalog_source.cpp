#include "cli/catalog_source.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/command.hpp"
#include "codegen/snapshot.hpp"
#include "runtime/introspect.hpp"
#include "runtime/ledger.hpp"
#include "runtime/session.hpp"

namespace segue::cli {

void add_catalog_source(CLI::App& command, CatalogSource& source, bool with_snapshot) {
  CLI::Option* schema =
      command
          .add_option("--schema", source.schema_file,
                      "Schema file (plain SQL, pg_dump --schema-only), loaded into a throwaway "
                      "server of the installed PostgreSQL")
          ->type_name("FILE.sql");
  CLI::Option* database =
      command.add_option("--db", source.conninfo, "Database to read: a URL or a libpq string")
          ->type_name("CONNINFO");
  schema->excludes(database);
  if (!with_snapshot) return;
  CLI::Option* snapshot = command
                              .add_option("--snapshot", source.snapshot_file,
                                          "What `segue snapshot` wrote; needs no server")
                              ->type_name("FILE.json");
  snapshot->excludes(database)->excludes(schema);
}

planner::Catalog read_catalog(const CatalogSource& source, bool with_snapshot) {
  if (!source.snapshot_file.empty()) {
    const std::string text = read_text(source.snapshot_file);
    try {
      return codegen::read_snapshot(text);
    } catch (const codegen::SnapshotError& error) {
      throw BadInput(fmt::format("{}: {}", source.snapshot_file, error.what()));
    }
  }
  if (!source.schema_file.empty()) return runtime::read_schema_file(source.schema_file);
  if (source.conninfo.empty() && !environment_names_database()) {
    throw BadInput(fmt::format(
        "nothing says what the schema is: give --schema FILE.sql{} or --db CONNINFO (or set "
        "DATABASE_URL)",
        with_snapshot ? ", --snapshot FILE.json" : ""));
  }
  const auto session = runtime::connect(conninfo_or_default(source.conninfo));
  planner::Catalog catalog = runtime::read_catalog(*session);
  runtime::Ledger ledger(*session);
  if (ledger.exists()) catalog.in_flight = ledger.in_flight();
  return catalog;
}

}  // namespace segue::cli
