// Types and expressions of the change, checked against the catalogue.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "planner/context.hpp"
#include "planner/wording.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

// Functions of pg_catalog that give another value at every call. Those of the catalogue's own
// functions are known from it. Source: pg_proc.provolatile of PostgreSQL 13 to 18, without those
// that no value can come from.
constexpr std::array volatile_builtins{
    "clock_timestamp",  "currval",       "gen_random_uuid", "lastval", "nextval",
    "pg_sleep",         "random",        "random_normal",   "setseed", "setval",
    "timeofday",        "txid_current",  "uuidv4",          "uuidv7",  "uuid_generate_v1",
    "uuid_generate_v4", "pg_backend_pid"};

}  // namespace

std::string Context::type(const dsl::TypeName& name) {
  const auto parsed = dsl::sql::parse_type(name.text);
  if (const auto* problem = std::get_if<dsl::sql::ParseError>(&parsed)) {
    error(name.span, fmt::format("not a type: {}", problem->message));
    return {};
  }
  const auto& type = std::get<dsl::sql::Type>(parsed);
  if (type.schema == "pg_catalog" || (type.schema.empty() && builtin_types_.contains(type.name)))
    return name.text;
  if (!type.schema.empty()) {
    if (user_types_.contains({type.schema, type.name})) return name.text;
  } else {
    for (const std::string& schema : catalog.catalog().search_path) {
      if (user_types_.contains({schema, type.name})) {
        return fmt::format("{}.{}", quote_identifier(schema), name.text);
      }
    }
    if (builtin_types_.empty()) return name.text;
  }
  std::vector<std::string> candidates(builtin_types_.begin(), builtin_types_.end());
  candidates.insert(candidates.end(), {"integer", "bigint", "smallint", "boolean", "varchar",
                                       "character", "decimal", "real"});
  for (const QualifiedName& user : user_types_) candidates.push_back(user.name);
  error(name.span, fmt::format("type {} does not exist", in_quotes(type.name)),
        did_you_mean(type.name, candidates));
  return {};
}

bool Context::is_constrained_domain(const dsl::TypeName& name) const {
  const auto parsed = dsl::sql::parse_type(name.text);
  const auto* type = std::get_if<dsl::sql::Type>(&parsed);
  if (type == nullptr || type->is_array) return false;
  const auto constrained = [&](const std::string& schema) {
    const auto& types = catalog.catalog().types;
    return std::any_of(types.begin(), types.end(), [&](const Type& one) {
      return one.constrained && one.name == QualifiedName{schema, type->name};
    });
  };
  if (!type->schema.empty()) return constrained(type->schema);
  if (builtin_types_.contains(type->name)) return false;
  const auto& path = catalog.catalog().search_path;
  const auto schema = std::find_if(path.begin(), path.end(), [&](const std::string& one) {
    return user_types_.contains({one, type->name});
  });
  return schema != path.end() && constrained(*schema);
}
std::optional<dsl::sql::Expression> Context::expression(const Table& table,
                                                        const dsl::Fragment& fragment,
                                                        NamesOf names, std::string_view what) {
  auto parsed = dsl::sql::parse_expression(fragment.text);
  const auto span_at = [&](std::size_t begin, std::size_t end) {
    return dsl::Span{fragment.span.begin + static_cast<std::uint32_t>(begin),
                     fragment.span.begin + static_cast<std::uint32_t>(end)};
  };
  if (const auto* problem = std::get_if<dsl::sql::ParseError>(&parsed)) {
    error(span_at(problem->offset, problem->offset + 1), problem->message);
    return std::nullopt;
  }
  auto& expression = std::get<dsl::sql::Expression>(parsed);
  // Inside a subquery a name may be another table's; PostgreSQL says so when the phase runs.
  if (expression.has_subquery) return std::move(expression);
  bool good = true;
  for (const dsl::sql::ColumnUse& use : expression.columns) {
    const dsl::Span span = span_at(use.name_begin, use.name_end);
    if (!use.qualifiers.empty()) {
      const std::string& qualifier = use.qualifiers.back();
      const bool other_schema =
          use.qualifiers.size() > 1 && use.qualifiers.front() != table.name.schema;
      if (qualifier != table.name.name || other_schema) {
        error(span_at(use.begin, use.name_end),
              fmt::format("{} may only name columns of {}", what, quoted(table.name)),
              "a value from another table needs a subquery: (select …)");
        good = false;
        continue;
      }
    }
    if (use.name == "*") continue;
    if (names == NamesOf::after) {
      good = column(table, {use.name, span}).has_value() && good;
      continue;
    }
    if (table.column(use.name) != nullptr) continue;
    std::vector<std::string> candidates;
    for (const Column& column : table.columns) candidates.push_back(column.name);
    std::string hint = did_you_mean(use.name, candidates);
    if (const auto renamed = renamed_from_.find(table.name); renamed != renamed_from_.end()) {
      if (const auto old = renamed->second.find(use.name); old != renamed->second.end()) {
        hint = fmt::format("here names are those before the change: write {}",
                           quote_identifier(old->second));
      }
    }
    error(span, fmt::format("unknown column {} in {}", in_quotes(use.name), quoted(table.name)),
          std::move(hint));
    good = false;
  }
  if (!good) return std::nullopt;
  return std::move(expression);
}

std::optional<dsl::sql::Expression> Context::constant_expression(const dsl::Fragment& fragment) {
  auto parsed = dsl::sql::parse_expression(fragment.text);
  if (const auto* problem = std::get_if<dsl::sql::ParseError>(&parsed)) {
    error(fragment.span, problem->message);
    return std::nullopt;
  }
  auto& expression = std::get<dsl::sql::Expression>(parsed);
  if (!expression.columns.empty() || expression.has_subquery) {
    error(fragment.span,
          expression.has_subquery ? "a default may not hold a subquery"
                                  : "a default may not name a column",
          "use `backfill` for a value that comes from the row");
    return std::nullopt;
  }
  return std::move(expression);
}

bool Context::is_volatile(const dsl::sql::Expression& expression) const {
  return std::any_of(
      expression.functions.begin(), expression.functions.end(),
      [&](const dsl::sql::FunctionUse& use) {
        if (std::find(volatile_builtins.begin(), volatile_builtins.end(), use.name) !=
            volatile_builtins.end())
          return true;
        const auto& functions = catalog.catalog().functions;
        return std::any_of(functions.begin(), functions.end(), [&](const Function& function) {
          return function.name.name == use.name &&
                 (use.schema.empty() || function.name.schema == use.schema) &&
                 function.volatility == "volatile";
        });
      });
}

}  // namespace segue::planner
