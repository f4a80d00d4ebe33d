// What may be split or merged, and which expressions may compute it.
#include <fmt/format.h>

#include <algorithm>

#include "planner/holds.hpp"
#include "planner/recipes/mapping.hpp"
#include "planner/recipes/parts.hpp"
#include "planner/recipes/total.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

// The expression, if it reads nothing but `readable` and is the same whenever it is computed.
std::optional<dsl::sql::Expression> checked(Context& context, const Table& table,
                                            const dsl::Fragment& fragment,
                                            const std::vector<std::string>& readable,
                                            std::string_view what) {
  auto parsed = dsl::sql::parse_expression(fragment.text);
  if (const auto* problem = std::get_if<dsl::sql::ParseError>(&parsed)) {
    context.error(fragment.span, problem->message);
    return std::nullopt;
  }
  auto& expression = std::get<dsl::sql::Expression>(parsed);
  if (expression.has_subquery) {
    context.error(
        fragment.span,
        fmt::format("{} reads another table: a write there would not reach this row", what),
        "compute it from the row's own columns; `move` brings a column to another table");
    return std::nullopt;
  }
  if (context.is_volatile(expression)) {
    context.error(
        fragment.span,
        fmt::format("{} gives another value each time: old and new could never be shown to agree",
                    what),
        "use an expression that depends on nothing but the columns");
    return std::nullopt;
  }
  bool good = true;
  for (const dsl::sql::ColumnUse& use : expression.columns) {
    const bool own = use.qualifiers.empty() || use.qualifiers.back() == table.name.name;
    if (own && holds(readable, use.name)) continue;
    const auto begin = fragment.span.begin + static_cast<std::uint32_t>(use.begin);
    const auto end = fragment.span.begin + static_cast<std::uint32_t>(use.name_end);
    const auto near = own && use.name != "*" ? dsl::nearest(use.name, readable) : std::nullopt;
    context.error({begin, end},
                  fmt::format("{} may read {} and nothing else", what, joined(readable)),
                  near ? fmt::format("did you mean \"{}\"?", *near)
                       : "a later write to another column would not be seen");
    good = false;
  }
  if (!good) return std::nullopt;
  return std::move(expression);
}

// `require … backfill E` of the same file is part of how the column comes about.
std::optional<dsl::Fragment> fallback_of(const Context& context, const Table& table,
                                         const std::string& column) {
  for (const dsl::Statement& statement : context.change().statements) {
    const auto* require = std::get_if<dsl::RequireColumn>(&statement.intent);
    if (require == nullptr || !require->backfill || require->column.column.name != column) continue;
    const dsl::TableName& name = require->column.table;
    const Table* other = name.schema ? context.catalog.table({name.schema->name, name.name.name})
                                     : context.catalog.table_by_search_path(name.name.name);
    if (other == &table) return require->backfill;
  }
  return std::nullopt;
}

}  // namespace

bool may_be_mapped(Context& context, const Table& table, const Column& column, dsl::Span span) {
  const std::string shown = fmt::format("\"{}\"", column.name);
  const auto refuse = [&](const std::string& message, const std::string& hint) {
    context.error(span, message, hint);
    return false;
  };
  if (!column.generated.empty()) {
    return refuse(fmt::format("{} is a generated column: nothing can write it", shown),
                  "add new columns, then drop this one");
  }
  if (column.in_partition_key) {
    return refuse(fmt::format("{} partitions {}: it cannot be dropped", shown, quoted(table.name)),
                  "a new partitioned table is the only way");
  }
  if (table.partition_of) {
    return refuse(fmt::format("{} is a partition: its columns are those of {}", quoted(table.name),
                              quoted(*table.partition_of)),
                  "name that table instead");
  }
  if (!table.inherits.empty() || !table.inherited_by.empty()) {
    return refuse(fmt::format("{} takes part in inheritance: a trigger does not follow it",
                              quoted(table.name)),
                  "end the inheritance first");
  }
  if (const Constraint* key = table.primary_key();
      key != nullptr && holds(key->columns, column.name)) {
    return refuse(fmt::format("{} is part of the primary key of {}, which would go with it", shown,
                              quoted(table.name)),
                  "give the table another primary key in a change before this one");
  }
  for (const CatalogIndex::IncomingKey& key : context.catalog.foreign_keys_to(table.name)) {
    if (!holds(key.constraint->target_columns, column.name)) continue;
    return refuse(fmt::format("{} ({}) references column {}", quoted(key.table->name),
                              joined(key.constraint->columns), shown),
                  "drop that reference in a change before this one");
  }
  return true;
}

std::optional<MappedColumn> new_column(Context& context, const Table& table,
                                       const dsl::ComputedColumn& column,
                                       const std::vector<std::string>& olds) {
  MappedColumn made;
  made.name = column.name.name;
  made.type = context.type(column.type);
  const bool free = name_is_free(context, table, column.name);
  const auto expression = checked(context, table, column.value, olds, "`=`");
  if (!free || !expression || made.type.empty()) return std::nullopt;
  if (context.is_constrained_domain(column.type)) {
    context.error(column.type.span,
                  fmt::format("{} is a domain with constraints: PostgreSQL adds such a column by "
                              "rewriting the table under lock",
                              made.type),
                  "use the domain's base type with a `check`");
    return std::nullopt;
  }
  made.value = column.value;
  made.total = never_fails(table, column.value.text, *expression, made.type);
  made.fallback = fallback_of(context, table, made.name);
  if (made.fallback) {
    const auto value =
        checked(context, table, *made.fallback, olds, "`backfill` of a column that is computed");
    if (!value) return std::nullopt;
    made.total = made.total &&
                 (value->is_constant || never_fails(table, made.fallback->text, *value, made.type));
  }
  return made;
}

std::optional<MappedColumn> old_column(Context& context, const Table& table, const Column& column,
                                       const std::optional<dsl::Fragment>& back,
                                       const std::vector<std::string>& news,
                                       const std::vector<std::string>& olds) {
  MappedColumn old;
  old.name = column.name;
  old.type = column.type;
  old.base = &column;
  if (!back) return old;
  std::vector<std::string> readable = news;
  readable.insert(readable.end(), olds.begin(), olds.end());
  const auto expression = checked(context, table, *back, readable, "`back`");
  if (!expression) return std::nullopt;
  old.value = back;
  old.total = never_fails(table, back->text, *expression, column.type);
  return old;
}

}  // namespace segue::planner
