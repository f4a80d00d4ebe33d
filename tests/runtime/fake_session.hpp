// A database that does what a server cannot be made to do: lose a COMMIT's answer, change backends.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/clock.hpp"
#include "runtime/runner_connection.hpp"
#include "runtime/session.hpp"

namespace segue::runtime::test {

class FakeClock final : public Clock {
 public:
  std::chrono::steady_clock::time_point now() const override { return time; }
  void sleep(Milliseconds duration) override { time += duration; }
  std::chrono::steady_clock::time_point time{};
};

// What all sessions of one test share. It knows the questions that every run asks, and one fact:
// whether the step's work is done.
struct FakeServer {
  bool done = false;  // committed
  bool done_in_transaction = false;
  int pid = 100;                 // of the next session
  std::vector<std::string> log;  // statements, BEGIN, COMMIT and ROLLBACK among them
  // Asked before a statement is carried out; may throw, or change the server.
  std::function<void(const std::string&)> before;
  std::function<void(const std::string&)> after;
  std::function<int(int)> seen_pid = [](int own) { return own; };  // what pg_backend_pid() says

  Connector connector();
  // How many logged statements begin so.
  int count(const std::string& beginning) const;
};

inline constexpr const char* fake_work = "ALTER TABLE t ADD COLUMN c int;";
inline constexpr const char* fake_done = "c exists";
// What a run asks first of all.
inline constexpr const char* fake_own_process = "SELECT pg_catalog.pg_backend_pid(), coalesce";

}  // namespace segue::runtime::test
