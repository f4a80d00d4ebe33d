// A script that an author wrote, statement by statement, and what is to be said of it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dsl/sql.hpp"

namespace segue::dsl::sql {

struct ScriptHazard {
  std::string code;  // "sql-scan"
  std::string message;
  std::string advice;
};

// CREATE or DROP INDEX CONCURRENTLY.
struct ConcurrentStatement {
  bool drop = false;
  std::string table_schema;  // of CREATE: where its table is; of DROP: the index's own
  std::string table;
  std::string index;
};

// Something that a statement makes, replaces or drops.
struct Touched {
  enum class Kind { view, function, table, type, index, trigger, policy, column, constraint };
  Kind kind = Kind::view;
  std::string schema;  // as written, possibly empty
  std::string table;   // that it belongs to; empty: it stands by itself
  std::string name;
};

struct ScriptStatement {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string refused;  // why it cannot stand in a step; empty: it can
  std::string once;     // why it fails or does harm when it runs again; empty: not visibly
  std::vector<ScriptHazard> hazards;
  std::optional<ConcurrentStatement> concurrent;
  std::vector<Touched> touched;
};

// At least one statement, each parsed by PostgreSQL's own grammar.
std::variant<std::vector<ScriptStatement>, ParseError> parse_script(std::string_view text);

}  // namespace segue::dsl::sql
