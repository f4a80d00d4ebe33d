#include "runtime/rehearsal/stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>

#include "dsl/sql.hpp"
#include "runtime/child_process.hpp"
#include "runtime/introspect.hpp"
#include "runtime/rehearsal/database_state.hpp"
#include "runtime/rehearsal/rows.hpp"
#include "runtime/reporter.hpp"

namespace segue::runtime::rehearsal {

namespace {

using dsl::sql::quote_identifier;

// Some twenty copies of them may lie side by side in memory.
constexpr std::uint64_t few_rows = 5000;

// Stages that share a server do not share names.
std::string new_name(const std::string& what) {
  static std::atomic<int> number{0};
  return fmt::format("{}_{}", what, ++number);
}

ServerOptions server_options(const StageOptions& options) {
  ServerOptions server;
  server.major = options.major;
  server.durable = options.durable;
  // Templates are copied block by block and vacuum comes at no moment of its own choosing.
  server.settings = {{"autovacuum", "off"}, {"max_connections", "60"}};
  server.in_memory = options.rows <= few_rows;
  return server;
}

bool has_rows(Session& session, const planner::Catalog& catalog) {
  for (const planner::Table& table : catalog.tables) {
    if (table.partition_of || table.kind == planner::TableKind::foreign) continue;
    if (!session.exec(fmt::format("SELECT 1 FROM {} LIMIT 1", planner::quoted(table.name))).empty())
      return true;
  }
  return false;
}

std::string delete_orphans(const planner::Table& table, const planner::Constraint& key) {
  std::string on;
  std::string given;
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const std::string column = quote_identifier(key.columns[i]);
    on += fmt::format("{}parent.{} = child.{}", i == 0 ? "" : " AND ",
                      quote_identifier(key.target_columns[i]), column);
    given += fmt::format(" AND child.{} IS NOT NULL", column);
  }
  return fmt::format(
      "DELETE FROM {} AS child WHERE NOT EXISTS (SELECT FROM {} AS parent WHERE {}){}",
      planner::quoted(table.name), planner::quoted(key.target), on, given);
}

// Nobody is at work there, so that its files are those of a server that was stopped at once.
void copy_data(const ThrowawayServer& from, const std::filesystem::path& data) {
  connect(from.conninfo())->exec("CHECKPOINT");
  const std::filesystem::path source = from.directory() / "data";
  if (wait_for(spawn({"/bin/cp", "-a", source.string(), data.string()}, {}, "/dev/null")) != 0)
    throw std::runtime_error(fmt::format("{} cannot be copied", source.string()));
  for (const char* file : {"postmaster.pid", "postmaster.opts"})
    std::filesystem::remove(data / file);
}

}  // namespace

std::string take_back_strays(const Moved& move, Release release) {
  const std::string from = move.source(release);
  const std::string strays =
      fmt::format("NOT EXISTS (SELECT FROM {} WHERE {})", move.target(release), move.on);
  if (move.required) return fmt::format("DELETE FROM {} WHERE {}", from, strays);
  if (release == Release::after) return "";
  const std::string column = quote_identifier(move.old_column);
  return fmt::format("UPDATE {} SET {} = NULL WHERE {}.{} IS NOT NULL AND {}", from, column,
                     quote_identifier(move.later_from.name), column, strays);
}

Database::Database(const ThrowawayServer& server, std::string name)
    : server_(&server), name_(std::move(name)) {}

Database::~Database() {
  if (name_.empty()) return;
  try {
    connect(server_->conninfo())
        ->exec(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", quote_identifier(name_)));
  } catch (const DatabaseError&) {
    return;  // it goes with its server
  }
}

std::unique_ptr<Session> Database::open(const std::string& application) const {
  return connect(conninfo(), application);
}

Stage::Stage(const planner::Plan& plan, const StageOptions& options)
    : plan_(plan), server_(options.server) {
  if (server_ == nullptr) server_ = &own_server_.emplace(server_options(options));
  fresh_.emplace(*server_, new_name("fresh"));
  connect(server_->conninfo())->exec("CREATE DATABASE " + quote_identifier(fresh_->name()));
  fill(options);
  plain_.emplace(fresh());
  try {
    run_plain(*plain_->open());
  } catch (const DatabaseError& error) {
    leave_out_what_does_not_fit();
    plain_.emplace(fresh());
    try {
      run_plain(*plain_->open());
    } catch (const DatabaseError& again) {
      throw std::runtime_error(fmt::format(
          "plain DDL that means the same cannot be run on these rows: {}", again.what()));
    }
  }
  planner::Catalog before = read_catalog(*fresh_->open());
  planner::Catalog after = read_catalog(*plain_->open());
  shapes_ = shapes_of(plan_, std::move(before), std::move(after));
  find_undone();
}

const Database& Stage::model(Release release) {
  const auto known = models_.find(release);
  if (known != models_.end()) return known->second;
  const Database& made =
      models_.emplace(release, release == Release::before ? fresh() : plain()).first->second;
  if (release == Release::before) relax(*made.open());
  return made;
}

void Stage::find_undone() {
  const auto adds_value = [](const std::string& statement) {
    return statement.starts_with("ALTER TYPE") &&
           statement.find(" ADD VALUE ") != std::string::npos;
  };
  if (std::none_of(plan_.meaning.plain.begin(), plan_.meaning.plain.end(), adds_value)) {
    undone_ = comparable(shapes_.before);
    return;
  }
  const Database scratch = fresh();
  const auto session = scratch.open();
  for (const std::string& statement : plan_.meaning.plain) {
    if (adds_value(statement)) session->exec(statement);
  }
  undone_ = read_structure(*session);
}

void Stage::fill(const StageOptions& options) {
  const auto session = fresh_->open();
  options.load(*session);
  session->exec("RESET ALL");
  const planner::Catalog catalog = read_catalog(*session);
  if (has_rows(*session, catalog)) {
    session->exec("ANALYZE");
    for (const planner::Table& table : catalog.tables) {
      if (table.partition_of || table.kind == planner::TableKind::foreign) continue;
      const std::string name = planner::quoted(table.name);
      rows_[name] = std::stoull(session->exec("SELECT count(*) FROM " + name).scalar());
    }
    return;
  }
  RowOptions rows;
  rows.rows = options.rows;
  rows.seed = options.seed;
  rows.like = options.like;
  Filled filled = fill_tables(*session, catalog, rows);
  rows_ = std::move(filled.rows);
  notes_ = std::move(filled.notes);
  // Made-up values find their rows by chance only; where there is none, the plan stops.
  session->exec("SET session_replication_role = replica");
  for (const Moved& move : moves_of(plan_)) {
    const std::uint64_t left_out = session->exec(take_back_strays(move, Release::before)).affected;
    if (left_out > 0)
      notes_.push_back(
          fmt::format("{}.{}: {} made-up value{} left out that would have no row of {}",
                      planner::quoted(move.from), quote_identifier(move.old_column),
                      count_text(left_out), left_out == 1 ? "" : "s", planner::quoted(move.to)));
  }
  session->exec("RESET session_replication_role");
}

void Stage::run_plain(Session& session) const {
  for (const std::string& statement : plan_.meaning.plain) session.exec(statement);
}

// Made-up rows may be such as the change itself refuses: duplicates under a new unique key, values
// that do not convert. The plan would stop at them, as it should; here they would be in the way.
void Stage::leave_out_what_does_not_fit() {
  const Database scratch = fresh();
  const auto after = scratch.open();
  const planner::Catalog before_catalog = read_catalog(*fresh_->open());
  after->exec("SET session_replication_role = replica");
  for (const TableShape& shape : shapes_of(plan_, before_catalog, before_catalog).tables)
    after->exec(fmt::format("DELETE FROM {}", shape.name()));
  after->exec("SET session_replication_role = origin");
  run_plain(*after);
  const Shapes shapes = shapes_of(plan_, before_catalog, read_catalog(*after));
  Oracle oracle(shapes, fresh_->open(), scratch.open(), std::make_shared<Candidates>());
  // Where others hang on a row that goes, they go behind it.
  Session& filled = oracle.session(Release::before);
  filled.exec("SET session_replication_role = replica");
  for (const auto& [table, left_out] : oracle.admit_rows()) {
    const std::string name = shapes.tables[table].name();
    rows_[name] -= std::min(rows_[name], left_out);
    notes_.push_back(fmt::format("{}: {} made-up row{} that the change itself refuses left out",
                                 name, count_text(left_out), left_out == 1 ? "" : "s"));
  }
  constexpr int generations = 4;
  for (int i = 0; i < generations; ++i) {
    for (const planner::Table& table : before_catalog.tables) {
      for (const planner::Constraint& constraint : table.constraints) {
        if (constraint.kind == planner::ConstraintKind::foreign_key && !table.partition_of)
          filled.exec(delete_orphans(table, constraint));
      }
    }
  }
}

void Stage::relax(Session& session) const {
  for (const TableShape& shape : shapes_.tables) {
    for (const std::string& column : shape.left_out_by_new())
      session.exec(fmt::format("ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL", shape.name(),
                               quote_identifier(column)));
  }
}

// Files are copied in a quarter of the time that their blocks take by way of the log, where nothing
// has to reach a disk. Before 15 there is no other way.
Database Stage::copy(const Database& from, ThrowawayServer& server) {
  constexpr int knows_strategies = 150000;
  std::string name = new_name("run");
  const auto session = connect(server.conninfo());
  session->exec(fmt::format(
      "CREATE DATABASE {} TEMPLATE {}{}", quote_identifier(name), quote_identifier(from.name()),
      session->server_version() >= knows_strategies ? " STRATEGY file_copy" : ""));
  return {server, std::move(name)};
}

Database Stage::fresh_on_victim() {
  return copy(*fresh_, victim());
}

ThrowawayServer& Stage::victim() {
  if (victim_) return *victim_;
  ServerOptions options;
  options.major = server_->major();
  options.in_memory = true;
  // What it says is done has to be there after its death, as it is on a server in earnest.
  options.settings = {{"autovacuum", "off"}, {"synchronous_commit", "on"}};
  options.make_data = [this](const std::filesystem::path& data) { copy_data(*server_, data); };
  victim_ = std::make_unique<ThrowawayServer>(options);
  return *victim_;
}

}  // namespace segue::runtime::rehearsal
