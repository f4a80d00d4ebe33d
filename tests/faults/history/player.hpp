// Plays schedules on a real table under dual-write, and holds what it reads against the model.
#pragma once

#include <array>
#include <deque>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "history/model.hpp"
#include "history/statements.hpp"
#include "runtime/session.hpp"

namespace segue::test::history {

// Where a player plays.
struct Table {
  std::string conninfo;
  bool filled = false;         // phase 3 is complete
  std::filesystem::path file;  // that the server reads
  // A batch of the backfill over rows for which a condition holds.
  std::function<std::string(const std::string& condition)> fill;
};

class Player {
 public:
  Player(const Subject& subject, Table table);

  // What is not as the model has it, a sentence; empty: all is well.
  std::string play(const Schedule& schedule);
  // A shorter schedule that still fails; none of its steps can be left out.
  Schedule shrink(Schedule schedule);

  std::uint64_t statements() const { return statements_; }
  std::uint64_t waits() const { return waits_; }

 private:
  long long id(int key) const { return base_ + key * key_distance; }
  runtime::Session& session(int number) { return *sessions_[static_cast<std::size_t>(number)]; }

  // All of it, and an end for every transaction that it leaves open.
  std::string play_all(const Schedule& schedule, Model& model);
  std::string play_step(const Step& step, Model& model, std::deque<Step>& rest);
  std::string run(const Step& step, const Model& model);
  std::string read(const Step& step, const Model& model);
  std::string exec(int number, const std::string& sql);
  // Starts a statement that another transaction holds up, and returns when it stands.
  void start(const Step& step);
  std::string finish(int number);
  void give_up();
  std::string compare(const Model& model);
  void make_stock();

  static constexpr long long key_distance = 1'000'000'000;

  const Subject& subject_;
  Table table_;
  Wording wording_;
  std::vector<std::unique_ptr<runtime::Session>> sessions_;
  std::unique_ptr<runtime::Session> watcher_;
  std::array<std::future<std::string>, sessions> started_;
  std::array<std::deque<Step>, sessions> later_;  // what a waiting session does then
  long long base_ = 0;                            // each schedule has rows of its own
  long long stock_ = 0;
  std::uint64_t statements_ = 0;
  std::uint64_t waits_ = 0;
};

}  // namespace segue::test::history
