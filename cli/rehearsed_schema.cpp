#include "cli/rehearsed_schema.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/command.hpp"
#include "codegen/snapshot.hpp"
#include "runtime/errors.hpp"
#include "runtime/gate_facts.hpp"
#include "runtime/introspect.hpp"
#include "runtime/make_schema.hpp"

namespace segue::cli {

namespace {

planner::Catalog snapshot_of(const std::string& file) {
  try {
    return codegen::read_snapshot(read_text(file));
  } catch (const codegen::SnapshotError& error) {
    throw BadInput(fmt::format("{}: {}", file, error.what()));
  }
}

// What the plan is about and what stands around it: of a database with thousands of tables, all
// that a rehearsal needs.
planner::Catalog part_of(const planner::Catalog& catalog, const planner::Plan& plan) {
  const planner::Catalog part = planner::excerpt(catalog, runtime::whole_tables(plan.baseline));
  return planner::with_surroundings(part, planner::surroundings(catalog, part));
}

}  // namespace

void add_rehearsed_schema(CLI::App& app, RehearsedSchema& schema) {
  CLI::Option* file =
      app.add_option("--schema", schema.schema_file,
                     "The schema before the change (plain SQL, pg_dump --schema-only); default: "
                     "what the plan keeps of the one that it was made for")
          ->type_name("FILE.sql");
  CLI::Option* snapshot =
      app.add_option("--snapshot", schema.snapshot_file, "The same, as `segue snapshot` wrote it")
          ->type_name("FILE.json");
  CLI::Option* like =
      app.add_option("--like", schema.like,
                     "A live database: its schema, how many rows it has, how many are NULL, which "
                     "values are common; it is only read")
          ->type_name("CONNINFO");
  file->excludes(snapshot)->excludes(like);
  snapshot->excludes(like);
  app.add_option("--sample", schema.sample,
                 "With --like: so many rows of each table are read too, and used")
      ->type_name("N")
      ->needs(like);
}

SchemaSource::SchemaSource(const RehearsedSchema& from, const planner::Plan& plan) : plan_(plan) {
  advice_ = "Plan again from the schema as it is now.";
  if (!from.schema_file.empty()) {
    from_ = from.schema_file;
    sql_ = read_text(from.schema_file);
  } else if (!from.snapshot_file.empty()) {
    from_ = from.snapshot_file;
    catalog_ = part_of(snapshot_of(from.snapshot_file), plan);
  } else if (!from.like.empty()) {
    from_ = "the live database";
    if (const auto mistake = runtime::mistake_in_conninfo(from.like))
      throw BadInput("--like: " + *mistake);
    const auto session = runtime::connect(from.like);
    // Whatever happens: nothing is written there.
    session->exec("SET default_transaction_read_only = on");
    const planner::Catalog catalog = runtime::read_catalog(*session);
    catalog_ = part_of(catalog, plan);
    statistics_ = runtime::rehearsal::read_statistics(*session, catalog_, from.sample);
  } else {
    from_ = "what plan.json keeps of the schema";
    advice_ = "Give the whole schema: --schema FILE.sql.";
    catalog_ = planner::with_surroundings(plan.baseline, plan.surroundings);
  }
}

std::vector<std::string> SchemaSource::load(runtime::Session& session) const {
  std::vector<std::string> notes;
  if (sql_.empty()) {
    notes = runtime::make_schema(session, catalog_);
  } else {
    runtime::load_schema(session, from_, sql_);
  }
  session.exec("RESET ALL");
  const std::vector<std::string> drift =
      runtime::find_drift(session, plan_, planner::Phase::expand, {});
  if (drift.empty()) return notes;
  std::string what = fmt::format("{}, made again here, is not what the plan was made for:", from_);
  for (const std::string& sentence : drift) what += "\n  " + sentence;
  for (const std::string& note : notes) what += "\n  " + note;
  throw runtime::Refused({{"drift", what, advice_}});
}

}  // namespace segue::cli
