#include "runtime/rehearsal/server_pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "dsl/sql.hpp"

namespace segue::runtime::rehearsal {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

constexpr const char* functions = R"sql(
CREATE FUNCTION pg_temp.segue_try(statement text) RETURNS text LANGUAGE plpgsql AS $body$
DECLARE
  made bigint;
BEGIN
  EXECUTE statement;
  GET DIAGNOSTICS made = ROW_COUNT;
  RETURN 'ok ' || made;
EXCEPTION WHEN OTHERS THEN
  RETURN SQLERRM;
END
$body$;
CREATE FUNCTION pg_temp.segue_holds(query text) RETURNS boolean LANGUAGE plpgsql AS $body$
DECLARE
  answer boolean;
BEGIN
  EXECUTE query INTO answer;
  RETURN answer IS NOT FALSE;
EXCEPTION WHEN OTHERS THEN
  RETURN false;
END
$body$)sql";

// Large enough that round trips do not count, small enough for one message.
constexpr std::size_t at_once = 2000;

template <typename Take>
void in_portions(Session& session, const char* function, const std::vector<std::string>& texts,
                 const Take& take) {
  for (std::size_t from = 0; from < texts.size(); from += at_once) {
    std::string values;
    for (std::size_t i = from; i < std::min(texts.size(), from + at_once); ++i) {
      values += fmt::format("{}({},{})", values.empty() ? "" : ",", i, quote_literal(texts[i]));
    }
    // In the order that they were given, whatever the planner would like.
    const Rows rows = session.exec(
        fmt::format("SELECT pg_temp.{}(v.t) FROM (SELECT * FROM (VALUES {}) w(n, t) ORDER BY n "
                    "OFFSET 0) v",
                    function, values));
    for (const auto& row : rows.rows) take(row.at(0).value_or(""));
  }
}

bool is_about(const planner::Constraint& constraint, const std::string& column) {
  return constraint.kind == planner::ConstraintKind::check && constraint.columns.size() == 1 &&
         constraint.columns.front() == column;
}

std::string composite_field(const std::string& text) {
  std::string made = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') made += c;
    made += c;
  }
  return made + '"';
}

void add(std::vector<std::string>& to, const std::vector<std::string>& from) {
  for (const std::string& value : from) {
    if (std::find(to.begin(), to.end(), value) == to.end()) to.push_back(value);
  }
}

}  // namespace

TypeValues candidates(const planner::Catalog& catalog, const planner::Table& table,
                      const planner::Column& column) {
  TypeValues found = literals_of(catalog, column.type);
  const TypeText type = parse_type_text(without_domains(catalog, column.type));
  for (const planner::Constraint& constraint : table.constraints) {
    if (constraint.kind != planner::ConstraintKind::check) continue;
    if (std::find(constraint.columns.begin(), constraint.columns.end(), column.name) ==
        constraint.columns.end()) {
      continue;
    }
    const TypeValues near = literals_near(constants_in(constraint.expression), type);
    add(found.edges, near.edges);
    found.shapes.insert(found.shapes.end(), near.shapes.begin(), near.shapes.end());
  }
  return found;
}

Tries::Tries(Session& session) : session_(session) {
  session_.exec(functions);
}

void Tries::finish() {
  session_.exec("DROP FUNCTION pg_temp.segue_try(text), pg_temp.segue_holds(text)");
}

std::vector<std::string> Tries::run(const std::vector<std::string>& statements) {
  std::vector<std::string> answers;
  in_portions(session_, "segue_try", statements,
              [&](const std::string& answer) { answers.push_back(answer); });
  return answers;
}

std::vector<bool> Tries::hold(const std::vector<std::string>& queries) {
  std::vector<bool> answers;
  in_portions(session_, "segue_holds", queries,
              [&](const std::string& answer) { answers.push_back(answer == "t"); });
  return answers;
}

std::string ServerPool::question(const planner::Table& table, const planner::Column& column,
                                 const std::string& value) const {
  std::string conditions = fmt::format("{} IS NOT NULL", quote_identifier(column.name));
  for (const planner::Constraint& constraint : table.constraints) {
    if (is_about(constraint, column.name)) {
      conditions += fmt::format(" AND ({}) IS NOT FALSE", constraint.expression);
    }
  }
  return fmt::format("SELECT {} FROM (SELECT {}::text::{} AS {}) AS {}", conditions,
                     quote_literal(value), column.type, quote_identifier(column.name),
                     quote_identifier(table.name.name));
}

std::vector<std::string> ServerPool::accepted_of(const planner::Table& table,
                                                 const planner::Column& column,
                                                 const std::vector<std::string>& values) {
  std::vector<std::string> questions;
  questions.reserve(values.size());
  for (const std::string& value : values) questions.push_back(question(table, column, value));
  const std::vector<bool> answers = tries_.hold(questions);
  std::vector<std::string> taken;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (answers[i]) taken.push_back(values[i]);
  }
  return taken;
}

TypeValues ServerPool::of_composite(const std::string& type) {
  const Rows fields = session_.exec(
      "SELECT pg_catalog.format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_type t JOIN "
      "pg_catalog.pg_attribute a ON a.attrelid = t.typrelid WHERE t.oid = "
      "pg_catalog.to_regtype($1) AND t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped "
      "ORDER BY a.attnum",
      {type});
  TypeValues made;
  if (fields.empty()) return made;
  std::vector<TypeValues> parts;
  for (const auto& row : fields.rows) parts.push_back(literals_of(catalog_, row[0].value_or("")));
  const auto compose = [parts](const auto& pick) {
    std::string text = "(";
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) text += ',';
      text += pick(parts[i]);
    }
    return text + ')';
  };
  made.edges.push_back(compose([](const TypeValues&) { return std::string(); }));
  constexpr std::size_t few = 4;
  for (std::size_t at = 0; at < few; ++at) {
    made.edges.push_back(compose([at](const TypeValues& part) {
      return part.edges.empty() ? "" : composite_field(part.edges[at % part.edges.size()]);
    }));
  }
  made.shapes.emplace_back([compose](std::uint64_t n) {
    return compose([n](const TypeValues& part) {
      return part.shapes.empty() ? "" : composite_field(part.shapes.front()(n));
    });
  });
  return made;
}

const TypeValues& ServerPool::accepted(const planner::Table& table, const planner::Column& column,
                                       const TypeValues& more) {
  std::string key = column.type;
  for (const planner::Constraint& constraint : table.constraints) {
    if (constraint.kind == planner::ConstraintKind::check &&
        std::find(constraint.columns.begin(), constraint.columns.end(), column.name) !=
            constraint.columns.end()) {
      key += '\n' + constraint.expression;
    }
  }
  // What a partition or a live database says is this column's alone.
  if (!more.edges.empty() || !more.shapes.empty()) {
    key += '\n' + planner::quoted(table.name) + '\n' + column.name;
  }
  if (const auto known = known_.find(key); known != known_.end()) return known->second;

  TypeValues all = candidates(catalog_, table, column);
  if (all.edges.empty() && all.shapes.empty()) all = of_composite(column.type);
  // A type that nothing is known of may still read one of these.
  if (all.edges.empty() && all.shapes.empty()) {
    all.edges = {"", "0", "1", "a", "{}", "(0,0)", "[]", "[1,2,3]", "a.b", "POINT(0 0)", "1.0"};
    all.shapes = {[](std::uint64_t n) { return fmt::format("{}", n); },
                  [](std::uint64_t n) { return fmt::format("a{}", n); }};
  }
  add(all.edges, more.edges);
  all.shapes.insert(all.shapes.end(), more.shapes.begin(), more.shapes.end());

  TypeValues taken;
  taken.edges = accepted_of(table, column, all.edges);
  constexpr std::array<std::uint64_t, 4> samples{1, 17, 500, 5003};
  std::vector<std::string> questions;
  for (const Shape& shape : all.shapes) {
    for (const std::uint64_t n : samples) questions.push_back(question(table, column, shape(n)));
  }
  const std::vector<bool> answers = tries_.hold(questions);
  std::vector<std::pair<std::size_t, std::size_t>> by_score;
  for (std::size_t i = 0; i < all.shapes.size(); ++i) {
    std::size_t score = 0;
    for (std::size_t j = 0; j < samples.size(); ++j) {
      if (answers[i * samples.size() + j]) ++score;
    }
    if (score > 0) by_score.emplace_back(score, i);
  }
  std::stable_sort(by_score.begin(), by_score.end(),
                   [](const auto& left, const auto& right) { return left.first > right.first; });
  for (const auto& [score, i] : by_score) {
    // What is refused now and then only where there is nothing better.
    if (score == samples.size() || by_score.front().first < samples.size()) {
      taken.shapes.push_back(all.shapes[i]);
    }
  }
  return known_.emplace(std::move(key), std::move(taken)).first->second;
}

}  // namespace segue::runtime::rehearsal
