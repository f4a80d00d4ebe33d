// Others hold what segue needs.
#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "driver/faults.hpp"
#include "runtime/session.hpp"

namespace segue::test {
namespace {

using std::chrono::milliseconds;

// Something that goes on beside a run until its end.
class Beside {
 public:
  template <typename Work>
  explicit Beside(Work work)
      : thread_([this, work] {
          while (!stop_) work();
        }) {}
  ~Beside() {
    stop_ = true;
    thread_.join();
  }
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;

 private:
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

// Reports hold the table for longer than any try of segue waits, with short gaps.
Tally storm(Stage& stage, int phase) {
  Trial trial(stage, phase);
  const auto session = runtime::connect(trial.conninfo(), "report");
  int held = 0;
  Finished finished;
  {
    const Beside reader([&] {
      session->exec("BEGIN; LOCK TABLE users, visits IN ACCESS SHARE MODE");
      ++held;
      std::this_thread::sleep_for(milliseconds(400));
      session->exec("COMMIT");
      std::this_thread::sleep_for(milliseconds(60));
    });
    finished = run(trial.command());
  }
  return trial.settle(finished, held > 0);
}

// An app transaction takes rows in the order opposite to the backfill's, and tables in the order
// opposite to any step's: PostgreSQL has to choose a victim, and it must not be the app.
Tally deadlock(Stage& stage, int phase) {
  Trial trial(stage, phase);
  const auto session = runtime::connect(trial.conninfo(), "app");
  std::vector<std::string> errors;
  int transactions = 0;
  Finished finished;
  {
    const Beside app([&] {
      try {
        session->exec("BEGIN");
        session->exec("UPDATE users SET note = 'x' WHERE id = 2900");
        session->exec("UPDATE visits SET user_id = user_id WHERE id = 1");
        std::this_thread::sleep_for(milliseconds(120));
        session->exec("UPDATE users SET note = 'y' WHERE id = 2800");
        session->exec("UPDATE users SET note = 'z' WHERE id = 100");
        session->exec("COMMIT");
        ++transactions;
      } catch (const runtime::DatabaseError& error) {
        errors.emplace_back(error.what());
        session->exec("ROLLBACK");
      }
    });
    finished = run(trial.command());
  }
  Tally tally = trial.settle(finished, transactions > 0);
  tally.hurt += static_cast<int>(errors.size());
  for (const auto& error : errors) tally.complain("the app met: " + error);
  return tally;
}

Tally strict_role(Stage& stage, int phase) {
  Trial trial(stage, phase);
  const auto session = runtime::connect(stage.server().conninfo(), "saboteur");
  for (const char* setting :
       {"statement_timeout = '1ms'", "lock_timeout = '1ms'",
        "idle_in_transaction_session_timeout = '1ms'", "default_transaction_read_only = on",
        "default_transaction_isolation = 'serializable'"}) {
    session->exec(
        fmt::format("ALTER ROLE postgres IN DATABASE {} SET {}", trial.database(), setting));
  }
  const Finished finished = run(trial.command());
  session->exec(fmt::format("ALTER ROLE postgres IN DATABASE {} RESET ALL", trial.database()));
  return trial.settle(finished, true);
}

Tally two_runners(Stage& stage, int phase) {
  const auto moment = stage.moment(phase);
  Trial trial(stage, phase);
  Process first(trial.command());
  std::this_thread::sleep_for(moment);
  const Finished second = run(trial.command());
  const Finished finished = first.wait();
  // Which of the two was first is the kernel's affair; one has to come through.
  Tally tally = trial.settle(finished.exit_code == 0 ? finished : second, true);
  if (second.exit_code != 0 && second.exit_code != 3)
    tally.complain("the second runner: " + second.both());
  return tally;
}

template <Tally (*once)(Stage&, int)>
Tally repeated(Stage& stage, const Effort& effort) {
  std::vector<Play> plays;
  for (const int phase : effort.phases) {
    for (int i = 0; i < effort.repetitions; ++i)
      plays.emplace_back([&stage, phase] { return once(stage, phase); });
  }
  return play(plays, effort.jobs);
}

}  // namespace

const std::vector<Fault>& lock_faults() {
  static const std::vector<Fault> faults{
      {"lock_timeout storm (tables held 400 of 460 ms)", repeated<storm>},
      {"deadlock with a transaction of the app", repeated<deadlock>},
      {"time-outs of 1 ms, read only, serializable set by the role", repeated<strict_role>},
      {"two runners at once", repeated<two_runners>},
  };
  return faults;
}

}  // namespace segue::test
