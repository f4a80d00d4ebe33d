// What several recipes share.
#pragma once

#include <string>

#include "planner/context.hpp"
#include "planner/type_shape.hpp"

namespace segue::planner {

// The author's expression with its columns bound to the trigger's row: NEW.email for email. One
// that holds a subquery runs over the row as a one-row table instead, where names mean what they
// meant.
std::string over_new_row(const Table& table, const dsl::Fragment& fragment,
                         const dsl::sql::Expression& expression);

// User functions whose text names a table, so that PostgreSQL would find out only when they run.
std::vector<const Function*> functions_naming(Context& context, const QualifiedName& table);

// A column's default, as the catalogue prints it, for a column of another type.
std::string default_as(const std::string& text, const std::string& type);

// In parentheses, unless the author wrote some.
std::string parenthesised(const std::string& expression);

// Whether a new column may be called so; complains if not.
bool name_is_free(Context& context, const Table& table, const dsl::Identifier& name);

// Makes `column` NOT NULL at the end: a CHECK that proves it, validated with the table's others,
// then SET NOT NULL without a scan. `end_name`: what the column is called by then, if not `column`;
// `whole`: the partitioned table whose contract a partition's belongs to.
void prove_not_null(Context& context, const Table& table, const std::string& column,
                    AddedAt added_at, const std::string& end_name = {},
                    TableDraft* whole = nullptr);

// Rows that are NULL stop the phase with their keys, before anything is built.
void list_nulls(Context& context, const Table& table, const std::string& column,
                int order = order::check_before, Phase phase = Phase::backfill);

// A look at all rows of a table for those that must not be there.
struct RowLook {
  Phase phase = Phase::backfill;  // in contract it is a refusal
  std::string title;
  std::string why;
  std::string condition;           // SQL over the row: true for one that must not be there
  std::vector<std::string> shown;  // columns whose values, cut, stand beside the row's key
  std::string message;
  std::string hint;
  std::string done;
};
Step look_at_rows(const Table& table, const RowLook& sought);

// Every row keeps the promise once phase 3 is complete.
void verify(Context& context, const Table& table, std::string differs, std::string promise);

// A unique index and, at the end, whatever else: its list of duplicates first.
void list_duplicates(Context& context, const Table& table, const std::vector<std::string>& keys,
                     const std::string& predicate, const std::string& name,
                     bool nulls_not_distinct = false);

// The names that PostgreSQL would give an index's counterparts on each partition.
std::map<QualifiedName, std::string> partition_index_names(Context& context, const Table& table,
                                                           const std::vector<std::string>& columns,
                                                           std::string_view label);

// FOREIGN KEY (…) REFERENCES … with its actions, from end-state names.
std::string foreign_key_definition(const std::vector<std::string>& columns,
                                   const QualifiedName& target,
                                   const std::vector<std::string>& target_columns,
                                   const std::string& on_delete, const std::string& on_update,
                                   bool deferrable, bool initially_deferred);

// Target of a `references`, checked: the columns exist, are unique, and as many as `count`.
struct ResolvedTarget {
  const Table* table = nullptr;
  std::vector<std::string> columns;
  std::vector<std::string> now;  // what they are called before contract
  bool copied = false;           // some hold their values only once phase 3 has filled them
};
std::optional<ResolvedTarget> resolve_target(Context& context, const dsl::ForeignKeyTarget& target,
                                             std::size_t count, dsl::Span span);

// A foreign key on a partitioned table cannot be NOT VALID before PostgreSQL 18: reports it.
bool may_reference(Context& context, const Table& table, dsl::Span span);

// A unique constraint over columns as the end state names them: an index first, the constraint from
// it.
void add_unique(Context& context, const Table& table, const std::vector<std::string>& columns,
                const std::optional<dsl::Identifier>& given, dsl::Span span);

// "… AND " in front of the look for a key's row: a row that references itself finds itself, though
// nobody sees it before it is inserted. Empty for a key to another table.
std::string not_itself(const Table& table, const std::vector<std::string>& columns,
                       const ResolvedTarget& target, const std::string& row);
// The rows whose key finds nothing in the target: a row-wise condition over `table`.
std::string orphan_condition(const Table& table, const std::vector<std::string>& columns,
                             const ResolvedTarget& target);

// Two values that are not the same bytes, whatever their types call equal.
std::string image_differs(const std::string& a, const std::string& b);
// The same of two values of `type`, for what every write asks: where equal values are the same
// bytes it makes no rows of them (which take 150 ns, measured; `b` may be read twice). Never NULL,
// and of PostgreSQL's own operator, whatever the application has in front of it. `collation`: as in
// Column.
std::string values_differ(const TypeShape& type, const std::string& collation, const std::string& a,
                          const std::string& b);

std::string joined(const std::vector<std::string>& identifiers);  // quoted, ", " between
std::string upper(std::string text);

// Columns of the row's key as text expressions, for messages; ctid where there is no key.
std::vector<std::string> key_or_ctid(const Table& table);
std::string select_key(const Table& table, const std::string& extra = {});

}  // namespace segue::planner
