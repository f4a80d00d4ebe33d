// Statements of an app that bring rows: INSERT, COPY, INSERT … SELECT, upserts and MERGE.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/rehearsal/writer_parts.hpp"

namespace segue::runtime::rehearsal {

namespace {

using planner::Column;

constexpr std::size_t most_rows_at_once = 3;

bool gives_keys(const Column& column) {
  return asks_sequence(column) ||
         column.default_value.find("gen_random_uuid(") != std::string::npos;
}

}  // namespace

// One more row. All rows of a statement name the same columns: the first one chooses.
bool Writer::insert_row(Draft& draft, bool may_leave_out) {
  Statement& statement = draft.statement;
  const Row donor =
      draft.oracle.pick(draft.permission.schema, statement.table, random_()).value_or(Row{});
  std::map<std::string, std::string> values;
  for (const Column& column : draft.table().columns) {
    if (!is_writable(column)) continue;
    values[column.name] = value_for(draft, column, donor);
  }
  std::set<std::string> fresh = freshen(draft, values, donor);
  if (draft.shape.told_by_references) {
    const auto references = free_references(draft);
    if (!references) return false;
    for (const auto& [column, value] : *references) {
      values[column] = value;
      fresh.insert(column);
    }
  }
  if (careful_ && !meets_nobody(draft, values, fresh)) return false;
  // What others write beside it may have the default too.
  const auto is_needed = [&](const std::string& column) {
    return holds(draft.side.key, column) || (careful_ && fresh.contains(column));
  };
  Key key;
  for (const std::string& column : draft.side.key) {
    key.push_back(values[column]);
  }
  if (statement.rows.empty()) {
    const bool sparse = may_leave_out && chance(0.4);
    const bool no_key = statement.kind == StatementKind::insert && draft.side.key.size() == 1 &&
                        gives_keys(*draft.table().column(draft.side.key.front())) && chance(0.4);
    for (const Column& column : draft.table().columns) {
      if (!is_writable(column)) continue;
      const bool in_key = holds(draft.side.key, column.name);
      if (in_key && no_key) {
        statement.key_left_out = true;
        continue;
      }
      if (!is_needed(column.name) && may_omit(draft, column) && chance(sparse ? 0.8 : 0.1))
        continue;
      statement.columns.push_back(column.name);
    }
  }
  Literals row;
  for (const std::string& column : statement.columns) {
    const Column& known = *draft.table().column(column);
    const bool by_default = may_leave_out && !is_needed(column) &&
                            statement.kind != StatementKind::copy && has_own_value(known) &&
                            may_omit(draft, known) && chance(0.1);
    row.push_back(by_default ? "DEFAULT" : values[column]);
  }
  statement.rows.push_back(std::move(row));
  statement.new_keys.push_back(std::move(key));
  return true;
}

bool Writer::insert(Draft& draft) {
  const bool many = draft.statement.kind != StatementKind::insert;
  const std::size_t rows = many ? 1 + below(most_rows_at_once) : 1;
  for (std::size_t i = 0; i < rows; ++i) {
    if (!insert_row(draft, true)) return false;
  }
  return true;
}

bool Writer::insert_select(Draft& draft) {
  if (!lease_key(draft, false)) return false;
  Statement& statement = draft.statement;
  statement.source = statement.keys.front();
  const Row donor = draft.oracle.row(draft.permission.schema, statement.table, statement.source);
  if (donor.empty()) return false;
  std::map<std::string, std::string> fresh;
  std::map<std::string, std::string> values;
  for (const Column& column : draft.table().columns) {
    if (is_writable(column)) values[column.name] = "";
  }
  fresh = values;
  const std::set<std::string> made_fresh = freshen(draft, fresh, donor);
  if (careful_ && !meets_nobody(draft, fresh, made_fresh)) return false;
  Literals row;
  for (const auto& [column, value] : fresh) {
    if (value.empty() && is_new(draft, column) && !draft.permission.reads_new) continue;
    const Column& known = *draft.table().column(column);
    if (value.empty() && known.identity == "always") continue;
    statement.columns.push_back(column);
    // Cast: in a SELECT's list nothing tells what a literal is.
    row.push_back(value.empty() ? "" : fmt::format("CAST({} AS {})", value, known.type));
  }
  Key key;
  for (const std::string& column : draft.side.key) {
    key.push_back(fresh[column].empty() ? literal(donor.at(column)) : fresh[column]);
  }
  statement.rows.push_back(std::move(row));
  statement.new_keys.push_back(std::move(key));
  return true;
}

bool Writer::upsert(Draft& draft) {
  Statement& statement = draft.statement;
  std::vector<std::vector<std::string>> targets;
  for (const planner::Index& index : draft.table().indexes) {
    const planner::Constraint* constraint = draft.table().constraint(index.constraint);
    if (!index.unique || !index.predicate.empty() ||
        (constraint != nullptr && constraint->deferrable))
      continue;
    std::vector<std::string> columns;
    for (const planner::IndexKeyPart& part : index.keys) columns.push_back(part.column);
    const bool plain = std::all_of(columns.begin(), columns.end(), [&](const std::string& column) {
      return !column.empty() && (draft.permission.reads_new || !is_new(draft, column));
    });
    if (plain && (draft.permission.reads_new || was_unique(draft, columns)))
      targets.push_back(std::move(columns));
  }
  if (statement.kind == StatementKind::merge) targets = {draft.side.key};
  if (targets.empty() || !insert_row(draft, false)) return false;
  statement.conflict = targets[below(targets.size())];
  // What is left out has its default, which may meet a row all the same.
  if (!std::all_of(statement.conflict.begin(), statement.conflict.end(),
                   [&](const std::string& column) { return holds(statement.columns, column); }))
    return false;
  if (chance(0.3)) return true;  // nothing is in its way
  if (!lease_key(draft, false)) return false;
  const Row met =
      draft.oracle.row(draft.permission.schema, statement.table, statement.keys.front());
  if (met.empty()) return true;
  for (const std::string& column : statement.conflict) {
    const auto place = std::find(statement.columns.begin(), statement.columns.end(), column);
    if (!met.at(column)) return false;
    const std::string value = literal(met.at(column));
    statement.rows.front()[static_cast<std::size_t>(place - statement.columns.begin())] = value;
    const auto in_key = std::find(draft.side.key.begin(), draft.side.key.end(), column);
    if (in_key != draft.side.key.end())
      statement.new_keys.front()[static_cast<std::size_t>(in_key - draft.side.key.begin())] = value;
  }
  return true;
}

}  // namespace segue::runtime::rehearsal
