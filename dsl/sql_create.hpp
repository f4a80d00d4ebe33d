// CREATE TABLE, CREATE TYPE and CREATE VIEW as far as a planner has to know them.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dsl/sql.hpp"

namespace segue::dsl::sql {

// A name as a statement gives it, folded; the schema may be empty.
struct RelationName {
  std::string schema;
  std::string name;
};

struct CreatedColumn {
  std::string name;
  std::string type;  // its name, quoted and qualified as written, without modifiers
  bool not_null = false;
};

enum class CreatedConstraintKind { primary_key, unique, check, foreign_key, exclude };

struct CreatedConstraint {
  CreatedConstraintKind kind = CreatedConstraintKind::check;
  std::string name;  // empty: PostgreSQL's own choice
  std::vector<std::string> columns;
  RelationName target;  // of a foreign key
  std::vector<std::string> target_columns;
  bool deferrable = false;
};

struct CreatedTable {
  std::vector<CreatedColumn> columns;
  std::vector<CreatedConstraint> constraints;
  bool partitioned = false;
};

struct CreatedType {
  enum class Kind { enumeration, composite, range };
  Kind kind = Kind::enumeration;
  std::vector<std::string> labels;
};

struct CreatedView {
  std::vector<RelationName> reads;
  std::set<std::string> columns;  // every column name that its query mentions
};

struct Created {
  RelationName name;
  std::size_t name_begin = 0;  // where the name stands in the text, and where it ends
  std::size_t name_end = 0;
  std::variant<CreatedTable, CreatedType, CreatedView> what;
};

// `text` has to be one CREATE TABLE, CREATE TYPE or CREATE VIEW of something new that stands by
// itself; anything else is an error that says why.
std::variant<Created, ParseError> parse_create(std::string_view text);

}  // namespace segue::dsl::sql
