#include "runtime/look_ahead.hpp"

#include <fmt/format.h>

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

}  // namespace

std::vector<std::string> look_ahead(Session& session, const planner::Plan& plan) {
  std::vector<std::string> sentences;
  for (const planner::Step& step : plan.steps) {
    if (step.phase != planner::Phase::backfill) continue;
    const auto* check = std::get_if<planner::NoRows>(&step.action);
    if (check == nullptr) break;  // later checks look at what this plan has yet to make
    try {
      const TransactionScope transaction(session);
      session.exec(
          fmt::format("SET TRANSACTION READ ONLY; SET LOCAL row_security = off; SET LOCAL "
                      "statement_timeout = '{}s'",
                      seconds_for_a_check));
      const Rows rows = session.exec(fmt::format("{} LIMIT {}", check->violators, rows_shown + 1));
      if (rows.empty()) continue;
      std::string keys;
      for (std::size_t i = 0; i < rows.rows.size() && i < rows_shown; ++i) {
        keys += fmt::format("{}{}", i == 0 ? "" : ", ", shown(*check, rows.rows[i]));
      }
      sentences.push_back(fmt::format("{}: {}{}", check->message, keys,
                                      rows.rows.size() > rows_shown ? ", …" : ""));
    } catch (const DatabaseError& error) {
      // A check may ask a function that phase 2 makes.
      const bool to_be_made = error.sqlstate() == sqlstate::invalid_schema_name ||
                              error.sqlstate() == sqlstate::undefined_function;
      if (!to_be_made && error.sqlstate() != sqlstate::query_canceled) throw;
    }
  }
  return sentences;
}

}  // namespace segue::runtime
