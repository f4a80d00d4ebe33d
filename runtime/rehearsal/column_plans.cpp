// What a table's columns are filled with: pools, sequences, values that a partition has a place
// for.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "dsl/sql.hpp"
#include "runtime/rehearsal/fill_sql.hpp"
#include "runtime/rehearsal/table_filler.hpp"

namespace segue::runtime::rehearsal {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;
using planner::Table;
using planner::TableKind;

namespace {

constexpr double usual_null_fraction = 0.08;

// What decides which partition a row belongs to, at any level.
std::set<std::string> partition_columns(const planner::CatalogIndex& index, const Table& table) {
  std::set<std::string> names;
  for (const planner::Column& column : table.columns) {
    if (column.in_partition_key) names.insert(column.name);
  }
  for (const planner::QualifiedName& name : table.partitions) {
    if (const Table* part = index.table(name)) names.merge(partition_columns(index, *part));
  }
  return names;
}

}  // namespace

// Conditions of the leaves, from the catalogue's own text; empty: no partitions.
const std::vector<std::string>& TableFiller::bounds_of(const Table& table) {
  const auto [place, is_new] = bounds_.try_emplace(planner::quoted(table.name));
  if (!is_new || table.kind != TableKind::partitioned) return place->second;
  session_.exec("SAVEPOINT segue_bounds; SET LOCAL search_path = ''");
  const Rows rows = session_.exec(
      "SELECT pg_catalog.pg_get_partition_constraintdef(t.relid) FROM "
      "pg_catalog.pg_partition_tree(pg_catalog.to_regclass($1)) t WHERE t.isleaf ORDER BY "
      "t.relid::pg_catalog.regclass::text COLLATE pg_catalog.\"C\"",
      {planner::quoted(table.name)});
  session_.exec("ROLLBACK TO SAVEPOINT segue_bounds; RELEASE SAVEPOINT segue_bounds");
  for (const auto& row : rows.rows) place->second.push_back(row[0].value_or("true"));
  return place->second;
}

TypeValues TableFiller::special_values(const Table& table, const planner::Column& column,
                                       const TableStatistics* like) {
  TypeValues more;
  const auto add = [&](const TypeValues& found) {
    more.edges.insert(more.edges.end(), found.edges.begin(), found.edges.end());
    more.shapes.insert(more.shapes.end(), found.shapes.begin(), found.shapes.end());
  };
  const TypeText type = parse_type_text(without_domains(catalog_, column.type));
  for (const planner::Index& index : table.indexes) {
    const bool names = std::find(index.expression_columns.begin(), index.expression_columns.end(),
                                 column.name) != index.expression_columns.end();
    if (!index.predicate.empty() && names) {
      add({literals_near(constants_in(index.predicate), type).edges, {}});
    }
  }
  if (like != nullptr) {
    if (const auto known = like->columns.find(column.name); known != like->columns.end()) {
      more.edges.insert(more.edges.end(), known->second.common_values.begin(),
                        known->second.common_values.end());
    }
  }
  return more;
}

// Keeps what some partition has a place for, beside some value of the other columns that decide it.
void TableFiller::within_bounds(const Table& table, const planner::Column& column,
                                const std::set<std::string>& bounding, TypeValues& pool) {
  const std::vector<std::string>& bounds = bounds_of(table);
  Constants constants;
  for (const std::string& bound : bounds) {
    // The bounds of hash partitions hold OIDs, which are others in every database.
    if (bound.find("satisfies_hash_partition(") != std::string::npos) continue;
    const Constants here = constants_in(bound);
    constants.strings.insert(constants.strings.end(), here.strings.begin(), here.strings.end());
    constants.numbers.insert(constants.numbers.end(), here.numbers.begin(), here.numbers.end());
  }
  std::string others;
  for (const std::string& name : bounding) {
    const planner::Column* other = table.column(name);
    if (other == nullptr || name == column.name) continue;
    const TypeText type = parse_type_text(without_domains(catalog_, other->type));
    std::string values = fmt::format("(NULL::{})", other->type);
    std::vector<std::string> near = literals_near(constants, type).edges;
    const TypeValues usual = literals_of(catalog_, other->type);
    near.insert(near.end(), usual.edges.begin(), usual.edges.end());
    constexpr std::size_t enough = 24;
    near.resize(std::min(near.size(), enough));
    for (const std::string& value : pool_.accepted_of(table, *other, near)) {
      values += fmt::format(",({}::text::{})", quote_literal(value), other->type);
    }
    const std::string quoted = quote_identifier(name);
    others += fmt::format(", (VALUES {}) AS {}({})", values, quoted, quoted);
  }
  const auto fits = [&](const std::string& value) {
    return fmt::format("SELECT EXISTS (SELECT FROM (SELECT {}::text::{} AS {}) own{} WHERE {})",
                       quote_literal(value), column.type, quote_identifier(column.name), others,
                       joined(bounds, " OR "));
  };
  const TypeValues near =
      literals_near(constants, parse_type_text(without_domains(catalog_, column.type)));
  TypeValues all = pool;
  all.edges.insert(all.edges.end(), near.edges.begin(), near.edges.end());
  all.shapes.insert(all.shapes.end(), near.shapes.begin(), near.shapes.end());
  std::vector<std::string> questions;
  for (const std::string& edge : all.edges) questions.push_back(fits(edge));
  constexpr std::array<std::uint64_t, 3> samples{1, 17, 500};
  for (const Shape& shape : all.shapes) {
    for (const std::uint64_t n : samples) questions.push_back(fits(shape(n)));
  }
  const std::vector<bool> answers = tries_.hold(questions);
  TypeValues kept;
  for (std::size_t i = 0; i < all.edges.size(); ++i) {
    if (answers[i]) kept.edges.push_back(all.edges[i]);
  }
  std::size_t at = all.edges.size();
  for (const Shape& shape : all.shapes) {
    std::size_t score = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (answers[at++]) ++score;
    }
    if (score > 0) kept.shapes.push_back(shape);
  }
  if (!kept.edges.empty() || !kept.shapes.empty()) pool = std::move(kept);
}

std::vector<ColumnPlan> TableFiller::plan_columns(const Fillable& fillable,
                                                  const TableStatistics* like) {
  const Table& table = *fillable.table;
  std::set<std::string> referring;
  std::set<std::string> later;
  for (const Reference& reference : fillable.references) {
    for (const std::string& name : reference.key->columns) {
      const planner::Column* column = table.column(name);
      if (column == nullptr) continue;
      if (!reference.later) referring.insert(name);
      if (reference.later && !column->not_null) later.insert(name);
    }
  }
  std::set<std::string> not_free = referring;
  not_free.insert(later.begin(), later.end());
  const std::set<std::string> bounding = partition_columns(index_, table);
  not_free.insert(bounding.begin(), bounding.end());
  const std::set<std::string> distinct = distinct_columns(table, not_free);

  std::vector<ColumnPlan> plans;
  for (const planner::Column& column : table.columns) {
    if (!column.generated.empty()) continue;
    ColumnPlan plan;
    plan.column = &column;
    plan.null_fraction = usual_null_fraction;
    if (referring.contains(column.name)) {
      plans.push_back(std::move(plan));  // a key's value
      continue;
    }
    if (column.sequence) {
      plan.expression = fmt::format("pg_catalog.nextval({}::pg_catalog.regclass)",
                                    quote_literal(planner::quoted(column.sequence->name)));
    } else if (column.default_value.starts_with("nextval(")) {
      plan.expression = column.default_value;
    } else {
      plan.always_null = later.contains(column.name);
      plan.distinct = distinct.contains(column.name);
      if (!plan.always_null) {
        plan.pool = pool_.accepted(table, column, special_values(table, column, like));
        if (bounding.contains(column.name)) within_bounds(table, column, bounding, plan.pool);
      }
      if (like != nullptr) {
        if (const auto known = like->columns.find(column.name); known != like->columns.end()) {
          plan.like = &known->second;
          plan.null_fraction = known->second.null_fraction;
        }
      }
    }
    plans.push_back(std::move(plan));
  }
  return plans;
}

}  // namespace segue::runtime::rehearsal
