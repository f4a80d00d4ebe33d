#include "runtime/rehearsal/crew.hpp"

namespace segue::runtime::rehearsal {

namespace {

// Only what hangs for good gets there; shorter waits are judged by what was waited for.
constexpr const char* writers_patience = "SET lock_timeout = '20s'";

}  // namespace

Crew::Crew(Stage& stage, const Database& database, std::size_t writers, WaitBook& book)
    : stage_(stage), book_(book), sessions_(writers) {
  for (auto& apps : sessions_) {
    for (const Release release : {Release::before, Release::after}) {
      auto session = database.open(std::string(name_of(release)));
      session->exec(writers_patience);
      apps.emplace(release, App(std::move(session), stage_.server().directory()));
    }
  }
}

Crew::~Crew() {
  finish();
}

void Crew::start(Round round, int phase, Again again) {
  round_ = std::move(round);
  phase_ = phase;
  again_ = std::move(again);
  hurry_ = false;
  for (std::size_t i = 0; i < round_.size(); ++i) {
    if (!round_[i].empty()) threads_.emplace_back([this, i] { write(i); });
  }
}

Round Crew::finish() {
  {
    const std::lock_guard guard(mutex_);
    hurry_ = true;
  }
  changed_.notify_all();
  for (std::thread& one : threads_) one.join();
  threads_.clear();
  return std::exchange(round_, {});
}

void Crew::write(std::size_t writer) {
  for (Task& task : round_[writer]) {
    rest(task.pause);
    send(sessions_[writer].at(task.statement.release), task);
    if (!task.answer.ok) return;  // what comes behind it may build upon it
  }
}

void Crew::rest(std::chrono::microseconds pause) {
  std::unique_lock guard(mutex_);
  changed_.wait_for(guard, pause, [this] { return hurry_; });
}

void Crew::send(App& app, Task& task) {
  const Statement statement = whole(task.statement);
  const Side& side =
      stage_.shapes().tables[statement.table].side_of(statement.schema, statement.both);
  try {
    task.answer = app.send(statement, side);
    if (!task.answer.ok && again_(statement, task.answer.sqlstate)) {
      app.forget_plans();
      task.answer = app.send(statement, side);
    }
  } catch (const std::runtime_error& error) {
    task.answer.ok = false;
    task.answer.message = error.what();
  }
  book_.statement(phase_, statement.release == Release::after, task.answer.ms, !task.answer.ok);
}

}  // namespace segue::runtime::rehearsal
