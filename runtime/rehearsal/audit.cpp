#include "runtime/rehearsal/audit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>

#include "dsl/sql.hpp"
#include "dsl/utf8.hpp"
#include "planner/holds.hpp"

namespace segue::runtime::rehearsal {

namespace {

using planner::holds;

std::string shown(const Value& value) {
  constexpr std::size_t enough = 120;  // bytes
  if (!value) return "NULL";
  std::string text(dsl::clip(*value, enough));
  if (text.size() < value->size()) text += "…";
  return dsl::sql::quote_literal(text);
}

std::string in_words(const Side& side, const Key& key) {
  std::string text;
  for (std::size_t i = 0; i < key.size(); ++i)
    text += fmt::format("{}{} = {}", i == 0 ? "" : ", ", side.key[i],
                        key[i] == no_value ? "NULL" : key[i]);
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
    ByKey map;
    for (const auto& line : lines) {
      Key key;
      for (const std::string& column : side.key) {
        const auto place = std::find(columns.begin(), columns.end(), column);
        if (place != columns.end())
          key.push_back(line[static_cast<std::size_t>(place - columns.begin())].value_or(no_value));
      }
      map.emplace(std::move(key), line);
    }
    return map;
  };
  const ByKey wanted = by_key(expected);
  const ByKey met = by_key(found);
  for (auto rows = wanted.begin(); rows != wanted.end();) {
    const Key& key = rows->first;
    const auto next = wanted.upper_bound(key);
    const Group should{rows, next};
    const Group is{met.lower_bound(key), met.upper_bound(key)};
    const auto missing =
        std::distance(should.first, should.second) - std::distance(is.first, is.second);
    if (missing > 0)
      return Mismatch{table, key, "", "no row where " + in_words(side, key), "the row"};
    if (missing < 0)
      return Mismatch{table, key, "", "a row where " + in_words(side, key), "no such row"};
    if (auto mismatch = pair_up(view, table, columns, should, is, at)) return mismatch;
    rows = next;
  }
  for (const auto& [key, line] : met) {
    if (!wanted.contains(key))
      return Mismatch{table, key, "", "a row where " + in_words(side, key), "no such row"};
  }
  return std::nullopt;
}

// Rows with one key, where nothing keeps it unique, may be any of each other: each that should be
// there needs one of its own that can be it (Kuhn's way of augmenting a matching).
std::optional<Mismatch> Audit::pair_up(Release view, std::size_t table,
                                       const std::vector<std::string>& columns,
                                       const Group& expected, const Group& found,
                                       const Progressed& at) {
  std::vector<const std::vector<Value>*> should;
  std::vector<const std::vector<Value>*> is;
  for (auto line = expected.first; line != expected.second; ++line) should.push_back(&line->second);
  for (auto line = found.first; line != found.second; ++line) is.push_back(&line->second);
  const Key& key = expected.first->first;
  // The column that tells two rows apart; none: the second can be the first.
  const auto differs = [&](std::size_t a, std::size_t b) -> std::optional<std::size_t> {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const Value& wanted = (*should[a])[c];
      const Value& met = (*is[b])[c];
      if (wanted != met && !acceptable(view, table, key, columns[c], wanted, met, at)) return c;
    }
    return std::nullopt;
  };
  std::vector<std::optional<std::size_t>> taken_by(is.size());
  std::vector<bool> tried;
  const std::function<bool(std::size_t)> find_for = [&](std::size_t a) {
    for (std::size_t b = 0; b < is.size(); ++b) {
      if (tried[b] || differs(a, b)) continue;
      tried[b] = true;
      if (taken_by[b] && !find_for(*taken_by[b])) continue;
      taken_by[b] = a;
      return true;
    }
    return false;
  };
  for (std::size_t a = 0; a < should.size(); ++a) {
    tried.assign(is.size(), false);
    if (find_for(a)) continue;
    // Told against the first that is nobody's.
    const auto place = static_cast<std::size_t>(
        std::find(taken_by.begin(), taken_by.end(), std::nullopt) - taken_by.begin());
    const std::size_t c = differs(a, place).value_or(0);
    return Mismatch{table, key, columns[c],
                    fmt::format("{} = {} where {}", columns[c], shown((*is[place])[c]),
                                in_words(*shapes_.tables[table].side(view), key)),
                    fmt::format("{} = {}", columns[c], shown((*should[a])[c]))};
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
