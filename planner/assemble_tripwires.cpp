// Tripwires: triggers that note, in the ledger and about once a minute for each application, that
// somebody still writes a column that contract removes.
//
// An UPDATE is told by its column list, once for the statement and whatever the value. An INSERT
// tells its columns to nobody: there a row counts that arrives with a value which is not the
// column's default, looked at before the dual-write trigger fills it from the new side. A default
// that differs from row to row hides who gave the value, so such a column is watched in UPDATE
// alone. The triggers are ordinary ones: they stay silent under session_replication_role = replica,
// as the backfill runs.
#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql.hpp"
#include "planner/draft.hpp"
#include "planner/names.hpp"
#include "planner/probe.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

bool written_by_app(const Meaning& meaning, const OldColumn& old) {
  return std::any_of(meaning.pairings.begin(), meaning.pairings.end(), [&](const Pairing& pairing) {
    return pairing.by_app && pairing.table == old.table &&
           std::find(pairing.old_columns.begin(), pairing.old_columns.end(), old.column) !=
               pairing.old_columns.end();
  });
}

std::vector<std::string> watched_columns(const Draft& draft, const Meaning& meaning,
                                         const QualifiedName& table) {
  std::vector<std::string> columns;
  for (const OldColumn& old : draft.old_columns) {
    // Where the name stays, a statement that names it may be of either release.
    const bool watched =
        old.table == table && old.replaced_by != old.column && !written_by_app(meaning, old);
    if (watched && std::find(columns.begin(), columns.end(), old.column) == columns.end())
      columns.push_back(old.column);
  }
  return columns;
}

// True for a new row that somebody gave a value; empty where nobody can tell.
std::string given_in_insert(const Column& column) {
  const std::string value = "NEW." + quote_identifier(column.name);
  if (!column.identity.empty() || !column.generated.empty()) return "";
  if (column.default_value.empty()) return value + " IS NOT NULL";
  const auto parsed = dsl::sql::parse_expression(column.default_value);
  const auto* expression = std::get_if<dsl::sql::Expression>(&parsed);
  if (expression == nullptr || !expression->is_constant) return "";
  return fmt::format("{0} IS NOT NULL AND pg_catalog.record_image_ne(ROW({0}), ROW(({1})::{2}))",
                     value, column.default_value, column.type);
}

std::string names_of(const std::vector<std::string>& columns) {
  std::string list;
  for (const std::string& column : columns)
    list += (list.empty() ? "" : ", ") + quote_identifier(column);
  return list;
}

void lay(Draft& draft, TableDraft& table, const CatalogIndex& catalog,
         const std::vector<std::string>& columns) {
  const std::vector<const Table*> tree = tree_of(catalog, *table.table);
  const std::string_view prefix = trigger_prefix(tree);
  const std::string name = quoted(table.table->name);
  // "old" sorts before "sync": a row is seen as its statement gave it.
  const auto trigger = [&](std::string_view what) {
    return object_name(fmt::format("{}_old", prefix),
                       own_name(draft.change, fmt::format("{} {}", name, what)), "");
  };
  const std::string list = names_of(columns);
  const std::string setting =
      quote_literal("segue." + own_name(draft.change, fmt::format("{} tripwire", name)));
  // Noted in this transaction already: the function need not be called again.
  const std::string quiet =
      fmt::format("pg_catalog.current_setting({}, true) IS DISTINCT FROM 'noted'", setting);
  const std::string call = fmt::format("EXECUTE FUNCTION segue.tripwire({}, {}, {})",
                                       quote_literal(draft.change), quote_literal(list), setting);
  const std::string on_update = trigger("old update");
  // What the plan's own triggers carry over is the new release's; those of the application that
  // name the column are found by their functions.
  const std::string_view at_top =
      table.written_by_other_tables ? "WHEN (pg_catalog.pg_trigger_depth() = 0)\n  " : "";
  std::string create =
      fmt::format("CREATE TRIGGER {} BEFORE UPDATE OF {} ON {}\n  FOR EACH STATEMENT {}{};\n",
                  quote_identifier(on_update), list, name, at_top, call);
  std::string drop = drop_trigger(table.table->name, on_update);
  std::string done = probe::trigger_exists(table.table->name, on_update);
  draft.owned.push_back({ObjectKind::trigger, table.table->name, on_update});

  std::string given;
  for (const std::string& column : columns) {
    const std::string one = given_in_insert(*table.table->column(column));
    if (!one.empty()) given += fmt::format("{}{}", given.empty() ? "" : "\n      OR ", one);
  }
  if (!given.empty()) {
    const std::string on_insert = trigger("old insert");
    create += fmt::format(
        "CREATE TRIGGER {} BEFORE INSERT ON {}\n  FOR EACH ROW WHEN ({}\n    AND ({}))\n  {};\n",
        quote_identifier(on_insert), name, quiet, given, call);
    drop += drop_trigger(table.table->name, on_insert);
    done = probe::both(done, probe::trigger_exists(table.table->name, on_insert));
    for (const Table* one : tree)
      draft.owned.push_back({ObjectKind::trigger, one->name, on_insert});
  }

  Step step;
  step.phase = Phase::dual_write;
  step.title = fmt::format("Tripwire on {}", name);
  step.action = Transaction{create};
  step.why = fmt::format(
      "notes in the ledger who still writes {}, about once a minute for each application: contract "
      "asks it; never fails or holds up the statement",
      list);
  step.locks = {{table.table->name, LockMode::share_row_exclusive}};
  step.done = done;
  step.undo = {Transaction{drop}};
  for (const ContractPiece& piece : table.contract) {
    const bool drops = piece.slot == ContractSlot::drop_column && piece.source.line != 0;
    if (drops) step.source.push_back(piece.source);
  }
  draft.steps.push_back({std::move(step), 20});

  ContractPiece piece;
  piece.slot = ContractSlot::drop_trigger;
  piece.comment = "nobody is left to be noticed";
  piece.sql = drop;
  table.contract.push_back(std::move(piece));
  draft.notes_for(Phase::dual_write)
      .changes.push_back(fmt::format(
          "A tripwire notes which application still writes {} of `{}`; from the acknowledgement of "
          "a release on, contract refuses while there are such notes.",
          list, table.table->name.name));
}

}  // namespace

bool lay_tripwires(Draft& draft, const CatalogIndex& catalog, const Meaning& meaning) {
  bool laid = false;
  for (auto& [name, table] : draft.tables) {
    if (table.contract.empty()) continue;
    const std::vector<std::string> columns = watched_columns(draft, meaning, name);
    if (columns.empty()) continue;
    lay(draft, table, catalog, columns);
    laid = true;
  }
  if (!laid) {
    draft.notes_for(Phase::dual_write)
        .changes.push_back(
            "No tripwire is laid: no column that contract removes is written by the old release "
            "alone.");
  }
  return laid;
}

}  // namespace segue::planner
