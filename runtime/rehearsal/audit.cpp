#include "runtime/rehearsal/audit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "dsl/sql.hpp"
#include "planner/holds.hpp"

namespace segue::runtime::rehearsal {

namespace {

using planner::holds;

std::string shown(const Value& value) {
  constexpr std::size_t enough = 120;
  if (!value) return "NULL";
  return dsl::sql::quote_literal(value->size() <= enough ? *value : value->substr(0, enough) + "…");
}

std::string in_words(const Side& side, const Key& key) {
  std::string text;
  for (std::size_t i = 0; i < key.size(); ++i)
    text += fmt::format("{}{} = {}", i == 0 ? "" : ", ", side.key[i], key[i]);
  return text;
}

}  // namespace

bool Progressed::may_be_old(planner::Phase phase) const {
  return complete < planner::number_of(phase) || undoing;
}

bool Progressed::may_be_new(planner::Phase phase) const {
  return complete >= planner::number_of(phase) || under_way == planner::number_of(phase) || undoing;
}

std::vector<std::string> Audit::columns(Release view, std::size_t table,
                                        const Progressed& at) const {
  const TableShape& shape = shapes_.tables[table];
  const auto& side = shape.side(view);
  if (!side || side->key.empty()) return {};
  std::vector<std::string> columns;
  const bool all = view == Release::before || at.filled();
  for (const std::string& column : side->columns) {
    if (shape.untold(view).contains(column)) continue;
    const bool is_shared = view == Release::before || !shape.old_name_of(column).empty();
    if (!all && !is_shared) continue;
    columns.push_back(column);
  }
  if (!all && !shape.before) return {};
  // The rows are found by the key: the new release may not read by a name that is not there yet.
  if (!all && std::any_of(side->key.begin(), side->key.end(), [&](const std::string& column) {
        return shape.old_name_of(column).empty();
      }))
    return {};
  return columns;
}

std::optional<Mismatch> Audit::rows(App& app, Release view, std::size_t table,
                                    const std::vector<Key>& keys, const Progressed& at) {
  const std::vector<std::string> read = columns(view, table, at);
  if (read.empty()) return std::nullopt;
  const Side& side = *shapes_.tables[table].side(view);
  Lines found;
  for (const Key& key : keys) {
    for (auto& line : app.select(side, read, key)) found.push_back(std::move(line));
  }
  return compare(view, table, read, oracle_.rows(view, table, read, keys), found, at);
}

std::optional<Mismatch> Audit::table(App& app, Release view, std::size_t table,
                                     const Progressed& at) {
  const std::vector<std::string> read = columns(view, table, at);
  if (read.empty()) return std::nullopt;
  const Side& side = *shapes_.tables[table].side(view);
  return compare(view, table, read, oracle_.all_rows(view, table, read), app.select_all(side, read),
                 at);
}

std::optional<Mismatch> Audit::compare(Release view, std::size_t table,
                                       const std::vector<std::string>& columns,
                                       const Lines& expected, const Lines& found,
                                       const Progressed& at) {
  const Side& side = *shapes_.tables[table].side(view);
  const auto by_key = [&](const Lines& lines) {
    std::multimap<Key, std::vector<Value>> map;
    for (const auto& line : lines) {
      Key key;
      for (const std::string& column : side.key) {
        const auto place = std::find(columns.begin(), columns.end(), column);
        if (place != columns.end())
          key.push_back(line[static_cast<std::size_t>(place - columns.begin())].value_or(""));
      }
      map.emplace(std::move(key), line);
    }
    // Rows with one key, where nothing keeps it unique, stand in the same order on both sides.
    std::vector<std::pair<Key, std::vector<Value>>> sorted(map.begin(), map.end());
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  };
  const auto wanted = by_key(expected);
  const auto met = by_key(found);
  for (std::size_t i = 0; i < std::max(wanted.size(), met.size()); ++i) {
    if (i >= met.size() || (i < wanted.size() && wanted[i].first < met[i].first))
      return Mismatch{table, wanted[i].first, "", "no row where " + in_words(side, wanted[i].first),
                      "the row"};
    if (i >= wanted.size() || met[i].first < wanted[i].first)
      return Mismatch{table, met[i].first, "", "a row where " + in_words(side, met[i].first),
                      "no such row"};
    const Key& key = wanted[i].first;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const Value& should = wanted[i].second[c];
      const Value& is = met[i].second[c];
      if (should == is || acceptable(view, table, key, columns[c], should, is, at)) continue;
      return Mismatch{table, key, columns[c],
                      fmt::format("{} = {} where {}", columns[c], shown(is), in_words(side, key)),
                      fmt::format("{} = {}", columns[c], shown(should))};
    }
  }
  return std::nullopt;
}

// A value that is not the model's and right all the same.
bool Audit::acceptable(Release view, std::size_t table, const Key& key, const std::string& column,
                       const Value&, const Value& found, const Progressed& at) {
  const TableShape& shape = shapes_.tables[table];
  if (oracle_.candidates().allow(view, table, key, column, found)) return true;
  const auto place = shape.shared.find(column);
  const std::string new_name = view == Release::after        ? column
                               : place == shape.shared.end() ? column
                                                             : place->second;
  // Mended by the first write behind phase 2 or by the backfill, whichever comes first.
  if (shape.mended(new_name) && (view == Release::before || !at.filled()))
    return twins(view, table, key, column).contains(found);
  if (const auto phase = shape.swap_phase(column)) {
    const bool other_form = view == Release::before ? at.may_be_new(*phase) : at.may_be_old(*phase);
    return other_form && twins(view, table, key, column).contains(found);
  }
  return false;
}

std::set<Value> Audit::twins(Release view, std::size_t table, const Key& key,
                             const std::string& column) {
  const TableShape& shape = shapes_.tables[table];
  const auto& away = shape.side(other(view));
  if (!away) return {};
  std::string name = column;
  if (view == Release::after) {
    const std::string old_name = shape.old_name_of(column);
    if (!old_name.empty()) name = old_name;
  } else if (const auto place = shape.shared.find(column); place != shape.shared.end()) {
    name = place->second;
  }
  if (!holds(away->columns, name)) return {};
  std::set<Value> values;
  for (const auto& line : oracle_.rows(other(view), table, {name}, {key}))
    values.insert(line.front());
  return values;
}

}  // namespace segue::runtime::rehearsal
