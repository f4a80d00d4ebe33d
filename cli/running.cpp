#include "cli/running.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "runtime/errors.hpp"
#include "runtime/session.hpp"

namespace segue::cli {

namespace {

using Json = nlohmann::ordered_json;

void print(const Json& json) {
  fmt::print("{}\n", json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

int refused(const RunningOptions& options, const runtime::Refused& error) {
  Json list = Json::array();
  for (const runtime::Objection& objection : error.objections()) {
    fmt::print(stderr, "segue: refused: {} [{}]\n", objection.what, objection.code);
    if (!objection.advice.empty()) fmt::print(stderr, "  hint: {}\n", objection.advice);
    list.push_back(
        {{"code", objection.code}, {"what", objection.what}, {"advice", objection.advice}});
  }
  if (options.json) print({{"event", "refused"}, {"objections", list}});
  return exit_refused;
}

int failed(const RunningOptions& options, const std::string& step, const std::string& what,
           const std::string& sqlstate, const std::string& advice) {
  fmt::print(stderr, "segue: {}{}\n", what, sqlstate.empty() ? "" : fmt::format(" [{}]", sqlstate));
  if (!advice.empty()) fmt::print(stderr, "  hint: {}\n", advice);
  if (options.json) {
    print({{"event", "failed"},
           {"step", step},
           {"what", what},
           {"sqlstate", sqlstate},
           {"advice", advice}});
  }
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

runtime::Milliseconds milliseconds(const std::string& text, const std::string& option) {
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units{
      {{"", 1}, {"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000}}};
  constexpr std::size_t longest = 9;  // digits: no overflow below
  const std::size_t end = text.find_first_not_of("0123456789");
  const std::string digits = text.substr(0, end);
  const std::string unit = end == std::string::npos ? "" : text.substr(end);
  for (const auto& [name, factor] : units) {
    if (digits.empty() || digits.size() > longest || unit != name) continue;
    const runtime::Milliseconds value{std::stoll(digits) * factor};
    if (value.count() > 0) return value;
  }
  throw BadInput(fmt::format("{} {}: not a time (200ms, 30s, 5min, 2h)", option, text));
}

runtime::RunOptions run_options(const RunningOptions& options) {
  runtime::RunOptions run;
  if (!options.lock_timeout.empty())
    run.lock_timeout = milliseconds(options.lock_timeout, "--lock-timeout");
  if (!options.lock_budget.empty())
    run.lock_budget = milliseconds(options.lock_budget, "--lock-budget");
  run.allowed.insert(options.allow.begin(), options.allow.end());
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
            ? "When the server answers, run the same command again: it looks at what was done "
              "and goes on."
            : "");
  }
}

}  // namespace segue::cli
