// [unique] index T(…): built beside the traffic.
#include <fmt/format.h>

#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

std::string default_name(const dsl::sql::Expression& expression, const Catalog& catalog) {
  if (expression.figured_name.empty()) return "expr";
  // Before PostgreSQL 14 the parser made date_part of EXTRACT.
  if (expression.figured_name == "extract" && catalog.server_version != 0 && catalog.major() < 14)
    return "date_part";
  return expression.figured_name;
}

// What stands behind "CREATE INDEX name ON table"; notes the columns for the default name.
std::optional<std::string> definition(Context& context, const dsl::AddIndex& intent,
                                      const Table& table, std::vector<std::string>& name_parts,
                                      std::vector<std::string>& keys) {
  bool good = true;
  std::string list;
  for (const dsl::IndexKey& key : intent.keys) {
    std::string text;
    if (key.column) {
      const auto column = context.column(table, *key.column);
      if (!column) {
        good = false;
        continue;
      }
      text = quote_identifier(context.until_contract(table.name, column->name));
      name_parts.push_back(column->name);
      keys.push_back(text);
    } else {
      const auto expression =
          context.expression(table, *key.expression, NamesOf::after, "an index expression");
      if (!expression) {
        good = false;
        continue;
      }
      if (expression->has_subquery || context.is_volatile(*expression)) {
        context.error(key.expression->span, expression->has_subquery
                                                ? "an index expression may not hold a subquery"
                                                : "an index expression has to be immutable");
        good = false;
        continue;
      }
      text = parenthesised(context.before_contract(table, key.expression->text));
      name_parts.push_back(default_name(*expression, context.catalog.catalog()));
      keys.push_back(text);
    }
    if (!key.collation.empty()) text += " COLLATE " + key.collation;
    if (!key.opclass.empty()) text += " " + key.opclass;
    if (key.descending) text += " DESC";
    if (key.nulls_first) text += *key.nulls_first ? " NULLS FIRST" : " NULLS LAST";
    list += (list.empty() ? "" : ", ") + text;
  }
  std::string text = fmt::format(
      "{}({})",
      intent.method ? fmt::format("USING {} ", quote_identifier(intent.method->name)) : "", list);
  if (!intent.include.empty()) {
    const auto included = context.columns(table, intent.include);
    if (included) {
      std::vector<std::string> names;
      for (const ResolvedColumn& column : *included) {
        names.push_back(context.until_contract(table.name, column.name));
        name_parts.push_back(column.name);
      }
      text += fmt::format(" INCLUDE ({})", joined(names));
    }
    good = good && included;
  }
  if (!intent.with.empty()) {
    std::string with;
    for (const dsl::StorageParameter& parameter : intent.with) {
      with += fmt::format("{}{} = {}", with.empty() ? "" : ", ", quote_identifier(parameter.name),
                          parameter.value);
    }
    text += fmt::format(" WITH ({})", with);
  }
  if (intent.where) {
    const auto where = context.expression(table, *intent.where, NamesOf::after, "`where`");
    if (where && where->has_subquery)
      context.error(intent.where->span, "an index predicate may not hold a subquery");
    good = good && where && !where->has_subquery;
    if (good)
      text += fmt::format(" WHERE {}",
                          parenthesised(context.before_contract(table, intent.where->text)));
  }
  if (!good) return std::nullopt;
  return text;
}

}  // namespace

void plan(Context& context, const dsl::AddIndex& intent) {
  const Table* table = context.table(intent.table);
  if (table == nullptr) return;
  std::vector<std::string> name_parts;
  std::vector<std::string> keys;
  const auto text = definition(context, intent, *table, name_parts, keys);
  if (!text) return;
  const std::string name = context.index_name(*table, intent.name, name_parts, "idx");
  if (name.empty()) return;
  if (intent.unique)
    list_duplicates(context, *table, keys,
                    intent.where ? context.before_contract(*table, intent.where->text) : "", name);
  IndexDraft index;
  index.table = table->name;
  index.name = name;
  index.unique = intent.unique;
  index.definition = *text;
  index.partition_names = partition_index_names(context, *table, name_parts, "idx");
  index.why = "CONCURRENTLY: reads and writes go on while it is built";
  index.source = context.here();
  context.draft_of(*table).indexes.push_back(std::move(index));
  context.own(ObjectKind::index, table->name, name);
  context.note(context.draft.notes_for(Phase::backfill).changes,
               fmt::format("Index `{}` on `{}` is there.", name, table->name.name));
  if (intent.unique) {
    context.note(
        context.draft.notes_for(Phase::backfill).must_not,
        fmt::format("write what `{}` does not allow — nor may the old release, from phase 3 on.",
                    name));
  }
}

}  // namespace segue::planner
