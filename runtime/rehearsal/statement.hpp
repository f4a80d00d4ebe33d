// One statement of an app, as a value: the same one is sent to the rehearsed database and, in the
// same words, to the model's.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "runtime/rehearsal/shape.hpp"
#include "runtime/session.hpp"

namespace segue::runtime::rehearsal {

enum class StatementKind : std::uint8_t {
  insert,
  insert_many,    // several rows of VALUES
  insert_select,  // a copy of a row under a new key
  upsert,         // ON CONFLICT … DO UPDATE
  copy,           // COPY … FROM
  update,
  update_key,
  lock_and_update,  // SELECT … FOR UPDATE, then UPDATE, in one transaction
  remove,
  merge  // by the key; from PostgreSQL 15 on
};
std::string_view name_of(StatementKind kind);  // "insert of many rows"

using Key = std::vector<std::string>;       // values as PostgreSQL prints them
using Literals = std::vector<std::string>;  // SQL: '…', NULL, DEFAULT, or an expression

struct Statement {
  StatementKind kind = StatementKind::insert;
  Release release = Release::before;
  Release schema = Release::before;  // whose names it uses
  std::size_t table = 0;             // among Shapes::tables
  std::vector<std::string> columns;  // of `rows`; for an update: those it sets
  std::vector<Literals> rows;
  std::vector<std::string> conflict;  // the columns that ON CONFLICT names
  std::vector<Key> keys;              // rows that it may change, by their keys before
  std::vector<Key> new_keys;          // that it may give to rows
  Key source;                         // insert_select: the row that is copied
  bool prepared = false;
  bool key_left_out = false;  // the server gives the key; RETURNING tells it
  // Its release writes both sides by itself: what it writes beside `columns`, or in place of them.
  bool both = false;
  std::vector<std::string> beside = {};
  std::vector<Literals> beside_rows = {};
};

// With what it writes beside, as it is sent.
Statement whole(Statement statement);

// For a person, for the rehearsed database and for the model.
std::string to_sql(const Statement& statement, const Side& side);
// `$1` in place of the values, and the values: the shape of a statement that an app prepares once.
struct PreparedShape {
  std::string sql;
  std::vector<std::string> arguments;
};
PreparedShape to_prepared(const Statement& statement, const Side& side);
bool can_be_prepared(const Statement& statement);

// An insert that left its key to the server, with the key in it.
Statement with_key(Statement statement, const Side& side);

std::string literal(const Value& value);
// A part of a key that is NULL, as it may be where nothing is unique. No text of PostgreSQL holds
// it.
inline const std::string no_value(1, '\0');
std::string where_key(const Side& side, const Key& key);
// WHERE … IN for several.
std::string where_keys(const Side& side, const std::vector<Key>& keys);
std::string column_list(const std::vector<std::string>& columns);
// A line of COPY's text format.
std::string copy_line(const std::vector<Value>& values);

}  // namespace segue::runtime::rehearsal
