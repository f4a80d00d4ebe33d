// What the commands share that work on a live database: their options, and how they end.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "runtime/reporter.hpp"
#include "runtime/run_context.hpp"

namespace CLI {
class App;
}

namespace segue::cli {

struct RunningOptions {
  std::string db;
  bool json = false;
  std::vector<std::string> allow;
  std::string lock_timeout;  // "200ms", "1s"; empty: the default
  std::string lock_budget;
  std::string terminate_blockers;  // "30s": the age of those that are ended; empty: nobody is
  std::string disk_free;           // "100GB"; empty: what is seen counts
  std::string max_lag;             // "64MB"; empty: the default
  std::string throttle_query;      // empty: none
};

void add_database(CLI::App& app, RunningOptions& options);  // --db, --json
void add_patience(CLI::App& app, RunningOptions& options);  // --lock-timeout, --lock-budget
void add_pacing(CLI::App& app, RunningOptions& options);    // --max-lag, --throttle-query
void add_disk_free(CLI::App& app, RunningOptions& options);
void add_allow(CLI::App& app, RunningOptions& options);
// --old-release, several times
void add_old_release(CLI::App& app, std::vector<std::string>& patterns);

runtime::Connector connector(const RunningOptions& options);
// On standard output: JSON lines, a terminal's line, or plain lines.
std::unique_ptr<runtime::Reporter> reporter(const RunningOptions& options);
// What `--allow` named: codes of hazards and of what a run or a gate objects to. Throws BadInput.
std::set<std::string> allowed_while_running(const RunningOptions& options);
// Throws BadInput for a time that is none.
runtime::RunOptions run_options(const RunningOptions& options);

// "200ms", "30s", "5min", "2h"; a number alone is milliseconds. Throws BadInput naming the option.
runtime::Milliseconds milliseconds(const std::string& text, const std::string& option);

// "64MB", "1GB"; a number alone is bytes. Throws BadInput naming the option.
std::uint64_t bytes(const std::string& text, const std::string& option);

// Runs a command and turns what stops it into an exit code and a message (JSON with --json).
int guarded(const RunningOptions& options, const std::function<int()>& command);

}  // namespace segue::cli
