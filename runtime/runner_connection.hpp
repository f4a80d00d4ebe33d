// The runner's own connection: set up the way every step relies on, with the one-runner lock on it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/clock.hpp"
#include "runtime/session.hpp"

namespace segue::runtime {

using Connector = std::function<std::unique_ptr<Session>()>;

// One runner at a time per database: a session-level advisory lock under this key ("segue" in
// ASCII).
inline constexpr long long runner_lock_key = 0x7365677565LL;

// Settings that a role or a database may have made otherwise and a step must not inherit: no
// time-outs but our own, read committed, writable; and a server process that notices a killed
// runner within half a second instead of finishing its statement. Refuses (Refused) a pooler that
// gives each transaction another backend, and a server below PostgreSQL 13. Where the line is TCP,
// a runner whose machine is gone is noticed within half a minute.
void prepare_session(Session& session);

// Throws Refused on a standby.
void refuse_standby(Session& session);

// Takes the runner lock or throws Refused, naming who holds it. A runner that was killed lets go of
// it as soon as its server process notices, so the lock is waited for a little.
inline constexpr Milliseconds runner_lock_patience{3000};
void take_runner_lock(Session& session, Clock& clock, Milliseconds patience = runner_lock_patience);

// One of the server's processes. A number comes again, a number and a moment do not.
struct ServerProcess {
  std::string pid;
  std::string since;  // backend_start; empty: not known
};

// Connected, prepared and locked for as long as it lives; connects again when told to.
class RunnerConnection {
 public:
  // Throws DatabaseError, Refused. A line that breaks once the server has answered is a loss like
  // any later one.
  RunnerConnection(Connector connector, Clock& clock);

  // The session, after asking it whether it is still the same server process with the lock: a
  // pooler may have changed it. To be called before each transaction. Throws DatabaseError with
  // connection_lost, or Refused.
  Session& checked();
  // The same, where many short transactions follow one another: asks once a second. What a runner
  // that has lost its lock does until then is no more than two that fill rows at a time.
  Session& checked_lately();
  // Without the question: for statements inside a transaction that was checked.
  Session& session() { return *session_; }

  // After a loss: a new session with a new lock, within `patience`. Getting the lock also means
  // that the old server process is gone, so what it was doing is decided. Throws the last error.
  static constexpr Milliseconds reconnect_patience{60000};  // a restart of a server takes seconds
  void reconnect();

  // Another session of the same kind, without the lock: for workers. From any thread.
  std::unique_ptr<Session> another() const;
  // The same, for the thread that has the run's own session: where that one is well, a server that
  // gives no other is no lost connection, and connecting again would not help.
  std::unique_ptr<Session> another_beside();
  // The server process of the run's own session; from any thread.
  int backend_pid() const { return backend_pid_; }
  Clock& clock() const { return clock_; }

 private:
  void begin(Milliseconds patience);
  // A line that broke on the way leaves the server with a session that waits for us, and holds our
  // lock.
  void end_lost_processes();

  Connector connector_;
  Clock& clock_;
  std::unique_ptr<Session> session_;
  std::chrono::steady_clock::time_point checked_at_;
  std::atomic<int> backend_pid_ = 0;
  std::vector<ServerProcess> processes_;  // the last is the session's, those before were lost
};

}  // namespace segue::runtime
