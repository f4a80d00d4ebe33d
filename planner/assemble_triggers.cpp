// Phase 2: the triggers that keep old and new equal.
//
// One BEFORE row trigger per table and change does all of that change's columns. Its WHEN tests the
// invariant, so that any write heals its row and other updates never call the function (a condition
// in WHEN costs a backfill 1 %, the same one in the body 9 %). ENABLE ALWAYS: it fires for logical
// apply workers and under session_replication_role = replica too.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "dsl/sql.hpp"
#include "planner/draft.hpp"
#include "planner/names.hpp"
#include "planner/probe.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

// BEFORE triggers fire in the order of their names, byte by byte. Ours has to see what the table's
// own ones made of the row, so it takes the first of these prefixes that sorts behind all of them.
constexpr std::array<std::string_view, 4> prefixes{"zz_segue", "zzzz_segue", "~segue",
                                                   "\xF4\x8F\xBF\xBF_segue"};

}  // namespace

bool fires_behind(const Trigger& trigger, std::string_view prefix) {
  if (trigger.timing != "BEFORE" || !trigger.for_each_row) return false;
  // Another change's: they write other columns, and may come in any order.
  if (trigger.function.schema == "segue") return false;
  return trigger.name >= prefix;
}

std::string_view trigger_prefix(const std::vector<const Table*>& tree) {
  for (const std::string_view prefix : prefixes) {
    const bool last = std::all_of(tree.begin(), tree.end(), [&](const Table* table) {
      return std::none_of(table->triggers.begin(), table->triggers.end(),
                          [&](const Trigger& trigger) { return fires_behind(trigger, prefix); });
    });
    if (last) return prefix;
  }
  return prefixes.back();
}

std::string function_search_path(const Catalog& catalog) {
  std::string path = "pg_catalog";
  for (const std::string& schema : catalog.search_path) {
    if (schema != "pg_catalog") path += ", " + quote_identifier(schema);
  }
  return path + ", pg_temp";
}

std::string function_literals(const std::string& body) {
  return body.find('\\') == std::string::npos ? "" : " SET standard_conforming_strings = on";
}

std::string drop_trigger(const QualifiedName& table, const std::string& trigger) {
  return fmt::format("DROP TRIGGER IF EXISTS {} ON {};\n", quote_identifier(trigger),
                     quoted(table));
}

std::string clear_trigger(const QualifiedName& table, const std::string& trigger) {
  return fmt::format("CALL segue.clear_trigger({}, {});\n", quote_literal(quoted(table)),
                     quote_literal(trigger));
}

std::string for_everybody(const std::string& function) {
  return fmt::format("GRANT EXECUTE ON FUNCTION {} TO PUBLIC;\n", function);
}

std::string for_nobody_else(const std::string& function) {
  return fmt::format("REVOKE ALL ON FUNCTION {} FROM PUBLIC;\n", function);
}

namespace {

std::string function_sql(const std::string& name, const std::string& path, const std::string& body,
                         bool as_owner = false) {
  return fmt::format(
      "CREATE OR REPLACE FUNCTION {}() RETURNS trigger\n  LANGUAGE plpgsql{} SET search_path = "
      "{}{} AS {};\n{}",
      name, as_owner ? " SECURITY DEFINER" : "", path, function_literals(body),
      dsl::sql::dollar_quoted(
          fmt::format("\n#variable_conflict use_column\nBEGIN\n{}  RETURN NEW;\nEND\n", body)),
      as_owner ? for_nobody_else(name + "()") : "");
}

std::string helper_sql(const FunctionDraft& function, const std::string& path) {
  const std::string name = "segue." + quote_identifier(function.name);
  return fmt::format(
      "CREATE OR REPLACE FUNCTION {}({}) RETURNS {}\n  LANGUAGE plpgsql STABLE SET "
      "search_path = {}{} AS {};\n{}",
      name, function.arguments, function.returns, path,
      function.settings + function_literals(function.declarations + function.body),
      dsl::sql::dollar_quoted(
          fmt::format("\nDECLARE\n{}BEGIN\n{}END\n", function.declarations, function.body)),
      for_everybody(fmt::format("{}({})", name, function.types)));
}

std::string enable_always(const std::vector<const Table*>& tree, const std::string& trigger) {
  std::string sql;
  // A cloned trigger of a partition takes the parent's mode only from PostgreSQL 15 on.
  for (const Table* table : tree) {
    sql += fmt::format("ALTER TABLE {} ENABLE ALWAYS TRIGGER {};\n", quoted(table->name),
                       quote_identifier(trigger));
  }
  return sql;
}

std::vector<SourceLine> sources_of(const TableDraft& draft) {
  std::vector<SourceLine> sources;
  for (const TriggerRule& rule : draft.rules) {
    const bool known = std::any_of(sources.begin(), sources.end(), [&](const SourceLine& line) {
      return line.line == rule.source.line;
    });
    if (!known) sources.push_back(rule.source);
  }
  return sources;
}

struct Parts {
  std::string create;
  std::string drop;
};

// An UPDATE by the new app that sets NULL on a row that is not filled yet leaves NEW as OLD was:
// the invariant alone would bring the old value back. Only a column list tells that the column was
// written; once all rows are filled the condition is never true.
Parts explicit_null(const Draft& draft, const TableDraft& table, const ExplicitNull& null,
                    std::string_view prefix, const std::vector<const Table*>& tree,
                    const std::string& path, std::vector<OwnedObject>& owned) {
  const std::string what = fmt::format("{}.{} null", quoted(table.table->name), null.new_column);
  const std::string function_name = own_name(draft.change, what + " function");
  const std::string function = fmt::format("segue.{}", quote_identifier(function_name));
  const std::string trigger =
      object_name(fmt::format("{}_null", prefix), own_name(draft.change, what), "");
  const std::string old_column = quote_identifier(null.old_column);
  const std::string new_column = quote_identifier(null.new_column);
  const std::string converted =
      null.converted.empty() ? "" : fmt::format("\n    AND ({}) IS NOT NULL", null.converted);
  Parts parts;
  parts.create = function_sql(function, path, fmt::format("  NEW.{} := NULL;\n", old_column));
  parts.create += clear_trigger(table.table->name, trigger);
  parts.create += fmt::format(
      "CREATE TRIGGER {} BEFORE UPDATE OF {} ON {}\n  FOR EACH ROW WHEN (NEW.{} IS NULL AND OLD.{} "
      "IS NULL"
      " AND NEW.{} IS NOT NULL\n    AND NOT pg_catalog.record_image_ne(ROW(OLD.{}), "
      "ROW(NEW.{})){})\n"
      "  EXECUTE FUNCTION {}();\n",
      quote_identifier(trigger), new_column, quoted(table.table->name), new_column, new_column,
      old_column, old_column, old_column, converted, function);
  parts.create += enable_always(tree, trigger);
  parts.drop = drop_trigger(table.table->name, trigger) +
               fmt::format("DROP FUNCTION IF EXISTS {}();\n", function);
  for (const Table* one : tree) owned.push_back({ObjectKind::trigger, one->name, trigger});
  owned.push_back({ObjectKind::function, {"segue", function_name}, function_name});
  return parts;
}

// The old row's text is what tells this row from another, and this update of it from a later one.
Parts null_mark(const Draft& draft, const TableDraft& table, const NullMark& mark,
                std::string_view prefix, const std::vector<const Table*>& tree,
                const std::string& path, std::vector<OwnedObject>& owned) {
  const std::string what = fmt::format("{}.{} null", quoted(table.table->name), mark.column);
  const std::string function_name = own_name(draft.change, what + " function");
  const std::string function = fmt::format("segue.{}", quote_identifier(function_name));
  const std::string trigger =
      object_name(fmt::format("{}_null", prefix), own_name(draft.change, what), "");
  Parts parts;
  parts.create = function_sql(function, path,
                              fmt::format("  PERFORM pg_catalog.set_config({}, OLD::text, true);\n",
                                          quote_literal(mark.setting)));
  parts.create += clear_trigger(table.table->name, trigger);
  parts.create += fmt::format(
      "CREATE TRIGGER {} BEFORE UPDATE OF {} ON {}\n  FOR EACH ROW WHEN ({})\n  EXECUTE FUNCTION "
      "{}();\n",
      quote_identifier(trigger), quote_identifier(mark.column), quoted(table.table->name),
      mark.when, function);
  parts.create += enable_always(tree, trigger);
  parts.drop = drop_trigger(table.table->name, trigger) +
               fmt::format("DROP FUNCTION IF EXISTS {}();\n", function);
  for (const Table* one : tree) owned.push_back({ObjectKind::trigger, one->name, trigger});
  owned.push_back({ObjectKind::function, {"segue", function_name}, function_name});
  return parts;
}

void assemble_table(Draft& draft, TableDraft& table, const CatalogIndex& catalog) {
  const std::vector<const Table*> tree = tree_of(catalog, *table.table);
  const std::string path = function_search_path(catalog.catalog());
  const std::string_view prefix = trigger_prefix(tree);
  const std::string name = quoted(table.table->name);
  const std::string function_name = own_name(draft.change, name + " sync");
  const std::string function = fmt::format("segue.{}", quote_identifier(function_name));
  // "sync" sorts behind "null": what that one decides is seen here.
  const std::string trigger =
      object_name(fmt::format("{}_sync", prefix), own_name(draft.change, name), "");

  std::string body;
  std::string when;
  bool fills_in_place = false;
  bool as_owner = false;
  for (const TriggerRule& rule : table.rules) {
    as_owner = as_owner || rule.reads_tables;
    std::string condition = rule.when;
    if (rule.insert_only) condition = fmt::format("TG_OP = 'INSERT' AND {}", condition);
    body += fmt::format("  -- {}\n  IF {} THEN\n{}  END IF;\n", rule.comment, condition, rule.body);
    if (!when.empty()) when += "\n    OR ";
    when += table.rules.size() > 1 ? fmt::format("({})", rule.when) : rule.when;
  }
  for (const Fill& fill : table.fills) fills_in_place = fills_in_place || fill.in_place;
  // Undo puts back what a fill overwrote; the trigger must not fill it again then.
  if (fills_in_place) {
    when = fmt::format(
        "({})\n    AND pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on'",
        when);
  }

  Transaction create;
  std::string drop = drop_trigger(table.table->name, trigger) +
                     fmt::format("DROP FUNCTION IF EXISTS {}();\n", function);
  for (const FunctionDraft& helper : table.functions) {
    create.sql += helper_sql(helper, path);
    drop += fmt::format("DROP FUNCTION IF EXISTS segue.{}({});\n", quote_identifier(helper.name),
                        helper.types);
    draft.owned.push_back({ObjectKind::function, {"segue", helper.name}, helper.name});
  }
  for (const NullMark& mark : table.null_marks) {
    const Parts parts = null_mark(draft, table, mark, prefix, tree, path, draft.owned);
    create.sql += parts.create;
    drop += parts.drop;
  }
  for (const ExplicitNull& null : table.explicit_nulls) {
    const Parts parts = explicit_null(draft, table, null, prefix, tree, path, draft.owned);
    create.sql += parts.create;
    drop += parts.drop;
  }
  create.sql += function_sql(function, path, body, as_owner);
  create.sql += clear_trigger(table.table->name, trigger);
  create.sql += fmt::format(
      "CREATE TRIGGER {} BEFORE INSERT OR UPDATE ON {}\n  FOR EACH ROW WHEN ({})\n"
      "  EXECUTE FUNCTION {}();\n",
      quote_identifier(trigger), name, when, function);
  create.sql += enable_always(tree, trigger);
  for (const Table* one : tree) draft.owned.push_back({ObjectKind::trigger, one->name, trigger});
  draft.owned.push_back({ObjectKind::function, {"segue", function_name}, function_name});

  Step step;
  step.phase = Phase::dual_write;
  step.title = fmt::format("Dual-write on {}", name);
  step.action = std::move(create);
  step.why =
      "every write of either release keeps old and new in step; waits for writers in flight, so a "
      "backfill behind it misses none";
  step.locks = {{table.table->name, LockMode::share_row_exclusive}};
  step.done = probe::trigger_enabled_always(table.table->name, trigger);
  step.undo = {Transaction{drop}};
  step.source = sources_of(table);
  draft.steps.push_back({std::move(step), 10});

  ContractPiece piece;
  piece.slot = ContractSlot::drop_trigger;
  piece.comment = "the old release is gone: nothing to keep in step";
  piece.sql = drop;
  table.contract.push_back(std::move(piece));
}

// Without a trigger, for the fill and the looks at rows.
void assemble_functions(Draft& draft, TableDraft& table, const CatalogIndex& catalog) {
  const std::string path = function_search_path(catalog.catalog());
  std::string create;
  std::string drop;
  Step step;
  for (const FunctionDraft& helper : table.functions) {
    const std::string signature =
        fmt::format("segue.{}({})", quote_identifier(helper.name), helper.types);
    create += helper_sql(helper, path);
    drop += fmt::format("DROP FUNCTION IF EXISTS {};\n", signature);
    step.done = probe::both(step.done, fmt::format("pg_catalog.to_regprocedure({}) IS NOT NULL",
                                                   quote_literal(signature)));
    draft.owned.push_back({ObjectKind::function, {"segue", helper.name}, helper.name});
  }
  step.phase = Phase::dual_write;
  step.title = fmt::format("Say how old and new values of {} follow from each other",
                           quoted(table.table->name));
  step.action = Transaction{std::move(create)};
  step.why =
      "a value that does not convert is NULL here and is listed in phase 3; the application writes "
      "both sides, and no trigger calls these";
  step.undo = {Transaction{drop}};
  draft.steps.push_back({std::move(step), 5});
  table.contract.push_back({ContractSlot::drop_helper, "", drop, "", {}});
}

}  // namespace

void assemble_triggers(Draft& draft, const CatalogIndex& catalog) {
  for (auto& [name, table] : draft.tables) {
    if (!table.rules.empty()) {
      assemble_table(draft, table, catalog);
    } else if (!table.functions.empty()) {
      assemble_functions(draft, table, catalog);
    }
  }
}

}  // namespace segue::planner
