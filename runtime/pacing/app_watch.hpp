// How long an app's statements wait behind a step, seen from a second session.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "runtime/pacing/control.hpp"
#include "runtime/run_context.hpp"

namespace segue::runtime::pacing {

// Watches from a thread of its own while a step runs. Does nothing without RunOptions::pacing.
// What it sees is a lower bound: a wait shorter than its interval may pass unseen.
class AppWatch {
 public:
  // Throws as Connector does.
  explicit AppWatch(const RunContext& context);
  ~AppWatch();
  AppWatch(const AppWatch&) = delete;
  AppWatch& operator=(const AppWatch&) = delete;

  void step_begins(const std::string& step, planner::Scan scan);
  // The longest wait since; writes it to the ledger where there was one.
  double step_ends();

 private:
  void watch(const std::stop_token& stop);
  void look();
  // The server was away, or somebody ended the session. Gives the lock up meanwhile.
  void connect_again(std::unique_lock<std::mutex>& lock);

  const RunContext& context_;
  std::mutex mutex_;
  std::unique_ptr<Session> session_;  // none: lost, until there is another
  std::condition_variable_any changed_;
  std::chrono::milliseconds interval_{50};
  bool at_work_ = false;  // a step is
  AppWait longest_;
  std::map<std::string, std::chrono::steady_clock::time_point> first_seen_;
  std::jthread watcher_;  // last: it uses all of the above
};

}  // namespace segue::runtime::pacing
