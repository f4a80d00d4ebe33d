#include "runtime/rehearsal/database_state.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql.hpp"
#include "dsl/utf8.hpp"
#include "planner/plan.hpp"
#include "runtime/introspect.hpp"
#include "runtime/session.hpp"

namespace segue::runtime::rehearsal {

planner::Catalog comparable(planner::Catalog catalog) {
  for (auto& table : catalog.tables) {
    std::sort(table.columns.begin(), table.columns.end(),
              [](const planner::Column& a, const planner::Column& b) { return a.name < b.name; });
    // So are those of extended statistics, which PostgreSQL keeps in the table's order.
    for (auto& statistics : table.statistics) {
      std::sort(statistics.columns.begin(), statistics.columns.end());
      if (statistics.expressions.empty()) statistics.definition.clear();
    }
    table.estimated_rows = -1;
    table.bytes = 0;
  }
  return catalog;
}

planner::Catalog read_structure(Session& session) {
  return comparable(read_catalog(session));
}

DatabaseState read_state(const std::string& conninfo, const std::set<std::string>& not_compared) {
  const auto session = connect(conninfo);
  DatabaseState state;
  state.catalog = read_structure(*session);
  session->exec("SET extra_float_digits = 3");
  for (const auto& table : state.catalog.tables) {
    if (table.partition_of || table.kind == planner::TableKind::foreign) continue;
    const auto name = table.name.schema + "." + table.name.name;
    std::string columns;
    for (const auto& column : table.columns) {
      if (not_compared.contains(name + "." + column.name)) continue;
      columns += (columns.empty() ? "" : ", ") + dsl::sql::quote_identifier(column.name);
    }
    auto& rows = state.rows[name];
    for (const auto& row :
         session->exec("SELECT ROW(" + columns + ")::text FROM " + planner::quoted(table.name))
             .rows) {
      rows.push_back(row.front().value_or("NULL"));
    }
    std::sort(rows.begin(), rows.end());
  }
  for (const auto& row :
       session
           ->exec("SELECT format('%I.%I is at %s', schemaname, sequencename, last_value) "
                  "FROM pg_sequences WHERE schemaname <> 'segue' ORDER BY 1")
           .rows) {
    state.sequences.push_back(*row.front());
  }
  return state;
}

namespace {

std::string shortened(const std::string& row) {
  constexpr std::size_t enough = 200;  // bytes
  std::string text(dsl::clip(row, enough));
  return text.size() < row.size() ? text + "…" : text;
}

// The first row that only one side has, in words.
std::string first_difference(const std::vector<std::string>& expected,
                             const std::vector<std::string>& found) {
  std::vector<std::string> missing;
  std::vector<std::string> extra;
  std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(),
                      std::back_inserter(missing));
  std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(),
                      std::back_inserter(extra));
  return fmt::format("{} expected, e.g. {}; {} found instead, e.g. {}", missing.size(),
                     missing.empty() ? "none" : shortened(missing.front()), extra.size(),
                     extra.empty() ? "none" : shortened(extra.front()));
}

}  // namespace

std::vector<std::string> compare(const DatabaseState& expected, const DatabaseState& found) {
  auto sentences = planner::differences(expected.catalog, found.catalog, {});
  for (const auto& [table, rows] : expected.rows) {
    const auto place = found.rows.find(table);
    if (place == found.rows.end() || place->second == rows)
      continue;  // a missing table was said above
    sentences.push_back("rows of " + table + " differ: " + first_difference(rows, place->second));
  }
  if (expected.sequences != found.sequences) {
    sentences.push_back("sequences differ: " +
                        first_difference(expected.sequences, found.sequences));
  }
  return sentences;
}

}  // namespace segue::runtime::rehearsal
