// unique T(c, …): an index beside the traffic, then the constraint from it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

using dsl::sql::quote_identifier;

void add_unique(Context& context, const Table& table, const std::vector<std::string>& columns,
                const std::optional<dsl::Identifier>& given, dsl::Span span) {
  if (table.kind == TableKind::partitioned) {
    context.error(span,
                  fmt::format("{} is partitioned: a constraint cannot take over an index there",
                              quoted(table.name)),
                  "write `unique index` instead: it does the same");
    return;
  }
  const std::string name = context.index_name(table, given, columns, "key");
  if (name.empty()) return;
  if (table.constraint(name) != nullptr) {
    context.error(given ? given->span : span,
                  fmt::format("{} has a constraint \"{}\" already", quoted(table.name), name));
    return;
  }
  std::vector<std::string> keys;
  for (const std::string& column : columns)
    keys.push_back(quote_identifier(context.until_contract(table.name, column)));
  list_duplicates(context, table, keys, "", name);
  IndexDraft index;
  index.table = table.name;
  index.name = name;
  index.unique = true;
  index.definition = fmt::format("({})", fmt::join(keys, ", "));
  index.why =
      "CONCURRENTLY: reads and writes go on while it is built; it refuses duplicates from then on";
  index.source = context.here();
  TableDraft& draft = context.draft_of(table);
  draft.indexes.push_back(std::move(index));
  context.own(ObjectKind::index, table.name, name);
  context.own(ObjectKind::constraint, table.name, name);
  draft.contract.push_back(
      {ContractSlot::take_names, "the constraint takes the index over: no scan",
       fmt::format("ALTER TABLE {} ADD CONSTRAINT {} UNIQUE USING INDEX {};\n", quoted(table.name),
                   quote_identifier(name), quote_identifier(name)),
       probe::constraint_exists(table.name, name), context.here()});
  context.note(context.draft.notes_for(Phase::backfill).changes,
               fmt::format("`{}` allows one row for each ({}).", table.name.name, joined(columns)));
  context.note(
      context.draft.notes_for(Phase::backfill).must_not,
      fmt::format("write duplicates of ({}) into `{}` — nor may the old release, from phase 3 on.",
                  joined(columns), table.name.name));
}

void plan(Context& context, const dsl::AddUnique& intent) {
  const Table* table = context.table(intent.table);
  if (table == nullptr) return;
  const auto columns = context.columns(*table, intent.columns);
  if (!columns) return;
  std::vector<std::string> names;
  for (const ResolvedColumn& column : *columns) names.push_back(column.name);
  add_unique(context, *table, names, intent.name, intent.table.span);
}

}  // namespace segue::planner
