#include "planner/type_shape.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "dsl/sql.hpp"
#include "planner/probe.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

template <std::size_t N>
bool one_of(const std::string& name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 3> integers{"int2", "int4", "int8"};  // by width
constexpr std::array<std::string_view, 3> fractions{"numeric", "float4", "float8"};
constexpr std::array<std::string_view, 3> strings{"text", "varchar", "bpchar"};
constexpr std::array<std::string_view, 4> moments{"date", "timestamp", "timestamptz", "time"};
constexpr std::array<std::string_view, 6> same_when_equal{"bool", "bytea", "oid",
                                                          "text", "uuid",  "varchar"};

}  // namespace

TypeShape shape_of_type(std::string_view text) {
  TypeShape shape;
  const auto parsed = dsl::sql::parse_type(text);
  const auto* type = std::get_if<dsl::sql::Type>(&parsed);
  if (type == nullptr) return shape;
  shape.array = type->is_array;
  const bool builtin = type->schema.empty() || type->schema == "pg_catalog";
  shape.name = builtin ? type->name : quoted({type->schema, type->name});
  const auto open = text.find('(');
  const auto close = text.find(')', open == std::string_view::npos ? 0 : open);
  if (open != std::string_view::npos && close != std::string_view::npos) {
    int value = 0;
    int sign = 1;
    bool digits = false;
    for (const char c : text.substr(open + 1, close - open)) {
      if (c >= '0' && c <= '9') {
        value = value * 10 + (c - '0');
        digits = true;
      } else if (c == '-') {
        sign = -1;
      } else if (c == ',' || c == ')') {
        if (digits) shape.modifiers.push_back(sign * value);
        value = 0;
        sign = 1;
        digits = false;
      }
    }
  }
  if (shape.name == "numeric" && shape.modifiers.size() == 1) shape.modifiers.push_back(0);
  if ((shape.name == "bpchar" || shape.name == "bit") && shape.modifiers.empty())
    shape.modifiers.push_back(1);
  if (shape.name == "interval") {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    shape.fields =
        lower.find("year") != std::string::npos || lower.find("month") != std::string::npos ||
        lower.find("day") != std::string::npos || lower.find("hour") != std::string::npos ||
        lower.find("minute") != std::string::npos || lower.find("second") != std::string::npos;
  }
  return shape;
}

int integer_width(const TypeShape& type) {
  if (type.array) return 0;
  const auto* const found = std::find(integers.begin(), integers.end(), type.name);
  return found == integers.end() ? 0 : static_cast<int>(found - integers.begin()) + 1;
}

bool is_integer(const TypeShape& type) {
  return integer_width(type) > 0;
}

bool is_number(const TypeShape& type) {
  return is_integer(type) || (!type.array && one_of(type.name, fractions));
}

bool is_string(const TypeShape& type) {
  return !type.array && one_of(type.name, strings);
}

bool is_citext(const TypeShape& type) {
  return !type.array && type.name.ends_with(".citext");
}

bool has_collation(const TypeShape& type) {
  return one_of(type.name, strings) || type.name == "name" || is_citext(type);
}

bool equal_is_same(const TypeShape& type) {
  return !type.array && (one_of(type.name, integers) || one_of(type.name, moments) ||
                         one_of(type.name, same_when_equal));
}

bool is_temporal(const TypeShape& type) {
  return one_of(type.name, moments) || type.name == "timetz" || type.name == "interval";
}

bool is_ordered(const TypeShape& type) {
  return type.name != "json" && type.name != "xml" && type.name != "point";
}

bool keys_match(const TypeShape& from, const TypeShape& to) {
  if (from.array || to.array) return from == to;
  return from.name == to.name || (is_integer(from) && is_integer(to)) ||
         (from.name != "bpchar" && to.name != "bpchar" && is_string(from) && is_string(to));
}

std::string has_type(const QualifiedName& table, const std::string& column, const TypeShape& type) {
  const std::string where = fmt::format(
      "EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = {} AND attname = {} AND NOT "
      "attisdropped AND ",
      probe::relation(table), quote_literal(column));
  if (type.name.find('.') != std::string::npos)
    return fmt::format("{}atttypid = pg_catalog.to_regtype({}))", where, quote_literal(type.name));
  // pg_catalog.format_type prints a modifier as it was given.
  std::string modifiers =
      type.modifiers.empty() ? "" : fmt::format("({})", fmt::join(type.modifiers, ","));
  std::string name = type.name;
  if (name == "timestamp" || name == "time") modifiers += " without time zone";
  if (name == "timestamptz" || name == "timetz") {
    name.resize(name.size() - 2);
    modifiers += " with time zone";
  }
  if (name == "varchar") name = "character varying";
  if (name == "varbit") name = "bit varying";
  return fmt::format("{}pg_catalog.format_type(atttypid, atttypmod) = {})", where,
                     quote_literal(name + modifiers));
}

std::string does_not_fit(const std::string& column, const TypeShape& type) {
  if (type.modifiers.empty()) return {};
  const std::string name = quote_identifier(column);
  const int first = type.modifiers.front();
  if (type.name == "varchar") return fmt::format("pg_catalog.length({}) > {}", name, first);
  if (type.name == "varbit") return fmt::format("pg_catalog.length({}) > {}", name, first);
  if (type.name == "bit") return fmt::format("pg_catalog.length({}) <> {}", name, first);
  if (type.name == "numeric") {
    const int scale = type.modifiers.size() > 1 ? type.modifiers[1] : 0;
    // NaN is greater than all numbers, and every numeric takes it.
    return fmt::format(
        "({0} <> pg_catalog.round({0}, {1}) OR pg_catalog.abs({0}) >= 1e{2}) AND {0} <> 'NaN'",
        name, scale, first - scale);
  }
  std::string cast = type.name;
  if (cast == "interval" || cast.starts_with("time"))
    return fmt::format("{0} <> {0}::{1}({2})", name, cast, first);
  return {};
}

}  // namespace segue::planner
