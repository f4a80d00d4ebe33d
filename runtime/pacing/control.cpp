#include "runtime/pacing/control.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "runtime/errors.hpp"
#include "runtime/reporter.hpp"
#include "runtime/runner_connection.hpp"

namespace segue::runtime::pacing {

namespace {

constexpr const char* tables = R"sql(CREATE TABLE IF NOT EXISTS segue.control (
  change   text PRIMARY KEY,
  paused   boolean NOT NULL DEFAULT false,
  speed    integer NOT NULL DEFAULT 0,
  asked_by text NOT NULL DEFAULT session_user,
  asked_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);
CREATE TABLE IF NOT EXISTS segue.pace (
  change  text PRIMARY KEY,
  step    text NOT NULL,
  waits   boolean NOT NULL,
  code    text NOT NULL,
  why     text NOT NULL,
  rows    bigint NOT NULL,            -- of a transaction
  duty    double precision NOT NULL,  -- share of the time that is worked
  workers integer NOT NULL,
  waited  double precision NOT NULL,  -- seconds of this run
  at      timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);
CREATE TABLE IF NOT EXISTS segue.app_wait (
  change text NOT NULL,
  step   text NOT NULL,
  ms     double precision NOT NULL,
  who    text NOT NULL,
  at     timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
  PRIMARY KEY (change, step)
);)sql";

constexpr const char* all_there =
    "SELECT pg_catalog.to_regclass('segue.control') IS NOT NULL AND "
    "pg_catalog.to_regclass('segue.pace') IS NOT NULL AND "
    "pg_catalog.to_regclass('segue.app_wait') IS NOT NULL";

// A row for a run that was killed stays; so old it is nobody's word any more.
constexpr double stale_seconds = 10;

Wish wish_of(const std::vector<Value>& row) {
  return {row[0] == "t", std::atoi(row[1].value_or("0").c_str()), row[2].value_or("")};
}

// Silent where the view of somebody without rights ends.
Rows rows_or_none(Session& session, const char* sql) {
  try {
    return session.exec(sql);
  } catch (const DatabaseError& error) {
    if (error.sqlstate() != sqlstate::insufficient_privilege &&
        error.sqlstate() != sqlstate::undefined_table)
      throw;
    return {};
  }
}

std::string speed_text(int speed) {
  if (speed == 0) return "";
  return fmt::format("{} ({} of {})", speed > 0 ? "faster" : "slower", std::abs(speed), fastest);
}

}  // namespace

void ensure_live_tables(Session& session) {
  try {
    if (session.exec(all_there).scalar() == "t") return;
    session.exec(tables);
  } catch (const DatabaseError& error) {
    if (error.sqlstate() != sqlstate::insufficient_privilege) throw;
    throw Failed(
        "", fmt::format("the ledger's tables for live control cannot be made: {}", error.what()),
        error.sqlstate(),
        "Run this command as the role that made schema segue, or as a member of it.");
  }
}

Wish ask(Session& session, const std::string& change, Ask what) {
  {
    const TransactionScope look(session, "SET LOCAL statement_timeout = 0");
    refuse_standby(session);
  }
  // Whatever the role or the database has set, and nothing that outlives it: a pooler may be there.
  TransactionScope transaction(session,
                               "SET TRANSACTION READ WRITE; SET LOCAL statement_timeout = 0");
  const bool known =
      session.exec("SELECT pg_catalog.to_regclass('segue.change') IS NOT NULL").scalar() == "t" &&
      !session.exec("SELECT FROM segue.change WHERE name = $1", {change}).empty();
  if (!known) {
    throw Refused({{"not-applied",
                    fmt::format("this database has never met {}: there is no run to steer", change),
                    "Look whether --db names the right database."}});
  }
  ensure_live_tables(session);
  const Rows rows = session.exec(
      "INSERT INTO segue.control AS c (change, paused, speed) VALUES ($1, $2 = 'pause', "
      "$3::integer) ON CONFLICT (change) DO UPDATE SET paused = CASE $2 WHEN 'pause' THEN true "
      "WHEN 'resume' THEN false ELSE c.paused END, speed = greatest(least(c.speed + $3::integer, "
      "$4::integer), $5::integer), asked_by = session_user, asked_at = "
      "pg_catalog.clock_timestamp() RETURNING paused, speed, asked_by",
      {change,
       what == Ask::pause    ? "pause"
       : what == Ask::resume ? "resume"
                             : "speed",
       what == Ask::faster   ? "1"
       : what == Ask::slower ? "-1"
                             : "0",
       std::to_string(fastest), std::to_string(slowest)});
  transaction.commit();
  return wish_of(rows.rows.at(0));
}

void forget_wish(Session& session, const std::string& change) {
  if (session.exec("SELECT pg_catalog.to_regclass('segue.control') IS NOT NULL").scalar() == "t")
    session.exec("DELETE FROM segue.control WHERE change = $1", {change});
}

Wish read_wish(Session& session, const std::string& change) {
  const Rows rows =
      session.exec("SELECT paused, speed, asked_by FROM segue.control WHERE change = $1", {change});
  return rows.empty() ? Wish{} : wish_of(rows.rows.front());
}

void tell_pace(Session& session, const LivePace& live) {
  session.exec(
      "INSERT INTO segue.pace (change, step, waits, code, why, rows, duty, workers, waited) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (change) DO UPDATE SET step = "
      "excluded.step, waits = excluded.waits, code = excluded.code, why = excluded.why, rows = "
      "excluded.rows, duty = excluded.duty, workers = excluded.workers, waited = excluded.waited, "
      "at = excluded.at",
      {live.change, live.step, live.pace.waits ? "t" : "f", live.pace.code, live.pace.why,
       std::to_string(live.pace.rows), fmt::format("{:.3f}", live.pace.duty),
       std::to_string(live.pace.workers), fmt::format("{:.3f}", live.waited)});
}

void forget_pace(Session& session, const std::string& change) {
  session.exec("DELETE FROM segue.pace WHERE change = $1", {change});
}

void record_wait(Session& session, const AppWait& wait) {
  session.exec(
      "INSERT INTO segue.app_wait AS w (change, step, ms, who) VALUES ($1, $2, $3, $4) ON "
      "CONFLICT (change, step) DO UPDATE SET ms = excluded.ms, who = excluded.who, at = "
      "excluded.at WHERE excluded.ms > w.ms",
      {wait.change, wait.step, fmt::format("{:.3f}", wait.ms), wait.who});
}

LiveState read_live(Session& session) {
  LiveState live;
  for (const auto& row :
       rows_or_none(session,
                    "SELECT change, step, waits, code, why, rows, duty, workers, waited, "
                    "extract(epoch FROM pg_catalog.clock_timestamp() - at) FROM segue.pace "
                    "ORDER BY change")
           .rows) {
    LivePace& pace = live.paces.emplace_back();
    pace.change = row[0].value_or("");
    pace.step = row[1].value_or("");
    pace.pace.waits = row[2] == "t";
    pace.pace.code = row[3].value_or("");
    pace.pace.why = row[4].value_or("");
    pace.pace.rows = static_cast<std::uint32_t>(number_in(row[5]));
    pace.pace.duty = number_in(row[6]);
    pace.pace.workers = static_cast<std::uint32_t>(number_in(row[7]));
    pace.waited = number_in(row[8]);
    pace.age = number_in(row[9]);
  }
  for (const auto& row :
       rows_or_none(session,
                    "SELECT paused, speed, asked_by, change FROM segue.control WHERE paused OR "
                    "speed <> 0 ORDER BY change")
           .rows) {
    live.wishes.emplace_back(row[3].value_or(""), wish_of(row));
  }
  for (const auto& row :
       rows_or_none(session,
                    "SELECT change, step, ms, who FROM segue.app_wait ORDER BY change, "
                    "pg_catalog.string_to_array(pg_catalog.split_part(step, ' ', 1), "
                    "'.')::integer[], step")
           .rows) {
    live.waits.push_back(
        {row[0].value_or(""), row[1].value_or(""), number_in(row[2]), row[3].value_or("")});
  }
  return live;
}

std::string live_text(const LiveState& live) {
  std::string text;
  for (const LivePace& pace : live.paces) {
    if (pace.age > stale_seconds) {
      text += fmt::format("{} {}: its run has not been heard of for {}\n", pace.change, pace.step,
                          duration_text(pace.age));
    } else if (pace.pace.waits) {
      text += fmt::format("{} {} waits: {}\n", pace.change, pace.step, pace.pace.why);
    } else {
      text += fmt::format(
          "{} {} works: {} rows at a time, {:.0f} % of the time, {} ({})\n", pace.change, pace.step,
          count_text(pace.pace.rows), pace.pace.duty * 100,
          pace.pace.workers == 1 ? "1 worker" : fmt::format("{} workers", pace.pace.workers),
          pace.pace.why);
    }
  }
  for (const auto& [change, wish] : live.wishes) {
    const std::string speed = speed_text(wish.speed);
    text += fmt::format("{}: {}{}{}, asked for by {}\n", change, wish.paused ? "paused" : "",
                        wish.paused && !speed.empty() ? ", " : "", speed, wish.asked_by);
  }
  for (const AppWait& wait : live.waits) {
    text += fmt::format("{} {}: an app waited {} behind it ({})\n", wait.change, wait.step,
                        duration_text(wait.ms / 1000), wait.who);
  }
  return text;
}

}  // namespace segue::runtime::pacing
