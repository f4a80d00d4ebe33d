// What a backfill may notice of the pain it causes: one look, as plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace segue::runtime::pacing {

// Somebody who reads our WAL: a standby, a logical subscriber, pg_receivewal.
struct Replica {
  std::string name;
  std::uint64_t behind = 0;  // bytes: lag in seconds stays stale while a replica is paused

  friend bool operator==(const Replica&, const Replica&) = default;
};

struct Slot {
  std::string name;
  bool active = false;
  std::string wal_status;             // "reserved", "extended", "unreserved", "lost"
  std::uint64_t retained = 0;         // bytes of WAL kept for it
  std::optional<std::int64_t> spare;  // bytes until it is lost; none: it is kept without a limit

  friend bool operator==(const Slot&, const Slot&) = default;
};

// What somebody asked for from another terminal.
struct Wish {
  bool paused = false;
  int speed = 0;         // below 0: slower, above: faster
  std::string asked_by;  // "alice"; empty: nobody has asked for anything

  friend bool operator==(const Wish&, const Wish&) = default;
};
inline constexpr int slowest = -3;
inline constexpr int fastest = 3;

struct Signals {
  bool app_at_work = false;
  double batch_ms = 0;       // our batches since the last look, on average; 0: none
  double commit_ms = 0;      // and their COMMIT alone
  bool commit_held = false;  // one of ours waits for a synchronous standby right now
  unsigned waiting_on_us = 0;
  std::string first_waiting_on_us;  // "pid 4711 (app billing)"
  unsigned waiting_elsewhere = 0;   // sessions that wait for locks of others
  double wal_per_second = 0;        // bytes, everybody's
  double wal_comfortable = 0;       // bytes a second that checkpoints keep up with; 0: not known
  std::vector<Replica> replicas;
  std::vector<std::string> replicas_gone;  // were there earlier in this run
  std::vector<Slot> slots;
  bool archive_fails = false;
  std::uint64_t archive_backlog = 0;  // bytes
  bool vacuum_at_work = false;        // on this table
  double dead_share = 0;              // of the table's rows, 0 to 1
  std::string throttle;               // why the user's own query says wait; empty: it does not
  std::vector<std::string> unseen;    // what a missing right hides, with the GRANT that shows it
  Wish wish;
};

}  // namespace segue::runtime::pacing
