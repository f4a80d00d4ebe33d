#include "planner/recipes/session_settings.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "dsl/sql_lexer.hpp"
#include "planner/type_shape.hpp"

namespace segue::planner {

namespace {

using dsl::sql::TokenKind;

// What a value or a word may depend on; more than one: the greatest.
enum class Asks { nothing, zone_and_date, anything };

constexpr std::string_view zone_and_date =
    "\n  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres'";
// How float, bytea and money become text. What the database says of money is what its users see.
constexpr std::string_view others =
    "\n  SET extra_float_digits = 1 SET bytea_output = 'hex' SET lc_monetary FROM CURRENT";

// Of SQL and of pg_catalog: over values of types that ask for nothing, they do not either.
constexpr std::array<std::string_view, 73> plain_words{
    "abs",        "and",      "as",        "between",    "bigint",   "bool",     "boolean",
    "btrim",      "case",     "cast",      "ceil",       "ceiling",  "char",     "char_length",
    "character",  "coalesce", "concat",    "decimal",    "distinct", "div",      "else",
    "end",        "false",    "floor",     "for",        "from",     "greatest", "in",
    "initcap",    "int",      "int2",      "int4",       "int8",     "integer",  "is",
    "least",      "left",     "length",    "like",       "lower",    "lpad",     "ltrim",
    "md5",        "mod",      "not",       "null",       "nullif",   "numeric",  "or",
    "pg_catalog", "position", "replace",   "reverse",    "right",    "round",    "rpad",
    "rtrim",      "sign",     "smallint",  "split_part", "strpos",   "substr",   "substring",
    "text",       "then",     "translate", "trim",       "true",     "trunc",    "upper",
    "uuid",       "varchar",  "varying"};
constexpr std::array<std::string_view, 16> temporal_words{
    "at",     "date",  "date_part", "date_trunc", "day",  "extract",   "hour",        "interval",
    "minute", "month", "second",    "time",       "zone", "timestamp", "timestamptz", "year"};

template <typename Words>
bool one_of(std::string_view word, const Words& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_enumeration(const Catalog& catalog, std::string_view name) {
  return std::any_of(catalog.types.begin(), catalog.types.end(), [&](const Type& type) {
    return type.kind == TypeKind::enumeration &&
           (type.name.name == name || quoted(type.name) == name);
  });
}

Asks asks(const Catalog& catalog, const std::string& type) {
  const TypeShape shape = shape_of_type(type);
  if (is_temporal(shape)) return Asks::zone_and_date;
  const bool plain =
      is_integer(shape) || is_string(shape) ||
      (!shape.array && (shape.name == "numeric" || shape.name == "bool" || shape.name == "uuid" ||
                        is_enumeration(catalog, shape.name)));
  return plain ? Asks::nothing : Asks::anything;
}

Asks asks_by_name(const Catalog& catalog, const Table& table, const std::string& name,
                  const std::vector<TypedName>& beside) {
  for (const TypedName& one : beside) {
    if (one.name == name) return asks(catalog, one.type);
  }
  if (const Column* column = table.column(name)) return asks(catalog, column->type);
  if (one_of(name, plain_words) || name == table.name.name || name == table.name.schema ||
      is_enumeration(catalog, name))
    return Asks::nothing;
  return one_of(name, temporal_words) ? Asks::zone_and_date : Asks::anything;
}

bool is_plain_operator(std::string_view word) {
  return word.find_first_not_of("+-*/%|=<>!:") == std::string_view::npos;
}

}  // namespace

std::string pinned_settings(const Catalog& catalog, const Table& table, const std::string& text,
                            const std::vector<TypedName>& beside) {
  Asks most = Asks::nothing;
  for (const TypedName& one : beside) most = std::max(most, asks(catalog, one.type));
  for (auto token = dsl::sql::next_token(text, 0); token.kind != TokenKind::end;
       token = dsl::sql::next_token(text, token.end)) {
    const std::string_view word =
        std::string_view(text).substr(token.begin, token.end - token.begin);
    switch (token.kind) {
      case TokenKind::identifier:
      case TokenKind::quoted_identifier:
        most =
            std::max(most, asks_by_name(catalog, table, dsl::sql::identifier_name(word), beside));
        break;
      case TokenKind::operator_:
        if (!is_plain_operator(word)) most = Asks::anything;
        break;
      case TokenKind::number:
      case TokenKind::string:
      case TokenKind::dollar_string:
      case TokenKind::punctuation:
        break;
      default:
        most = Asks::anything;
        break;
    }
  }
  std::string settings;
  if (most != Asks::nothing) settings += zone_and_date;
  if (most == Asks::anything) settings += others;
  return settings;
}

}  // namespace segue::planner
