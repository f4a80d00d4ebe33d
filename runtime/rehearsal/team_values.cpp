#include "runtime/rehearsal/team_values.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql.hpp"
#include "runtime/rehearsal/literals.hpp"
#include "runtime/rehearsal/rows.hpp"

namespace segue::runtime::rehearsal {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

constexpr std::size_t values_per_column = 24;
constexpr int values_of_rows = 200;

const planner::Catalog& catalog_of(const Shapes& shapes, Release release) {
  return release == Release::before ? shapes.before : shapes.after;
}

bool refers(const planner::Table& table, const std::string& column) {
  return std::any_of(table.constraints.begin(), table.constraints.end(), [&](const auto& one) {
    return one.kind == planner::ConstraintKind::foreign_key &&
           std::find(one.columns.begin(), one.columns.end(), column) != one.columns.end();
  });
}

}  // namespace

TeamValues::TeamValues(const Shapes& shapes, Session& before, Session& after, std::uint64_t seed)
    : shapes_(shapes), before_(before), after_(after), seed_(seed), random_(seed) {}

// A column without its table belongs to the first of the statement's relations that has it.
const planner::Table* TeamValues::table_of(const TeamStatement& statement,
                                           const dsl::sql::ParameterUse& use) const {
  const auto fits = [&](const planner::Table& table, const dsl::sql::RelationName& name) {
    return table.name.name == name.name &&
           (name.schema.empty() || table.name.schema == name.schema) &&
           table.column(use.column) != nullptr;
  };
  const auto named = [&](const dsl::sql::RelationName& name) -> const planner::Table* {
    for (const planner::Table& table : catalog_of(shapes_, statement.release).tables) {
      if (fits(table, name)) return &table;
    }
    return nullptr;
  };
  if (!use.table.name.empty()) return named(use.table);
  for (const dsl::sql::RelationName& name : statement.shape.relations) {
    if (const planner::Table* table = named(name)) return table;
  }
  return nullptr;
}

const TeamValues::Pool& TeamValues::pool(Release release, const planner::Table& table,
                                         const planner::Column& column) {
  const auto [place, is_new] =
      pools_.try_emplace({release, planner::quoted(table.name), column.name});
  if (!is_new) return place->second;
  Pool& pool = place->second;
  pool.others = value_pool(catalog_of(shapes_, release), table, column, seed_, values_per_column);
  Session& session = release == Release::before ? before_ : after_;
  const std::string name = quote_identifier(column.name);
  for (const auto& row : session
                             .exec(fmt::format("SELECT DISTINCT {0}::text COLLATE \"C\" FROM {1} "
                                               "WHERE {0} IS NOT NULL ORDER BY 1 LIMIT {2}",
                                               name, planner::quoted(table.name), values_of_rows))
                             .rows)
    pool.there.push_back(sql_literal(row.front(), column.type));
  return pool;
}

std::vector<std::string> TeamValues::values_for(const TeamStatement& statement,
                                                const std::vector<std::string>& types) {
  std::vector<std::string> values;
  for (std::size_t i = 0; i < types.size(); ++i) {
    const auto use = std::find_if(
        statement.shape.parameters.begin(), statement.shape.parameters.end(),
        [&](const auto& one) { return one.number == static_cast<std::int64_t>(i + 1); });
    const planner::Table* table = nullptr;
    if (use != statement.shape.parameters.end() && !use->column.empty())
      table = table_of(statement, *use);
    if (table == nullptr) {
      const bool counts = use != statement.shape.parameters.end() && use->counts_rows;
      const TypeValues known = literals_of(catalog_of(shapes_, statement.release), types[i]);
      const std::string value = counts ? "7" : known.edges.empty() ? "" : any(known.edges);
      values.push_back(value.empty() && !counts
                           ? "NULL"
                           : fmt::format("CAST({} AS {})", quote_literal(value), types[i]));
      continue;
    }
    const planner::Column& column = *table->column(use->column);
    const Pool& from = pool(statement.release, *table, column);
    // Rows are looked for by what some have, most of the time; keys must point somewhere.
    const bool existing = use->written ? refers(*table, use->column) : random_() % 8 != 0;
    std::string value = existing && !from.there.empty() ? any(from.there)
                        : from.others.empty()           ? "NULL"
                                                        : any(from.others);
    // = ANY ($1)
    if (types[i].ends_with("[]") && !column.type.ends_with("[]"))
      value = fmt::format("CAST(ARRAY[{}] AS {})", value, types[i]);
    values.push_back(std::move(value));
  }
  return values;
}

}  // namespace segue::runtime::rehearsal
