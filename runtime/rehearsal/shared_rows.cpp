#include "runtime/rehearsal/shared_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/rehearsal/writer_parts.hpp"

namespace segue::runtime::rehearsal {

namespace {

constexpr std::size_t rows_per_pairing = 2;

bool is_constrained(const planner::Table& table, const std::string& column) {
  const planner::Column* known = table.column(column);
  if (known == nullptr || !is_writable(*known) || known->identity == "always" ||
      known->in_partition_key)
    return true;
  for (const planner::Index& index : table.indexes) {
    if (!index.unique) continue;
    if (holds(index.expression_columns, column)) return true;
    for (const planner::IndexKeyPart& part : index.keys) {
      if (part.column == column) return true;
    }
  }
  return std::any_of(table.constraints.begin(), table.constraints.end(), [&](const auto& one) {
    return one.kind != planner::ConstraintKind::check && holds(one.columns, column);
  });
}

// A value that is carried over as soon as it is written, and by nothing but its own columns.
bool may_be_shared(const Shapes& shapes, const TableShape& shape, const planner::Pairing& pairing) {
  if (shape.keyless || !shape.before || !shape.after || !shape.mends.empty() || shapes.one_way ||
      shapes.by_app)
    return false;
  if (pairing.once || pairing.swaps || pairing.old_columns.empty() || pairing.new_columns.empty() ||
      pairing.map.empty() || pairing.back.empty() || !pairing.new_name.empty())
    return false;
  const auto constrained = [](const Side& side) {
    return [&side](const std::string& column) { return is_constrained(side.table, column); };
  };
  return std::none_of(pairing.old_columns.begin(), pairing.old_columns.end(),
                      constrained(*shape.before)) &&
         std::none_of(pairing.new_columns.begin(), pairing.new_columns.end(),
                      constrained(*shape.after));
}

// Until it is filled, a row is not to be found by what is new.
bool key_is_new(const TableShape& shape) {
  return std::any_of(shape.after->key.begin(), shape.after->key.end(),
                     [&](const std::string& column) { return shape.old_name_of(column).empty(); });
}

const std::vector<std::string>& columns_of(const planner::Pairing& pairing, Release release) {
  return release == Release::before ? pairing.old_columns : pairing.new_columns;
}

std::string row_in_words(const Row& row) {
  std::string text;
  for (const auto& [column, value] : row)
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", column, literal(value));
  return text;
}

}  // namespace

SharedRows::SharedRows(const Shapes& shapes, Oracle& oracle, const Pools& pools, LiveKeys& keys,
                       std::uint64_t seed)
    : shapes_(shapes), oracle_(oracle), pools_(pools), random_(seed) {
  for (std::size_t table = 0; table < shapes_.tables.size(); ++table) {
    const TableShape& shape = shapes_.tables[table];
    for (const planner::Pairing& pairing : shape.pairings) {
      if (!may_be_shared(shapes_, shape, pairing)) continue;
      for (std::size_t i = 0; i < rows_per_pairing; ++i) {
        if (const auto key = keys.lease(table, random_, false))
          rows_.push_back({table, *key, &pairing});
      }
    }
  }
}

std::optional<Statement> SharedRows::next(const Permission& permission) {
  if (rows_.empty() || permission.schema != permission.release) return std::nullopt;
  const SharedRow& row = rows_[random_() % rows_.size()];
  const Release release = permission.release;
  if (release == Release::after && !permission.reads_new && key_is_new(shapes_.tables[row.table]))
    return std::nullopt;
  Statement statement;
  statement.kind = StatementKind::update;
  statement.release = release;
  statement.schema = release;
  statement.table = row.table;
  statement.keys = {row.key};
  statement.columns = columns_of(*row.pairing, release);
  statement.prepared = random_() % 2 == 0;
  Literals values;
  for (const std::string& column : statement.columns) {
    const Literals& pool = pools_.of(release, row.table, column);
    if (pool.empty()) return std::nullopt;
    values.push_back(pool[random_() % pool.size()]);
  }
  statement.rows = {std::move(values)};
  const bool accepted = oracle_.attempt(statement).accepted;
  oracle_.forget();
  return accepted ? std::optional(std::move(statement)) : std::nullopt;
}

std::optional<Row> SharedRows::read(const SharedRow& row, Release release, Session& session) {
  const Side& side = *shapes_.tables[row.table].side(release);
  const std::vector<std::string>& columns = columns_of(*row.pairing, release);
  const Rows found =
      session.exec(fmt::format("SELECT {} FROM {} WHERE {}", column_list(columns),
                               planner::quoted(side.table.name), where_key(side, row.key)));
  if (found.empty()) return std::nullopt;
  Row values;
  for (std::size_t i = 0; i < columns.size(); ++i) values[columns[i]] = found.rows.front()[i];
  return values;
}

std::optional<Mismatch> SharedRows::settle(const Round& round, Session& session,
                                           const Progressed& at) {
  for (const SharedRow& row : rows_) {
    std::vector<const Statement*> last;
    for (const std::vector<Task>& tasks : round) {
      const auto mine = std::find_if(tasks.rbegin(), tasks.rend(), [&](const Task& task) {
        return task.shared && task.answer.ok && task.statement.table == row.table &&
               task.statement.keys.front() == row.key;
      });
      if (mine != tasks.rend()) last.push_back(&mine->statement);
    }
    if (last.empty()) continue;
    if (auto mismatch = settle(row, last, session, at)) return mismatch;
  }
  return std::nullopt;
}

std::optional<Mismatch> SharedRows::settle(const SharedRow& row,
                                           const std::vector<const Statement*>& last,
                                           Session& session, const Progressed& at) {
  const bool contract = at.complete == 4 || at.under_way == 4;
  const bool found = at.complete >= 3 || !key_is_new(shapes_.tables[row.table]);
  const bool both = at.complete >= 2 && found && !contract && !at.undoing;
  std::map<Release, Row> seen;
  for (const Release release : {Release::before, Release::after}) {
    if (!both && (release == Release::after) != contract) continue;
    const auto values = read(row, release, session);
    const Side& side = *shapes_.tables[row.table].side(release);
    if (!values)
      return Mismatch{row.table, row.key, "", "no row where " + where_key(side, row.key),
                      "the row"};
    seen[release] = *values;
  }
  std::string wrote;
  const Statement* winner = nullptr;
  for (const Statement* statement : last) {
    Row written;
    if (oracle_.attempt(*statement).accepted) {
      const Row whole = oracle_.row(statement->schema, row.table, row.key);
      for (const std::string& column : statement->columns) written[column] = whole.at(column);
    }
    oracle_.forget();
    wrote += fmt::format("{}{}", wrote.empty() ? "" : "; or ", row_in_words(written));
    const auto there = seen.find(statement->release);
    if (there != seen.end() && there->second == written) winner = statement;
  }
  std::string saw;
  for (const auto& [release, values] : seen)
    saw += fmt::format("{}{}", saw.empty() ? "" : ", ", row_in_words(values));
  saw += " where " + where_key(*shapes_.tables[row.table].before, row.key);
  if (winner == nullptr)
    return Mismatch{row.table, row.key, "", saw, "what one of the writers wrote last: " + wrote};
  if (both &&
      !oracle_.agree(row.table, row.key, *row.pairing, seen[Release::before], seen[Release::after]))
    return Mismatch{row.table, row.key, "", saw, "the new columns as the change computes them"};
  if (oracle_.attempt(*winner).accepted) oracle_.keep();
  for (const auto& [release, values] : seen) adopt(row, release, values);
  return std::nullopt;
}

void SharedRows::adopt(const SharedRow& row, Release release, const Row& values) {
  const Side& side = *shapes_.tables[row.table].side(release);
  std::string sets;
  for (const auto& [column, value] : values)
    sets +=
        fmt::format("{}{} = {}", sets.empty() ? "" : ", ", column_list({column}), literal(value));
  oracle_.session(release).exec(fmt::format("UPDATE {} SET {} WHERE {}",
                                            planner::quoted(side.table.name), sets,
                                            where_key(side, row.key)));
}

}  // namespace segue::runtime::rehearsal
