// Plays schedules on a real table under dual-write, and holds what it reads against the model.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "history/schedule.hpp"
#include "runtime/session.hpp"

namespace segue::test::history {

class Player {
 public:
  // Table notes(id, body, text, seen) with `text` standing for `body`; `place`: for files that the
  // server reads.
  Player(const std::string& conninfo, std::filesystem::path place);

  // What is not as the model has it, a sentence; empty: all is well.
  std::string play(const Schedule& schedule);
  // A shorter schedule that still fails; none of its steps can be left out.
  Schedule shrink(Schedule schedule);

  std::uint64_t statements() const { return statements_; }

 private:
  long long id(int key) const { return base_ + key * key_distance; }
  std::string sql_of(const Step& step) const;
  std::string run(const Step& step, const Model& model);
  std::string compare(const Model& model);
  void make_stock();
  std::string exec(int session, const std::string& sql);

  static constexpr long long key_distance = 1'000'000'000;

  std::vector<std::unique_ptr<runtime::Session>> sessions_;
  std::filesystem::path file_;
  long long base_ = 0;  // each schedule has rows of its own
  long long stock_ = 0;
  std::uint64_t statements_ = 0;
};

}  // namespace segue::test::history
