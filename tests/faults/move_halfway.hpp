// Two releases at one pair of a move.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "move_fixture.hpp"

namespace segue::test {

// A writer of each table that holds its row and wants the other's: the one that cannot go on leaves
// the pair to the one that waits. Where that one is rolled back, the write must still arrive.
class MetHalfway : public MoveWriters {
 protected:
  // The new release writes 'new' to pair 1 while `old_statement` waits for its row, and commits;
  // the old one's statement then comes to its end, and its transaction stays open.
  void meet(const std::string& old_statement, const std::string& old_begin = "BEGIN") {
    old_release_ = runtime::connect(conninfo_);
    new_release_ = runtime::connect(conninfo_);
    new_release_->exec("BEGIN; UPDATE profiles SET picture = 'held' WHERE user_id = 1");
    old_release_->exec(old_begin);
    auto waiting = std::async(std::launch::async, [&] { old_release_->exec(old_statement); });
    while (session_
               ->exec("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE "
                      "'%users%' AND pid <> pg_backend_pid()")
               .empty())
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    new_release_->exec("UPDATE profiles SET bio = 'new' WHERE user_id = 1");
    new_release_->exec("COMMIT");
    waiting.get();
  }

  // Another session's statement that waits.
  std::future<void> waits(runtime::Session& session, const std::string& sql) {
    auto waiting = std::async(std::launch::async, [&session, sql] { session.exec(sql); });
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    return waiting;
  }

  std::unique_ptr<runtime::Session> old_release_;
  std::unique_ptr<runtime::Session> new_release_;
};

}  // namespace segue::test
