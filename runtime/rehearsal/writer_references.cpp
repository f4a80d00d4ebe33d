// Keys for tables whose rows nothing tells apart but the rows that they refer to.
#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql.hpp"
#include "runtime/rehearsal/writer_parts.hpp"

namespace segue::runtime::rehearsal {

namespace {

using dsl::sql::quote_identifier;

// Of each table that is referred to: with three of them these are some thousand pairs.
constexpr std::size_t rows_looked_at = 24;

// The rows that a key may refer to. Where several write at once, a row of the other table may be
// one that a session is about to insert or to take away: then only those that others refer to
// already.
std::string referred_rows(const Side& side, const planner::Constraint& constraint, bool careful) {
  if (!careful) return planner::quoted(constraint.target);
  std::string items;
  std::string known;
  for (std::size_t i = 0; i < constraint.columns.size(); ++i) {
    const std::string column = quote_identifier(constraint.columns[i]);
    items += fmt::format("{}{} AS {}", items.empty() ? "" : ", ", column,
                         quote_identifier(constraint.target_columns[i]));
    known += fmt::format("{}{} IS NOT NULL", known.empty() ? "" : " AND ", column);
  }
  return fmt::format("(SELECT DISTINCT {} FROM {} WHERE {}) AS referred", items,
                     planner::quoted(side.table.name), known);
}

}  // namespace

std::optional<std::map<std::string, std::string>> Writer::free_references(Draft& draft) {
  Session& session = draft.oracle.session(draft.permission.schema);
  std::map<std::string, std::string> sources;  // of each column of the key
  std::string from;
  for (const planner::Constraint& constraint : draft.table().constraints) {
    if (constraint.kind != planner::ConstraintKind::foreign_key) continue;
    const auto gives = [&](const std::string& column) {
      return holds(draft.side.key, column) && !sources.contains(column);
    };
    if (std::none_of(constraint.columns.begin(), constraint.columns.end(), gives)) continue;
    const std::string name = fmt::format("p{}", sources.size());
    const std::string target = referred_rows(draft.side, constraint, careful_);
    const std::string columns = column_list(constraint.target_columns);
    const std::uint64_t start = random_();
    from += fmt::format(
        "{}(SELECT {} FROM {} ORDER BY {} LIMIT {} OFFSET {} % greatest((SELECT count(*) FROM {}), "
        "1)) {}",
        from.empty() ? "" : ", ", columns, target, columns, rows_looked_at, start % 100000, target,
        name);
    for (std::size_t i = 0; i < constraint.columns.size(); ++i)
      sources.emplace(constraint.columns[i],
                      fmt::format("{}.{}", name, quote_identifier(constraint.target_columns[i])));
  }
  std::string items;
  std::string taken;
  for (const std::string& column : draft.side.key) {
    const auto source = sources.find(column);
    if (source == sources.end()) return std::nullopt;  // a reference that this release has not
    items += (items.empty() ? "" : ", ") + source->second;
    taken += fmt::format("{}t.{} = {}", taken.empty() ? "" : " AND ", quote_identifier(column),
                         source->second);
  }
  const Rows found = session.exec(
      fmt::format("SELECT {0} FROM {1} WHERE NOT EXISTS (SELECT FROM {2} t WHERE {3}) ORDER BY {0}",
                  items, from, planner::quoted(draft.table().name), taken));
  const std::size_t start = below(found.rows.size());
  for (std::size_t i = 0; i < found.rows.size(); ++i) {
    const auto& line = found.rows[(start + i) % found.rows.size()];
    std::map<std::string, std::string> key;
    Key literals;
    for (std::size_t j = 0; j < line.size(); ++j) {
      literals.push_back(literal(line[j]));
      key[draft.side.key[j]] = literals.back();
    }
    // Nor one that this very statement gives, or another session's that is not over.
    const auto& mine = draft.statement.new_keys;
    if (std::find(mine.begin(), mine.end(), literals) != mine.end()) continue;
    if (careful_ && !given_.insert(key).second) continue;
    return key;
  }
  return std::nullopt;
}

}  // namespace segue::runtime::rehearsal
