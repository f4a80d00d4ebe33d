// Foreign keys of the rows: which targets there are, keys that had to wait, rows without a target.
#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql.hpp"
#include "runtime/rehearsal/fill_sql.hpp"
#include "runtime/rehearsal/table_filler.hpp"

namespace segue::runtime::rehearsal {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;
using planner::Constraint;
using planner::ConstraintKind;
using planner::Table;

namespace {

constexpr std::size_t most_keys = 20000;

bool is_unique(const Table& table, std::vector<std::string> columns) {
  std::sort(columns.begin(), columns.end());
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const planner::Index& index) {
    if (!index.unique) return false;
    std::vector<std::string> keys;
    for (const planner::IndexKeyPart& part : index.keys) keys.push_back(part.column);
    std::sort(keys.begin(), keys.end());
    return std::includes(columns.begin(), columns.end(), keys.begin(), keys.end());
  });
}

// MATCH FULL takes NULL in all of its columns or in none.
bool takes_null(const Table& table, const Constraint& key) {
  const auto nullable = [&](const std::string& name) {
    const planner::Column* column = table.column(name);
    return column != nullptr && !column->not_null;
  };
  return key.match_full ? std::all_of(key.columns.begin(), key.columns.end(), nullable)
                        : std::any_of(key.columns.begin(), key.columns.end(), nullable);
}

}  // namespace

Keys TableFiller::read_keys(const Table& table, const Constraint& key) {
  const Table* target = index_.table(key.target);
  std::vector<std::string> texts;
  std::vector<std::string> given;
  std::vector<std::string> order;
  for (std::size_t i = 0; i < key.target_columns.size(); ++i) {
    const std::string name = quote_identifier(key.target_columns[i]);
    texts.push_back(fmt::format("{}::text AS k{}", name, i));
    given.push_back(name + " IS NOT NULL");
    order.push_back(fmt::format("k{} COLLATE \"C\"", i));
  }
  const Rows rows = session_.exec(fmt::format(
      "SELECT * FROM (SELECT DISTINCT {} FROM {} WHERE {}) k ORDER BY {} LIMIT {}",
      joined(texts, ", "), only(*target), joined(given, " AND "), joined(order, ", "), most_keys));
  Keys keys;
  for (const auto& row : rows.rows) {
    auto& values = keys.emplace_back();
    for (const Value& value : row) values.push_back(value.value_or(""));
  }
  // A column of another type, or with a CHECK of its own, may not take all of them.
  for (std::size_t i = 0; i < key.columns.size() && i < key.target_columns.size(); ++i) {
    const planner::Column* column = table.column(key.columns[i]);
    const planner::Column* there = target->column(key.target_columns[i]);
    if (column == nullptr || there == nullptr) continue;
    const bool checked = std::any_of(
        table.constraints.begin(), table.constraints.end(), [&](const auto& constraint) {
          return constraint.kind == ConstraintKind::check &&
                 constraint.columns == std::vector<std::string>{column->name};
        });
    if (column->type == there->type && !checked) continue;
    std::vector<std::string> values;
    for (const auto& one : keys) values.push_back(one[i]);
    const std::vector<std::string> taken = pool_.accepted_of(table, *column, values);
    const std::set<std::string> fits(taken.begin(), taken.end());
    std::erase_if(keys, [&](const auto& one) { return !fits.contains(one[i]); });
  }
  return keys;
}

std::vector<KeyChoice> TableFiller::key_choices(const Fillable& fillable) {
  std::vector<KeyChoice> choices;
  for (const Reference& reference : fillable.references) {
    if (reference.later) continue;
    KeyChoice choice;
    choice.columns = reference.key->columns;
    choice.keys = read_keys(*fillable.table, *reference.key);
    choice.in_turn = is_unique(*fillable.table, choice.columns);
    choice.nullable = takes_null(*fillable.table, *reference.key);
    choices.push_back(std::move(choice));
  }
  // Those that leave nothing to choose come first.
  std::stable_sort(choices.begin(), choices.end(),
                   [](const KeyChoice& left, const KeyChoice& right) {
                     return left.columns.size() > right.columns.size();
                   });
  return choices;
}

void TableFiller::link(const Fillable& fillable) {
  const Table& table = *fillable.table;
  for (const Reference& reference : fillable.references) {
    if (!reference.later) continue;
    const Constraint& key = *reference.key;
    const Keys keys = read_keys(table, key);
    if (keys.empty()) continue;
    const Rows found = session_.exec(fmt::format(
        "SELECT tableoid::pg_catalog.regclass::text, ctid::text FROM {} ORDER BY 1, ctid",
        only(table)));
    const bool nullable = takes_null(table, key);
    std::vector<std::string> updates;
    for (std::size_t i = 0; i < found.rows.size(); ++i) {
      constexpr std::size_t without = 8;  // one in so many stays NULL
      if (nullable && i % without == without - 1) continue;
      const auto& to = keys[(i * 31 + 1) % keys.size()];
      std::vector<std::string> set;
      for (std::size_t j = 0; j < key.columns.size(); ++j) {
        const planner::Column* column = table.column(key.columns[j]);
        set.push_back(fmt::format("{} = {}", quote_identifier(key.columns[j]),
                                  sql_literal(to[j], column->type)));
      }
      updates.push_back(fmt::format("UPDATE ONLY {} SET {} WHERE ctid = {}",
                                    found.rows[i][0].value_or(""), joined(set, ", "),
                                    quote_literal(found.rows[i][1].value_or(""))));
    }
    tries_.run(updates);
  }
}

std::uint64_t TableFiller::remove_orphans(const Fillable& fillable) {
  const Table& table = *fillable.table;
  std::uint64_t removed = 0;
  for (const Reference& reference : fillable.references) {
    const Constraint& key = *reference.key;
    std::vector<std::string> given;
    std::vector<std::string> same;
    for (std::size_t i = 0; i < key.columns.size(); ++i) {
      given.push_back(fmt::format("c.{} IS NOT NULL", quote_identifier(key.columns[i])));
      same.push_back(fmt::format("p.{} = c.{}", quote_identifier(key.target_columns[i]),
                                 quote_identifier(key.columns[i])));
    }
    const std::string orphans =
        fmt::format("FROM {} c WHERE {} AND NOT EXISTS (SELECT FROM {} p WHERE {})", only(table),
                    joined(given, " AND "), only(*index_.table(key.target)), joined(same, " AND "));
    // A publication may refuse any DELETE, so none is tried in vain.
    if (session_.exec("SELECT " + orphans + " LIMIT 1").empty()) continue;
    removed += session_.exec("DELETE " + orphans).affected;
  }
  return removed;
}

}  // namespace segue::runtime::rehearsal
