#include "runtime/look_ahead.hpp"

#include <fmt/format.h>

#include <set>

#include "dsl/sql.hpp"
#include "planner/renamed_tables.hpp"
#include "runtime/errors.hpp"

namespace segue::runtime {

namespace {

// Somebody waits for the plan, and the phase makes the check again.
constexpr int seconds_for_a_check = 3;
constexpr std::size_t rows_shown = 3;

std::string shown(const planner::NoRows& check, const std::vector<Value>& row) {
  std::string text;
  for (std::size_t i = 0; i < row.size(); ++i) {
    text +=
        fmt::format("{}{} = {}", i == 0 ? "" : " ", check.columns.at(i), row[i].value_or("NULL"));
  }
  return text;
}

// Phase 1 is still to come: a table that it renames has its old name.
std::string as_it_is_now(const planner::Plan& plan, std::string query) {
  for (const auto& [from, to] : planner::moved_tables(plan.owned))
    query = dsl::sql::rename_relation(query, to.schema, to.name, from.name);
  return query;
}

}  // namespace

std::vector<std::string> look_ahead(Session& session, const planner::Plan& plan) {
  std::vector<std::string> sentences;
  std::set<std::string> looked;  // what phase 2 looks for, phase 3 looks for again
  for (const planner::Step& step : plan.steps) {
    const bool fills = step.phase == planner::Phase::backfill;
    if (!fills && step.phase != planner::Phase::dual_write) continue;
    const auto* check = std::get_if<planner::NoRows>(&step.action);
    if (check == nullptr && fills) break;  // later checks look at what this plan has yet to make
    if (check == nullptr || !looked.insert(check->violators).second) continue;
    const int phase = planner::number_of(step.phase);
    try {
      const TransactionScope transaction(session);
      session.exec(
          fmt::format("SET TRANSACTION READ ONLY; SET LOCAL row_security = off; SET LOCAL "
                      "statement_timeout = '{}s'",
                      seconds_for_a_check));
      const Rows rows = session.exec(
          fmt::format("{} LIMIT {}", as_it_is_now(plan, check->violators), rows_shown + 1));
      if (rows.empty()) continue;
      std::string keys;
      for (std::size_t i = 0; i < rows.rows.size() && i < rows_shown; ++i) {
        keys += fmt::format("{}{}", i == 0 ? "" : ", ", shown(*check, rows.rows[i]));
      }
      sentences.push_back(fmt::format("phase {} would stop today: {}: {}{}", phase, check->message,
                                      keys, rows.rows.size() > rows_shown ? ", …" : ""));
    } catch (const DatabaseError& error) {
      // A check may name what phases 1 and 2 have yet to make: columns, tables, functions,
      // the schema.
      const std::string_view state = error.sqlstate();
      const bool not_there_yet = state == "42703" || state == sqlstate::undefined_table ||
                                 state == "42883" || state == "3F000";
      if (error.connection_lost()) throw;
      if (state == sqlstate::query_canceled || not_there_yet) continue;
      // A forecast: the plan is as good without it, and the phase asks again.
      sentences.push_back(fmt::format(
          "whether phase {} would stop today could not be looked at: {}", phase, error.what()));
    }
  }
  return sentences;
}

}  // namespace segue::runtime
