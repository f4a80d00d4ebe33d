#include "runtime/rehearsal/row_maker.hpp"

#include <algorithm>

namespace segue::runtime::rehearsal {

namespace {

constexpr double edge_share = 0.2;  // of the rows after the first, which are edges throughout

// How well a column can have another value in each row; 0: not at all.
int suitability(const planner::Table& table, const planner::Column& column) {
  if (column.type == "boolean" || column.type == "\"char\"") return 0;
  const bool checked = std::any_of(
      table.constraints.begin(), table.constraints.end(), [&](const planner::Constraint& one) {
        return one.kind == planner::ConstraintKind::check &&
               std::find(one.columns.begin(), one.columns.end(), column.name) != one.columns.end();
      });
  // Types of somebody's own are often enumerations.
  const bool own_type = column.type.find('.') != std::string::npos;
  return 1 + (column.not_null ? 1 : 0) + (checked ? 0 : 2) + (own_type ? 0 : 2);
}

const ColumnStatistics* common_of(const ColumnPlan& plan) {
  return plan.like != nullptr && !plan.like->common_values.empty() ? plan.like : nullptr;
}

}  // namespace

std::set<std::string> distinct_columns(const planner::Table& table,
                                       const std::set<std::string>& not_free) {
  std::set<std::string> distinct;
  const auto want = [&](const std::vector<std::string>& names) {
    const std::string* free = nullptr;
    int best = 0;
    for (const std::string& name : names) {
      const planner::Column* column = table.column(name);
      if (column == nullptr || !column->generated.empty()) continue;
      if (distinct.contains(name) || column->sequence) return;
      const int here = not_free.contains(name) ? 0 : suitability(table, *column);
      if (here > best) {
        free = &name;
        best = here;
      }
    }
    if (free != nullptr) distinct.insert(*free);
  };
  for (const planner::Index& index : table.indexes) {
    if (!index.unique) continue;
    std::vector<std::string> names;
    for (const planner::IndexKeyPart& part : index.keys) {
      if (!part.column.empty()) names.push_back(part.column);
    }
    names.insert(names.end(), index.expression_columns.begin(), index.expression_columns.end());
    want(names);
  }
  for (const planner::Constraint& constraint : table.constraints) {
    if (constraint.kind != planner::ConstraintKind::exclude) continue;
    for (const std::string& name : constraint.columns) want({name});
  }
  return distinct;
}

bool RowMaker::choose_keys(std::map<std::string, Value>& chosen) {
  for (const KeyChoice& choice : keys_) {
    const bool bound = std::any_of(choice.columns.begin(), choice.columns.end(),
                                   [&](const std::string& name) { return chosen.contains(name); });
    constexpr double without = 0.1;
    if (choice.keys.empty() || (!bound && choice.nullable && chance(without))) {
      if (!choice.nullable) return false;
      for (const std::string& name : choice.columns) chosen.try_emplace(name, std::nullopt);
      continue;
    }
    const std::size_t start =
        choice.in_turn ? number_ % choice.keys.size() : below(choice.keys.size());
    const std::vector<std::string>* found = nullptr;
    // A column that an earlier key has chosen for already narrows this one.
    for (std::size_t i = 0; i < (bound ? choice.keys.size() : 1); ++i) {
      const auto& key = choice.keys[(start + i) % choice.keys.size()];
      bool fits = true;
      for (std::size_t j = 0; j < choice.columns.size() && fits; ++j) {
        const auto known = chosen.find(choice.columns[j]);
        fits = known == chosen.end() || known->second == Value(key[j]);
      }
      if (fits) {
        found = &key;
        break;
      }
    }
    if (found == nullptr && !choice.nullable) return false;
    for (std::size_t j = 0; j < choice.columns.size(); ++j) {
      chosen.try_emplace(choice.columns[j], found == nullptr ? Value() : Value((*found)[j]));
    }
  }
  return true;
}

Value RowMaker::value_of(const ColumnPlan& plan, std::size_t place) {
  const auto& [edges, shapes] = plan.pool;
  if (plan.always_null || (edges.empty() && shapes.empty())) return std::nullopt;
  if (plan.distinct) {
    if (number_ < edges.size() || shapes.empty()) return edges[number_ % edges.size()];
    return shapes.front()(number_);
  }
  const bool nullable = !plan.column->not_null;
  // Every edge of every column within the first rows, each time beside other ones.
  const std::uint64_t turn = number_ + place * 7;
  const std::uint64_t turns = edges.size() + (nullable ? 1 : 0);
  if (number_ < turns) {
    const std::uint64_t at = turn % turns;
    return at < edges.size() ? Value(edges[at]) : std::nullopt;
  }
  if (nullable && chance(plan.null_fraction)) return std::nullopt;
  if (const ColumnStatistics* like = common_of(plan)) {
    double at = static_cast<double>(random_() >> 11U) * 0x1.0p-53;
    for (std::size_t i = 0; i < like->common_values.size(); ++i) {
      at -= i < like->frequencies.size() ? like->frequencies[i] : 0;
      if (at < 0) return like->common_values[i];
    }
  }
  if (shapes.empty() || (!edges.empty() && chance(edge_share))) return edges[below(edges.size())];
  constexpr double mostly = 0.7;
  constexpr std::uint64_t ordinary = 10000;  // so many values of each shape
  return shapes[chance(mostly) ? 0 : below(shapes.size())](below(ordinary));
}

bool RowMaker::make(std::vector<Value>& row) {
  row.clear();
  std::map<std::string, Value> chosen;
  const bool complete = choose_keys(chosen);
  const std::vector<Value>* sampled = nullptr;
  if (like_ != nullptr && number_ < like_->sample.size()) sampled = &like_->sample[number_];
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const ColumnPlan& plan = columns_[i];
    if (!plan.expression.empty()) continue;
    if (const auto key = chosen.find(plan.column->name); key != chosen.end()) {
      row.push_back(key->second);
      continue;
    }
    Value value = value_of(plan, i);
    if (sampled != nullptr && !plan.always_null) {
      const auto& names = like_->sampled_columns;
      const auto at = std::find(names.begin(), names.end(), plan.column->name);
      if (at != names.end()) value = (*sampled)[static_cast<std::size_t>(at - names.begin())];
    }
    row.push_back(std::move(value));
  }
  ++number_;
  return complete;
}

}  // namespace segue::runtime::rehearsal
