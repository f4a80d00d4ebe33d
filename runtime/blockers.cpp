#include "runtime/blockers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "dsl/sql.hpp"
#include "dsl/utf8.hpp"
#include "runtime/reporter.hpp"

namespace segue::runtime {

namespace {

using planner::LockMode;

constexpr std::size_t shown = 5;
constexpr std::size_t query_bytes = 60;
// The state of a transaction of PREPARE TRANSACTION, which no session has any more.
constexpr std::string_view prepared = "prepared transaction";
constexpr std::string_view hidden = "hidden";

// As pg_locks.mode prints them, in the order of LockMode.
constexpr std::array mode_names{
    "AccessShareLock", "RowShareLock",          "RowExclusiveLock", "ShareUpdateExclusiveLock",
    "ShareLock",       "ShareRowExclusiveLock", "ExclusiveLock",    "AccessExclusiveLock"};

// Bit n: conflicts with LockMode n (lock.c, LockConflicts).
constexpr std::array<unsigned, 8> conflict_bits{0b10000000, 0b11000000, 0b11110000, 0b11111000,
                                                0b11101100, 0b11111100, 0b11111110, 0b11111111};

// A database that was made from this one has tables of the same numbers.
constexpr const char* of_this_database =
    "l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = "
    "pg_catalog.current_database())";

std::string held_locks(const std::vector<planner::LockUse>& locks) {
  std::string pairs;
  for (const planner::LockUse& lock : locks) {
    for (std::size_t held = 0; held < mode_names.size(); ++held) {
      if (!conflicts(lock.mode, static_cast<LockMode>(held))) continue;
      pairs +=
          fmt::format("{}(pg_catalog.to_regclass({})::oid, '{}')", pairs.empty() ? "" : ", ",
                      dsl::sql::quote_literal(planner::quoted(lock.relation)), mode_names[held]);
    }
  }
  return pairs;
}

std::vector<Blocker> blockers_from(const Rows& rows) {
  std::vector<Blocker> blockers;
  for (const auto& row : rows.rows) {
    Blocker& blocker = blockers.emplace_back();
    blocker.pid = std::atoi(row[0].value_or("0").c_str());
    blocker.application = row[1].value_or("");
    blocker.user = row[2].value_or("");
    blocker.state = row[3].value_or("");
    blocker.seconds = std::strtod(row[4].value_or("0").c_str(), nullptr);
    blocker.query = row[5].value_or("");
  }
  return blockers;
}

}  // namespace

bool conflicts(LockMode wanted, LockMode held) {
  return (conflict_bits[static_cast<std::size_t>(wanted)] >> static_cast<unsigned>(held) & 1U) != 0;
}

std::vector<planner::LockUse> with_partitions(Session& session,
                                              std::vector<planner::LockUse> locks) {
  std::string roots;
  for (std::size_t i = 0; i < locks.size(); ++i) {
    if (!planner::stops_writers(locks[i].mode)) continue;
    roots += fmt::format("{}(pg_catalog.to_regclass({})::oid, {})", roots.empty() ? "" : ", ",
                         dsl::sql::quote_literal(planner::quoted(locks[i].relation)), i);
  }
  if (roots.empty()) return locks;
  const Rows below = session.exec(fmt::format(
      R"(WITH RECURSIVE tree(oid, place, depth) AS (SELECT *, 0 FROM (VALUES {}) AS root
 UNION SELECT i.inhrelid, t.place, t.depth + 1 FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid)
SELECT DISTINCT n.nspname, c.relname, t.place FROM tree t JOIN pg_catalog.pg_class c USING (oid)
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE t.depth > 0 ORDER BY 3, 1, 2)",
      roots));
  for (const auto& row : below.rows) {
    const planner::LockMode mode = locks.at(static_cast<std::size_t>(number_in(row[2]))).mode;
    locks.push_back({{row[0].value_or(""), row[1].value_or("")}, mode});
  }
  return locks;
}

// By one moment's ages: a session that holds several locks is one row.
std::vector<Blocker> blockers_of(Session& session, const std::vector<planner::LockUse>& locks) {
  const std::string condition =
      locks.empty() ? "l.relation >= 16384 AND l.mode <> 'AccessShareLock'"
                    : fmt::format("(l.relation, l.mode) IN ({})", held_locks(locks));
  const Rows rows = session.exec(fmt::format(
      R"(SELECT DISTINCT a.pid, coalesce(a.application_name, '') AS app, coalesce(a.usename, ''),
       CASE WHEN a.backend_type = 'client backend' THEN coalesce(a.state, '') ELSE coalesce(a.backend_type, '{3}') END,
       coalesce(extract(epoch FROM pg_catalog.statement_timestamp() - a.xact_start), 0)::double precision AS age,
       pg_catalog.regexp_replace(coalesce(a.query, ''), '\s+', ' ', 'g')
  FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)
 WHERE l.locktype = 'relation' AND l.granted AND {4} AND a.pid <> pg_catalog.pg_backend_pid() AND {0}
UNION
SELECT 0, pg_catalog.quote_literal(x.gid), x.owner, '{1}',
       extract(epoch FROM pg_catalog.statement_timestamp() - x.prepared)::double precision, ''
  FROM pg_catalog.pg_locks l
  JOIN pg_catalog.pg_locks own ON own.pid IS NULL AND own.locktype = 'transactionid' AND own.virtualtransaction = l.virtualtransaction
  JOIN pg_catalog.pg_prepared_xacts x ON x.transaction = own.transactionid
 WHERE l.pid IS NULL AND l.locktype = 'relation' AND l.granted AND x.database = pg_catalog.current_database() AND {0}
 ORDER BY age DESC, 1, app LIMIT {2})",
      condition, prepared, shown, hidden, of_this_database));
  return blockers_from(rows);
}

std::vector<Blocker> long_ones(const std::vector<Blocker>& blockers) {
  std::vector<Blocker> found;
  for (const Blocker& blocker : blockers) {
    if (blocker.seconds >= long_transaction_seconds) found.push_back(blocker);
  }
  return found;
}

std::vector<Blocker> old_transactions(Session& session, const planner::QualifiedName& table,
                                      double seconds) {
  const Rows rows = session.exec(fmt::format(
      R"(SELECT a.pid, coalesce(a.application_name, ''), coalesce(a.usename, ''),
       CASE WHEN a.backend_type = 'client backend' THEN coalesce(a.state, '') ELSE a.backend_type END,
       extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::double precision AS age,
       pg_catalog.regexp_replace(coalesce(a.query, ''), '\s+', ' ', 'g')
  FROM pg_catalog.pg_stat_activity a
 WHERE a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()
   AND a.xact_start < pg_catalog.clock_timestamp() - {0} * interval '1 second'
   AND a.backend_type <> 'autovacuum worker'
   AND (a.backend_xmin IS NOT NULL OR EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.pid = a.pid
        AND l.granted AND (l.relation, l.mode) IN ({1})))
UNION ALL
SELECT 0, pg_catalog.quote_literal(gid), owner, '{3}',
       extract(epoch FROM pg_catalog.clock_timestamp() - prepared)::double precision, ''
  FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database()
 ORDER BY age DESC, 1 LIMIT {2})",
      seconds, held_locks({{table, LockMode::share}}), shown, prepared));
  return blockers_from(rows);
}

std::vector<Blocker> there_before(std::vector<Blocker> blockers, double seconds) {
  std::vector<Blocker> found;
  std::copy_if(blockers.begin(), blockers.end(), std::back_inserter(found),
               [&](const Blocker& blocker) { return blocker.seconds >= seconds; });
  return found.empty() ? std::move(blockers) : found;
}

bool is_autovacuum(const Blocker& blocker) {
  return blocker.state == "autovacuum worker";
}

bool is_hidden(const Blocker& blocker) {
  return blocker.state == hidden;
}

bool only_displaceable_autovacuum(const std::vector<Blocker>& blockers) {
  for (const Blocker& blocker : blockers) {
    if (!is_autovacuum(blocker) || blocker.query.find("to prevent wraparound") != std::string::npos)
      return false;
  }
  return !blockers.empty();
}

std::vector<Blocker> end_readers(Session& session, const std::vector<planner::LockUse>& locks,
                                 Milliseconds age) {
  if (locks.empty()) return {};
  const Rows rows = session.exec(fmt::format(
      R"(SELECT pid, application_name, usename, state, age, query FROM (
SELECT DISTINCT a.pid, coalesce(a.application_name, '') AS application_name, coalesce(a.usename, '') AS usename,
       coalesce(a.state, '') AS state,
       extract(epoch FROM pg_catalog.statement_timestamp() - a.xact_start)::double precision AS age,
       pg_catalog.regexp_replace(coalesce(a.query, ''), '\s+', ' ', 'g') AS query
  FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)
 WHERE l.locktype = 'relation' AND l.granted AND {} AND a.pid <> pg_catalog.pg_backend_pid()
   AND a.backend_type = 'client backend' AND a.backend_xid IS NULL
   AND a.xact_start < pg_catalog.clock_timestamp() - {} * interval '1 millisecond'
   AND (l.relation, l.mode) IN ({})) b
 WHERE pg_catalog.pg_terminate_backend(pid) ORDER BY age DESC, pid)",
      of_this_database, age.count(), held_locks(locks)));
  return blockers_from(rows);
}

std::string describe(const std::vector<Blocker>& blockers) {
  std::string text;
  for (const Blocker& blocker : blockers) {
    if (blocker.state == prepared) {
      text += fmt::format("{}{} {} (of {}, for {}: COMMIT PREPARED or ROLLBACK PREPARED ends it)",
                          text.empty() ? "" : "; ", prepared, blocker.application, blocker.user,
                          duration_text(blocker.seconds));
      continue;
    }
    std::string query(dsl::clip(blocker.query, query_bytes));
    if (query.size() < blocker.query.size()) query += " …";
    std::string who;
    if (!blocker.application.empty()) {
      who = "app " + blocker.application + ", ";
    } else if (!blocker.user.empty()) {
      who = "user " + blocker.user + ", ";
    }
    text += fmt::format("{}pid {} ({}{} for {}{}{})", text.empty() ? "" : "; ", blocker.pid, who,
                        blocker.state, duration_text(blocker.seconds), query.empty() ? "" : ": ",
                        query);
  }
  return text;
}

}  // namespace segue::runtime
