#include "planner/recipes/move_allowed.hpp"

#include <fmt/format.h>

#include "planner/recipes/mapping.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

bool may_leave(Context& context, const dsl::MoveColumn& intent, const Table& table,
               const Column& column) {
  if (!may_be_mapped(context, table, column, intent.column.column.span)) return false;
  if (column.constrained_domain) {
    context.error(intent.column.column.span,
                  fmt::format("{} is a domain with constraints: PostgreSQL adds such a column by "
                              "rewriting the table under lock",
                              column.type),
                  "retype the column to the domain's base type in a change before this one");
    return false;
  }
  return true;
}

bool may_arrive(Context& context, const dsl::MoveColumn& intent, const Table& from,
                const Table& to) {
  const dsl::Span span = intent.to.span;
  if (&from == &to) {
    context.error(span, fmt::format("{} is the table that the column is in", quoted(to.name)),
                  fmt::format("within one table it is: rename {}.{} -> {}", quoted(from.name),
                              quote_identifier(intent.column.column.name),
                              quote_identifier(intent.to.column.name)));
    return false;
  }
  if (context.makes_table(to.name)) {
    context.error(span, fmt::format("{} is created in this file", quoted(to.name)),
                  "create it in a change before this one: it needs its rows first");
    return false;
  }
  if (to.partition_of) {
    context.error(span,
                  fmt::format("{} is a partition: its columns are those of {}", quoted(to.name),
                              quoted(*to.partition_of)),
                  "name that table instead");
    return false;
  }
  if (!to.inherits.empty() || !to.inherited_by.empty()) {
    context.error(
        span,
        fmt::format("{} takes part in inheritance: a trigger does not follow it", quoted(to.name)),
        "end the inheritance first");
    return false;
  }
  if (to.column(intent.to.column.name) != nullptr) {
    context.error(
        intent.to.column.span,
        fmt::format("{} has a column \"{}\" already", quoted(to.name), intent.to.column.name),
        "both columns live side by side for a while: the new name has to be free from "
        "the start");
    return false;
  }
  return true;
}

// `require … backfill` would write its value over what a later row of the source brings.
bool no_backfill_over_it(Context& context, const dsl::MoveColumn& intent, const Table& to) {
  for (const dsl::Statement& statement : context.change().statements) {
    const auto* require = std::get_if<dsl::RequireColumn>(&statement.intent);
    if (require == nullptr || !require->backfill ||
        require->column.column.name != intent.to.column.name ||
        context.table(require->column.table) != &to)
      continue;
    context.error(require->backfill->span,
                  "a value of its own would go back to the table that the column comes from",
                  "require the column with `backfill` in a change after this one");
    return false;
  }
  return true;
}

// Writers of either table would wait for each other: both columns would be the other's source.
bool no_move_back(Context& context, const dsl::MoveColumn& intent, const Table& from,
                  const Table& to) {
  for (const dsl::Statement& statement : context.change().statements) {
    const auto* other = std::get_if<dsl::MoveColumn>(&statement.intent);
    if (other == nullptr || other == &intent || context.table(other->column.table) != &to ||
        context.table(other->to.table) != &from)
      continue;
    context.error(intent.to.span,
                  fmt::format("another column moves from {} to {} in this file", quoted(to.name),
                              quoted(from.name)),
                  "move one of them in a change after this one: writers of the two tables would "
                  "wait for each other",
                  {{statement.span, "moved the other way here"}});
    return false;
  }
  return true;
}

}  // namespace

bool can_be_moved(Context& context, const dsl::MoveColumn& intent, const Table& from,
                  const Column& column, const Table& to) {
  return may_leave(context, intent, from, column) && may_arrive(context, intent, from, to) &&
         no_backfill_over_it(context, intent, to) && no_move_back(context, intent, from, to);
}

}  // namespace segue::planner
