// Transactions of several sessions of both releases in one order.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "history/subject.hpp"

namespace segue::test::history {

enum class Verb {
  begin,
  begin_as_replica,  // session_replication_role: ordinary triggers are silent
  commit,
  rollback,
  insert,
  insert_default,  // the release's own columns by the word DEFAULT
  insert_null,     // … and as NULL
  insert_both,     // the columns of both releases; the new ones win
  copy,
  upsert,
  merge,
  update,
  update_one,  // one of the release's own columns
  update_null,
  update_default,
  update_both,  // the columns of both releases in one statement: the new ones win
  touch,        // a column that the change does not know
  change_key,
  remove,
  read,
  fill,  // one row of the backfill
};

struct Step {
  int session = 0;
  Verb verb = Verb::read;
  Release release = Release::old_one;
  int key = 0;    // of `keys`
  int value = 0;  // a number that no other step has

  bool ends_transaction() const { return verb == Verb::commit || verb == Verb::rollback; }
  std::string text() const;
};
using Schedule = std::vector<Step>;

// Those of the application, and the backfill's own.
inline constexpr int sessions = 5;
inline constexpr int backfill_session = sessions - 1;
// The first half is there at the beginning; the other half is free.
inline constexpr int keys = 6;
// Where a row goes whose key is changed.
inline int other_key(int key) {
  return (key + keys / 2) % keys;
}
// The number of what a row holds at the beginning.
inline int first_number(int key) {
  return 9001 + key;
}

Schedule random_schedule(std::uint64_t seed);
std::string text_of(const Schedule& schedule);

}  // namespace segue::test::history
