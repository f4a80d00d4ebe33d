// Sessions of several writers, which send what was made up for them at the same time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "runtime/rehearsal/app.hpp"
#include "runtime/rehearsal/stage.hpp"
#include "runtime/rehearsal/statement.hpp"
#include "runtime/rehearsal/waits.hpp"

namespace segue::runtime::rehearsal {

// A statement on its way.
struct Task {
  Statement statement;
  std::chrono::microseconds pause{0};  // before it is sent, while the others are at work
  bool shared = false;                 // of a row that every writer writes
  Answer answer;
};

// One list for each writer; a writer sends its own in order.
using Round = std::vector<std::vector<Task>>;

class Crew {
 public:
  Crew(Stage& stage, const Database& database, std::size_t writers, WaitBook& book);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  // What may be sent a second time, with plans made anew.
  using Again = std::function<bool(const Statement&, const std::string& sqlstate)>;
  void start(Round round, int phase, Again again);
  // Waits for all of them; they do not pause any more.
  Round finish();
  std::size_t writers() const { return sessions_.size(); }

 private:
  void write(std::size_t writer);
  void rest(std::chrono::microseconds pause);
  void send(App& app, Task& task);

  Stage& stage_;
  WaitBook& book_;
  std::vector<std::map<Release, App>> sessions_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool hurry_ = false;
  Round round_;
  int phase_ = 0;
  Again again_;
};

}  // namespace segue::runtime::rehearsal
