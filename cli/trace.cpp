// segue trace: what any file of SQL does to a live database, seen on a throwaway one.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/command.hpp"
#include "runtime/introspect.hpp"
#include "runtime/rehearsal/rows.hpp"
#include "runtime/rehearsal/server_choice.hpp"
#include "runtime/rehearsal/statistics.hpp"
#include "runtime/rehearsal/trace_file.hpp"
#include "runtime/reporter.hpp"
#include "runtime/server.hpp"

namespace segue::cli {

namespace {

using Json = nlohmann::ordered_json;
namespace rehearsal = runtime::rehearsal;

struct TraceCommand {
  std::string file;
  std::string schema;
  std::string like;
  std::uint64_t sample = 0;
  std::uint64_t rows = 1000;
  std::uint64_t seed = 1;
  int major = 0;
  bool json = false;
};

struct Prepared {
  runtime::ThrowawayServer server;
  std::string conninfo;
  std::string note;
  rehearsal::Filled filled;
  std::map<std::string, std::uint64_t> live_rows;  // empty: nothing is known of a live database
};

Prepared prepare(const TraceCommand& command) {
  std::optional<rehearsal::Statistics> live;
  if (!command.like.empty()) {
    const auto session = runtime::connect(command.like);
    live = rehearsal::read_statistics(*session, runtime::read_catalog(*session), command.sample);
  }
  const rehearsal::ServerChoice choice =
      rehearsal::choose_major(command.major == 0 ? std::nullopt : std::optional(command.major),
                              live ? live->server_version / 10000 : 0);
  runtime::ServerOptions options;
  options.major = choice.major;
  Prepared prepared{runtime::ThrowawayServer(options), "", choice.note, {}, {}};
  if (live) prepared.live_rows = live->row_counts();
  prepared.conninfo = prepared.server.create_database("trace");
  if (!command.schema.empty()) {
    runtime::load_schema(*runtime::connect(prepared.conninfo), command.schema,
                         read_text(command.schema));
  }
  const auto session = runtime::connect(prepared.conninfo);
  prepared.filled = rehearsal::fill_tables(*session, runtime::read_catalog(*session),
                                           {command.rows, command.seed, live ? &*live : nullptr});
  return prepared;
}

Json json_of(const Prepared& prepared, const rehearsal::TracedStatement& statement) {
  Json locks = Json::array();
  for (const rehearsal::HeldLock& lock : statement.trace.locks) {
    locks.push_back({{"relation", planner::quoted(lock.use.relation)},
                     {"mode", planner::name_of(lock.use.mode)},
                     {"held_ms", lock.held_ms}});
  }
  const rehearsal::Trace& trace = statement.trace;
  Json object{{"line", statement.line},
              {"sql", statement.text},
              {"in_transaction", statement.in_transaction},
              {"milliseconds", trace.milliseconds},
              {"wal_bytes", trace.wal_bytes},
              {"locks", locks},
              {"rewrites", trace.rewrites},
              {"scans", trace.scans},
              {"index_builds", trace.index_builds},
              {"proofs", trace.proofs},
              {"made", trace.made},
              {"verdicts", statement.verdicts}};
  if (const auto live =
          rehearsal::projected_ms(statement, prepared.filled.rows, prepared.live_rows)) {
    object["projected_ms"] = *live;
  }
  return object;
}

void print_json(const Prepared& prepared, const rehearsal::FileTrace& trace) {
  Json statements = Json::array();
  for (const auto& statement : trace.statements) statements.push_back(json_of(prepared, statement));
  Json object{{"server", prepared.server.major()},
              {"server_note", prepared.note},
              {"rows", prepared.filled.rows},
              {"notes", prepared.filled.notes},
              {"statements", statements}};
  if (trace.failure) {
    object["failure"] = {{"line", trace.failure->line},
                         {"message", trace.failure->message},
                         {"sqlstate", trace.failure->sqlstate}};
  }
  fmt::print("{}\n", object.dump(2, ' ', false, Json::error_handler_t::replace));
}

std::string first_line(const std::string& text) {
  constexpr std::size_t widest = 90;
  std::string line = text.substr(0, text.find('\n'));
  if (line.size() > widest) line = line.substr(0, widest) + "…";
  return line;
}

void print_list(std::string_view title, const std::vector<std::string>& list) {
  for (const std::string& name : list) fmt::print("    {:<9}{}\n", title, name);
}

void print_text(const TraceCommand& command, const Prepared& prepared,
                const rehearsal::FileTrace& trace) {
  fmt::print("PostgreSQL {}, {} rows in each table\n", prepared.server.major(),
             runtime::count_text(command.rows));
  if (!prepared.note.empty()) fmt::print("{}\n", prepared.note);
  for (const std::string& note : prepared.filled.notes) fmt::print("note: {}\n", note);
  for (const auto& statement : trace.statements) {
    fmt::print("\n{}:{}: {}\n", command.file, statement.line, first_line(statement.text));
    fmt::print("    {:<9}{:.1f} ms, {} bytes of WAL{}\n", "took", statement.trace.milliseconds,
               runtime::count_text(statement.trace.wal_bytes),
               statement.in_transaction ? ", in a transaction of the file's own" : "");
    if (const auto live =
            rehearsal::projected_ms(statement, prepared.filled.rows, prepared.live_rows)) {
      fmt::print("    {:<9}about {} with the live database's rows\n", "there",
                 runtime::duration_text(*live / 1000));
    }
    for (const rehearsal::HeldLock& lock : statement.trace.locks) {
      fmt::print("    {:<9}{} on {}, {:.1f} ms\n", "lock", planner::name_of(lock.use.mode),
                 planner::quoted(lock.use.relation), lock.held_ms);
    }
    print_list("rewrites", statement.trace.rewrites);
    print_list("reads", statement.trace.scans);
    print_list("builds", statement.trace.index_builds);
    print_list("proven", statement.trace.proofs);
    print_list("HURTS", statement.verdicts);
  }
}

int trace(const TraceCommand& command) {
  const std::string text = read_text(command.file);
  try {
    rehearsal::require_sql(command.file, text);
  } catch (const rehearsal::TraceFileError& error) {
    throw BadInput(error.what());
  }
  const Prepared prepared = prepare(command);
  const rehearsal::FileTrace found = rehearsal::trace_file(
      [&] { return runtime::connect(prepared.conninfo); }, command.file, text);
  if (command.json) {
    print_json(prepared, found);
  } else {
    print_text(command, prepared, found);
  }
  if (!found.failure) return exit_done;
  fmt::print(stderr, "segue: {}:{}: {} ({})\n", command.file, found.failure->line,
             found.failure->message, found.failure->sqlstate);
  return exit_failed;
}

}  // namespace

void add_trace(CLI::App& app, Run& run) {
  const auto command = std::make_shared<TraceCommand>();
  CLI::App* trace_app = app.add_subcommand(
      "trace", "Run any SQL file on a throwaway server: its locks, rewrites, scans, per statement");
  trace_app->add_option("file", command->file, "The SQL to look at")
      ->required()
      ->type_name("FILE.sql");
  trace_app
      ->add_option("--schema", command->schema,
                   "Schema file that it runs on (plain SQL, pg_dump --schema-only); default: none")
      ->type_name("FILE.sql");
  trace_app
      ->add_option("--like", command->like,
                   "Live database whose row counts, null fractions and common values the rows are "
                   "made after (its statistics, none of its rows)")
      ->type_name("CONNINFO");
  trace_app
      ->add_option("--sample", command->sample,
                   "With --like: also so many real rows of each table (default: none)")
      ->type_name("N");
  trace_app->add_option("--rows", command->rows, "Rows to put into each table (default: 1000)")
      ->check(CLI::Range(0, most_rows))
      ->type_name("N");
  trace_app->add_option("--seed", command->seed, "Other rows (default: 1)")->type_name("N");
  trace_app->add_option("--pg", command->major, "PostgreSQL's major version (default: the newest)")
      ->type_name("N");
  trace_app->add_flag("--json", command->json, "One JSON object");
  trace_app->footer(
      "\nExample:\n  segue trace migrations/20240501_add_email.sql --schema db/schema.sql\n");
  trace_app->callback([command, &run] { run.command = [command] { return trace(*command); }; });
}

}  // namespace segue::cli
