// What every subcommand is made of: an exit code, a registration, and the few things they share.
#pragma once

#include <functional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace segue::cli {

enum ExitCode : int {
  exit_done = 0,
  exit_failed = 1,     // the work was begun and did not succeed, or nobody answers
  exit_bad_input = 2,  // nothing was begun: the command line, a file, or what it says
  exit_refused = 3     // nothing was begun: a gate says no
};

// What a parsed command line asks for; main runs it, so that no command runs inside the parser.
struct Run {
  std::function<int()> command;
};

// One per file, in the order that `segue --help` lists them.
void add_plan(CLI::App& app, Run& run);
void add_rehearse(CLI::App& app, Run& run);
void add_apply(CLI::App& app, Run& run);
void add_gate(CLI::App& app, Run& run);
void add_status(CLI::App& app, Run& run);
void add_verify(CLI::App& app, Run& run);
void add_undo(CLI::App& app, Run& run);
void add_preview(CLI::App& app, Run& run);
void add_control(CLI::App& app, Run& run);  // pause, resume, faster, slower
void add_ack(CLI::App& app, Run& run);
void add_snapshot(CLI::App& app, Run& run);
void add_trace(CLI::App& app, Run& run);
void add_fmt(CLI::App& app, Run& run);

// A mistake that only the person at the keyboard can mend; exit 2.
struct BadInput : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Made-up rows in a table of a throwaway server: more would fill a disk before they told more.
inline constexpr int most_rows = 100'000'000;

// What `--allow` named. Throws BadInput for a word that is none of `known`.
std::set<std::string> allowed_codes(const std::vector<std::string>& words,
                                    const std::vector<std::string>& known);

// The whole of a text file. Throws BadInput: it cannot be read, or it is not text.
std::string read_text(const std::string& path);

// Writes beside `path` and renames, so that a reader sees the old file or the new one. Throws
// std::runtime_error.
void write_text(const std::string& path, std::string_view text);

// What --db says, else DATABASE_URL, else "" for libpq's own PG* variables and defaults. Throws
// BadInput where libpq could not read it.
std::string conninfo_or_default(const std::string& option);
// Whether the environment names a database: DATABASE_URL, PGHOST, PGDATABASE, PGSERVICE, …
bool environment_names_database();

}  // namespace segue::cli
