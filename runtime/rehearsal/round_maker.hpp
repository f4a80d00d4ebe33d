// Makes up what several writers send while one step runs: nothing in it depends on who comes first.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "runtime/rehearsal/crew.hpp"
#include "runtime/rehearsal/permitted.hpp"
#include "runtime/rehearsal/shared_rows.hpp"
#include "runtime/rehearsal/writer.hpp"

namespace segue::runtime::rehearsal {

class RoundMaker {
 public:
  RoundMaker(const Shapes& shapes, Oracle& oracle, std::uint64_t seed);

  // The model has all of it when this returns, but for keys that the server gives.
  Round make(std::size_t writers, std::size_t statements, const Progressed& at);
  // A statement that was sent and succeeded: its rows may be met again. False: the model does not
  // take the key that the server gave.
  bool learn(Task& task);
  // Rows that all of them wrote, once everybody has ended.
  std::optional<Mismatch> settle(const Round& round, Session& session, const Progressed& at) {
    return shared_->settle(round, session, at);
  }
  std::uint64_t take_left_out() { return std::exchange(left_out_, 0); }

 private:
  std::optional<Task> next(const Permission& permission, const Progressed& at,
                           std::chrono::microseconds pause);
  bool depends_on_order(const Statement& statement) const;

  const Shapes& shapes_;
  Oracle& oracle_;
  Pools pools_;
  LiveKeys keys_;
  std::optional<SharedRows> shared_;
  std::optional<Writer> writer_;
  std::set<planner::QualifiedName> referenced_;
  std::set<std::pair<planner::QualifiedName, std::string>> referenced_columns_;
  std::uint64_t left_out_ = 0;
};

}  // namespace segue::runtime::rehearsal
