// What a backfill asks before and after each batch.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "runtime/pacing/control.hpp"
#include "runtime/pacing/sampler.hpp"
#include "runtime/run_context.hpp"

namespace segue::runtime::pacing {

// For several workers at once. With RunOptions::pacing it looks at the server from a session of its
// own, on a thread of its own: what waits for us waits during our batches. Without, it asks each
// worker's session whether an app is at work, and nothing else.
class Pacer {
 public:
  struct Task {
    std::string step;
    std::vector<planner::QualifiedName> leaves;
    std::optional<std::uint32_t> batch;  // what the plan asks for; the options may ask otherwise
    std::optional<std::uint32_t> workers;
  };
  // `reporter` may be told things from the pacer's thread. Throws as Connector does.
  Pacer(const RunContext& context, Reporter& reporter, Task task, std::vector<int> own_pids);
  ~Pacer();
  Pacer(const Pacer&) = delete;
  Pacer& operator=(const Pacer&) = delete;

  // How many rows the next batch may have; waits as long as nothing should be written. Throws
  // Failed when an end was asked for.
  std::uint32_t rows_now(const std::function<Session&()>& session);
  // After each batch: takes the rest that its pace asks for.
  void batch_done(double seconds, double commit_seconds);
  // Whether worker `number` (from 0 on) is wanted now; the first always is.
  bool wants(std::uint32_t number) const;
  // How many workers there will ever be.
  static std::uint32_t most_workers(const RunContext& context, const Task& task);

 private:
  void watch(const std::stop_token& stop);
  void look();
  template <typename Use>
  void carefully(const Use& use);
  void decide_anew(Signals signals);
  void say(const Pace& pace);    // to whoever watches
  void write(const Pace& pace);  // to the ledger
  Limits limits() const;
  Pace pace_now() const;

  const RunContext& context_;
  Reporter& reporter_;
  Task task_;
  std::unique_ptr<Session> session_;  // the watching one
  std::unique_ptr<Sampler> sampler_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Pace> pace_;
  std::optional<Pace> said_;
  bool wrote_waits_ = false;
  std::string trouble_;  // the last
  double waited_ = 0;    // seconds
  std::chrono::steady_clock::time_point seen_at_;
  std::chrono::steady_clock::time_point told_at_;
  std::chrono::steady_clock::time_point said_at_;
  // Of the batches since the last look.
  unsigned batches_ = 0;
  double batch_seconds_ = 0;
  double commit_seconds_ = 0;
  std::jthread watcher_;  // last: it uses all of the above
};

}  // namespace segue::runtime::pacing
