#include "runtime/pacing/sampler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "dsl/sql.hpp"
#include "runtime/errors.hpp"
#include "runtime/pacing/control.hpp"
#include "runtime/pacing/pace.hpp"

namespace segue::runtime::pacing {

namespace {

std::uint64_t bytes(const Value& value) {
  const double given = number_in(value);
  return given > 0 ? static_cast<std::uint64_t>(given) : 0;
}

// The run's sessions bear one name, which a connection string may have given them.
// A session is at work that is in the middle of something, or was a moment ago. One whose doings
// are hidden counts as work.
constexpr const char* sessions = R"(SELECT
  pg_catalog.count(*) FILTER (WHERE NOT own AND (state IS NULL OR state <> 'idle' OR state_change > pg_catalog.clock_timestamp() - interval '10 s')) > 0,
  pg_catalog.count(*) FILTER (WHERE NOT own AND state IS NULL AND backend_type IS NULL), pg_catalog.quote_ident(current_user),
  pg_catalog.count(*) FILTER (WHERE own AND wait_event = 'SyncRep') > 0
  FROM (SELECT *, pid = ANY ({}) OR application_name LIKE 'segue%'
               OR application_name = pg_catalog.current_setting('application_name') AND application_name <> '' AS own
          FROM pg_catalog.pg_stat_activity) a
 WHERE datname = pg_catalog.current_database() AND coalesce(backend_type, 'client backend') = 'client backend')";

// pg_locks and pg_blocking_pids hide nothing from anybody. The second stops the lock tables for a
// moment, so it is asked of those alone who wait.
constexpr const char* locks = R"(SELECT w.pid, pg_catalog.pg_blocking_pids(w.pid) && {0},
       coalesce((SELECT application_name FROM pg_catalog.pg_stat_activity a WHERE a.pid = w.pid), '')
  FROM (SELECT DISTINCT pid FROM pg_catalog.pg_locks WHERE NOT granted AND pid <> ALL ({0})) w ORDER BY 1)";

// The server warns of checkpoints that WAL forces sooner than checkpoint_warning: below that rate
// its own timer decides. (pg_settings would take a millisecond of the server, four times a second.)
constexpr const char* wal =
    R"(SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0'),
  pg_catalog.pg_size_bytes(pg_catalog.current_setting('max_wal_size'))
  / greatest(extract(epoch FROM pg_catalog.current_setting('checkpoint_warning')::interval), 30))";

// A base backup reads files, and streams WAL beside that from a second sender, until it ends; the
// helpers of a logical subscription come and go.
constexpr const char* replicas =
    R"(SELECT coalesce(nullif(application_name, ''), 'without a name'),
  pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), coalesce(replay_lsn, flush_lsn, write_lsn)), state IS NULL
  FROM pg_catalog.pg_stat_replication
 WHERE application_name <> 'pg_basebackup' AND application_name !~ '^pg_[0-9]+_sync_'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_replication b
                    WHERE b.state = 'backup' AND b.application_name = pg_stat_replication.application_name) ORDER BY 1, 2)";

constexpr const char* slots = R"(SELECT slot_name, active, coalesce(wal_status, ''),
  pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), restart_lsn), safe_wal_size
  FROM pg_catalog.pg_replication_slots WHERE restart_lsn IS NOT NULL OR wal_status = 'lost' ORDER BY 1)";

// Files are archived in their order: those between the last one and the current one wait.
constexpr const char* archive = R"(SELECT
  last_failed_time IS NOT NULL AND last_failed_time > coalesce(last_archived_time, '-infinity'),
  CASE WHEN last_archived_wal ~ '^[0-9A-F]{24}$' THEN last_archived_wal END,
  pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()),
  pg_catalog.pg_size_bytes(pg_catalog.current_setting('wal_segment_size'))
  FROM pg_catalog.pg_stat_archiver WHERE pg_catalog.current_setting('archive_mode') <> 'off')";

// The statistics begin at nothing after a crash and in a copy of a database; pg_class remembers.
constexpr const char* table = R"(SELECT
  EXISTS (SELECT FROM pg_catalog.pg_stat_progress_vacuum WHERE relid IN ({0})),
  (SELECT CASE WHEN dead > {2} THEN dead / (dead + live) END
     FROM (SELECT pg_catalog.sum(pg_catalog.pg_stat_get_dead_tuples(t)) AS dead, pg_catalog.sum(greatest(pg_catalog.pg_stat_get_live_tuples(t), c.reltuples::bigint)) AS live
             FROM (VALUES {1}) v(t) JOIN pg_catalog.pg_class c ON c.oid = t) counted))";

// 32 bits of a file's name count 4 GB of WAL, the last 32 the segments in them.
double segments(const std::string& file, double size) {
  constexpr double four_gigabytes = 4294967296.0;
  const double high = std::strtod(("0x" + file.substr(8, 8)).c_str(), nullptr);
  const double low = std::strtod(("0x" + file.substr(16, 8)).c_str(), nullptr);
  return high * (four_gigabytes / size) + low;
}

}  // namespace

std::vector<Slot> read_slots(Session& session) {
  std::vector<Slot> found;
  for (const auto& row : session.exec(slots).rows) {
    Slot& slot = found.emplace_back();
    slot.name = row[0].value_or("");
    slot.active = row[1] == "t";
    slot.wal_status = row[2].value_or("");
    slot.retained = bytes(row[3]);
    if (row[4]) slot.spare = std::strtoll(row[4]->c_str(), nullptr, 10);
  }
  return found;
}

std::string PostgresSampler::own_pids() const {
  std::string list;
  for (const int pid : sight_.own) list += fmt::format("{},", pid);
  return fmt::format("ARRAY[{}pg_catalog.pg_backend_pid()]", list);
}

void PostgresSampler::look_at_sessions(Session& session, Signals& signals) const {
  const Rows rows = session.exec(fmt::format(sessions, own_pids()));
  const auto& row = rows.rows.at(0);
  signals.app_at_work = row[0] == "t";
  signals.commit_held = row[3] == "t";
  if (number_in(row[1]) > 0) {
    signals.unseen.push_back(
        fmt::format("what {} other sessions do is hidden: GRANT pg_read_all_stats TO {}",
                    row[1].value_or(""), row[2].value_or("")));
  }
}

void PostgresSampler::look_at_locks(Session& session, Signals& signals) const {
  for (const auto& row : session.exec(fmt::format(locks, own_pids())).rows) {
    if (row[1] != "t") {
      ++signals.waiting_elsewhere;
      continue;
    }
    if (signals.waiting_on_us++ > 0) continue;
    const std::string application = row[2].value_or("");
    signals.first_waiting_on_us =
        fmt::format("pid {}{}", row[0].value_or("?"),
                    application.empty() ? "" : fmt::format(" (app {})", application));
  }
}

void PostgresSampler::look_at_wal(Session& session, Signals& signals) {
  const Rows rows = session.exec(wal);
  const double position = number_in(rows.rows.at(0)[0]);
  signals.wal_comfortable = number_in(rows.rows.at(0)[1]);
  const auto now = clock_.now();
  if (last_wal_) {
    const std::chrono::duration<double> passed = now - last_wal_at_;
    if (passed.count() > 0) signals.wal_per_second = (position - *last_wal_) / passed.count();
  }
  last_wal_ = position;
  last_wal_at_ = now;
}

void PostgresSampler::look_at_replicas(Session& session, Signals& signals) {
  std::map<std::string, unsigned> here;
  bool hidden = false;
  for (const auto& row : session.exec(replicas).rows) {
    const std::string name = row[0].value_or("");
    ++here[name];
    hidden = hidden || row[2] == "t";
    if (row[1]) signals.replicas.push_back({name, bytes(row[1])});
  }
  for (const auto& [name, count] : replicas_seen_) {
    if (here[name] < count) signals.replicas_gone.push_back(name);
  }
  for (const auto& [name, count] : here) {
    replicas_seen_[name] = std::max(replicas_seen_[name], count);
  }
  if (hidden) {
    signals.unseen.push_back(
        fmt::format("how far replicas are behind is hidden: GRANT pg_read_all_stats TO {}",
                    session.exec("SELECT pg_catalog.quote_ident(current_user)").scalar()));
  }
}

void PostgresSampler::look_at_archive(Session& session, Signals& signals) const {
  const Rows rows = session.exec(archive);
  if (rows.empty()) return;
  const auto& row = rows.rows.front();
  signals.archive_fails = row[0] == "t";
  const std::string last = row[1].value_or("");
  const std::string current = row[2].value_or("");
  const double size = number_in(row[3]);
  // Nothing archived yet, or another timeline: nothing can be said.
  if (last.empty() || size <= 0 || last.substr(0, 8) != current.substr(0, 8)) return;
  const double waiting = segments(current, size) - segments(last, size) - 1;
  if (waiting > 0) signals.archive_backlog = static_cast<std::uint64_t>(waiting * size);
}

void PostgresSampler::look_at_table(Session& session, Signals& signals) const {
  if (sight_.leaves.empty()) return;
  std::string oids;
  std::string values;
  for (const planner::QualifiedName& leaf : sight_.leaves) {
    const std::string oid = fmt::format("pg_catalog.to_regclass({})::oid",
                                        dsl::sql::quote_literal(planner::quoted(leaf)));
    oids += (oids.empty() ? "" : ", ") + oid;
    values += fmt::format("{}({})", values.empty() ? "" : ", ", oid);
  }
  const Rows rows = session.exec(fmt::format(table, oids, values, dead_rows_few));
  signals.vacuum_at_work = rows.rows.at(0)[0] == "t";
  signals.dead_share = number_in(rows.rows.at(0)[1]);
}

// Fails closed: what is not a clear "go on" is a reason to wait.
void PostgresSampler::look_at_throttle(Session& session, Signals& signals) const {
  if (sight_.throttle_query.empty()) return;
  try {
    const TransactionScope transaction(session);
    session.exec(fmt::format("SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = '{}ms'",
                             throttle_query_timeout.count()));
    // With parameters the server takes one statement and no more: none can end the transaction and
    // go on.
    const Rows rows = session.exec(sight_.throttle_query, {});
    const Value answer =
        rows.empty() || rows.rows.front().empty() ? Value() : rows.rows.front().front();
    if (!answer) {
      signals.throttle = "the throttle query gives no value";
      return;
    }
    char* end = nullptr;
    const double given = std::strtod(answer->c_str(), &end);
    const bool is_number = !answer->empty() && *end == '\0';
    if (*answer == "f" || (is_number && given <= 0)) return;
    signals.throttle =
        *answer == "t" || is_number
            ? fmt::format("the throttle query says {}", *answer == "t" ? "true" : *answer)
            : fmt::format(
                  "the throttle query gives {}, neither a truth value nor "
                  "a number",
                  *answer);
  } catch (const DatabaseError& error) {
    if (error.connection_lost()) throw;
    signals.throttle = fmt::format("the throttle query fails: {}", error.what());
  }
}

Signals PostgresSampler::look(Session& session) {
  Signals signals;
  look_at_sessions(session, signals);
  look_at_locks(session, signals);
  look_at_wal(session, signals);
  look_at_replicas(session, signals);
  signals.slots = read_slots(session);
  look_at_archive(session, signals);
  look_at_table(session, signals);
  look_at_throttle(session, signals);
  signals.wish = read_wish(session, sight_.change);
  return signals;
}

}  // namespace segue::runtime::pacing
