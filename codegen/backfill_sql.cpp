#include "codegen/backfill_sql.hpp"

#include <fmt/format.h>

#include "dsl/sql.hpp"

namespace segue::codegen {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;
using planner::BackfillPass;
using planner::Journal;
using planner::quoted;

// Blocks per batch under psql: about 5,000 rows of 200 bytes in 128 pages of 8 kB; a small
// transaction that an app does not notice. segue itself chooses by rows, see runtime/backfill.hpp.
constexpr int blocks_per_batch = 128;

std::string assignments(const BackfillPass& pass) {
  std::string text;
  for (const planner::Assignment& assignment : pass.set) {
    if (!text.empty()) text += ", ";
    text += fmt::format("{} = {}", quote_identifier(assignment.column), assignment.value);
  }
  return text;
}

// Left to itself PostgreSQL puts the test that it takes for cheaper first, and that is the wrong
// one: a fifth of the time, measured. A CASE keeps its order.
std::string pending_of(const BackfillPass& pass, std::string_view share) {
  if (share.empty()) return fmt::format("({})", pass.pending);
  return fmt::format("CASE WHEN {} THEN ({}) ELSE false END", share, pass.pending);
}

// Rows are locked and their old values read first, then updated by ctid and remembered.
std::string journalled_update(const BackfillPass& pass, const std::string& target,
                              std::string_view range, const std::string& pending) {
  const Journal& journal = *pass.journal;
  const std::string name = quote_identifier(pass.table.name);
  std::string old_values;
  std::string returning;
  for (const std::string& column : journal.key) {
    if (!returning.empty()) returning += ", ";
    returning += fmt::format("{}.{}", name, quote_identifier(column));
  }
  for (std::size_t i = 0; i < journal.columns.size(); ++i) {
    const std::string column = quote_identifier(journal.columns[i]);
    old_values += fmt::format(", {} AS segue_old_{}", column, i + 1);
    returning += fmt::format(", segue_before.segue_old_{}, {}.{}", i + 1, name, column);
  }
  return fmt::format(
      "WITH segue_before AS MATERIALIZED (\n"
      "  SELECT ctid AS segue_tid{}\n    FROM ONLY {}\n   WHERE {}\n     AND {}\n     FOR NO KEY "
      "UPDATE\n"
      "), segue_filled AS (\n"
      "  UPDATE ONLY {}\n     SET {}\n    FROM segue_before\n   WHERE {}.ctid = "
      "segue_before.segue_tid\n"
      "  RETURNING {}\n"
      ")\nINSERT INTO {} SELECT * FROM segue_filled ON CONFLICT DO NOTHING",
      old_values, target, range, pending, target, assignments(pass), name, returning,
      quoted(journal.table));
}

// The rows are locked first, then given their values.
std::string update_of_locked(const BackfillPass& pass, const std::string& target,
                             std::string_view range, const std::string& pending) {
  return fmt::format(
      "WITH segue_locked AS MATERIALIZED (\n"
      "  SELECT ctid AS segue_tid\n    FROM ONLY {0}\n   WHERE {1}\n     AND {2}\n     FOR NO "
      "KEY "
      "UPDATE\n"
      ")\nUPDATE ONLY {0}\n   SET {3}\n  FROM segue_locked\n WHERE {4}.ctid = "
      "segue_locked.segue_tid",
      target, range, pending, assignments(pass), quote_identifier(pass.table.name));
}

}  // namespace

std::string batch_update(const BackfillPass& pass, const planner::QualifiedName& leaf,
                         std::string_view range, std::string_view share) {
  std::string target = quoted(leaf);
  if (leaf.name != pass.table.name) target += " AS " + quote_identifier(pass.table.name);
  const std::string pending = pending_of(pass, share);
  if (pass.lock_rows_first && !pass.journal) return update_of_locked(pass, target, range, pending);
  if (pass.journal) return journalled_update(pass, target, range, pending);
  return fmt::format("UPDATE ONLY {}\n   SET {}\n WHERE {}\n   AND {}", target, assignments(pass),
                     range, pending);
}

std::string block_range(std::string_view from, std::string_view to) {
  return fmt::format(
      "ctid >= pg_catalog.format('(%s,0)', {})::tid AND ctid < pg_catalog.format('(%s,0)', "
      "{})::tid",
      from, to);
}

namespace {

// A column of any name may stand in the batch's expressions, and there it wins over a variable. A
// variable that the block's label qualifies can be no column, unless a relation bears that name.
std::string label_of(const BackfillPass& pass) {
  std::string all = quoted(pass.table) + pass.pending + assignments(pass);
  for (const planner::QualifiedName& leaf : pass.leaves) all += quoted(leaf);
  std::string label = "segue_fill";
  while (all.find(label) != std::string::npos) label += '_';
  return label;
}

// The table's own triggers are not the fill's to fire. A block with a handler is over before
// COMMIT, which none may hold; what SET LOCAL sets in it stays.
std::string silence(const BackfillPass& pass) {
  if (!pass.silence_triggers) return "";
  const std::string set = "SET LOCAL session_replication_role = replica;\n";
  if (!pass.triggers_may_fire) return "      " + set;
  return fmt::format(
      "      -- where the role may not, they may fire: planned with --allow own-triggers-fire\n"
      "      BEGIN\n        {}      EXCEPTION WHEN insufficient_privilege THEN\n        NULL;\n"
      "      END;\n",
      set);
}

std::string fill_loop(const BackfillPass& pass, const planner::QualifiedName& leaf,
                      const std::string& label) {
  const std::string lower = label + ".segue_lower";
  const std::string settings =
      "      SET LOCAL row_security = off;\n      SET LOCAL segue.backfill = 'on';\n" +
      silence(pass);
  return fmt::format(
      "  -- {0}: block ranges, then sweeps until one finds nothing left\n"
      "  FOR segue_pass IN 0..3 LOOP\n"
      "    segue_filled := 0;\n"
      "    segue_upper := pg_catalog.pg_relation_size({1}::pg_catalog.regclass) / "
      "pg_catalog.current_setting('block_size')::bigint;\n"
      "    segue_lower := 0;\n"
      "    WHILE segue_lower <= segue_upper LOOP\n"
      "{2}"
      "{3};\n"
      "      GET DIAGNOSTICS segue_batch = ROW_COUNT;\n"
      "      segue_filled := segue_filled + segue_batch;\n"
      "      segue_lower := segue_lower + {4};\n"
      "      COMMIT;\n"
      "    END LOOP;\n"
      "    EXIT WHEN segue_pass > 0 AND segue_filled = 0;\n"
      "  END LOOP;\n",
      quoted(leaf), quote_literal(quoted(leaf)), settings,
      batch_update(pass, leaf, block_range(lower, fmt::format("{} + {}", lower, blocks_per_batch))),
      blocks_per_batch);
}

}  // namespace

std::string backfill_block(const BackfillPass& pass) {
  const std::string label = label_of(pass);
  std::string loops;
  for (const planner::QualifiedName& leaf : pass.leaves) loops += fill_loop(pass, leaf, label);
  const std::string block = fmt::format(
      "\n#variable_conflict use_column\n"
      "<<{}>>\n"
      "DECLARE\n  segue_lower bigint;\n  segue_upper bigint;\n  segue_batch bigint;\n  "
      "segue_filled bigint;\n"
      "BEGIN\n{}END\n",
      label, loops);
  return fmt::format("DO {};", dsl::sql::dollar_quoted(block, "segue_backfill"));
}

}  // namespace segue::codegen
