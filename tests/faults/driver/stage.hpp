// Where faults are played: one server, a database for each state between two phases, a copy of one
// for each fault.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "driver/app.hpp"
#include "runtime/server.hpp"
#include "support/database_state.hpp"
#include "support/process.hpp"
#include "support/relay.hpp"

namespace segue::test {

// One line of the table.
struct Tally {
  std::string fault;
  int times = 0;
  int in_flight = 0;  // it met a run that had begun and was not over
  int by_itself = 0;  // that run ended well all the same
  int recovered = 0;  // by itself or when run again: the end, the ledger and the rows are right
  int lost = 0;       // writes of the application that were acknowledged and are not there
  int hurt = 0;       // statements of the application that failed, other than by its own lost line
  int leftovers = 0;  // of objects, locks and sessions
  double seconds = 0;
  std::string note;
  std::vector<std::string> complaints;  // the first few, in full

  bool clean() const { return recovered == times && lost == 0 && hurt == 0 && leftovers == 0; }
  void complain(const std::string& sentence);
  void add(const Tally& other);
};

// One fault, once; what became of it.
using Play = std::function<Tally()>;
// `jobs` at a time, and all of them added up. One that throws is told as a complaint.
Tally play(const std::vector<Play>& plays, int jobs);

class Stage {
 public:
  struct Options {
    bool durable = false;  // fsync: where the server is to crash
    int rows = 3000;
    std::uint64_t seed = 1;
    int last_phase = 4;  // faults are played up to this one
    std::map<std::string, std::string> settings{};
  };
  explicit Stage(const Options& options);

  runtime::ThrowawayServer& server() { return server_; }
  std::filesystem::path socket() const { return server_.directory() / ".s.PGSQL.5432"; }
  // A moment while that phase runs, seconds after its start. Chosen before anything is played, so
  // that a seed gives the same ones again.
  std::chrono::duration<double> moment(int phase);
  std::uint64_t seed();
  std::string plan() const { return (directory_.path() / "plan").string(); }

  // A new database in which all phases before `phase` are complete; its name.
  std::string fresh(int phase);
  void drop(const std::string& database);
  std::vector<std::string> command(const std::string& conninfo, int phase) const;
  // How long that phase takes with nobody in the way; measured once.
  std::chrono::duration<double> usual(int phase) const { return usual_.at(phase); }
  // Numbers of the requests that its own session sends then (those that watch send as many as time
  // allows), without most of those that a batch of the backfill shares with the batches before it.
  const std::vector<int>& requests(int phase) const { return requests_.at(phase); }
  int commits(int phase) const { return commits_.at(phase); }

  // What is not as it is after an undisturbed phase: structure, ledger, rows, locks; a sentence
  // each.
  std::vector<std::string> differences(const std::string& conninfo, int phase) const;
  std::vector<std::string> leftovers(const std::string& conninfo, int phase) const;

 private:
  std::vector<std::string> left_now(const std::string& conninfo, int phase) const;
  void make_states(int rows, int last_phase);

  runtime::ThrowawayServer server_;
  TemporaryDirectory directory_;
  std::mutex mutex_;
  std::mt19937_64 random_;
  std::atomic<int> count_{0};
  std::string by_files_;
  std::map<int, DatabaseState> expected_;       // structure after each phase
  std::map<int, std::string> expected_ledger_;  // steps and phases as text
  std::map<int, std::chrono::duration<double>> usual_;
  std::map<int, std::vector<int>> requests_;
  std::map<int, int> commits_;
};

// One fault in one phase: a database, the application at work, and the end.
class Trial {
 public:
  Trial(Stage& stage, int phase);
  ~Trial();
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  const std::string& database() const { return database_; }
  std::string conninfo() const { return conninfo_; }
  int phase() const { return phase_; }
  // Where the application and the runs that come next connect from now on.
  void moved_to(const std::string& conninfo);
  std::vector<std::string> command() const { return stage_.command(conninfo_, phase_); }
  std::vector<std::string> command(const std::string& conninfo) const {
    return stage_.command(conninfo, phase_);
  }

  // Runs it again where that is needed, stops the application, and tells. `first`: how the run
  // ended that met the fault; `in_flight`: it had begun and was not over.
  Tally settle(const Finished& first, bool in_flight);

 private:
  Stage& stage_;
  int phase_;
  std::string database_;
  mutable std::mutex mutex_;
  std::string conninfo_;
  std::unique_ptr<App> app_;
};

}  // namespace segue::test
