#include "cli/running.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string_view>

#include "cli/command.hpp"
#include "codegen/plan_files.hpp"
#include "planner/hazard_codes.hpp"
#include "runtime/errors.hpp"
#include "runtime/objection_codes.hpp"
#include "runtime/session.hpp"

namespace segue::cli {

namespace {

using Json = nlohmann::ordered_json;

void print(const Json& json) {
  fmt::print("{}\n", json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void print_failed(const std::string& step, const std::string& what, const std::string& sqlstate,
                  const std::string& advice) {
  print({{"event", "failed"},
         {"step", step},
         {"what", what},
         {"sqlstate", sqlstate},
         {"advice", advice}});
}

void print_refused(const std::vector<runtime::Objection>& objections) {
  Json list = Json::array();
  for (const runtime::Objection& objection : objections)
    list.push_back(
        {{"code", objection.code}, {"what", objection.what}, {"advice", objection.advice}});
  print({{"event", "refused"}, {"objections", list}});
}

int refused(const RunningOptions& options, const runtime::Refused& error) {
  for (const runtime::Objection& objection : error.objections()) {
    fmt::print(stderr, "segue: refused: {} [{}]\n", objection.what, objection.code);
    if (!objection.advice.empty()) fmt::print(stderr, "  hint: {}\n", objection.advice);
  }
  if (options.json) print_refused(error.objections());
  return exit_refused;
}

int failed(const RunningOptions& options, const std::string& step, const std::string& what,
           const std::string& sqlstate, const std::string& advice) {
  fmt::print(stderr, "segue: {}{}\n", what, sqlstate.empty() ? "" : fmt::format(" [{}]", sqlstate));
  if (!advice.empty()) fmt::print(stderr, "  hint: {}\n", advice);
  if (options.json) print_failed(step, what, sqlstate, advice);
  return exit_failed;
}

}  // namespace

void add_database(CLI::App& app, RunningOptions& options) {
  app.add_option("--db", options.db,
                 "The database: a URL or libpq's key=value (default: DATABASE_URL, then PG*)")
      ->type_name("URL");
  app.add_flag("--json", options.json, "Say everything as JSON, one object a line");
}

void add_patience(CLI::App& app, RunningOptions& options) {
  app.add_option("--lock-timeout", options.lock_timeout,
                 "How long a try waits for a lock, and the app behind it (default: 200ms)")
      ->type_name("TIME");
  app.add_option("--lock-budget", options.lock_budget,
                 "How long all tries of a step go on (default: 5min)")
      ->type_name("TIME");
  app.add_option("--terminate-blockers", options.terminate_blockers,
                 "End readers in a step's way whose transaction is older; writers never")
      ->type_name("AGE");
}

void add_pacing(CLI::App& app, RunningOptions& options) {
  app.add_option("--max-lag", options.max_lag,
                 "How far a replica may be behind before rows wait (default: 64MB)")
      ->type_name("SIZE");
  app.add_option("--throttle-query", options.throttle_query,
                 "Rows wait while this query gives true or a number above 0")
      ->type_name("SQL");
}

void add_disk_free(CLI::App& app, RunningOptions& options) {
  app.add_option("--disk-free", options.disk_free,
                 "What is free on the server's disk, where it cannot be seen")
      ->type_name("SIZE");
}

void add_allow(CLI::App& app, RunningOptions& options) {
  app.add_option("--allow", options.allow,
                 "Go on in spite of an objection; may be given several times")
      ->type_name("CODE")
      ->allow_extra_args(false);
}

void add_old_release(CLI::App& app, std::vector<std::string>& patterns) {
  app.add_option("--old-release", patterns,
                 "How the sessions of the release before are called: a LIKE pattern of "
                 "application_name; may be given several times")
      ->type_name("PATTERN")
      ->allow_extra_args(false);
}

runtime::Connector connector(const RunningOptions& options) {
  return [conninfo = conninfo_or_default(options.db)] { return runtime::connect(conninfo); };
}

std::unique_ptr<runtime::Reporter> reporter(const RunningOptions& options) {
  const runtime::ReportStyle style = options.json                 ? runtime::ReportStyle::json
                                     : isatty(STDOUT_FILENO) != 0 ? runtime::ReportStyle::terminal
                                                                  : runtime::ReportStyle::plain;
  return runtime::make_reporter(style, std::cout, runtime::real_clock());
}

namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

// A whole number and a unit; none where it is something else.
std::optional<std::int64_t> quantity(const std::string& text, std::span<const Unit> units) {
  constexpr std::size_t longest = 9;  // digits: no overflow below
  const std::size_t end = text.find_first_not_of("0123456789");
  const std::string digits = text.substr(0, end);
  const std::string unit = end == std::string::npos ? "" : text.substr(end);
  for (const auto& [name, factor] : units) {
    if (digits.empty() || digits.size() > longest || unit != name) continue;
    const std::int64_t value = std::stoll(digits) * factor;
    if (value > 0) return value;
  }
  return std::nullopt;
}

}  // namespace

runtime::Milliseconds milliseconds(const std::string& text, const std::string& option) {
  constexpr std::array<Unit, 5> units{
      {{"", 1}, {"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000}}};
  if (const auto value = quantity(text, units)) return runtime::Milliseconds(*value);
  throw BadInput(fmt::format("{} {}: not a time (200ms, 30s, 5min, 2h)", option, text));
}

std::uint64_t bytes(const std::string& text, const std::string& option) {
  constexpr std::array<Unit, 5> units{
      {{"", 1}, {"kB", 1LL << 10}, {"MB", 1LL << 20}, {"GB", 1LL << 30}, {"TB", 1LL << 40}}};
  constexpr std::int64_t most = 1LL << 60;  // no disk is as large
  const auto value = quantity(text, units);
  if (value && *value < most) return static_cast<std::uint64_t>(*value);
  throw BadInput(fmt::format("{} {}: not a size (64MB, 1GB)", option, text));
}

std::set<std::string> allowed_while_running(const RunningOptions& options) {
  std::vector<std::string> known = planner::hazard_codes();
  known.insert(known.end(), runtime::passable_objections().begin(),
               runtime::passable_objections().end());
  return allowed_codes(options.allow, known);
}

runtime::RunOptions run_options(const RunningOptions& options) {
  runtime::RunOptions run;
  if (!options.lock_timeout.empty())
    run.lock_timeout = milliseconds(options.lock_timeout, "--lock-timeout");
  if (!options.lock_budget.empty())
    run.lock_budget = milliseconds(options.lock_budget, "--lock-budget");
  if (!options.terminate_blockers.empty())
    run.terminate_blockers = milliseconds(options.terminate_blockers, "--terminate-blockers");
  run.allowed = allowed_while_running(options);
  if (!options.disk_free.empty()) run.disk_free = bytes(options.disk_free, "--disk-free");
  run.pacing.emplace();
  if (!options.max_lag.empty()) run.pacing->max_lag = bytes(options.max_lag, "--max-lag");
  run.pacing->throttle_query = options.throttle_query;
  return run;
}

int guarded(const RunningOptions& options, const std::function<int()>& command) {
  try {
    return command();
  } catch (const runtime::Refused& error) {
    return refused(options, error);
  } catch (const runtime::Failed& error) {
    return failed(options, error.step(), error.what(), error.sqlstate(), error.advice());
  } catch (const runtime::DatabaseError& error) {
    const bool unreachable = error.connection_lost();
    return failed(
        options, "", error.what(), error.sqlstate(),
        unreachable
            ? "Once the connection works, run the same command again: it looks at what was done "
              "and goes on."
            : "");
  } catch (const codegen::PlanDirectoryError& error) {
    if (options.json && error.refused) print_refused({{"edited", error.what(), ""}});
    if (options.json && !error.refused) print_failed("", error.what(), "", "");
    throw;  // main says it, and knows the code
  } catch (const std::exception& error) {
    if (options.json) print_failed("", error.what(), "", "");
    throw;
  }
}

}  // namespace segue::cli
