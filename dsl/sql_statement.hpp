// A statement that an app sends, as far as somebody must know it who makes up its parameters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dsl/sql.hpp"

namespace segue::dsl::sql {

struct RelationName {
  std::string schema;  // empty: by search_path
  std::string name;

  friend auto operator<=>(const RelationName&, const RelationName&) = default;
};

// What a parameter meets: a column that it is compared with or written to. Without a column: a
// number of rows (LIMIT, OFFSET), or nothing that the text tells.
struct ParameterUse {
  std::int64_t number = 0;  // $1
  RelationName table;       // empty: one of the statement's relations, whichever has the column
  std::string column;
  bool written = false;  // the column takes it; else it is looked for
  bool counts_rows = false;
};

struct AppStatement {
  enum class Kind : std::uint8_t { select, insert, update, remove, merge, other };
  Kind kind = Kind::other;
  std::vector<RelationName> relations;   // that it names
  std::vector<std::string> columns;      // that it names anywhere
  std::vector<ParameterUse> parameters;  // by number, each once
};

// Exactly one statement. `$1` stands where a value may; what pg_stat_statements makes of a text
// does not always parse.
std::variant<AppStatement, ParseError> parse_app_statement(std::string_view text);

}  // namespace segue::dsl::sql
