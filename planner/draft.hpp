// What the recipes of one change ask for, table by table, before it is put in order.
//
// Recipes only add to a Draft; they do not know each other. `assemble` turns a Draft into steps, so
// that several statements on a table share one trigger, one backfill pass and one validation scan.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/source.hpp"
#include "dsl/sql.hpp"
#include "planner/catalog_index.hpp"
#include "planner/plan.hpp"

namespace segue::dsl {
struct Statement;
}  // namespace segue::dsl

namespace segue::planner {

// One thing that a table's dual-write trigger does. `when` is a condition over NEW (and true for a
// row that needs it), `body` PL/pgSQL statements that make it false.
struct TriggerRule {
  std::string comment;
  std::string when;
  std::string body;
  bool insert_only = false;
  bool reads_tables = false;  // asks another table: runs with the rights of the plan's owner
  bool copies = false;  // computes one side from the other: comes before rules that read the result
  bool fills = false;  // … or gives a new column its first value: comes before rules that mend what
                       // it reads, as the backfill reads the row that nothing has mended yet
  SourceLine source;
};

// A helper function of the trigger, in schema segue; it answers the same for the same arguments.
struct FunctionDraft {
  std::string name;
  std::string arguments;  // "full_name text"
  std::string types;      // "text"
  std::string returns;
  std::string declarations;
  std::string body;
  std::string settings;  // SET clauses beside search_path
};

// Tells the table's trigger that an UPDATE named the column and set NULL: where there are several
// new columns, which of them were named decides. A trigger of its own leaves the row's old text in
// a transaction-local setting.
struct NullMark {
  std::string column;
  std::string setting;
  std::string when;
  SourceLine source;
};

// A new app's explicit NULL on a row that is not filled yet looks like no write at all in NEW; only
// UPDATE OF tells. A trigger of its own, see assemble_triggers.cpp.
struct ExplicitNull {
  std::string old_column;
  std::string new_column;
  // What the old value is on the new side, as SQL over NEW. Where that is NULL, so is what the new
  // app has read, and a full-row update that writes it back says nothing. Empty: the value itself.
  std::string converted;
  SourceLine source;
};

// A column that the table's one backfill pass fills.
struct Fill {
  std::string column;
  std::string value;                       // SQL over the row
  std::string pending;                     // SQL over the row: true while it is to be filled
  std::string promise;                     // in words: "display_name is full_name"
  bool overrides = false;                  // its value replaces another fill's of the same column
  std::vector<QualifiedName> joins = {};   // tables whose rows its value comes from, and holds
  std::vector<QualifiedName> checks = {};  // tables in which a foreign key looks for what it writes
  bool in_place = false;  // overwrites a column that the app uses already: journalled for undo
  SourceLine source;
};

// When in phase 3 (or 2) a constraint is put on as NOT VALID; or in 4, where the old application
// may break it.
enum class AddedAt { dual_write, before_fill, after_fill, contract };

// A CHECK or FOREIGN KEY: NOT VALID first, VALIDATE later.
struct ConstraintDraft {
  std::string name;
  std::string definition;  // "CHECK (…)" or "FOREIGN KEY (…) REFERENCES …", without NOT VALID
  AddedAt added_at = AddedAt::after_fill;
  bool foreign_key = false;
  bool validate = true;
  QualifiedName target;  // of a foreign key
  std::string why;
  SourceLine source;
  std::string needless = {};  // SQL: true once contract has put what it proves in its place
};

// An index, built concurrently in phase 3 (leaf by leaf on a partitioned table).
struct IndexDraft {
  QualifiedName table;
  std::string name;
  bool unique = false;
  std::string definition;  // what stands behind "CREATE [UNIQUE] INDEX name ON table"
  // On a partitioned table: the name on every table below it, at all levels.
  std::map<QualifiedName, std::string> partition_names;
  std::string why;
  SourceLine source;
};

// Where in a contract transaction a piece of SQL belongs.
enum class ContractSlot {
  views_aside,  // before the tables are locked, in the order of those who read through the views
  prove,
  drop_trigger,
  drop_foreign_key,
  drop_helper,
  move_sequence,
  drop_column,
  swap_name,
  not_null,
  drop_proof,
  identity,
  set_default,
  take_names,
  views_back,  // a query may rest on a primary key
  rest
};

struct ContractPiece {
  ContractSlot slot = ContractSlot::rest;
  std::string comment;  // printed above it
  std::string sql;
  std::string done;  // true once it has happened; empty where doing it again is harmless
  SourceLine source;
};

// A step that stands by itself, in the order that recipes gave them.
struct LooseStep {
  Step step;
  int order = 0;  // within its phase: lower first; steps of equal order stay as they came
};

// Orders of loose steps in phase 3, between what `assemble` makes itself (tens are taken).
namespace order {
inline constexpr int check_before = 5;      // look for violators before anything is built
inline constexpr int not_valid_first = 10;  // constraints that a repair stands behind
inline constexpr int fill = 20;
inline constexpr int check_filled = 25;
inline constexpr int index = 30;
inline constexpr int attach = 35;  // deferrable unique constraints
inline constexpr int not_valid = 40;
inline constexpr int validate = 50;
inline constexpr int carry = 60;  // views, policies, statistics
inline constexpr int trial = 70;  // of a contract that may still find something in its way
// In phase 4: before an author's own SQL, and before anything is taken away, the view under a
// table's old name among it.
inline constexpr int last_look = 1;
// In phase 4, what only the new application keeps: in front of the step that rests on it.
inline constexpr int bind_new = 6;
inline constexpr int contract = 10;
}  // namespace order

// A column that another one takes the place of: by a rename, or by a copy of another type.
struct Rename {
  std::string from;
  std::string to;  // what the new one is called while both are there
  SourceLine source;
  std::string end_name = {};  // what it is called after contract; empty: as before
  std::string type = {};      // its type; empty: that of the old one
  bool converts = false;      // a rule over the old values says something else over the new ones
  dsl::Span span = {};        // where a message about it points
  bool keys_match = true;     // foreign keys and operator classes of the old type fit the new one

  const std::string& end() const { return end_name.empty() ? to : end_name; }
  bool keeps_name() const { return end() == from; }
};

// Everything that a change does to one table.
struct TableDraft {
  const Table* table = nullptr;
  // The first statement that puts another column in the place of one of the table's.
  const dsl::Statement* asked = nullptr;
  std::vector<Rename> renames;
  std::vector<std::string> dropped;
  std::vector<std::string> retyped;  // in the catalogue, by phase 1
  std::vector<TriggerRule> rules;
  std::vector<FunctionDraft> functions;
  std::vector<ExplicitNull> explicit_nulls;
  std::vector<NullMark> null_marks;
  std::vector<Fill> fills;
  std::vector<ConstraintDraft> constraints;
  std::vector<IndexDraft> indexes;
  std::vector<ContractPiece> contract;
  std::vector<QualifiedName> contract_locks;  // other tables that the contract has to lock with it
  std::vector<QualifiedName> views_aside;     // views that the contract drops and makes again
  // Views that somebody has to drop before contract, each before those that read it.
  std::vector<const View*> views_in_the_way;
  bool written_by_other_tables = false;  // by the plan's own triggers on them
  std::optional<std::uint32_t> batch;
  std::optional<std::uint32_t> workers;

  dsl::sql::ColumnMap rename_map() const;
};

struct Draft {
  std::string change;                          // its name
  bool own_triggers_may_fire = false;          // --allow own-triggers-fire
  std::map<QualifiedName, TableDraft> tables;  // in a fixed order, whatever the statements'
  std::vector<LooseStep> steps;
  std::vector<Hazard> hazards;
  std::array<PhaseNotes, 4> notes;
  std::vector<Verification> verifications;
  std::vector<OwnedObject> owned;
  std::vector<OldColumn> old_columns;
  std::map<QualifiedName, QualifiedName> stand_ins;  // by table: the view under its old name
  // Something else than a view stands over a column that contract swaps, until somebody mends it:
  // phase 3 cannot try the swap.
  bool swap_held = false;
  std::vector<QualifiedName> touched;  // tables that the excerpt has to hold

  PhaseNotes& notes_for(Phase phase) { return notes.at(static_cast<std::size_t>(phase) - 1); }
};

// The tables that hold a table's rows: itself, or all its leaf partitions; sorted.
std::vector<QualifiedName> leaves_of(const CatalogIndex& catalog, const Table& table);
// The columns that tell a row: primary key, else a unique key of NOT NULL columns, else none.
std::vector<std::string> row_key(const Table& table);

// How the names of the plan's triggers on these tables begin: they fire behind the tables' own.
std::string_view trigger_prefix(const std::vector<const Table*>& tree);
// Whether they do; no name sorts behind every other.
bool fires_behind(const Trigger& trigger, std::string_view prefix);
// The search_path of the plan's functions.
std::string function_search_path(const Catalog& catalog);
// A function with its owner's rights must not serve a trigger that anybody puts on a table of their
// own. Whether a trigger fires asks for no right; whether it is created does.
std::string for_nobody_else(const std::string& function);
std::string drop_trigger(const QualifiedName& table, const std::string& trigger);
// In front of CREATE TRIGGER: one that somebody disabled is still there when the phase runs again.
std::string clear_trigger(const QualifiedName& table, const std::string& trigger);
// One that a trigger or a CHECK calls with the rights of whoever writes: also where the database's
// default privileges give nobody anything.
std::string for_everybody(const std::string& function);

// What the plan's functions set besides. A body is read when it first runs, by the settings of
// whoever runs it: where it holds a backslash, what that means is said.
std::string function_literals(const std::string& body);

// Triggers that note who still writes a column that contract removes; before `assemble`. A column
// that the application itself keeps equal has none: it is written to the end. Whether there is any.
bool lay_tripwires(Draft& draft, const CatalogIndex& catalog, const Meaning& meaning);

// Once each; the plan's own lines have no number.
void add_source(std::vector<SourceLine>& sources, const SourceLine& source);

// Parts of `assemble`, one file each.
void assemble_triggers(Draft& draft, const CatalogIndex& catalog);
void assemble_backfill(Draft& draft, const CatalogIndex& catalog);
void assemble_constraints(Draft& draft, TableDraft& table);
void assemble_contract(Draft& draft, const CatalogIndex& catalog);

// The Draft as ordered, numbered steps.
std::vector<Step> assemble(Draft& draft, const CatalogIndex& catalog);

}  // namespace segue::planner
