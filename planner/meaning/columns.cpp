// What statements about columns mean.
#include <fmt/format.h>

#include "planner/meaning/teller.hpp"
#include "planner/recipes/parts.hpp"
#include "planner/row_types.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

// What rows have in the new column that were there before it, or that the old release inserts.
std::optional<std::string> value_for_old_rows(Context& context, const dsl::AddColumn& intent) {
  // The default is there from phase 1 on, so a row of the old release gets the one or the other,
  // as it comes before or after.
  if (intent.backfill && intent.default_value) return std::nullopt;
  if (intent.backfill) return parenthesised(intent.backfill->text);
  if (!intent.default_value) return "NULL";
  const auto expression = context.constant_expression(*intent.default_value);
  if (context.is_volatile(*expression)) return std::nullopt;
  return parenthesised(intent.default_value->text);
}

void computed(Teller& teller, const Table& table, const std::vector<dsl::ComputedColumn>& news,
              Pairing& pairing) {
  std::string set;
  for (const dsl::ComputedColumn& one : news) {
    const std::string column = quote_identifier(one.name.name);
    const std::string type = teller.context.type(one.type);
    teller.alter(PlainSlot::add_column, table, fmt::format("ADD COLUMN {} {}", column, type));
    set += fmt::format("{}{} = {}", set.empty() ? "" : ", ", column, one.value.text);
    pairing.new_columns.push_back(one.name.name);
    pairing.map.push_back(
        {one.name.name, fmt::format("{}::{}", parenthesised(one.value.text), type)});
  }
  teller.update(PlainSlot::compute, table, set);
  pairing.lossy = true;
}

}  // namespace

void tell(Teller& teller, const dsl::RenameColumn& intent) {
  const Table& table = *teller.context.table(intent.column.table);
  const std::string& from = intent.column.column.name;
  const std::string& to = intent.to.name;
  teller.alter(PlainSlot::rename, table,
               fmt::format("RENAME COLUMN {} TO {}", quote_identifier(from), quote_identifier(to)));
  Pairing pairing{table.name, {from}, {to}};
  pairing.map = {{to, quote_identifier(from)}};
  pairing.back = {{from, quote_identifier(to)}};
  pairing.by_app = teller.context.by_app();
  teller.meaning.pairings.push_back(std::move(pairing));
}

void tell(Teller& teller, const dsl::AddColumn& intent) {
  Context& context = teller.context;
  const Table& table = *context.table(intent.column.table);
  const std::string& name = intent.column.column.name;
  const std::string column = quote_identifier(name);
  const bool at_once =
      intent.default_value && !intent.backfill && !rows_held_elsewhere(context.catalog, table);
  teller.alter(PlainSlot::add_column, table,
               fmt::format("ADD COLUMN {} {}{}", column, context.type(intent.type),
                           at_once ? " DEFAULT " + intent.default_value->text : ""));
  if (const auto& fill = intent.backfill ? intent.backfill : intent.default_value; fill && !at_once)
    teller.update(PlainSlot::compute, table, fmt::format("{} = {}", column, fill->text));
  if (intent.default_value && !at_once)
    teller.alter(PlainSlot::set_default, table,
                 fmt::format("ALTER COLUMN {} SET DEFAULT {}", column, intent.default_value->text));
  if (intent.required)
    teller.alter(PlainSlot::not_null, table, fmt::format("ALTER COLUMN {} SET NOT NULL", column));
  if (intent.unique)
    teller.alter(PlainSlot::constraint, table, fmt::format("ADD UNIQUE ({})", column));
  if (intent.check)
    teller.alter(PlainSlot::constraint, table,
                 fmt::format("ADD CHECK {}", parenthesised(intent.check->text)));
  if (intent.references)
    teller.alter(PlainSlot::constraint, table,
                 "ADD " + foreign_key(context, {name}, *intent.references));
  if (intent.comment)
    teller.plain(PlainSlot::comment,
                 fmt::format("COMMENT ON COLUMN {}.{} IS {}", quoted(table.name), column,
                             quote_literal(*intent.comment)));
  Pairing pairing{table.name, {}, {name}};
  if (const auto value = value_for_old_rows(context, intent)) pairing.map = {{name, *value}};
  pairing.once = true;
  pairing.by_app = context.by_app();
  teller.meaning.pairings.push_back(std::move(pairing));
}

void tell(Teller& teller, const dsl::RequireColumn& intent) {
  const auto column = teller.context.column(intent.column);
  const Table& table = *column->table;
  const std::string end = quote_identifier(column->name);
  teller.alter(PlainSlot::not_null, table, fmt::format("ALTER COLUMN {} SET NOT NULL", end));
  if (!intent.backfill) return;
  const std::string now = quote_identifier(column->renamed() ? column->old_name : column->name);
  teller.update(PlainSlot::fill, table, fmt::format("{} = {}", now, intent.backfill->text),
                fmt::format("{} IS NULL", now));
  teller.meaning.mends.push_back({table.name, column->name, fmt::format("{} IS NULL", now),
                                  parenthesised(intent.backfill->text), false,
                                  teller.context.by_app()});
}

void tell(Teller& teller, const dsl::RelaxColumn& intent) {
  const auto column = teller.context.column(intent.column);
  teller.alter(PlainSlot::not_null, *column->table,
               fmt::format("ALTER COLUMN {} DROP NOT NULL", quote_identifier(column->name)));
}

void tell(Teller& teller, const dsl::DropColumn& intent) {
  const Table& table = *teller.context.table(intent.column.table);
  const std::string& name = intent.column.column.name;
  teller.alter(PlainSlot::drop_column, table,
               fmt::format("DROP COLUMN {}", quote_identifier(name)));
  const Column& column = *table.column(name);
  Pairing pairing{table.name, {name}, {}};
  if (intent.back) {
    pairing.back = {{name, parenthesised(intent.back->text)}};
  } else if (column.default_value.empty()) {
    pairing.back = {{name, "NULL"}};
  }
  pairing.once = true;
  pairing.by_app = teller.context.by_app();
  teller.meaning.pairings.push_back(std::move(pairing));
}

void tell(Teller& teller, const dsl::SplitColumn& intent) {
  const Table& table = *teller.context.table(intent.column.table);
  const std::string& old = intent.column.column.name;
  Pairing pairing{table.name, {old}};
  computed(teller, table, intent.into, pairing);
  if (intent.back) pairing.back = {{old, parenthesised(intent.back->text)}};
  pairing.by_app = teller.context.by_app();
  teller.alter(PlainSlot::drop_column, table, fmt::format("DROP COLUMN {}", quote_identifier(old)));
  teller.meaning.pairings.push_back(std::move(pairing));
}

void tell(Teller& teller, const dsl::MergeColumns& intent) {
  const Table& table = *teller.context.table(intent.table);
  Pairing pairing{table.name, names_of(intent.columns)};
  computed(teller, table, {intent.into}, pairing);
  for (const dsl::BackValue& one : intent.back)
    pairing.back.push_back({one.column.name, parenthesised(one.value.text)});
  pairing.by_app = teller.context.by_app();
  for (const std::string& old : pairing.old_columns)
    teller.alter(PlainSlot::drop_column, table,
                 fmt::format("DROP COLUMN {}", quote_identifier(old)));
  teller.meaning.pairings.push_back(std::move(pairing));
}

void tell(Teller& teller, const dsl::MoveColumn& intent) {
  Context& context = teller.context;
  const Table& from = *context.table(intent.column.table);
  const Table& to = *context.table(intent.to.table);
  const Column& column = *from.column(intent.column.column.name);
  const std::string old_name = quote_identifier(column.name);
  const std::string new_name = quote_identifier(intent.to.column.name);
  teller.alter(PlainSlot::add_column, to,
               fmt::format("ADD COLUMN {} {}{}", new_name, column.type,
                           column.collation.empty() ? "" : " COLLATE " + column.collation));
  teller.plain(PlainSlot::compute,
               fmt::format("UPDATE {} SET {} = {}.{} FROM {} WHERE {}", quoted(to.name), new_name,
                           quote_identifier(from.name.name), old_name, quoted(from.name),
                           parenthesised(intent.on.text)));
  teller.alter(PlainSlot::drop_column, from, fmt::format("DROP COLUMN {}", old_name));
  if (!column.comment.empty())
    teller.plain(PlainSlot::comment, fmt::format("COMMENT ON COLUMN {}.{} IS {}", quoted(to.name),
                                                 new_name, quote_literal(column.comment)));
  // A row of one table tells nothing of the other's: no map is over one row alone.
  Pairing leaves{from.name, {column.name}, {}};
  Pairing arrives{to.name, {}, {intent.to.column.name}};
  leaves.by_app = arrives.by_app = context.by_app();
  teller.meaning.pairings.push_back(std::move(leaves));
  teller.meaning.pairings.push_back(std::move(arrives));
}

}  // namespace segue::planner
