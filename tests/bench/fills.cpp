#include "fills.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "runtime/backfill.hpp"
#include "runtime/reporter.hpp"
#include "runtime/runner_connection.hpp"

namespace segue::bench {

namespace {

using runtime::Session;

constexpr int batch = 5000;

void one_update(Session& session) {
  session.exec("UPDATE items SET title = label");
}

void skip_locked(Session& session) {
  const std::string sql = fmt::format(
      "UPDATE items SET title = label WHERE id IN (SELECT id FROM items WHERE title IS NULL LIMIT "
      "{} FOR UPDATE SKIP LOCKED)",
      batch);
  while (session.exec(sql).affected > 0) {
  }
}

void key_touch(Session& session) {
  std::string last;
  for (;;) {
    session.exec("BEGIN");
    const std::string after = last.empty() ? "" : fmt::format("WHERE id > '{}'", last);
    const auto keys = session.exec(fmt::format(
        "WITH batch AS (SELECT id FROM items {} ORDER BY id LIMIT {} FOR NO KEY UPDATE), touched "
        "AS "
        "(UPDATE items SET id = items.id FROM batch WHERE items.id = batch.id RETURNING items.id) "
        "SELECT id FROM touched ORDER BY id DESC LIMIT 1",
        after, batch));
    session.exec("COMMIT");
    if (keys.empty()) return;
    last = keys.scalar();
  }
}

// The first thing that it said: how it shares the rows out, and why so.
std::string first_message(std::istream& events) {
  for (std::string line; std::getline(events, line);) {
    const auto event = nlohmann::json::parse(line);
    if (event.value("event", "") == "message") return event.value("message", "");
  }
  return "";
}

// Where there is an app, segue looks after it.
template <typename Options>
void look_after_the_app([[maybe_unused]] Options& options) {
  if constexpr (requires { options.pacing.emplace(); }) options.pacing.emplace();
}

std::string by_segue(const BenchTable& table, const std::string& conninfo, unsigned workers,
                     bool beside_an_app) {
  const runtime::Connector connector = [&] { return runtime::connect(conninfo, "segue"); };
  runtime::RunnerConnection connection(connector, runtime::real_clock());
  std::stringstream events;
  const auto reporter =
      runtime::make_reporter(runtime::ReportStyle::json, events, runtime::real_clock());
  runtime::RunOptions options;
  options.workers = workers;
  if (beside_an_app) look_after_the_app(options);
  const runtime::RunContext context{connection, *reporter, table.plan().plan.name, options};
  const planner::Step& step = table.fill_step();
  runtime::run_backfill(context, step, std::get<planner::BackfillPass>(step.action));
  return first_message(events);
}

std::string run(const BenchTable& table, const std::string& conninfo, const std::string& name,
                bool beside_an_app) {
  if (name.starts_with("segue-")) {
    return by_segue(table, conninfo, static_cast<unsigned>(std::stoul(name.substr(6))),
                    beside_an_app);
  }
  const auto session = runtime::connect(conninfo, "segue bench");
  if (name == "update") {
    one_update(*session);
  } else if (name == "skip-locked") {
    skip_locked(*session);
  } else if (name == "key-touch") {
    key_touch(*session);
  } else {
    throw std::runtime_error("no such fill: " + name);
  }
  return "";
}

double peak_memory_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

const std::vector<std::string>& fill_names() {
  static const std::vector<std::string> names{"update", "skip-locked", "key-touch", "segue-1",
                                              "segue-2"};
  return names;
}

bool is_slow(const std::string& name) {
  return name == "skip-locked" || name == "key-touch";
}

Measured fill_in(const BenchTable& table, const std::string& conninfo, const std::string& name,
                 const std::function<void()>& app_leaves) {
  const auto session = runtime::connect(conninfo, "segue bench");
  const Sizes before = sizes(*session);
  const double cpu_before = cpu_seconds(table.server_pid());
  const auto start = std::chrono::steady_clock::now();
  Measured measured;
  measured.how = run(table, conninfo, name, app_leaves != nullptr);
  measured.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (app_leaves) app_leaves();
  measured.cpu_seconds = cpu_seconds(table.server_pid()) - cpu_before;
  const Sizes after = sizes(*session);
  measured.hot_share = hot_share(*session);
  const auto growth = [](std::uint64_t was, std::uint64_t is) {
    return was == 0 ? 0 : static_cast<double>(is) / static_cast<double>(was) - 1;
  };
  measured.wal_bytes = static_cast<double>(after.wal - before.wal);
  measured.heap_growth = growth(before.heap, after.heap);
  measured.index_growth = growth(before.indexes, after.indexes);
  measured.memory_mb = peak_memory_mb();
  const std::string wrong =
      session->exec("SELECT count(*) FROM items WHERE title IS DISTINCT FROM label").scalar();
  if (wrong != "0") throw std::runtime_error(fmt::format("{} left {} rows wrong", name, wrong));
  return measured;
}

Measured fill(BenchTable& table, const std::string& name) {
  return fill_in(table, table.fresh(), name, {});
}

}  // namespace segue::bench
