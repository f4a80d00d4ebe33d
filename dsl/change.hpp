// A change file as values: header, statements, intents. Nothing here knows a database.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dsl/source.hpp"

namespace segue::dsl {

// A name as PostgreSQL will hold it: folded to lower case unless it was quoted.
struct Identifier {
  std::string name;
  Span span;
};

struct TableName {
  std::optional<Identifier> schema;  // none: resolved by search_path in the catalogue
  Identifier name;
  Span span;
};

struct ColumnName {
  TableName table;
  Identifier column;
  Span span;
};

// A type as the author wrote it, without comments. PostgreSQL's parser accepted it as a type name;
// whether it exists is the catalogue's to say.
struct TypeName {
  std::string text;
  Span span;
};

// One SQL expression, accepted by PostgreSQL's parser, in the author's own words.
// `text` keeps the outer parentheses if they were written.
struct Fragment {
  std::string text;
  Span span;
};

// ---- Intents: what an engineer wants, one struct each ------------------------------------------

struct RenameColumn {
  ColumnName column;
  Identifier to;
};

struct RenameTable {
  TableName table;
  Identifier to;  // in the same schema
};

struct ForeignKeyTarget {
  TableName table;
  std::vector<Identifier> columns;  // empty: the primary key
  std::string on_delete;            // "", "cascade", "set null", "set default", "restrict", "no action"
  std::string on_update;
  bool deferrable = false;
  bool initially_deferred = false;
};

struct AddColumn {
  ColumnName column;
  TypeName type;
  bool required = false;
  std::optional<Fragment> default_value;
  std::optional<Fragment> backfill;
  bool unique = false;
  std::optional<Fragment> check;
  std::optional<ForeignKeyTarget> references;
  std::optional<std::string> comment;
};

struct RequireColumn {
  ColumnName column;
  std::optional<Fragment> backfill;
};

struct RelaxColumn {
  ColumnName column;
};

struct DropColumn {
  ColumnName column;
  std::optional<Fragment> back;  // what the old app still finds in rows that the new app wrote
};

struct RetypeColumn {
  ColumnName column;
  TypeName type;
  std::optional<Fragment> conversion;  // `using`: the new value, from the row before the change
  std::optional<Fragment> back;        // the old value, from the row after it
  std::optional<Identifier> as;        // both names side by side; none: the name stays
};

// A key, and every column that references it.
struct WidenKey {
  ColumnName column;
  TypeName type;
};

// A column that lives in a related table. `on` pairs the two tables' rows.
struct MoveColumn {
  ColumnName column;
  ColumnName to;
  Fragment on;
};

struct DropIndex {
  TableName index;  // indexes share the tables' names
};

struct DropConstraint {
  ColumnName constraint;  // table.constraint
};

struct DropTable {
  TableName table;
};

struct SetDefault {
  ColumnName column;
  std::optional<Fragment> value;  // none: `default T.c none`
};

// One key of an index: a column or an expression, never both.
struct IndexKey {
  std::optional<Identifier> column;
  std::optional<Fragment> expression;
  std::string collation;  // as written, possibly qualified and quoted; empty: the column's own
  std::string opclass;    // as written; empty: the type's default
  bool descending = false;
  std::optional<bool> nulls_first;  // none: PostgreSQL's default for the direction
};

struct StorageParameter {
  std::string name;
  std::string value;
};

struct AddIndex {
  bool unique = false;
  TableName table;
  std::vector<IndexKey> keys;
  std::optional<Identifier> name;
  std::optional<Identifier> method;
  std::vector<Identifier> include;
  std::optional<Fragment> where;
  std::vector<StorageParameter> with;
};

struct AddUnique {
  TableName table;
  std::vector<Identifier> columns;
  std::optional<Identifier> name;
};

struct AddPrimaryKey {
  TableName table;
  std::vector<Identifier> columns;
};

// How rows that break a new constraint are mended: column = value.
struct Repair {
  Identifier column;
  Fragment value;
};

struct AddCheck {
  TableName table;
  Fragment condition;
  std::optional<Identifier> name;
  std::optional<Repair> repair;
};

struct AddReference {
  TableName table;
  std::vector<Identifier> columns;
  ForeignKeyTarget target;
  std::optional<Identifier> name;
  std::optional<Repair> repair;
};

// A column that comes from others: name TYPE = E.
struct ComputedColumn {
  Identifier name;
  TypeName type;
  Fragment value;
};

struct SplitColumn {
  ColumnName column;
  std::vector<ComputedColumn> into;
  std::optional<Fragment> back;  // the old column, from the new ones; none: one way
};

// One of merge's old columns, from the new one.
struct BackValue {
  Identifier column;
  Fragment value;
};

struct MergeColumns {
  TableName table;
  std::vector<Identifier> columns;
  ComputedColumn into;
  std::vector<BackValue> back;  // empty: one way
};

// A string that is a value of an enum.
struct EnumLabel {
  std::string text;
  Span span;
};

struct ExtendType {
  TableName type;
  EnumLabel label;
  std::optional<EnumLabel> neighbour;  // none: behind all others
  bool before = false;                 // which side of the neighbour
};

// A table, type or view in PostgreSQL's own words; the text begins with CREATE.
struct CreateObject {
  Fragment sql;
};

// SQL as the value of a string.
struct SqlText {
  std::string text;
  Span span;                // of the whole string
  std::uint32_t inner = 0;  // where the text begins in the source
  bool verbatim = false;    // the source holds it as it is: between dollar quotes
};

enum class SqlPhase { expand, backfill, contract };

struct RunSql {
  SqlPhase phase = SqlPhase::expand;
  SqlText body;
  std::optional<SqlText> undo;
  std::optional<std::string> because;
};

using Intent = std::variant<RenameColumn, RenameTable, AddColumn, RequireColumn, RelaxColumn, DropColumn, RetypeColumn, DropIndex,
                            DropConstraint, DropTable, SetDefault, AddIndex, AddUnique, AddPrimaryKey,
                            AddCheck, AddReference, ExtendType, CreateObject, RunSql, SplitColumn, MergeColumns, WidenKey, MoveColumn>;

// How old and new live side by side. Default: a copy that a trigger keeps equal.
enum class Via {
  copy,
  view,  // one column under two names
  app,   // a copy that the application itself keeps equal
};
std::string_view word_of(Via via);  // "copy"

// What may follow any statement.
struct Options {
  std::optional<Via> via;
  std::optional<std::uint32_t> batch;    // rows per backfill transaction
  std::optional<std::uint32_t> workers;  // backfill sessions
  Span via_span;                         // where a message about it points
};

struct Statement {
  Intent intent;
  Options options;
  Span span;     // the whole statement
  Span keyword;  // its first word: where a message about all of it points
};

// A file's opening lines; all of it may be missing.
struct Header {
  std::optional<Identifier> name;
  std::optional<std::string> title;
  std::optional<Identifier> flag;
  std::optional<std::chrono::seconds> soak;
  bool tripwire = false;
  std::vector<Identifier> after;
  Span span;
};

struct Comment {
  Span span;
};

// One parsed file.
struct Change {
  Header header;
  std::vector<Statement> statements;
  std::vector<Comment> comments;
};

}  // namespace segue::dsl
