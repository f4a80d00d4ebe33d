// The one door to PostgreSQL's own parser (libpg_query): quoting, expressions, splicing.
//
// Text that an author or PostgreSQL wrote is never rebuilt from a parse tree and never changed by
// substring replacement: names are replaced at the token where the parser found them.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace segue::dsl::sql {

// ---- Quoting -----------------------------------------------------------------------------------

// The one function that quotes identifiers: as quote_ident, in quotes only where PostgreSQL (any of
// 13 to 18) needs them.
std::string quote_identifier(std::string_view name);
// A string constant: 'it''s', or E'…' where it holds a backslash.
std::string quote_literal(std::string_view text);
// A string constant between dollar signs, with a tag that the text does not hold: an author's
// fragment may be dollar-quoted itself, and a name may hold anything.
std::string dollar_quoted(std::string_view text, std::string_view word = "segue");
// PostgreSQL's limit for a name, in bytes (NAMEDATALEN - 1).
inline constexpr std::size_t max_identifier_bytes = 63;

// ---- Expressions -------------------------------------------------------------------------------

struct ParseError {
  std::string message;     // PostgreSQL's own words
  std::size_t offset = 0;  // byte in the text that was given
};

// A column as an expression names it: `full_name`, `users.full_name`, `public.users.full_name`.
struct ColumnUse {
  std::vector<std::string> qualifiers;  // outermost first; empty when unqualified
  std::string name;                     // "*" for a whole row (`users.*`)
  std::size_t begin = 0;                // the whole reference, first byte
  std::size_t name_begin = 0;           // the column's own token
  std::size_t name_end = 0;
};

struct FunctionUse {
  std::string schema;  // empty: by search_path
  std::string name;
};

// What there is to know of one expression without a catalogue.
struct Expression {
  std::vector<ColumnUse> columns;
  std::vector<FunctionUse> functions;  // SQL's own syntax too: now() for current_timestamp
  bool has_subquery = false;
  bool has_aggregate_or_window = false;  // by syntax only: OVER, FILTER, WITHIN GROUP
  bool has_parameter = false;            // $1
  bool is_constant = false;              // a literal, or a cast or sign of one
  bool is_null = false;                  // the literal NULL, cast or not
  // COALESCE, CASE, IS NULL and the like: it may answer where a value is missing. Functions count
  // as strict, but for those that are known not to be.
  bool answers_for_null = false;
  std::string
      figured_name;  // what PostgreSQL calls it by default: a column, a function, …; else empty
};

// Parses exactly one expression (PostgreSQL's a_expr); a second statement, a comma list or a
// trailing operator is an error. Rejects U&"…" names, which splicing cannot place.
std::variant<Expression, ParseError> parse_expression(std::string_view text);

// Parses one type name, also `varchar(20)`, `timestamp with time zone`, `app.mood[]`.
// `schema`/`name` are those of a plain user type, folded ("" and "int4" for `int`).
struct Type {
  std::string schema;
  std::string name;
  bool is_array = false;
  bool is_serial = false;  // serial, bigserial, smallserial: not types but a habit
};
std::variant<Type, ParseError> parse_type(std::string_view text);

// old column name -> new column name, of one table.
using ColumnMap = std::map<std::string, std::string, std::less<>>;

// `expression` with the columns renamed at their tokens. For expressions over one table's columns:
// CHECK conditions, index keys and predicates, policies without subqueries. References qualified by
// something other than `table_name` stay. `text` has to parse; throws std::invalid_argument if not,
// or if it holds a subquery (there a name may mean another table's column).
std::string rename_columns(std::string_view text, const ColumnMap& renames,
                           std::string_view table_name);

// `expression` with each column reference bound to a row: `lower(email)` -> `lower(NEW.email)`;
// `users.email` (qualified by `table_name`) too. For trigger WHEN clauses. Same conditions.
std::string bind_columns(std::string_view text, std::string_view row, std::string_view table_name);

// ---- Queries -----------------------------------------------------------------------------------

// A base table's column, as far as a query text can name it.
struct TableColumns {
  std::string schema;
  std::string table;
  std::vector<std::string> columns;
};

struct RewrittenQuery {
  std::string text;
  bool changed = false;
};

// A view's query with `renames` of one table applied wherever the query means that table's column,
// scopes and aliases resolved; output names stay (`users.full_name` -> `users.display_name AS
// full_name`). `lookup` gives a relation's columns (schema may be empty as in the text).
// Answers a reason instead where it cannot be certain: JOIN USING or NATURAL over a renamed column,
// a whole-row reference, a column alias list, anything ambiguous.
struct CannotRewrite {
  std::string reason;
};
using RelationLookup =
    std::function<std::optional<TableColumns>(const std::string& schema, const std::string& name)>;
std::variant<RewrittenQuery, CannotRewrite> rename_in_query(std::string_view query,
                                                            const std::string& schema,
                                                            const std::string& table,
                                                            const ColumnMap& renames,
                                                            const RelationLookup& lookup);

// Where in its list of results a view's query shows the column, if it does no more with it than
// that: no expression, condition, grouping or set operation names it. Nothing where it does, or in
// doubt.
std::optional<std::vector<std::size_t>> shown_only(std::string_view query,
                                                   const std::string& schema,
                                                   const std::string& table,
                                                   const std::string& column,
                                                   const RelationLookup& lookup);

// A whole statement, or the query of a view, as it reads once the table schema.from is called `to`:
// each place where it stands as a relation, and the columns that it qualifies there, which is how
// PostgreSQL prints a view after ALTER TABLE … RENAME. Where the old name is somebody's alias too,
// the table keeps it as its own alias. `prefix` makes a statement of a part of one ("ALTER TABLE t
// ADD "). A text that does not parse stays as it is.
std::string rename_relation(std::string_view text, std::string_view schema, std::string_view from,
                            std::string_view to, std::string_view prefix = {});

// How a statement that an application sent uses a column of a table; also in the form that
// pg_stat_statements keeps it in. `named` wherever it may: names that cannot be told apart count,
// and so does a text that does not parse and holds both words. Statements other than SELECT,
// INSERT, UPDATE, DELETE, MERGE and COPY are no application's.
enum class ColumnMention {
  none,
  star,  // with all the others: *, a whole row, INSERT or COPY without a column list
  named
};
ColumnMention mention_in_statement(std::string_view statement, const std::string& schema,
                                   const std::string& table, const std::string& column,
                                   const RelationLookup& lookup);

// What a plain statement (ALTER TABLE, UPDATE, CREATE INDEX, DROP TABLE, …) names: relations, and
// everything that it names as a column of one of them. Nothing for a text that does not parse.
struct StatementNames {
  std::set<std::pair<std::string, std::string>> relations;  // schema (as written), name
  std::set<std::pair<std::string, std::string>> dropped;    // tables that go as a whole
  std::set<std::string> columns;
};
StatementNames names_in_statement(std::string_view statement);

// ---- Function bodies ---------------------------------------------------------------------------

// Every identifier-like name that the body of a SQL or PL/pgSQL function mentions as a column, a
// record field or a relation, folded; nothing for a body that does not parse (`parsed` is false
// then: the caller must assume the worst).
struct BodyNames {
  bool parsed = false;
  std::set<std::string> columns;    // full_name of users.full_name, NEW.full_name, full_name
  std::set<std::string> relations;  // users of FROM users, UPDATE app.users
  bool selects_star = false;
  bool inserts_without_columns = false;
  std::set<std::string> filled_by_position;  // users of INSERT INTO users VALUES (…)
  std::set<std::string> inserted_whole;  // users of INSERT INTO … SELECT * FROM users; new, old
  std::set<std::string> assigned;        // full_name of NEW.full_name := …; "*": NEW as a whole
};
// `create_function` is a whole CREATE FUNCTION statement (pg_get_functiondef).
BodyNames names_in_plpgsql(std::string_view create_function);
BodyNames names_in_sql(std::string_view body);

}  // namespace segue::dsl::sql
