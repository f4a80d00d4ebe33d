#include "driver/stage.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <stdexcept>

#include "runtime/session.hpp"

namespace segue::test {
namespace {

constexpr const char* schema = R"(
CREATE TABLE users (id bigint PRIMARY KEY, full_name text NOT NULL, note text);
CREATE UNIQUE INDEX users_full_name_idx ON users (full_name);
CREATE INDEX users_note_idx ON users (note);
CREATE TABLE visits (id bigint PRIMARY KEY, user_id bigint, at timestamptz);
)";

constexpr const char* change = R"(change display_name

rename users.full_name -> display_name
add users.phone varchar(20) required
  backfill 'unknown'
index visits(at)
)";

constexpr const char* ledger = R"(
SELECT coalesce(string_agg(line, E'\n' ORDER BY line), '') FROM (
  SELECT pg_catalog.format('step %s of phase %s is %s', step, phase, state) FROM segue.step
  UNION ALL SELECT pg_catalog.format('phase %s is %s', phase, state) FROM segue.phase) l(line))";

runtime::ServerOptions server_options(const Stage::Options& options) {
  runtime::ServerOptions server;
  server.durable = true;
  server.settings = options.settings;
  // Only a crash of the machine tells a server without fsync from one with it.
  if (!options.durable) server.settings["fsync"] = "off";
  return server;
}

DatabaseState structure_of(const std::string& conninfo) {
  DatabaseState state;
  state.catalog = runtime::rehearsal::read_structure(*runtime::connect(conninfo));
  return state;
}

Finished run_well(const std::vector<std::string>& command,
                  const std::filesystem::path& place = {}) {
  Finished finished = run(command, place);
  if (finished.exit_code != 0) throw std::runtime_error(finished.both());
  return finished;
}

}  // namespace

void Tally::complain(const std::string& sentence) {
  constexpr std::size_t enough = 10;
  if (complaints.size() < enough) complaints.push_back(sentence);
}

Stage::Stage(const Options& options) : server_(server_options(options)), random_(options.seed) {
  make_states(options.rows);
}

void Stage::make_states(int rows) {
  write_text(directory_.path() / "schema.sql", schema);
  write_text(directory_.path() / "display_name.segue", change);
  run_well({SEGUE_BINARY, "plan", "display_name.segue", "--schema", "schema.sql", "--out", "plan"},
           directory_.path());
  auto session = runtime::connect(server_.create_database("before_1"));
  session->exec(schema);
  session->exec(fmt::format(
      "INSERT INTO users SELECT g, 'name ' || g, 'note ' || g % 100 FROM generate_series(1, {}) g; "
      "INSERT INTO visits SELECT g, g, '2030-01-01' FROM generate_series(1, 1000) g",
      rows));
  session->exec("VACUUM ANALYZE");
  session.reset();
  for (int phase = 1; phase <= 4; ++phase) {
    const std::string next = fmt::format("before_{}", phase + 1);
    runtime::connect(server_.conninfo())
        ->exec(fmt::format("CREATE DATABASE {} TEMPLATE before_{}", next, phase));
    Relay relay(socket());
    const auto start = std::chrono::steady_clock::now();
    run_well(command(relay.conninfo(next), phase));
    usual_[phase] = std::chrono::steady_clock::now() - start;
    requests_[phase] = static_cast<int>(relay.requests());
    expected_[phase] = structure_of(server_.conninfo(next));
    expected_ledger_[phase] = runtime::connect(server_.conninfo(next))->exec(ledger).scalar();
  }
}

std::vector<std::string> Stage::command(const std::string& conninfo, int phase) const {
  std::vector<std::string> words{
      SEGUE_BINARY, "apply",  plan(),    "--phase", std::to_string(phase),
      "--db",       conninfo, "--batch", "300"};
  if (phase == 4) words.insert(words.end(), {"--release", "v2", "--skip-soak", "a test"});
  return words;
}

std::string Stage::fresh(int phase) {
  std::string name = fmt::format("trial_{}", ++count_);
  runtime::connect(server_.conninfo())
      ->exec(fmt::format("CREATE DATABASE {} TEMPLATE before_{}", name, phase));
  return name;
}

void Stage::drop(const std::string& database) {
  runtime::connect(server_.conninfo())
      ->exec(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", database));
}

std::vector<std::string> Stage::differences(const std::string& conninfo, int phase) const {
  std::vector<std::string> found = compare(expected_.at(phase), structure_of(conninfo));
  const auto session = runtime::connect(conninfo);
  const std::string told = session->exec(ledger).scalar();
  if (told != expected_ledger_.at(phase)) found.push_back("the ledger says\n" + told);
  const std::string differ =
      phase == 3 ? session
                       ->exec(
                           "SELECT count(*) FROM users WHERE record_image_ne(ROW(full_name), "
                           "ROW(display_name)) OR phone IS NULL")
                       .scalar()
                 : "0";
  if (differ != "0") found.push_back(differ + " rows differ between old and new");
  return found;
}

std::vector<std::string> Stage::leftovers(const std::string& conninfo, int phase) const {
  const auto session = runtime::connect(conninfo);
  std::vector<std::string> found;
  for (const auto& row :
       session
           ->exec(fmt::format(
               R"(SELECT 'invalid index ' || indexrelid::regclass FROM pg_index WHERE NOT indisvalid
UNION ALL SELECT 'unproved constraint ' || conname FROM pg_constraint WHERE NOT convalidated AND {0} >= 3
UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE tgname LIKE 'zz_segue%' AND {0} IN (1, 4)
UNION ALL SELECT 'session: ' || query FROM pg_stat_activity
           WHERE datname = current_database() AND application_name = 'segue'
UNION ALL SELECT 'advisory lock of ' || pid FROM pg_locks
           WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL SELECT 'prepared transaction ' || gid FROM pg_prepared_xacts)",
               phase))
           .rows)
    found.push_back(row[0].value_or(""));
  return found;
}

Trial::Trial(Stage& stage, int phase)
    : stage_(stage),
      phase_(phase),
      database_(stage.fresh(phase)),
      conninfo_(stage.server().conninfo(database_)),
      app_(std::make_unique<App>(
          [this] {
            const std::lock_guard lock(mutex_);
            return conninfo_;
          },
          phase, stage.random()())) {}

Trial::~Trial() {
  app_->stop();
  try {
    stage_.drop(database_);
  } catch (const std::exception&) {
    // A server that is gone has nothing to drop.
  }
}

void Trial::moved_to(const std::string& conninfo) {
  const std::lock_guard lock(mutex_);
  conninfo_ = conninfo;
}

void Trial::settle(const Finished& first, bool in_flight, Tally& tally) {
  ++tally.times;
  if (in_flight) ++tally.in_flight;
  bool well = first.exit_code == 0;
  if (well && in_flight) ++tally.by_itself;
  if (!well) {
    const Finished again = run(command());
    well = again.exit_code == 0;
    if (!well) tally.complain(fmt::format("phase {}: run again: {}", phase_, again.both()));
  }
  app_->stop();
  const auto session = runtime::connect(conninfo_, "checker");
  const auto differences =
      well ? stage_.differences(conninfo_, phase_) : std::vector<std::string>{"not run to its end"};
  for (const auto& sentence : differences)
    tally.complain(fmt::format("phase {}: {}", phase_, sentence));
  if (well && differences.empty()) ++tally.recovered;
  const auto lost = app_->lost(*session, phase_);
  for (const auto& sentence : lost) tally.complain(fmt::format("phase {}: {}", phase_, sentence));
  tally.lost += static_cast<int>(lost.size());
  const auto errors = app_->errors();
  for (const auto& sentence : errors)
    tally.complain(fmt::format("phase {}: the app met: {}", phase_, sentence));
  tally.hurt += static_cast<int>(errors.size());
  const auto left = stage_.leftovers(conninfo_, phase_);
  for (const auto& sentence : left)
    tally.complain(fmt::format("phase {}: left: {}", phase_, sentence));
  tally.leftovers += static_cast<int>(left.size());
}

}  // namespace segue::test
