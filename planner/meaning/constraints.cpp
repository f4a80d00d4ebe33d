// What statements about constraints, indexes and defaults mean.
#include <fmt/format.h>

#include "planner/meaning/teller.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

std::string given_name(const std::optional<dsl::Identifier>& name) {
  return name ? fmt::format("CONSTRAINT {} ", quote_identifier(name->name)) : "";
}

std::string key_text(const dsl::IndexKey& key) {
  std::string text =
      key.column ? quote_identifier(key.column->name) : parenthesised(key.expression->text);
  if (!key.collation.empty()) text += " COLLATE " + key.collation;
  if (!key.opclass.empty()) text += " " + key.opclass;
  if (key.descending) text += " DESC";
  if (key.nulls_first) text += *key.nulls_first ? " NULLS FIRST" : " NULLS LAST";
  return text;
}

void mend(Teller& teller, const Table& table, const dsl::Repair& repair,
          const std::string& broken) {
  teller.update(PlainSlot::mend, table,
                fmt::format("{} = {}", quote_identifier(repair.column.name), repair.value.text),
                broken);
  teller.meaning.mends.push_back({table.name, repair.column.name, broken,
                                  parenthesised(repair.value.text), true, teller.context.by_app()});
}

}  // namespace

void tell(Teller& teller, const dsl::SetDefault& intent) {
  const auto column = teller.context.column(intent.column);
  teller.alter(PlainSlot::set_default, *column->table,
               fmt::format("ALTER COLUMN {} {}", quote_identifier(column->name),
                           intent.value ? "SET DEFAULT " + intent.value->text : "DROP DEFAULT"));
}

void tell(Teller& teller, const dsl::AddIndex& intent) {
  const Table& table = *teller.context.table(intent.table);
  std::string keys;
  for (const dsl::IndexKey& key : intent.keys) keys += (keys.empty() ? "" : ", ") + key_text(key);
  std::string text = fmt::format(
      "CREATE {}INDEX {}ON {} {}({})", intent.unique ? "UNIQUE " : "",
      intent.name ? quote_identifier(intent.name->name) + " " : "", quoted(table.name),
      intent.method ? fmt::format("USING {} ", quote_identifier(intent.method->name)) : "", keys);
  if (!intent.include.empty())
    text += fmt::format(" INCLUDE ({})", joined(names_of(intent.include)));
  std::string with;
  for (const dsl::StorageParameter& one : intent.with)
    with +=
        fmt::format("{}{} = {}", with.empty() ? "" : ", ", quote_identifier(one.name), one.value);
  if (!with.empty()) text += fmt::format(" WITH ({})", with);
  if (intent.where) text += " WHERE " + parenthesised(intent.where->text);
  teller.plain(PlainSlot::index, std::move(text));
}

void tell(Teller& teller, const dsl::AddUnique& intent) {
  const Table& table = *teller.context.table(intent.table);
  teller.alter(
      PlainSlot::constraint, table,
      fmt::format("ADD {}UNIQUE ({})", given_name(intent.name), joined(names_of(intent.columns))));
}

void tell(Teller& teller, const dsl::AddPrimaryKey& intent) {
  const Table& table = *teller.context.table(intent.table);
  teller.alter(PlainSlot::key, table,
               fmt::format("ADD PRIMARY KEY ({})", joined(names_of(intent.columns))));
}

void tell(Teller& teller, const dsl::AddCheck& intent) {
  const Table& table = *teller.context.table(intent.table);
  const std::string condition = parenthesised(intent.condition.text);
  if (intent.repair) mend(teller, table, *intent.repair, fmt::format("{} IS FALSE", condition));
  teller.alter(PlainSlot::constraint, table,
               fmt::format("ADD {}CHECK {}", given_name(intent.name), condition));
}

void tell(Teller& teller, const dsl::AddReference& intent) {
  const Table& table = *teller.context.table(intent.table);
  const std::vector<std::string> columns = names_of(intent.columns);
  if (intent.repair) {
    const auto target =
        resolve_target(teller.context, intent.target, columns.size(), intent.target.table.span);
    mend(teller, table, *intent.repair, orphan_condition(table, columns, *target));
  }
  teller.alter(PlainSlot::constraint, table,
               fmt::format("ADD {}{}", given_name(intent.name),
                           foreign_key(teller.context, columns, intent.target)));
}

}  // namespace segue::planner
