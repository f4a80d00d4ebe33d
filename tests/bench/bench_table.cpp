#include "bench_table.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "dsl/parser.hpp"
#include "planner/planner.hpp"
#include "runtime/apply.hpp"
#include "runtime/introspect.hpp"
#include "runtime/reporter.hpp"

namespace segue::bench {

namespace {

using runtime::Session;

codegen::ReviewedPlan plan_of(Session& session) {
  const dsl::Source source("title.segue", "change title\nrename items.label -> title\n");
  const dsl::ParseResult parsed = dsl::parse(source);
  planner::PlanResult made =
      planner::make_plan(source, *parsed.change, runtime::read_catalog(session));
  if (!made.plan) throw std::runtime_error("the change of the bench cannot be planned");
  const auto directory = std::filesystem::temp_directory_path() /
                         fmt::format("segue-bench-{}", static_cast<long>(getpid()));
  codegen::write(codegen::render(*made.plan), directory, true);
  codegen::ReviewedPlan plan = codegen::read(directory);
  std::filesystem::remove_all(directory);
  return plan;
}

std::string key_of(Key key) {
  switch (key) {
    case Key::random:
      return "md5(n::text)::uuid";
    case Key::none:
    case Key::serial:
      break;
  }
  return "n";
}

// Rows of about 200 bytes, the same whatever their number. All labels are as long, as one digit
// more can be eight bytes more in a row, and another number of rows on a page. There are as many
// amounts as rows, as an index whose values repeat keeps several rows in an entry.
void load(Session& session, const TableOptions& options) {
  session.exec(fmt::format(
      "CREATE TABLE items (id {}, nr bigint NOT NULL, made timestamptz NOT NULL, label text, "
      "amount "
      "integer NOT NULL, payload text) WITH (fillfactor = {}, autovacuum_enabled = off)",
      options.key == Key::random ? "uuid" : "bigint", options.fillfactor));
  if (options.key != Key::none) session.exec("ALTER TABLE items ADD PRIMARY KEY (id)");
  const std::string index = "CREATE INDEX items_amount ON items (amount)";
  if (options.index == SecondIndex::grown) session.exec(index);
  session.exec(fmt::format(
      "INSERT INTO items SELECT {}, n, '2024-01-01'::timestamptz + n * interval '1 second', "
      "'{}' || pg_catalog.lpad((n % 1000000)::text, 6, '0'), (hashint8(n)::bigint + 2147483648) % "
      "{}, repeat(md5(n::text), 4) FROM "
      "generate_series(1, {}) AS n",
      key_of(options.key), options.long_value ? "a label that widens its row, of item " : "item ",
      options.rows, options.rows));
  if (options.index == SecondIndex::built) session.exec(index);
}

}  // namespace

// WAL: a server that has run for a while writes into segments that it has used before; a fresh one
// would fill new ones with zeros first, the more of them the more rows there are.
runtime::ServerOptions server_options(bool durable, const std::string& shared_buffers) {
  runtime::ServerOptions options;
  options.durable = durable;
  options.settings = {
      {"shared_buffers", shared_buffers}, {"max_wal_size", "16GB"}, {"checkpoint_timeout", "1h"},
      {"wal_init_zero", "off"},           {"autovacuum", "off"},    {"max_connections", "50"}};
  return options;
}

BenchTable::BenchTable(runtime::ThrowawayServer& server, const TableOptions& options)
    : server_(server), options_(options) {
  static std::atomic<int> number = 0;
  template_ = fmt::format("bench_{}", number++);
  const std::string conninfo = server_.create_database(template_);
  {
    const auto session = runtime::connect(conninfo, "bench");
    load(*session, options_);
    plan_ = plan_of(*session);
  }
  const auto reporter = runtime::make_silent_reporter();
  for (const planner::Phase phase : {planner::Phase::expand, planner::Phase::dual_write}) {
    runtime::ApplyOptions apply;
    apply.phase = phase;
    runtime::apply(
        plan_, apply, [&] { return runtime::connect(conninfo, "segue"); }, runtime::real_clock(),
        *reporter);
  }
  runtime::connect(conninfo, "bench")->exec("VACUUM ANALYZE items");
}

std::string BenchTable::fresh() {
  const auto session = runtime::connect(server_.conninfo("postgres"), "bench");
  const std::string name = fmt::format("{}_copy", template_);
  session->exec(fmt::format("DROP DATABASE IF EXISTS {}", name));
  const bool copies_files = session->server_version() >= 150000;
  session->exec(fmt::format("CREATE DATABASE {} TEMPLATE {}{}", name, template_,
                            copies_files ? " STRATEGY = file_copy" : ""));
  const std::string conninfo = server_.conninfo(name);
  const auto copy = runtime::connect(conninfo, "bench");
  // A sequential scan of more than a quarter of shared_buffers goes by a few buffers of its own and
  // leaves nothing behind in the others.
  copy->exec("SET enable_seqscan = off");
  copy->exec("SET enable_indexscan = off");
  copy->exec("SET max_parallel_workers_per_gather = 0");
  copy->exec("SELECT count(payload) FROM items WHERE amount IS NOT NULL");
  copy->exec("RESET enable_indexscan");
  copy->exec("SELECT sum(amount) FROM (SELECT amount FROM items ORDER BY amount) AS x");
  copy->exec("SELECT count(*) FROM (SELECT id FROM items ORDER BY id) AS x");
  session->exec("CHECKPOINT");
  return conninfo;
}

const planner::Step& BenchTable::fill_step() const {
  for (const planner::Step& step : plan_.plan.steps) {
    if (std::holds_alternative<planner::BackfillPass>(step.action)) return step;
  }
  throw std::logic_error("the plan has no backfill");
}

Sizes sizes(Session& session) {
  const auto row = session
                       .exec(
                           "SELECT pg_relation_size('items'), pg_indexes_size('items'), "
                           "pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')")
                       .rows.front();
  const auto number = [&](std::size_t i) { return std::stoull(row[i].value_or("0")); };
  return {number(0), number(1), number(2)};
}

double hot_share(Session& session) {
  const auto row = session
                       .exec(
                           "SELECT coalesce(n_tup_hot_upd::float8 / nullif(n_tup_upd, 0), 0) FROM "
                           "pg_stat_user_tables WHERE relname = 'items'")
                       .rows.front();
  return std::stod(row.front().value_or("0"));
}

double cpu_seconds(int server_pid) {
  double ticks = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "stat");
    std::string text;
    if (!std::getline(file, text)) continue;
    // Behind the program's name in brackets: state, parent, …
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::vector<std::string> all(std::istream_iterator<std::string>{fields}, {});
    constexpr std::size_t parent = 1;
    constexpr std::size_t user = 11;  // then system, and both of the children that ended
    if (all.size() <= user + 3) continue;
    const bool first = std::stoi(name) == server_pid;
    if (!first && std::stoi(all[parent]) != server_pid) continue;
    for (std::size_t i = user; i < user + (first ? 4 : 2); ++i) ticks += std::stod(all[i]);
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace segue::bench
