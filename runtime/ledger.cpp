#include "runtime/ledger.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "codegen/ledger_sql.hpp"
#include "codegen/plan_json.hpp"
#include "planner/in_flight.hpp"
#include "runtime/errors.hpp"

namespace segue::runtime {

namespace {

using planner::number_of;
using planner::Phase;

constexpr std::array all_object_kinds{
    planner::ObjectKind::column,  planner::ObjectKind::constraint, planner::ObjectKind::index,
    planner::ObjectKind::trigger, planner::ObjectKind::function,   planner::ObjectKind::statistics,
    planner::ObjectKind::view,    planner::ObjectKind::policy,     planner::ObjectKind::table,
    planner::ObjectKind::type};

std::string number(Phase phase) {
  return std::to_string(number_of(phase));
}

Value or_null(const std::string& text) {
  return text.empty() ? Value() : Value(text);
}

PhaseRecord phase_record(const std::vector<Value>& row) {
  PhaseRecord record;
  record.phase = static_cast<Phase>(std::atoi(row[1].value_or("1").c_str()));
  record.state = row[2].value_or("");
  record.started_at = row[3].value_or("");
  record.finished_at = row[4].value_or("");
  record.age = number_in(row[5]);
  record.applied_by = row[6].value_or("");
  record.runner = row[7].value_or("");
  record.app_release = row[8].value_or("");
  record.checksum = row[9].value_or("");
  return record;
}

// Times in UTC and with microseconds, so that they can be given back unchanged.
constexpr const char* read_phases = R"(SELECT change, phase, state,
       pg_catalog.to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
       pg_catalog.to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
       extract(epoch FROM pg_catalog.clock_timestamp() - finished_at),
       applied_by, runner, app_release, checksum
  FROM segue.phase WHERE change = coalesce($1, change) ORDER BY change, phase)";

constexpr const char* read_releases = R"(SELECT change, name,
       pg_catalog.to_char(acknowledged_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
       acknowledged_by, extract(epoch FROM pg_catalog.clock_timestamp() - acknowledged_at)
  FROM segue.release WHERE change = coalesce($1, change) ORDER BY change, acknowledged_at, name)";

std::vector<ChangeRecord> read(Session& session, const Value& only) {
  std::vector<ChangeRecord> records;
  const Rows changes = session.exec(
      "SELECT name, title, digest, fingerprint FROM segue.change WHERE name = coalesce($1, name) "
      "ORDER BY met_at, name",
      {only});
  for (const auto& row : changes.rows) {
    ChangeRecord& record = records.emplace_back();
    record.name = row[0].value_or("");
    record.title = row[1].value_or("");
    record.digest = row[2].value_or("");
    record.fingerprint = row[3].value_or("");
  }
  const auto find = [&](const Value& name) -> ChangeRecord* {
    for (ChangeRecord& record : records) {
      if (record.name == name) return &record;
    }
    return nullptr;
  };
  for (const auto& row : session.exec(read_phases, {only}).rows) {
    if (ChangeRecord* record = find(row[0])) record->phases.push_back(phase_record(row));
  }
  for (const auto& row : session.exec(read_releases, {only}).rows) {
    if (ChangeRecord* record = find(row[0])) {
      record->releases.push_back(
          {row[1].value_or(""), row[2].value_or(""), row[3].value_or(""), number_in(row[4])});
    }
  }
  return records;
}

}  // namespace

const PhaseRecord* ChangeRecord::phase(Phase which) const {
  for (const PhaseRecord& record : phases) {
    if (record.phase == which) return &record;
  }
  return nullptr;
}

bool ChangeRecord::complete(Phase which) const {
  const PhaseRecord* record = phase(which);
  return record != nullptr && record->complete();
}

bool ChangeRecord::in_progress() const {
  for (const PhaseRecord& record : phases) {
    if (record.state != "undone") return true;
  }
  return false;
}

std::optional<Phase> ChangeRecord::next() const {
  for (const Phase candidate : planner::all_phases) {
    if (!complete(candidate)) return candidate;
  }
  return std::nullopt;
}

bool Ledger::exists() {
  return session_.exec("SELECT pg_catalog.to_regclass('segue.ledger_version') IS NOT NULL")
             .scalar() == "t";
}

void Ledger::ensure() {
  try {
    int version = 0;
    if (exists()) {
      version =
          std::atoi(session_.exec("SELECT coalesce(max(version), 0) FROM segue.ledger_version")
                        .scalar()
                        .c_str());
    }
    if (version == codegen::ledger_version) return;
    if (version > codegen::ledger_version) {
      throw Refused({{"ledger-version",
                      fmt::format("a newer segue made this database's ledger (version {}; this one "
                                  "knows {})",
                                  version, codegen::ledger_version),
                      "Use that version of segue."}});
    }
    TransactionScope transaction(session_);
    session_.exec(codegen::ledger_sql());
    transaction.commit();
  } catch (const DatabaseError& error) {
    if (error.sqlstate() != sqlstate::insufficient_privilege) throw;
    const Rows who = session_.exec(
        "SELECT pg_catalog.quote_ident(current_user), "
        "pg_catalog.quote_ident(pg_catalog.current_database())");
    const std::string role = who.rows.at(0).at(0).value_or("?");
    const std::string database = who.rows.at(0).at(1).value_or("?");
    throw Failed(
        "",
        fmt::format("role {} may not make or use the ledger in database {}: {}", role, database,
                    error.what()),
        error.sqlstate(),
        fmt::format("Where schema segue is missing: GRANT CREATE ON DATABASE {} TO {}; where "
                    "another role made it: apply as that role, or as a member of it.",
                    database, role));
  }
}

std::optional<ChangeRecord> Ledger::change(const std::string& name) {
  std::vector<ChangeRecord> records = read(session_, name);
  if (records.empty()) return std::nullopt;
  return std::move(records.front());
}

std::vector<ChangeRecord> Ledger::changes() {
  return read(session_, std::nullopt);
}

std::vector<planner::OwnedObject> Ledger::owned_by_others(const std::string& except) {
  const Rows rows = session_.exec(
      "SELECT o->>'kind', o->>'schema', o->>'table', o->>'name' FROM segue.change c, "
      "pg_catalog.jsonb_array_elements(c.owned) o WHERE c.name <> $1 AND EXISTS (SELECT FROM "
      "segue.phase p "
      "WHERE p.change = c.name AND p.state <> 'undone')",
      {except});
  std::vector<planner::OwnedObject> owned;
  for (const auto& row : rows.rows) {
    for (const planner::ObjectKind kind : all_object_kinds) {
      if (row[0] != name_of(kind)) continue;
      owned.push_back({kind, {row[1].value_or(""), row[2].value_or("")}, row[3].value_or("")});
    }
  }
  return owned;
}

std::vector<planner::InFlight> Ledger::in_flight(const std::string& except) {
  const Rows rows = session_.exec(
      "SELECT c.plan::text, coalesce((SELECT max(p.phase) FROM segue.phase p WHERE p.change = "
      "c.name "
      "AND p.state = 'complete'), 0) FROM segue.change c WHERE c.name <> $1 AND c.plan IS NOT NULL "
      "AND EXISTS (SELECT FROM segue.phase p WHERE p.change = c.name AND p.state <> 'undone') "
      "AND NOT EXISTS (SELECT FROM segue.phase p WHERE p.change = c.name AND p.phase = 4 "
      "AND p.state = 'complete') ORDER BY c.name COLLATE \"C\"",
      {except});
  std::vector<planner::InFlight> changes;
  for (const auto& row : rows.rows) {
    const auto json = nlohmann::ordered_json::parse(row[0].value_or(""), nullptr, false);
    if (json.is_discarded()) continue;
    changes.push_back(planner::in_flight_of(codegen::plan_from_json(json),
                                            std::atoi(row[1].value_or("0").c_str())));
  }
  return changes;
}

std::vector<planner::ColumnUse> Ledger::claimed_beside(const std::string& change) {
  const Rows rows = session_.exec(
      "SELECT c.plan::text FROM segue.change c WHERE c.name <> $1 AND c.plan IS NOT NULL "
      "AND EXISTS (SELECT FROM segue.phase p WHERE p.change = c.name AND p.state <> 'undone') "
      "AND NOT EXISTS (SELECT FROM segue.phase p WHERE p.change = c.name AND p.phase = 4 "
      "AND p.state = 'complete' AND p.finished_at < coalesce((SELECT min(own.started_at) FROM "
      "segue.phase own WHERE own.change = $1 AND own.state <> 'undone'), 'infinity'))",
      {change});
  std::vector<planner::ColumnUse> claimed;
  for (const auto& row : rows.rows) {
    const auto json = nlohmann::ordered_json::parse(row[0].value_or(""), nullptr, false);
    if (json.is_discarded()) continue;
    const auto claims = planner::claims_of(codegen::plan_from_json(json));
    claimed.insert(claimed.end(), claims.begin(), claims.end());
  }
  return claimed;
}

void Ledger::meet(const codegen::ReviewedPlan& plan, const std::string& plan_json) {
  nlohmann::json owned = nlohmann::json::array();
  for (const planner::OwnedObject& object : plan.plan.owned) {
    owned.push_back({{"kind", name_of(object.kind)},
                     {"schema", object.table.schema},
                     {"table", object.table.name},
                     {"name", object.name}});
  }
  session_.exec(
      "INSERT INTO segue.change (name, title, digest, fingerprint, plan, owned) VALUES ($1, $2, "
      "$3, $4, "
      "$5::jsonb, $6::jsonb) ON CONFLICT (name) DO UPDATE SET title = excluded.title, "
      "digest = excluded.digest, fingerprint = excluded.fingerprint, plan = excluded.plan, "
      "owned = excluded.owned WHERE segue.change.digest IS DISTINCT FROM excluded.digest",
      {plan.plan.name, plan.plan.title, plan.digest, plan.fingerprint, or_null(plan_json),
       owned.dump()});
}

void Ledger::begin_phase(const codegen::ReviewedPlan& plan, Phase phase,
                         const std::string& release) {
  const auto checksum = plan.checksums.find(codegen::file_name(phase));
  session_.exec(
      "INSERT INTO segue.phase AS p (change, phase, state, runner, app_release, checksum) "
      "VALUES ($1, $2, 'running', $3, $4, $5) ON CONFLICT (change, phase) DO UPDATE SET "
      "state = CASE WHEN p.state = 'complete' THEN 'complete' ELSE 'running' END, "
      "started_at = CASE WHEN p.state = 'undone' THEN pg_catalog.clock_timestamp() ELSE "
      "p.started_at END, "
      "finished_at = CASE WHEN p.state = 'complete' THEN p.finished_at END, "
      "runner = excluded.runner, applied_by = session_user, "
      "app_release = coalesce(excluded.app_release, p.app_release), checksum = excluded.checksum",
      {plan.plan.name, number(phase), runner_name, or_null(release),
       checksum == plan.checksums.end() ? Value() : Value(checksum->second)});
}

void Ledger::complete_phase(const std::string& change, Phase phase) {
  session_.exec(
      "WITH completed AS (UPDATE segue.phase SET state = 'complete', finished_at = "
      "pg_catalog.clock_timestamp() WHERE change = $1 AND phase = $2 AND state = 'running' "
      "RETURNING 1) "
      "INSERT INTO segue.event (change, phase, what) SELECT $1, $2, 'phase complete' FROM "
      "completed",
      {change, number(phase)});
}

void Ledger::begin_undo(const std::string& change, Phase phase) {
  session_.exec(
      "UPDATE segue.phase SET state = 'undoing', finished_at = NULL WHERE change = $1 AND phase = "
      "$2",
      {change, number(phase)});
}

void Ledger::complete_undo(const std::string& change, Phase phase) {
  session_.exec(
      "WITH undone AS (UPDATE segue.phase SET state = 'undone', finished_at = "
      "pg_catalog.clock_timestamp() WHERE change = $1 AND phase = $2 AND state <> 'undone' "
      "RETURNING 1) "
      "INSERT INTO segue.event (change, phase, what) SELECT $1, $2, 'phase undone' FROM undone",
      {change, number(phase)});
}

bool Ledger::has_done_steps(const std::string& change, Phase phase) {
  return session_
             .exec(
                 "SELECT EXISTS (SELECT FROM segue.step WHERE change = $1 AND phase = $2 AND state "
                 "= 'done')",
                 {change, number(phase)})
             .scalar() == "t";
}

void Ledger::begin_step(const std::string& change, const planner::Step& step) {
  session_.exec(
      "INSERT INTO segue.step AS s (change, step, phase, title, hash, state) VALUES ($1, $2, $3, "
      "$4, $5, "
      "'running') ON CONFLICT (change, step) DO UPDATE SET state = 'running', "
      "attempts = s.attempts + 1, hash = excluded.hash, title = excluded.title, "
      "started_at = CASE WHEN s.state = 'undone' THEN pg_catalog.clock_timestamp() ELSE "
      "s.started_at END, "
      "finished_at = NULL",
      {change, step.id, number(step.phase), step.title, codegen::step_hash(step)});
}

void Ledger::complete_step(const std::string& change, const planner::Step& step,
                           const StepOutcome& outcome) {
  // A step that was found done keeps what is known of the time when it was really done.
  session_.exec(
      "WITH done AS (INSERT INTO segue.step AS s (change, step, phase, title, hash, state, "
      "started_at, finished_at, "
      "attempts, lock_wait_ms, rows) VALUES ($1, $2, $3, $4, $5, 'done', "
      "pg_catalog.clock_timestamp() - "
      "$6::double precision * interval '1 second', pg_catalog.clock_timestamp(), $7, $8, $9) "
      "ON CONFLICT (change, step) DO UPDATE SET state = 'done', hash = excluded.hash, "
      "title = excluded.title, finished_at = excluded.finished_at, started_at = "
      "CASE WHEN s.state = 'running' THEN s.started_at ELSE excluded.started_at END, "
      "attempts = greatest(s.attempts, excluded.attempts), lock_wait_ms = "
      "greatest(s.lock_wait_ms, excluded.lock_wait_ms), rows = coalesce(excluded.rows, s.rows), "
      "applied_by = session_user WHERE NOT ($10::boolean AND s.state = 'done' AND s.hash = "
      "excluded.hash) "
      "RETURNING 1) INSERT INTO segue.event (change, phase, step, what, detail) "
      "SELECT $1, $3::integer, $2, CASE WHEN $10::boolean THEN 'step found done' ELSE 'step done' "
      "END, $4 "
      "FROM done",
      {change, step.id, number(step.phase), step.title, codegen::step_hash(step),
       fmt::format("{:.6f}", outcome.seconds), std::to_string(outcome.attempts),
       fmt::format("{:.3f}", outcome.lock_wait_ms),
       outcome.rows ? Value(std::to_string(*outcome.rows)) : Value(),
       outcome.found_done ? "t" : "f"});
}

void Ledger::undo_step(const std::string& change, const planner::Step& step) {
  session_.exec(
      "WITH undone AS (UPDATE segue.step SET state = 'undone', finished_at = "
      "pg_catalog.clock_timestamp() WHERE change = $1 AND step = $2 AND state <> 'undone' "
      "RETURNING 1), "
      "cursor AS (DELETE FROM segue.cursor WHERE change = $1 AND step = $2) "
      "INSERT INTO segue.event (change, phase, step, what) SELECT $1, $3::integer, $2, 'step "
      "undone' "
      "FROM undone",
      {change, step.id, number(step.phase)});
}

std::set<std::string> Ledger::undone_steps(const std::string& change) {
  std::set<std::string> ids;
  for (const auto& row :
       session_.exec("SELECT step FROM segue.step WHERE change = $1 AND state = 'undone'", {change})
           .rows) {
    ids.insert(row[0].value_or(""));
  }
  return ids;
}

bool Ledger::has_done_step(const std::string& change, const planner::Step& step) {
  return !session_
              .exec("SELECT FROM segue.step WHERE change = $1 AND step = $2 AND state = 'done'",
                    {change, step.id})
              .empty();
}

void Ledger::forget_step(const std::string& change, const std::string& step) {
  session_.exec(
      "WITH cursor AS (DELETE FROM segue.cursor WHERE change = $1 AND step = $2) "
      "DELETE FROM segue.step WHERE change = $1 AND step = $2",
      {change, step});
}

void Ledger::acknowledge(const std::string& change, const std::string& release) {
  session_.exec("SELECT segue.ack($1, $2)", {change, release});
}

void Ledger::add_old_release(const std::string& change, const std::string& pattern) {
  // The comparison finds a pattern that is none, before anything is kept.
  session_.exec(
      "INSERT INTO segue.old_release (change, pattern) SELECT $1, $2 WHERE 'x' LIKE $2 IS NOT NULL "
      "ON CONFLICT DO NOTHING",
      {change, pattern});
}

void Ledger::note(const std::string& change, std::optional<Phase> phase, const std::string& step,
                  const std::string& what, const std::string& detail) {
  session_.exec(
      "INSERT INTO segue.event (change, phase, step, what, detail) VALUES ($1, $2, $3, $4, $5)",
      {change, phase ? Value(number(*phase)) : Value(), or_null(step), what, or_null(detail)});
}

}  // namespace segue::runtime
