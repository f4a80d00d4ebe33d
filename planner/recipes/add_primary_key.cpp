// primary key T(c, …): NOT NULL by proof, an index beside the traffic, then the constraint from
// both.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "planner/names.hpp"
#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

bool may_have(Context& context, const dsl::AddPrimaryKey& intent, const Table& table) {
  if (table.kind == TableKind::partitioned) {
    context.error(intent.table.span,
                  fmt::format("{} is partitioned: a constraint cannot take over an index there",
                              quoted(table.name)),
                  "PostgreSQL has no online way to add a primary key to a partitioned table");
    return false;
  }
  const Constraint* old = table.primary_key();
  if (old != nullptr && !context.drops_constraint(table.name, old->name)) {
    context.error(
        intent.table.span,
        fmt::format("{} has a primary key already: {} ({})", quoted(table.name),
                    quote_identifier(old->name), joined(old->columns)),
        fmt::format("to put another in its place, drop it in the same file: drop constraint {}.{}",
                    quoted(table.name), quote_identifier(old->name)));
    return false;
  }
  return true;
}

// A file that lets the column be NULL contradicts the key.
bool relaxed(Context& context, const Table& table, const ResolvedColumn& column, dsl::Span span) {
  for (const dsl::Statement& statement : context.change().statements) {
    const auto* relax = std::get_if<dsl::RelaxColumn>(&statement.intent);
    if (relax == nullptr || relax->column.column.name != column.name ||
        context.table(relax->column.table) != &table)
      continue;
    context.error(
        span,
        fmt::format(
            "column \"{}\" is part of the primary key here and may be NULL by another statement",
            column.name),
        "one file leads to one end state: leave one of them out",
        {{statement.span, "relaxed here"}});
    return true;
  }
  return false;
}

bool require(Context& context, const Table& table, const ResolvedColumn& column, dsl::Span span) {
  if (relaxed(context, table, column, span)) return false;
  if (column.base != nullptr && !column.base->comparable) {
    context.error(span,
                  fmt::format("the values of column \"{}\" have no order: they cannot be a key",
                              column.name));
    return false;
  }
  const bool not_null = column.base != nullptr && column.base->not_null;
  if (not_null || context.decides_null(table.name, column.name)) return true;
  const std::string now = context.until_contract(table.name, column.name);
  if (context.arrives(table.name, column.name)) {
    list_nulls(context, table, now, order::last_look, Phase::contract);
    prove_not_null(context, table, now, AddedAt::contract, column.name);
    return true;
  }
  prove_not_null(context, table, now, AddedAt::after_fill, column.name);
  if (column.added() || !column.shadow.empty()) {
    list_nulls(context, table, now, order::check_filled);
  } else {
    list_nulls(context, table, column.renamed() ? column.old_name : column.name);
  }
  context.note(context.draft.notes_for(Phase::dual_write).must_not,
               fmt::format("write NULL into `{}.{}` — nor may the old release, from phase 3 on.",
                           table.name.name, column.name));
  return true;
}

}  // namespace

void plan(Context& context, const dsl::AddPrimaryKey& intent) {
  const Table* table = context.table(intent.table);
  if (table == nullptr || !may_have(context, intent, *table)) return;
  const auto columns = context.columns(*table, intent.columns);
  if (!columns) return;
  std::vector<std::string> names;
  std::vector<std::string> keys;
  bool good = true;
  for (std::size_t i = 0; i < columns->size(); ++i) {
    const ResolvedColumn& column = (*columns)[i];
    names.push_back(column.name);
    keys.push_back(quote_identifier(context.until_contract(table->name, column.name)));
    good = require(context, *table, column, intent.columns[i].span) && good;
  }
  if (!good) return;
  const Constraint* old = table->primary_key();
  const std::string usual = object_name(table->name.name, "", "pkey");
  // The one that it replaces still bears the name until phase 4.
  const bool takes_over = old != nullptr && old->name == usual;
  const std::string index_name = takes_over ? context.own_relation_name(*table, usual)
                                            : context.index_name(*table, std::nullopt, {}, "pkey");
  const std::string name = takes_over ? usual : index_name;
  list_duplicates(context, *table, keys, "", index_name);
  TableDraft& draft = context.draft_of(*table);
  IndexDraft index;
  index.table = table->name;
  index.name = index_name;
  index.unique = true;
  index.definition = fmt::format("({})", fmt::join(keys, ", "));
  index.why =
      "CONCURRENTLY: reads and writes go on while it is built; it refuses duplicates from then on";
  index.source = context.here();
  draft.indexes.push_back(std::move(index));
  context.own(ObjectKind::index, table->name, index_name);
  context.own(ObjectKind::constraint, table->name, name);
  draft.contract.push_back(
      {ContractSlot::take_names, "the key takes the index over and is NOT NULL by proof: no scan",
       fmt::format("ALTER TABLE {} ADD CONSTRAINT {} PRIMARY KEY USING INDEX {};\n",
                   quoted(table->name), quote_identifier(name), quote_identifier(index_name)),
       takes_over ? probe::relation_missing({table->name.schema, index_name})
                  : probe::constraint_exists(table->name, name),
       context.here()});
  context.note(context.draft.notes_for(Phase::backfill).changes,
               fmt::format("`{}` allows one row for each ({}), none of them NULL.",
                           table->name.name, joined(names)));
  context.note(
      context.draft.notes_for(Phase::backfill).must_not,
      fmt::format("write duplicates of ({}) into `{}` — nor may the old release, from phase 3 on.",
                  joined(names), table->name.name));
  context.note(context.draft.notes_for(Phase::contract).changes,
               fmt::format("({}) is the primary key of `{}`.", joined(names), table->name.name));
}

}  // namespace segue::planner
