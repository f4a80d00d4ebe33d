#include "runtime/rehearsal/table_filler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "dsl/sql.hpp"
#include "runtime/rehearsal/fill_sql.hpp"

namespace segue::runtime::rehearsal {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;
using planner::Constraint;
using planner::ConstraintKind;
using planner::Table;
using planner::TableKind;

namespace {

constexpr std::size_t batch_rows = 1000;
constexpr std::size_t candidates_in_vain = 300;  // then the table gets no more

std::string commonest(const std::map<std::string, std::uint64_t>& refusals) {
  const auto most = std::max_element(
      refusals.begin(), refusals.end(),
      [](const auto& left, const auto& right) { return left.second < right.second; });
  return most == refusals.end() ? "" : most->first;
}

}  // namespace

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

std::string only(const Table& table) {
  return (table.kind == TableKind::partitioned ? "" : "ONLY ") + planner::quoted(table.name);
}

// How rows of one table are put in.
struct TableFiller::Insert {
  std::string into;     // "INSERT INTO t (a, b) OVERRIDING SYSTEM VALUE "
  std::string select;   // "SELECT nextval(…) AS id, v.c1::text AS name", over VALUES v
  std::string outer;    // "SELECT id, name"
  std::string alias;    // the table's own name, for the conditions
  std::string where;    // CHECKs and bounds; empty: none
  std::string columns;  // "c1, c2"
  bool skips_conflicts = true;

  std::string statement(const std::string& values) const {
    return fmt::format("{}{} FROM (SELECT {} FROM (VALUES {}) AS v({})) AS {}", into, outer, select,
                       values, columns, alias);
  }
  std::string guarded(const std::string& values) const {
    return statement(values) + where + (skips_conflicts ? " ON CONFLICT DO NOTHING" : "");
  }
};

TableFiller::TableFiller(Session& session, const planner::Catalog& catalog,
                         const RowOptions& options)
    : session_(session),
      catalog_(catalog),
      index_(catalog),
      options_(options),
      tries_(session),
      pool_(session, tries_, catalog) {}

// Big tables stay bigger than small ones, but no table is so small that nothing is tried on it.
std::uint64_t TableFiller::rows_wanted(const Table& table) const {
  const TableStatistics* like =
      options_.like == nullptr ? nullptr : options_.like->table(table.name);
  if (like == nullptr || like->rows < 0) return options_.rows;
  double largest = 1;
  for (const auto& [name, known] : options_.like->tables) largest = std::max(largest, known.rows);
  const double share = like->rows / largest;
  constexpr std::uint64_t fewest = 50;
  const auto scaled = static_cast<std::uint64_t>(share * static_cast<double>(options_.rows));
  return std::max({scaled, std::min(fewest, options_.rows),
                   std::min<std::uint64_t>(like->sample.size(), options_.rows)});
}

TableFiller::Insert TableFiller::insert_for(const Table& table,
                                            const std::vector<ColumnPlan>& columns) {
  Insert how;
  std::vector<std::string> names;
  std::vector<std::string> values;
  std::vector<std::string> places;
  bool overriding = false;
  for (const ColumnPlan& plan : columns) {
    const std::string name = quote_identifier(plan.column->name);
    names.push_back(name);
    overriding = overriding || plan.column->identity == "always";
    if (!plan.expression.empty()) {
      values.push_back(fmt::format("{}::{} AS {}", plan.expression, plan.column->type, name));
    } else {
      places.push_back(fmt::format("c{}", places.size()));
      values.push_back(fmt::format("v.{}::text::{} AS {}", places.back(), plan.column->type, name));
    }
  }
  if (places.empty()) places.emplace_back("c0");
  how.into = fmt::format("INSERT INTO {} ({}) {}", planner::quoted(table.name), joined(names, ", "),
                         overriding ? "OVERRIDING SYSTEM VALUE " : "");
  how.select = joined(values, ", ");
  how.outer = "SELECT " + joined(names, ", ");
  how.columns = joined(places, ", ");
  how.alias = quote_identifier(table.name.name);
  std::vector<std::string> conditions;
  for (const Constraint& constraint : table.constraints) {
    if (constraint.kind == ConstraintKind::exclude || constraint.kind == ConstraintKind::unique ||
        constraint.kind == ConstraintKind::primary_key) {
      how.skips_conflicts = how.skips_conflicts && !constraint.deferrable;
    }
    if (constraint.kind != ConstraintKind::check) continue;
    const bool computable = std::none_of(constraint.columns.begin(), constraint.columns.end(),
                                         [&](const std::string& name) {
                                           const planner::Column* column = table.column(name);
                                           return column == nullptr || !column->generated.empty();
                                         });
    if (computable) conditions.push_back(fmt::format("({}) IS NOT FALSE", constraint.expression));
  }
  if (const auto& bounds = bounds_of(table); !bounds.empty()) {
    conditions.push_back("(" + joined(bounds, " OR ") + ")");
  }
  if (!conditions.empty()) how.where = " WHERE " + joined(conditions, " AND ");
  return how;
}

std::uint64_t TableFiller::insert(const Insert& how, const std::vector<std::vector<Value>>& rows,
                                  std::map<std::string, std::uint64_t>& refusals) {
  const auto print = [](const std::vector<Value>& row) {
    std::string text = "(";
    for (const Value& value : row) {
      if (text.size() > 1) text += ',';
      text += value ? quote_literal(*value) : "NULL";
    }
    return row.empty() ? std::string("(NULL)") : text + ')';
  };
  std::vector<std::string> printed;
  printed.reserve(rows.size());
  for (const auto& row : rows) printed.push_back(print(row));
  session_.exec("SAVEPOINT segue_rows");
  try {
    const std::uint64_t made = session_.exec(how.guarded(joined(printed, ","))).affected;
    session_.exec("RELEASE SAVEPOINT segue_rows");
    return made;
  } catch (const DatabaseError& error) {
    if (error.connection_lost()) throw;
    session_.exec("ROLLBACK TO SAVEPOINT segue_rows; RELEASE SAVEPOINT segue_rows");
  }
  // One of them does not go: each by itself then.
  std::vector<std::string> statements;
  statements.reserve(printed.size());
  for (const std::string& row : printed) statements.push_back(how.statement(row));
  std::uint64_t made = 0;
  for (const std::string& answer : tries_.run(statements)) {
    if (answer == "ok 1") {
      ++made;
    } else {
      ++refusals[answer];
    }
  }
  return made;
}

TableFiller::Outcome TableFiller::fill(const Fillable& fillable) {
  const Table& table = *fillable.table;
  const TableStatistics* like =
      options_.like == nullptr ? nullptr : options_.like->table(table.name);
  Outcome outcome;
  outcome.wanted = rows_wanted(table);
  if (table.kind == TableKind::partitioned && table.partitions.empty()) {
    outcome.reason = "it has no partition";
    return outcome;
  }
  std::vector<ColumnPlan> columns = plan_columns(fillable, like);
  if (columns.empty()) {
    outcome.reason = "it has no column that a row could give a value";
    return outcome;
  }
  for (const ColumnPlan& plan : columns) {
    const bool nothing = plan.expression.empty() && plan.pool.edges.empty() &&
                         plan.pool.shapes.empty() && plan.column->not_null;
    const bool refers =
        std::any_of(fillable.references.begin(), fillable.references.end(), [&](const auto& one) {
          const auto& names = one.key->columns;
          return !one.later &&
                 std::find(names.begin(), names.end(), plan.column->name) != names.end();
        });
    if (nothing && !refers) {
      outcome.reason = fmt::format("no value is known that column {} ({}) takes", plan.column->name,
                                   plan.column->type);
      return outcome;
    }
  }
  const Insert how = insert_for(table, columns);
  // Another stream for each table, the same for each run.
  std::uint64_t stream = options_.seed * 0x9E3779B97F4A7C15ULL;
  for (const char c : planner::quoted(table.name)) {
    stream = (stream ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  }
  RowMaker maker(std::move(columns), key_choices(fillable), like, stream);

  std::map<std::string, std::uint64_t> refusals;
  std::uint64_t keyless = 0;
  for (std::size_t in_vain = 0; outcome.rows < outcome.wanted && in_vain < candidates_in_vain;) {
    std::vector<std::vector<Value>> rows;
    const std::size_t next = std::min<std::uint64_t>(outcome.wanted - outcome.rows, batch_rows);
    for (std::size_t i = 0; i < next; ++i) {
      std::vector<Value> row;
      if (maker.make(row)) {
        rows.push_back(std::move(row));
      } else {
        ++keyless;
      }
    }
    const std::uint64_t made = rows.empty() ? 0 : insert(how, rows, refusals);
    outcome.rows += made;
    in_vain = made > 0 ? 0 : in_vain + next;
  }
  if (outcome.rows < outcome.wanted) {
    outcome.reason = commonest(refusals);
    if (outcome.reason.empty()) {
      outcome.reason = keyless > 0 ? "there are no more rows for its foreign keys to refer to"
                                   : "its constraints refuse the rest, or the values of its unique "
                                     "columns are used up";
    }
  }
  return outcome;
}

}  // namespace segue::runtime::rehearsal
