// What a serial run would leave: a table that knows no trigger and no phase.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <vector>

#include "history/schedule.hpp"

namespace segue::test::history {

struct Row {
  Values old_side;
  Values now;    // the new side; all NULL where it is not filled
  int life = 0;  // a row that is deleted and made again is another one
};

enum class Verdict {
  impossible,  // a key that is taken, a row that is not there or that another transaction holds
  at_once,
  waits,  // for the transaction that holds the row; then it goes on with what that one left
};

class Model {
 public:
  // `filled`: as after phase 3.
  Model(const Subject& subject, bool filled);

  Verdict verdict(const Step& step) const;
  // A step that goes at once.
  void play(const Step& step);
  // One that waits, and its end once the transaction that held its row is over.
  void wait(const Step& step);
  void go_on(int session);

  bool waits(int session) const { return waiting_[at(session)].has_value(); }
  bool in_transaction(int session) const { return open_[at(session)]; }
  // Those who wait for a transaction of that session, in the order in which they came.
  std::vector<Step> waiting_for(int session) const;

  // As that session sees it.
  std::optional<Row> row(int session, int key) const;
  // What is committed.
  const std::map<int, Row>& rows() const { return committed_; }

 private:
  using Rows = std::map<int, std::optional<Row>>;  // none: deleted
  struct Waiting {
    Step step;
    int holder = 0;
    int life = 0;  // of the row that it found and waits for
  };

  static std::size_t at(int session) { return static_cast<std::size_t>(session); }
  std::optional<int> holder(int session, int key) const;
  Verdict verdict_of_held(const Step& step, int holder) const;
  bool has_no_value(const Step& step) const;
  void put(const Step& step, int key, const std::optional<Row>& row);
  void write(const Step& step);

  Row made(const Values& old_side, const Values& now);
  void write_old(Row& row, const Values& values) const;
  void write_new(Row& row, const Values& values) const;
  void fill(Row& row) const;

  const Subject& subject_;
  bool filled_;
  std::map<int, Row> committed_;
  std::array<Rows, sessions> changed_;
  std::array<bool, sessions> open_{};
  std::array<bool, sessions> replica_{};
  std::array<std::optional<Waiting>, sessions> waiting_;
  std::vector<int> order_;  // of those who wait
  int lives_ = 0;
};

}  // namespace segue::test::history
