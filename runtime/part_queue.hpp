// The parts of a table that are still to be filled, shared by workers that may come and go.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "runtime/backfill_cursor.hpp"

namespace segue::runtime {

class PartQueue {
 public:
  explicit PartQueue(const std::vector<Part>& parts)
      : waiting_(parts.begin(), parts.end()), left_(parts.size()) {}

  // None: others have what is left.
  std::optional<Part> take() {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) return std::nullopt;
    const Part part = waiting_.front();
    waiting_.pop_front();
    return part;
  }
  // Complete, or for somebody else.
  void give_back(const Part& part) {
    const std::lock_guard lock(mutex_);
    if (part.complete()) {
      --left_;
    } else {
      waiting_.push_front(part);
    }
    changed_.notify_all();
  }
  bool done() {
    const std::lock_guard lock(mutex_);
    return left_ == 0;
  }
  // For a worker without work: until something was given back, or somebody may want it again.
  void rest() {
    constexpr std::chrono::milliseconds longest{50};
    std::unique_lock lock(mutex_);
    if (left_ > 0) changed_.wait_for(lock, longest);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Part> waiting_;
  std::size_t left_;  // those that are not complete
};

}  // namespace segue::runtime
