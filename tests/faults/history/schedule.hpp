// Transactions of several sessions in one order, and a model of what they leave: a table with one
// column, that knows no trigger.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace segue::test::history {

using Name = std::optional<std::string>;  // none: NULL

enum class Verb {
  begin,
  begin_as_replica,  // session_replication_role: ordinary triggers are silent
  commit,
  rollback,
  insert,
  insert_default,  // the release's own column by the word DEFAULT
  copy,
  upsert,
  update,
  update_null,
  update_both,  // both columns in one statement: the new one wins
  touch,        // a column that the change does not know
  change_key,
  remove,
  fill,  // one row of the backfill
  read,
};
enum class Release { old_one, new_one };

struct Step {
  int session = 0;
  Verb verb = Verb::read;
  Release release = Release::old_one;
  int key = 0;    // of `keys`
  int value = 0;  // a number that no other step has

  std::string text() const;
};
using Schedule = std::vector<Step>;

inline constexpr int sessions = 4;
// The first half is there at the beginning, not filled yet; the other half is free.
inline constexpr int keys = 6;
// What PostgreSQL puts in the old column where it is left out.
inline constexpr const char* old_default = "nobody";

Schedule random_schedule(std::uint64_t seed);
std::string text_of(const Schedule& schedule);

// The table as a serial run would leave it.
class Model {
 public:
  Model();

  // Whether the step makes sense now: no row that another transaction holds, no key that is taken.
  bool possible(const Step& step) const;
  void play(const Step& step);
  bool in_transaction(int session) const { return open_[at(session)]; }

  // As that session sees it.
  std::optional<Name> seen(int session, int key) const;
  // What is committed: none: no such row. A row that is not `filled` has no value in the new
  // column.
  struct Row {
    Name value;
    bool filled = false;
  };
  const std::map<int, Row>& rows() const { return committed_; }

 private:
  using Rows = std::map<int, std::optional<Row>>;  // none: deleted

  static std::size_t at(int session) { return static_cast<std::size_t>(session); }
  std::optional<Row> row(int session, int key) const;
  bool held_by_another(int session, int key) const;
  void put(const Step& step, int key, const std::optional<Row>& row);

  std::map<int, Row> committed_;
  std::array<Rows, sessions> changed_;
  std::array<bool, sessions> open_{};
};

std::string value_of(const Step& step);
std::string initial_value(int key);
// Where a row goes whose key is changed.
inline int other_key(int key) {
  return (key + keys / 2) % keys;
}

}  // namespace segue::test::history
