// Phase 3: one pass that fills, concurrent indexes, constraints as NOT VALID and one validation
// scan.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "dsl/sql.hpp"
#include "planner/draft.hpp"
#include "planner/journal.hpp"
#include "planner/names.hpp"
#include "planner/probe.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

// ---- The fill
// ------------------------------------------------------------------------------------

bool fires_on_update(const Trigger& trigger) {
  return trigger.on_update && (trigger.enabled == "origin");
}

// Under session_replication_role = replica foreign keys are not checked either: never with a column
// that a key stands on.
bool in_foreign_key(const CatalogIndex& catalog, const Table& table, const std::string& column) {
  const auto holds = [&](const std::vector<std::string>& columns) {
    return std::find(columns.begin(), columns.end(), column) != columns.end();
  };
  for (const Constraint& constraint : table.constraints) {
    if (constraint.kind == ConstraintKind::foreign_key && holds(constraint.columns)) return true;
  }
  const auto& incoming = catalog.foreign_keys_to(table.name);
  return std::any_of(incoming.begin(), incoming.end(), [&](const CatalogIndex::IncomingKey& key) {
    return holds(key.constraint->target_columns);
  });
}

Step journal_step(const TableDraft& draft, const Journal& journal, std::string& drop) {
  drop = fmt::format("DROP TABLE IF EXISTS {};\n", quoted(journal.table));
  Step step;
  step.phase = Phase::backfill;
  step.title = fmt::format("Keep what the fill overwrites in {}", quoted(draft.table->name));
  step.action = Transaction{create_journal(draft.table->name, journal)};
  step.why = "undo puts the old values back wherever the app has not written since";
  step.locks = {{draft.table->name, LockMode::access_share}};
  step.done = probe::relation_exists(journal.table);
  step.undo = {Transaction{drop}};
  return step;
}

// Puts back what a journalled pass overwrote, in the same small transactions.
BackfillPass put_back(const BackfillPass& pass) {
  const Journal& journal = *pass.journal;
  const std::string table = quote_identifier(pass.table.name);
  std::string same_row;
  for (const std::string& column : journal.key) {
    if (!same_row.empty()) same_row += " AND ";
    same_row += fmt::format("segue_journal.{} = {}.{}", quote_identifier(column), table,
                            quote_identifier(column));
  }
  BackfillPass back = pass;
  back.journal.reset();
  back.set.clear();
  back.pending.clear();
  for (std::size_t i = 0; i < journal.columns.size(); ++i) {
    const std::string column = fmt::format("{}.{}", table, quote_identifier(journal.columns[i]));
    const std::string to_put_back = fmt::format(
        "SELECT segue_journal.old_{0} FROM {1} AS segue_journal WHERE {2}"
        " AND NOT pg_catalog.record_image_ne(ROW(segue_journal.new_{0}), ROW({3}))"
        " AND pg_catalog.record_image_ne(ROW(segue_journal.old_{0}), ROW({3}))",
        i + 1, quoted(journal.table), same_row, column);
    back.set.push_back(
        {journal.columns[i],
         fmt::format("CASE WHEN EXISTS ({0}) THEN ({0}) ELSE {1} END", to_put_back, column)});
    back.pending += fmt::format("{}EXISTS ({})", back.pending.empty() ? "" : " OR ", to_put_back);
  }
  return back;
}

// A value that overwrites a column, over the row as the statements before it leave it: that is how
// the trigger does it, one after the other. `mended`: what each column is by then.
std::string behind(const Table& table, const std::map<std::string, std::string>& mended,
                   const std::string& value) {
  const auto parsed = dsl::sql::parse_expression(value);
  const auto& uses = std::get<dsl::sql::Expression>(parsed).columns;
  std::string row;
  bool reads_mended = false;
  for (const Column& column : table.columns) {
    const bool read = std::any_of(uses.begin(), uses.end(), [&](const dsl::sql::ColumnUse& use) {
      return use.name == column.name || use.name == "*";
    });
    if (!read) continue;
    const std::string name = quote_identifier(column.name);
    const auto before = mended.find(column.name);
    reads_mended = reads_mended || before != mended.end();
    row += row.empty() ? "" : ", ";
    row += before == mended.end()
               ? name
               : fmt::format("CAST(({}) AS {}) AS {}", before->second, column.type, name);
  }
  if (!reads_mended) return value;
  return fmt::format("(SELECT {} FROM (SELECT {}) AS {})", value, row,
                     quote_identifier(table.name.name));
}

void assemble_fill(Draft& draft, TableDraft& table, const CatalogIndex& catalog) {
  if (table.fills.empty()) return;
  const Table& target = *table.table;
  BackfillPass pass;
  pass.table = target.name;
  pass.leaves = leaves_of(catalog, target);
  pass.key = row_key(target);
  pass.batch = table.batch;
  pass.workers = table.workers;
  std::vector<SourceLine> sources;
  std::vector<std::string> in_place;
  std::map<std::string, std::string> mended;
  std::vector<std::string> promises;
  std::set<QualifiedName> other_tables;
  for (const Fill& fill : table.fills) {
    if (!fill.pending.empty())
      pass.pending += fmt::format("{}{}", pass.pending.empty() ? "" : "\n     OR ", fill.pending);
    if (!fill.promise.empty()) promises.push_back(fill.promise);
    const auto same = std::find_if(pass.set.begin(), pass.set.end(), [&](const Assignment& one) {
      return one.column == fill.column;
    });
    const std::string value = fill.in_place ? behind(target, mended, fill.value) : fill.value;
    if (same == pass.set.end()) {
      pass.set.push_back({fill.column, value});
    } else if (fill.overrides || fill.in_place) {
      same->value = value;
    }
    if (fill.in_place) {
      if (!mended.contains(fill.column)) in_place.push_back(fill.column);
      mended[fill.column] = value;
    }
    pass.lock_rows_first = pass.lock_rows_first || !fill.joins.empty();
    other_tables.insert(fill.joins.begin(), fill.joins.end());
    other_tables.insert(fill.checks.begin(), fill.checks.end());
    for (const Constraint& constraint : target.constraints) {
      const bool checked = fill.in_place && constraint.kind == ConstraintKind::foreign_key &&
                           std::find(constraint.columns.begin(), constraint.columns.end(),
                                     fill.column) != constraint.columns.end();
      if (checked) other_tables.insert(constraint.target);
    }
    add_source(sources, fill.source);
  }
  std::vector<std::string> triggers;
  for (const Table* one : tree_of(catalog, target)) {
    for (const Trigger& trigger : one->triggers) {
      if (fires_on_update(trigger) && !trigger.inherited) triggers.push_back(trigger.name);
    }
  }
  if (!triggers.empty()) {
    const bool key_column = std::any_of(
        in_place.begin(), in_place.end(),
        [&](const std::string& column) { return in_foreign_key(catalog, target, column); });
    pass.silence_triggers = !key_column;
    pass.triggers_may_fire = pass.silence_triggers && draft.own_triggers_may_fire;
  }

  if (!in_place.empty() && !pass.key.empty()) {
    const std::string name = own_name(draft.change, quoted(target.name) + " journal");
    pass.journal = Journal{{"segue", name}, pass.key, in_place};
    std::string drop;
    Step step = journal_step(table, *pass.journal, drop);
    step.source = sources;
    draft.steps.push_back({std::move(step), order::fill - 1});
    ContractPiece piece;
    piece.slot = ContractSlot::rest;
    piece.comment = "undo is over: what the fill overwrote is not needed any more";
    piece.sql = drop;
    table.contract.push_back(std::move(piece));
  }

  Step step;
  step.phase = Phase::backfill;
  step.title = fmt::format("Fill {}", quoted(target.name));
  step.why = fmt::format("in small batches, until {} on every row", fmt::join(promises, " and "));
  step.locks = {{target.name, LockMode::row_exclusive}};
  other_tables.erase(target.name);
  for (const QualifiedName& name : other_tables) step.locks.push_back({name, LockMode::row_share});
  step.scan = Scan::writes;
  if (pass.journal) {
    // What goes back may be what a constraint of this change refuses: those that came before the
    // fill go first.
    std::string drops;
    for (const ConstraintDraft& constraint : table.constraints) {
      if (constraint.added_at != AddedAt::before_fill) continue;
      drops += fmt::format("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {};\n", quoted(target.name),
                           quote_identifier(constraint.name));
    }
    if (!drops.empty()) step.undo.emplace_back(Transaction{drops});
    step.undo.emplace_back(put_back(pass));
  }
  step.undo_note = in_place.empty() ? "nothing: what was filled goes with its column" : "";
  step.action = std::move(pass);
  step.source = std::move(sources);
  draft.steps.push_back({std::move(step), order::fill});
}

// ---- Indexes
// ---------------------------------------------------------------------------------------

std::string create_index(const IndexDraft& index, std::string_view how, const std::string& name,
                         const std::string& table) {
  return fmt::format("CREATE {}INDEX {}{} ON {} {};", index.unique ? "UNIQUE " : "", how,
                     quote_identifier(name), table, index.definition);
}

void assemble_index(Draft& draft, const IndexDraft& index, const CatalogIndex& catalog) {
  const Table& table = *catalog.table(index.table);
  const QualifiedName own{index.table.schema, index.name};
  if (table.kind != TableKind::partitioned) {
    Step step;
    step.phase = Phase::backfill;
    step.title = fmt::format("Build {}", quoted(own));
    step.action =
        ConcurrentIndex{index.table, own, false,
                        create_index(index, "CONCURRENTLY ", index.name, quoted(index.table))};
    step.why = index.why;
    step.locks = {{index.table, LockMode::share_update_exclusive}};
    step.scan = Scan::builds_index;
    step.done = probe::index_valid(own);
    step.undo = {ConcurrentIndex{
        index.table, own, true, fmt::format("DROP INDEX CONCURRENTLY IF EXISTS {};", quoted(own))}};
    step.source = {index.source};
    draft.steps.push_back({std::move(step), order::index});
    return;
  }

  // CONCURRENTLY does not know partitioned tables: an empty index on the parent, one built beside
  // the traffic on each leaf, then attached.
  std::string drop = fmt::format("DROP INDEX IF EXISTS {};\n", quoted(own));
  std::vector<Step> builds;
  std::vector<Step> attaches;
  for (const Table* parent : tree_of(catalog, table)) {
    const std::string parent_name =
        parent == &table ? index.name : index.partition_names.at(parent->name);
    const QualifiedName here{parent->name.schema, parent_name};
    Step step;
    step.phase = Phase::backfill;
    step.title = fmt::format("Build {}", quoted(here));
    step.why = index.why;
    step.source = {index.source};
    if (parent->kind == TableKind::partitioned) {
      step.action =
          Transaction{create_index(index, "", parent_name, "ONLY " + quoted(parent->name)) + "\n"};
      step.why = "the parent's index is only a name until every partition's is attached";
      step.locks = {{parent->name, LockMode::share}};
      step.done = probe::relation_exists(here);
    } else {
      step.action =
          ConcurrentIndex{parent->name, here, false,
                          create_index(index, "CONCURRENTLY ", parent_name, quoted(parent->name))};
      step.locks = {{parent->name, LockMode::share_update_exclusive}};
      step.scan = Scan::builds_index;
      step.done = probe::index_valid(here);
    }
    builds.push_back(std::move(step));
    if (parent == &table) continue;
    drop += fmt::format("DROP INDEX IF EXISTS {};\n", quoted(here));
    const QualifiedName above{parent->partition_of->schema,
                              *parent->partition_of == table.name
                                  ? index.name
                                  : index.partition_names.at(*parent->partition_of)};
    Step attach;
    attach.phase = Phase::backfill;
    attach.title = fmt::format("Attach {}", quoted(here));
    attach.action = Transaction{
        fmt::format("ALTER INDEX {} ATTACH PARTITION {};\n", quoted(above), quoted(here))};
    attach.why = "the parent's index is valid once all of them are attached";
    attach.locks = {{parent->name, LockMode::access_share},
                    {here, LockMode::access_exclusive},
                    {above, LockMode::share_update_exclusive}};
    // The last one makes the index above valid, and PostgreSQL then looks at the one above that
    // with its table locked.
    for (const Table* higher = catalog.table(*parent->partition_of);
         higher != nullptr && higher->partition_of; higher = catalog.table(*higher->partition_of)) {
      attach.locks.push_back({*higher->partition_of, LockMode::access_exclusive});
    }
    attach.done = fmt::format(
        "EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = {} AND inhparent = {})",
        probe::relation(here), probe::relation(above));
    attach.source = {index.source};
    attaches.push_back(std::move(attach));
  }
  builds.front().undo = {Transaction{drop}};
  for (Step& step : builds) draft.steps.push_back({std::move(step), order::index});
  for (Step& step : attaches) draft.steps.push_back({std::move(step), order::index + 1});
}

}  // namespace

void assemble_backfill(Draft& draft, const CatalogIndex& catalog) {
  for (auto& [name, table] : draft.tables) {
    assemble_fill(draft, table, catalog);
    // Unique ones first: a duplicate stops the phase before the long builds.
    std::stable_partition(table.indexes.begin(), table.indexes.end(),
                          [](const IndexDraft& index) { return index.unique; });
    for (const IndexDraft& index : table.indexes) assemble_index(draft, index, catalog);
    assemble_constraints(draft, table);
  }
}

}  // namespace segue::planner
