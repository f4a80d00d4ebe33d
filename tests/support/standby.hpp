// A streaming standby of a throwaway server, behind it by as much as a test asks for.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "runtime/server.hpp"

namespace segue::test {

// Gone with the object, and its replication slot with it. Needs no pg_basebackup: the copy is made
// through the server's own backup functions, so it works on every major from 13 to 18.
class Standby {
 public:
  // Returns when it streams. `name` is its application_name and that of its slot.
  explicit Standby(const runtime::ThrowawayServer& primary, const std::string& name = "standby");
  ~Standby();
  Standby(const Standby&) = delete;
  Standby& operator=(const Standby&) = delete;

  std::string conninfo(const std::string& database = "postgres") const;
  runtime::ThrowawayServer& server() { return server_; }

  // It still receives and flushes; what it shows stands still. Bytes of lag grow with each write.
  void pause_replay() const;
  void resume_replay() const;
  // recovery_min_apply_delay: each commit shows that much later. 0: as it comes.
  void delay(std::chrono::milliseconds lag) const;
  // Bytes that the primary has written and the standby has not replayed, as pg_stat_replication
  // tells it; throws std::runtime_error where the primary knows no such standby.
  std::uint64_t lag_bytes() const;
  // Until it has replayed what the primary has written so far. Throws std::runtime_error when that
  // takes more than a minute.
  void catch_up() const;

  void stop() { server_.crash(); }     // it vanishes from pg_stat_replication
  void start() { server_.restart(); }  // and comes back
  // Becomes a primary on a timeline of its own; the old primary has to be gone or forgotten.
  void promote();

 private:
  void wait_for_streaming() const;

  std::string name_;
  std::string primary_;
  runtime::ThrowawayServer server_;
};

}  // namespace segue::test
