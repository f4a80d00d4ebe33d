#include "runtime/rehearsal/table_filler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "dsl/sql.hpp"

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
constexpr double usual_null_fraction = 0.08;
constexpr std::size_t most_keys = 20000;

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

// A foreign key sees the rows of its target alone, not those of tables that inherit from it.
std::string only(const Table& table) {
  return (table.kind == TableKind::partitioned ? "" : "ONLY ") + planner::quoted(table.name);
}

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

// MATCH FULL takes NULL in all of its columns or in none.
bool takes_null(const Table& table, const Constraint& key) {
  const auto nullable = [&](const std::string& name) {
    const planner::Column* column = table.column(name);
    return column != nullptr && !column->not_null;
  };
  return key.match_full ? std::all_of(key.columns.begin(), key.columns.end(), nullable)
                        : std::any_of(key.columns.begin(), key.columns.end(), nullable);
}

std::string commonest(const std::map<std::string, std::uint64_t>& refusals) {
  const auto most = std::max_element(
      refusals.begin(), refusals.end(),
      [](const auto& left, const auto& right) { return left.second < right.second; });
  return most == refusals.end() ? "" : most->first;
}

}  // namespace

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

Literals TableFiller::special_values(const Table& table, const planner::Column& column,
                                     const TableStatistics* like) {
  Literals more;
  const auto add = [&](const Literals& found) {
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
                                const std::set<std::string>& bounding, Literals& pool) {
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
    const Literals usual = literals_of(catalog_, other->type);
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
  const Literals near =
      literals_near(constants, parse_type_text(without_domains(catalog_, column.type)));
  Literals all = pool;
  all.edges.insert(all.edges.end(), near.edges.begin(), near.edges.end());
  all.shapes.insert(all.shapes.end(), near.shapes.begin(), near.shapes.end());
  std::vector<std::string> questions;
  for (const std::string& edge : all.edges) questions.push_back(fits(edge));
  constexpr std::array<std::uint64_t, 3> samples{1, 17, 500};
  for (const Shape& shape : all.shapes) {
    for (const std::uint64_t n : samples) questions.push_back(fits(shape(n)));
  }
  const std::vector<bool> answers = tries_.hold(questions);
  Literals kept;
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
