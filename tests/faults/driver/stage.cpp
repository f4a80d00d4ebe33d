#include "driver/stage.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <cctype>
#include <chrono>
#include <stdexcept>
#include <thread>

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

// A session that got no further holds nothing. Where a line breaks and the server is not told,
// nobody is there to end it; a pooler keeps such a one for the next client.
constexpr const char* first_request = "SELECT pg_catalog.pg_backend_pid(), coalesce((";

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

std::string without_digits(std::string text) {
  std::erase_if(text, [](unsigned char c) { return std::isdigit(c) != 0; });
  return text;
}

// From 1. A backfill sends the same few requests for each batch, hundreds of times; where a step
// ends, it says so to the ledger.
std::vector<int> worth_a_fault(const std::vector<std::string>& texts) {
  constexpr std::size_t longest_batch = 12;
  constexpr int of_those = 13;  // no multiple of a batch's requests
  std::vector<int> numbers;
  int repeated = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    bool repeats = false;
    for (std::size_t length = 3; length <= longest_batch && 2 * length <= i; ++length)
      repeats = repeats || (texts[i] == texts[i - length] && texts[i] == texts[i - 2 * length]);
    const bool ends_step = texts[i].find("segue.step") != std::string::npos ||
                           (i > 0 && texts[i - 1].find("segue.step") != std::string::npos);
    if (!repeats || ends_step || ++repeated % of_those == 0)
      numbers.push_back(static_cast<int>(i) + 1);
  }
  return numbers;
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

void Tally::add(const Tally& other) {
  times += other.times;
  in_flight += other.in_flight;
  by_itself += other.by_itself;
  recovered += other.recovered;
  lost += other.lost;
  hurt += other.hurt;
  leftovers += other.leftovers;
  for (const std::string& sentence : other.complaints) complain(sentence);
}

Tally play(const std::vector<Play>& plays, int jobs) {
  Tally all;
  std::mutex mutex;
  std::size_t next = 0;
  const auto work = [&] {
    std::unique_lock lock(mutex);
    while (next < plays.size()) {
      const Play& one = plays[next++];
      lock.unlock();
      Tally tally;
      try {
        tally = one();
      } catch (const std::exception& error) {
        tally.times = 1;
        tally.complain(fmt::format("could not be played: {}", error.what()));
      }
      lock.lock();
      all.add(tally);
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 1; i < jobs; ++i) threads.emplace_back(work);
  work();
  threads.clear();
  return all;
}

Stage::Stage(const Options& options) : server_(server_options(options)), random_(options.seed) {
  // From 15 on a copy goes through WAL otherwise, which takes twice as long.
  constexpr int strategies_since = 15;
  if (server_.major() >= strategies_since) by_files_ = " STRATEGY file_copy";
  make_states(options.rows, options.last_phase);
}

std::uint64_t Stage::seed() {
  const std::lock_guard lock(mutex_);
  return random_();
}

std::chrono::duration<double> Stage::moment(int phase) {
  const std::lock_guard lock(mutex_);
  return std::chrono::duration<double>(
      std::uniform_real_distribution<double>(0, usual(phase).count())(random_));
}

void Stage::make_states(int rows, int last_phase) {
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
  for (int phase = 1; phase <= last_phase; ++phase) {
    const std::string next = fmt::format("before_{}", phase + 1);
    runtime::connect(server_.conninfo())
        ->exec(fmt::format("CREATE DATABASE {} TEMPLATE before_{}", next, phase));
    std::vector<std::string> texts;
    Relay relay(socket());
    relay.watch([this, phase, &texts](const Request& request) {
      if (request.connection != 1) return Fate::pass;
      texts.push_back(without_digits(request.sql));
      if (request.sql == "COMMIT") ++commits_[phase];
      return Fate::pass;
    });
    const auto start = std::chrono::steady_clock::now();
    run_well(command(relay.conninfo(next), phase));
    requests_[phase] = worth_a_fault(texts);
    usual_[phase] = std::chrono::steady_clock::now() - start;
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
      ->exec(fmt::format("CREATE DATABASE {} TEMPLATE before_{}{}", name, phase, by_files_));
  return name;
}

void Stage::drop(const std::string& database) {
  runtime::connect(server_.conninfo())
      ->exec(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", database));
}

std::vector<std::string> Stage::differences(const std::string& conninfo, int phase) const {
  std::vector<std::string> found = compare(expected_.at(phase), structure_of(conninfo));
  const auto session = runtime::connect(conninfo, "checker");
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

// A process that has ended leaves its session to the server for a moment yet.
std::vector<std::string> Stage::leftovers(const std::string& conninfo, int phase) const {
  constexpr int looks = 20;
  constexpr std::chrono::milliseconds between{100};
  std::vector<std::string> found = left_now(conninfo, phase);
  for (int i = 1; i < looks && !found.empty(); ++i) {
    std::this_thread::sleep_for(between);
    found = left_now(conninfo, phase);
  }
  return found;
}

std::vector<std::string> Stage::left_now(const std::string& conninfo, int phase) const {
  const auto session = runtime::connect(conninfo, "checker");
  std::vector<std::string> found;
  for (const auto& row :
       session
           ->exec(fmt::format(
               R"(SELECT 'invalid index ' || indexrelid::regclass FROM pg_index WHERE NOT indisvalid
UNION ALL SELECT 'unproved constraint ' || conname FROM pg_constraint WHERE NOT convalidated AND {0} >= 3
UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE tgname LIKE 'zz_segue%' AND {0} IN (1, 4)
UNION ALL SELECT 'session: ' || query FROM pg_stat_activity
           WHERE datname = current_database() AND application_name = 'segue'
             AND (state <> 'idle' OR position('{1}' IN query) = 0)
UNION ALL SELECT 'advisory lock of ' || pid FROM pg_locks
           WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL SELECT 'prepared transaction ' || gid FROM pg_prepared_xacts)",
               phase, first_request))
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
          phase, stage.seed())) {}

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

Tally Trial::settle(const Finished& first, bool in_flight) {
  Tally tally;
  tally.times = 1;
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
  return tally;
}

}  // namespace segue::test
