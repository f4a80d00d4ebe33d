#include "runtime/runner_connection.hpp"

#include <fmt/format.h>

#include "runtime/errors.hpp"

namespace segue::runtime {

namespace {

constexpr int oldest_server = 130000;
constexpr const char* oldest_server_name = "13";

// Names that a server does not know are passed over: idle_session_timeout is from 14,
// transaction_timeout from 17. A server that is never told that our machine is gone would keep our
// lock for the two hours of a system's own keepalive; these give it half a minute.
constexpr const char* own_settings = R"(SELECT pg_catalog.set_config(s.name, v.value, false)
  FROM (VALUES ('statement_timeout', '0'), ('lock_timeout', '0'),
               ('idle_in_transaction_session_timeout', '0'), ('idle_session_timeout', '0'),
               ('transaction_timeout', '0'), ('default_transaction_isolation', 'read committed'),
               ('default_transaction_read_only', 'off'), ('default_transaction_deferrable', 'off'),
               ('row_security', 'off'), ('client_min_messages', 'notice'),
               ('standard_conforming_strings', 'on'),
               ('tcp_keepalives_idle', '10'), ('tcp_keepalives_interval', '5'),
               ('tcp_keepalives_count', '3'), ('tcp_user_timeout', '30000')) v(name, value)
  JOIN pg_catalog.pg_settings s ON s.name = v.name)";

// A path that lists pg_catalog behind another schema lets that one's operators come before
// PostgreSQL's own; one that does not list it has it first. Nothing here goes by the path itself.
constexpr const char* builtins_first = R"(SELECT pg_catalog.set_config('search_path', coalesce(
  (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(s), ', ' ORDER BY n)
     FROM pg_catalog.unnest(pg_catalog.array_remove(pg_catalog.current_schemas(false), 'pg_catalog'))
          WITH ORDINALITY AS u(s, n)), ''), false)
  WHERE pg_catalog.array_position(pg_catalog.current_schemas(false), 'pg_catalog') IS NOT NULL)";

// From 14 on, and not on every platform: without it a killed runner's statement runs to its end.
constexpr const char* notice_a_killed_runner = "SET client_connection_check_interval = '500ms'";

constexpr const char* held_here = R"(SELECT pg_catalog.pg_backend_pid(), EXISTS (
  SELECT FROM pg_catalog.pg_locks
   WHERE locktype = 'advisory' AND granted AND pid = pg_catalog.pg_backend_pid()
     AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
     AND classid::bigint << 32 | objid::bigint = {} AND objsubid = 1))";

constexpr const char* holder = R"(SELECT a.pid, a.application_name, a.usename,
       coalesce(pg_catalog.host(a.client_addr), 'this machine'),
       pg_catalog.date_trunc('second', pg_catalog.clock_timestamp() - a.backend_start)
  FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)
 WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
   AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
   AND l.classid::bigint << 32 | l.objid::bigint = {})";

[[noreturn]] void refuse_pooler() {
  throw Refused({{"pooler",
                  "the connection goes through a pooler, which may give each transaction another "
                  "server process: "
                  "the lock that keeps a second runner out would not hold",
                  "Connect to PostgreSQL itself (often port 5432 instead of 6432)."}});
}

// The first of all requests: a line that breaks behind it leaves no session that nobody could end.
// A time-out that the role has does not end it, and through a pooler it leaves nothing behind. A
// role that was SET may not see its own session.
constexpr const char* own_process = R"(SET LOCAL statement_timeout = 0;
SELECT pg_catalog.pg_backend_pid(), coalesce((SELECT a.backend_start::text
  FROM pg_catalog.pg_stat_activity a WHERE a.pid = pg_catalog.pg_backend_pid()), ''))";

// Throws Refused: a server that is too old, or a pooler. A pooler hands out a key of its own. In
// session mode it would do, but from here that looks the same as transaction mode, where one
// advisory lock was had by two clients.
ServerProcess identify(Session& session) {
  if (session.server_version() < oldest_server) {
    throw Refused({{"server-version",
                    fmt::format("the server is PostgreSQL {}; segue needs {} or later",
                                session.server_version() / 10000, oldest_server_name),
                    ""}});
  }
  const Rows rows = session.exec(own_process);
  const auto& row = rows.rows.at(0);
  ServerProcess own{row.at(0).value_or(""), row.at(1).value_or("")};
  if (own.pid != std::to_string(session.backend_pid())) refuse_pooler();
  return own;
}

void take_own_settings(Session& session) {
  session.exec("SET statement_timeout = 0");  // before one of the role ends what follows
  session.exec(builtins_first);
  session.exec(own_settings);
  try {
    session.exec(notice_a_killed_runner);
  } catch (const DatabaseError& error) {
    if (error.connection_lost()) throw;
  }
}

[[noreturn]] void refuse_second_runner(Session& session) {
  const Rows rows = session.exec(fmt::format(holder, runner_lock_key));
  std::string who = "somebody who has just left";
  if (!rows.empty()) {
    const auto& row = rows.rows.front();
    who = fmt::format("process {} ({}, user {}, from {}, connected for {})", row[0].value_or("?"),
                      row[1].value_or(""), row[2].value_or("?"), row[3].value_or("?"),
                      row[4].value_or("?"));
  }
  throw Refused(
      {{"second-runner", fmt::format("another run of segue is at work in this database: {}", who),
        "Wait for it to end, or end it, and run this command again."}});
}

}  // namespace

void refuse_standby(Session& session) {
  const Rows rows = session.exec("SELECT pg_catalog.pg_is_in_recovery()");
  if (rows.empty() || rows.scalar() != "t") return;
  throw Refused(
      {{"in-recovery", "the server is in recovery: it is a standby, where nothing can be changed",
        "Connect to the primary; among several hosts of one connection string "
        "target_session_attrs=read-write finds it."}});
}

void prepare_session(Session& session) {
  identify(session);
  take_own_settings(session);
}

void take_runner_lock(Session& session, Clock& clock, Milliseconds patience) {
  constexpr Milliseconds poll{100};
  const auto start = clock.now();
  while (true) {
    const Rows rows =
        session.exec(fmt::format("SELECT pg_catalog.pg_try_advisory_lock({})", runner_lock_key));
    if (rows.scalar() == "t") return;
    if (clock.now() - start >= patience) refuse_second_runner(session);
    clock.sleep(poll);
  }
}

RunnerConnection::RunnerConnection(Connector connector, Clock& clock)
    : connector_(std::move(connector)), clock_(clock) {
  try {
    begin(runner_lock_patience);
  } catch (const DatabaseError& error) {
    // A server that was never there is told at once. One that was may hold a session of ours, which
    // only we can name.
    if (!error.connection_lost() || processes_.empty()) throw;
    reconnect();
  }
}

void RunnerConnection::begin(Milliseconds patience) {
  session_ = connector_();
  processes_.push_back(identify(*session_));
  backend_pid_ = session_->backend_pid();
  take_own_settings(*session_);
  end_lost_processes();
  refuse_standby(*session_);
  take_runner_lock(*session_, clock_, patience);
}

void RunnerConnection::end_lost_processes() {
  while (processes_.size() > 1) {
    const ServerProcess& lost = processes_.front();
    if (!lost.since.empty()) {
      session_->exec(fmt::format(
          "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE pid "
          "= {} AND backend_start = '{}'::timestamptz",
          lost.pid, lost.since));
    }
    processes_.erase(processes_.begin());
  }
}

Session& RunnerConnection::checked() {
  const Rows rows = session_->exec(fmt::format(held_here, runner_lock_key));
  const auto& row = rows.rows.at(0);
  if (row.at(0) != processes_.back().pid) refuse_pooler();
  if (row.at(1) != "t") {
    throw Refused(
        {{"lock-lost", "the lock that keeps a second runner out is gone from this session",
          "Somebody released it (pg_advisory_unlock_all, DISCARD ALL): run this command "
          "again."}});
  }
  checked_at_ = clock_.now();
  return *session_;
}

Session& RunnerConnection::checked_lately() {
  constexpr std::chrono::seconds late{1};
  return clock_.now() - checked_at_ > late ? checked() : *session_;
}

void RunnerConnection::reconnect() {
  session_.reset();
  Backoff::Limits limits;
  limits.budget = reconnect_patience;
  Backoff backoff(limits, clock_);
  while (true) {
    try {
      begin(reconnect_patience);
      return;
    } catch (const DatabaseError& error) {
      if (!error.connection_lost() || backoff.exhausted()) throw;
    }
    backoff.pause();
  }
}

std::unique_ptr<Session> RunnerConnection::another() const {
  std::unique_ptr<Session> session = connector_();
  prepare_session(*session);
  return session;
}

std::unique_ptr<Session> RunnerConnection::another_beside() {
  try {
    return another();
  } catch (const DatabaseError& error) {
    checked();
    throw DatabaseError(fmt::format("the server gives no further session: {}", error.what()),
                        error.sqlstate(), false);
  }
}

}  // namespace segue::runtime
