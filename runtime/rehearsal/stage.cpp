#include "runtime/rehearsal/stage.hpp"

#include <fmt/format.h>

#include "dsl/sql.hpp"
#include "runtime/introspect.hpp"
#include "runtime/rehearsal/database_state.hpp"
#include "runtime/rehearsal/rows.hpp"
#include "runtime/reporter.hpp"

namespace segue::runtime::rehearsal {

namespace {

using dsl::sql::quote_identifier;

ServerOptions server_options(const StageOptions& options) {
  ServerOptions server;
  server.major = options.major;
  server.durable = options.durable;
  // Templates are copied block by block and vacuum comes at no moment of its own choosing.
  server.settings = {{"autovacuum", "off"}, {"max_connections", "60"}};
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

}  // namespace

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
    : plan_(plan), server_(server_options(options)) {
  const auto admin = connect(server_.conninfo());
  admin->exec("CREATE DATABASE fresh");
  fill(options);
  admin->exec("CREATE DATABASE plain TEMPLATE fresh");
  try {
    run_plain(*connect(server_.conninfo("plain")));
  } catch (const DatabaseError& error) {
    leave_out_what_does_not_fit();
    admin->exec("DROP DATABASE plain");
    admin->exec("CREATE DATABASE plain TEMPLATE fresh");
    try {
      run_plain(*connect(server_.conninfo("plain")));
    } catch (const DatabaseError& again) {
      throw std::runtime_error(fmt::format(
          "plain DDL that means the same cannot be run on these rows: {}", again.what()));
    }
  }
  planner::Catalog before = read_catalog(*connect(server_.conninfo("fresh")));
  planner::Catalog after = read_catalog(*connect(server_.conninfo("plain")));
  shapes_ = shapes_of(plan_, std::move(before), std::move(after));
  find_undone();
}

void Stage::find_undone() {
  const Database scratch = fresh();
  const auto session = scratch.open();
  for (const std::string& statement : plan_.meaning.plain) {
    if (statement.starts_with("ALTER TYPE") && statement.find(" ADD VALUE ") != std::string::npos)
      session->exec(statement);
  }
  undone_ = read_structure(*session);
}

void Stage::fill(const StageOptions& options) {
  const auto session = connect(server_.conninfo("fresh"));
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
}

void Stage::run_plain(Session& session) const {
  for (const std::string& statement : plan_.meaning.plain) session.exec(statement);
}

// Made-up rows may be such as the change itself refuses: duplicates under a new unique key, values
// that do not convert. The plan would stop at them, as it should; here they would be in the way.
void Stage::leave_out_what_does_not_fit() {
  const auto admin = connect(server_.conninfo());
  admin->exec("CREATE DATABASE empty_plain TEMPLATE fresh");
  const Database scratch(server_, "empty_plain");
  const auto after = scratch.open();
  planner::Catalog before_catalog;
  {
    const auto fresh = connect(server_.conninfo("fresh"));
    before_catalog = read_catalog(*fresh);
  }
  after->exec("SET session_replication_role = replica");
  for (const TableShape& shape : shapes_of(plan_, before_catalog, before_catalog).tables)
    after->exec(fmt::format("DELETE FROM {}", shape.name()));
  after->exec("SET session_replication_role = origin");
  run_plain(*after);
  const Shapes shapes = shapes_of(plan_, before_catalog, read_catalog(*after));
  Oracle oracle(shapes, connect(server_.conninfo("fresh")), scratch.open(),
                std::make_shared<Candidates>());
  for (const auto& [table, left_out] : oracle.admit_rows()) {
    const std::string name = shapes.tables[table].name();
    rows_[name] -= std::min(rows_[name], left_out);
    notes_.push_back(fmt::format("{}: {} made-up row{} that the change itself refuses left out",
                                 name, count_text(left_out), left_out == 1 ? "" : "s"));
  }
}

void Stage::relax(Session& session) const {
  for (const TableShape& shape : shapes_.tables) {
    for (const std::string& column : shape.left_out_by_new())
      session.exec(fmt::format("ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL", shape.name(),
                               quote_identifier(column)));
  }
}

Database Stage::copy(const std::string& from) {
  std::string name = fmt::format("run_{}", ++number_);
  connect(server_.conninfo())
      ->exec(fmt::format("CREATE DATABASE {} TEMPLATE {}", quote_identifier(name),
                         quote_identifier(from)));
  return {server_, std::move(name)};
}

}  // namespace segue::runtime::rehearsal
