#include "codegen/step_sql.hpp"

#include <fmt/format.h>

#include "codegen/backfill_sql.hpp"
#include "dsl/overloaded.hpp"
#include "dsl/sql.hpp"

namespace segue::codegen {

namespace {

using dsl::Overloaded;
using dsl::sql::quote_literal;

// How many violating rows a message shows.
constexpr int rows_shown = 10;

std::string no_rows_block(const planner::NoRows& check) {
  // A column of any name may stand in the query, "found" and "v" among them.
  const std::string block = fmt::format(
      "\n#variable_conflict use_column\nDECLARE\n  found text;\nBEGIN\n"
      "  SET LOCAL row_security = off;  -- an error where a policy would hide rows\n"
      "  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found\n    FROM (SELECT * FROM "
      "(\n{}\n    "
      ") AS q LIMIT {}) AS v;\n"
      "  IF found IS NOT NULL THEN\n    RAISE EXCEPTION '%', {}\n      USING DETAIL = found, HINT "
      "= {};\n  END IF;\nEND\n",
      check.violators, rows_shown, quote_literal(check.message), quote_literal(check.hint));
  return fmt::format("DO {};\n", dsl::sql::dollar_quoted(block, "segue_check"));
}

}  // namespace

std::string action_sql(const planner::Action& action) {
  return std::visit(
      Overloaded{[](const planner::Transaction& one) { return one.sql; },
                 [](const planner::ConcurrentIndex& one) { return one.sql + "\n"; },
                 [](const planner::BackfillPass& one) { return backfill_block(one) + "\n"; },
                 [](const planner::NoRows& one) { return no_rows_block(one); }},
      action);
}

std::string_view kind_of(const planner::Action& action) {
  return std::visit(
      Overloaded{
          [](const planner::Transaction&) { return std::string_view{"transaction"}; },
          [](const planner::ConcurrentIndex&) { return std::string_view{"concurrent-index"}; },
          [](const planner::BackfillPass&) { return std::string_view{"backfill"}; },
          [](const planner::NoRows&) { return std::string_view{"no-rows"}; }},
      action);
}

bool is_transactional(const planner::Action& action) {
  return std::holds_alternative<planner::Transaction>(action);
}

}  // namespace segue::codegen
