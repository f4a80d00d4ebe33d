// What the releases of an application write and read while a change of each kind goes through.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace segue::test {

// How far a change is, for the releases: ten times the last complete phase, and moments between.
namespace stage {
inline constexpr int start = 0;
inline constexpr int expanded = 10;
inline constexpr int dual_write = 20;
inline constexpr int before_backfill = 25;
inline constexpr int backfilled = 30;
inline constexpr int before_contract = 35;
inline constexpr int contracted = 40;
inline constexpr int never = 100;
}  // namespace stage

// The statements of one release on the row {id}. Each write bears a number {n} of its own; {word}
// is one of bad, ok, good that follows from it. `check` answers true where the row holds what the
// write {n} of any release that was out by then says.
struct Release {
  std::string insert;
  std::string update;
  std::string check;

  bool none() const { return check.empty(); }
};

struct Case {
  std::string name;
  std::string schema;  // with rows 1 to {rows}, as the old release's write 0 leaves them
  std::string change;
  Release old_app;
  Release new_app;
  Release after = {};  // what takes the new release's place behind contract; none: it stays

  int old_until = stage::before_contract;  // the old release is gone from then on
  int new_from = stage::dual_write;        // the new release writes
  int new_reads = stage::backfilled;       // … and reads what others wrote
  bool waits_at_contract = false;          // no release runs while phase 4 does
  bool once = false;  // undo would take what the new release wrote: it writes the last time through
};

// Each statement of the language, on tables of its own.
std::vector<Case> statement_cases();

}  // namespace segue::test
