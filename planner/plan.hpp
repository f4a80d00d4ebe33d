// A plan: what happens to a database, phase by phase, step by step, and why.
//
// After the planner nothing knows intents any more: files, runtime and rehearsal see only this.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "planner/catalog.hpp"

namespace segue::planner {

// The numbers are those of the files and of `--phase`.
enum class Phase : std::uint8_t { expand = 1, dual_write = 2, backfill = 3, contract = 4 };
inline constexpr std::array all_phases{Phase::expand, Phase::dual_write, Phase::backfill,
                                       Phase::contract};
std::string_view name_of(Phase phase);  // "expand", "dual-write", "backfill", "contract"
inline int number_of(Phase phase) {
  return static_cast<int>(phase);
}

// PostgreSQL's table lock modes, weakest first.
enum class LockMode : std::uint8_t {
  access_share,
  row_share,
  row_exclusive,
  share_update_exclusive,
  share,
  share_row_exclusive,
  exclusive,
  access_exclusive
};
std::string_view name_of(LockMode mode);  // "ACCESS EXCLUSIVE"
// Whether an app's INSERT, UPDATE or DELETE waits for it.
constexpr bool stops_writers(LockMode mode) {
  return mode >= LockMode::share;
}

// The strongest lock that a step takes on one relation.
struct LockUse {
  QualifiedName relation;
  LockMode mode = LockMode::access_share;

  friend bool operator==(const LockUse&, const LockUse&) = default;
};

// How much of a table a step touches. `catalogue` steps are over in milliseconds at any size.
enum class Scan : std::uint8_t { catalogue, reads, writes, builds_index };
std::string_view name_of(Scan scan);

// ---- Actions: the few kinds of thing that a step can be
// ------------------------------------------

// One short transaction: some statements, all or nothing, tried again when a lock does not come.
struct Transaction {
  std::string sql;  // complete statements, each ending in ';', no BEGIN or COMMIT
};

// CREATE or DROP INDEX CONCURRENTLY: no transaction, one statement. A leftover that is INVALID is
// dropped first; it can only be the plan's own, since the plan made the name.
struct ConcurrentIndex {
  QualifiedName table;
  QualifiedName index;
  bool drop = false;
  std::string sql;  // one statement, ending in ';'
};

struct Assignment {
  std::string column;  // unquoted
  std::string value;   // an SQL expression over the row
};

// Where a pass keeps what it overwrites in columns that the app uses already, so that undo can put
// it back: a table with the key's columns, and `<column>_old`, `<column>_new` for each of
// `columns`.
struct Journal {
  QualifiedName table;
  std::vector<std::string> key;
  std::vector<std::string> columns;
};

// Fills rows of one table (or of one leaf partition each) in many small transactions.
struct BackfillPass {
  QualifiedName table;                // as the app names it
  std::vector<QualifiedName> leaves;  // the tables that hold rows: itself, or its leaf partitions
  std::vector<Assignment> set;
  std::string pending;             // SQL: true for a row that is still to be filled
  std::vector<std::string> key;    // columns that tell a row to a person; empty: ctid
  std::optional<Journal> journal;  // made by an earlier step
  // Each row is locked before its value is computed: one that comes from another table must not be
  // waited for while that table's row is held.
  bool lock_rows_first = false;
  bool silence_triggers = false;       // run under session_replication_role = replica
  bool triggers_may_fire = false;      // where the role may not set that, by the author's leave
  std::optional<std::uint32_t> batch;  // rows per transaction, where the author said so
  std::optional<std::uint32_t> workers;
};

// Must find no row, else the phase stops there: rows are listed by key and nothing was built.
struct NoRows {
  QualifiedName table;
  std::string
      violators;  // a SELECT of text columns; the runner puts LIMIT behind it, ends without ';'
  std::vector<std::string> columns;  // what the SELECT's columns are called in the message
  std::string message;               // "rows of public.users have no phone"
  std::string hint;                  // what to do about it
  // A row-wise condition that is true for a violating row, where there is one: lets the runner look
  // in short chunks instead of one long snapshot (empty: run `violators` as it is).
  std::string condition;
  bool gate = false;  // a refusal (exit 3) rather than a failure (exit 1)
};

using Action = std::variant<Transaction, ConcurrentIndex, BackfillPass, NoRows>;

struct SourceLine {
  std::uint32_t line = 0;  // of the change file, from 1
  std::string text;        // the statement's first line, trimmed
};

struct Step {
  std::string id;  // "3.2": phase, then place in it
  Phase phase = Phase::expand;
  std::string title;  // "Build users_display_name_idx"
  Action action;
  std::string why;
  std::vector<LockUse> locks;
  Scan scan = Scan::catalogue;
  std::string
      done;  // an SQL boolean expression; empty: the step always runs (it finds nothing to do)
  std::vector<Action> undo;  // in the order they run; empty: nothing to undo
  std::string undo_note;     // where there is something to say about it
  std::vector<SourceLine> source;
};

// ---- What comes with the steps
// -------------------------------------------------------------------

enum class HazardLevel : std::uint8_t {
  note,            // to know
  stops_contract,  // contract is refused until it is mended, or allowed by name
  refuses          // no plan, unless allowed by name
};
std::string_view name_of(HazardLevel level);  // "note", "stops-contract", "refuses"

// Something that PostgreSQL would refuse or silently break. Codes are stable and listed in
// grammar.md.
struct Hazard {
  std::string code;  // "function-body"
  HazardLevel level = HazardLevel::note;
  std::string object;   // "public.user_card(bigint)"
  std::string message;  // one sentence
  std::string advice;   // what to do
  std::optional<SourceLine> source;
  bool allowed = false;  // --allow CODE
};

// What the app releases around one phase may and must not do; sentences for DEPLOY.md.
struct PhaseNotes {
  std::vector<std::string> changes;   // what this phase does, in words
  std::vector<std::string> may;       // the release that goes with it may …
  std::vector<std::string> must_not;  // … and must not …
  std::vector<std::string> watch;     // what an operator should know
};

// old = new for one pair of columns, or any other promise about every row of a table.
struct Verification {
  QualifiedName table;
  std::vector<QualifiedName> leaves;
  std::vector<std::string> key;
  std::string differs;           // SQL: true for a row that breaks the promise
  std::string promise;           // "display_name is full_name"
  Phase from = Phase::backfill;  // must hold once this phase is complete
  std::string proven_by = {};    // the table's CHECK that says the same; empty: none can
};

enum class ObjectKind : std::uint8_t {
  column,
  constraint,
  index,
  trigger,
  function,
  statistics,
  view,
  policy,
  table,
  type
};
std::string_view name_of(ObjectKind kind);

// An object that the plan makes or changes: not drift when it is found.
struct OwnedObject {
  ObjectKind kind = ObjectKind::column;
  QualifiedName table;  // or the object itself, for function, view, statistics, table and type
  std::string name;     // within the table; of a table: what it is called while the change runs

  friend auto operator<=>(const OwnedObject&, const OwnedObject&) = default;
};

// Something outside the plan that must be gone or mended before a column may be dropped.
struct OldColumn {
  QualifiedName table;
  std::string column;
  // In that table. Empty: nothing; the same name: a column of another type.
  std::string replaced_by;
};

// ---- What the change means, told without the steps that bring it about
// ------------------------------------------------------------------
//
// A rehearsal holds the steps against this, so nothing here is made from them.

// Columns of one table as the two releases see them. What one of them writes, the other reads
// through `map` or `back`. Columns that are in no pairing are the same to both.
struct Pairing {
  QualifiedName table;                        // as it is called before the change
  std::vector<std::string> old_columns = {};  // that only the old release names
  std::vector<std::string> new_columns = {};  // that only the new release names
  // New columns from a row as the old release wrote it, old ones from a row as the new release
  // wrote it (and as it was before). Empty: nothing is carried that way, or nobody can tell what.
  std::vector<Assignment> map = {};
  std::vector<Assignment> back = {};
  bool lossy = false;   // back(map(x)) may differ from x: a side that agrees already stays
  bool once = false;    // computed when the row has no value there yet; kept from then on
  bool by_app = false;  // the application writes both: no trigger does
  // Both releases name one column, which takes its new form in this phase.
  std::optional<Phase> swaps = {};
  // What only the new release calls the table; empty: as before.
  std::string new_name = {};
};

// A column that is given another value in rows of any release that meet a condition.
struct Mend {
  QualifiedName table;  // as it is called before the change
  std::string column;   // by its name after the change
  std::string when;     // SQL over the row
  std::string value;
  bool names_after = false;  // `when` and `value` use the names after the change, else before it
  bool by_app = false;       // the application does it: no trigger does
};

struct Meaning {
  // What somebody would run in a maintenance window: plain statements, in order.
  std::vector<std::string> plain;
  std::vector<Pairing> pairings;
  std::vector<Mend> mends;
};

struct Plan {
  std::string name;
  std::string title;
  std::string flag;
  std::chrono::seconds soak{0};
  bool tripwire = false;  // triggers note who still writes what is old
  std::vector<std::string> after;
  std::string source_name;  // file name of the change, without directories
  std::string source_text;  // the change itself, as it was planned
  std::vector<Step> steps;  // in the order they run
  std::array<PhaseNotes, 4> notes;
  std::vector<Hazard> hazards;
  std::vector<Verification> verifications;
  std::vector<OwnedObject> owned;
  std::vector<OldColumn> old_columns;
  Meaning meaning;
  Catalog baseline;      // the excerpt of the catalogue that the plan was made for
  Catalog surroundings;  // what it takes besides to make the baseline again; no drift is told by it

  const PhaseNotes& notes_for(Phase phase) const {
    return notes.at(static_cast<std::size_t>(phase) - 1);
  }
  PhaseNotes& notes_for(Phase phase) { return notes.at(static_cast<std::size_t>(phase) - 1); }
};

}  // namespace segue::planner
