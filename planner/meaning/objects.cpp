// What statements about whole objects mean: what goes, what comes, the author's own SQL.
#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql_create.hpp"
#include "planner/created.hpp"
#include "planner/meaning/teller.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

}  // namespace

void tell(Teller& teller, const dsl::RenameTable& intent) {
  const dsl::TableName& given = intent.table;
  for (const auto& [to, from] : teller.context.renamed_tables) {
    if (to.name != intent.to.name || from.name != given.name.name ||
        (given.schema && from.schema != given.schema->name))
      continue;
    teller.plain(PlainSlot::rename_table, fmt::format("ALTER TABLE {} RENAME TO {}", quoted(from),
                                                      quote_identifier(to.name)));
    teller.meaning.pairings.push_back({to});
  }
}

void tell(Teller& teller, const dsl::DropIndex& intent) {
  const auto found = teller.context.index(intent.index);
  teller.plain(PlainSlot::drop_index,
               "DROP INDEX " + quoted({found->table->name.schema, found->index->name}));
}

void tell(Teller& teller, const dsl::DropConstraint& intent) {
  const Table& table = *teller.context.table(intent.constraint.table);
  const std::string& name = intent.constraint.column.name;
  const auto found = std::find_if(table.constraints.begin(), table.constraints.end(),
                                  [&](const Constraint& one) { return one.name == name; });
  // Foreign keys first: what they stand on may go too.
  teller.alter(found->kind == ConstraintKind::foreign_key ? PlainSlot::drop_foreign_key
                                                          : PlainSlot::drop_constraint,
               table, fmt::format("DROP CONSTRAINT {}", quote_identifier(name)));
}

// All in one: they may reference each other.
void tell(Teller& teller, const dsl::DropTable&) {
  const bool told =
      std::any_of(teller.pieces.begin(), teller.pieces.end(),
                  [](const PlainPiece& one) { return one.slot == PlainSlot::drop_table; });
  if (told) return;
  std::string list;
  for (const auto& [table, span] : teller.context.dropped_tables())
    list += (list.empty() ? "" : ", ") + quoted(table);
  teller.plain(PlainSlot::drop_table, "DROP TABLE " + list);
}

void tell(Teller& teller, const dsl::ExtendType& intent) {
  const Type& type = *teller.context.enumeration(intent.type);
  std::string place;
  if (intent.neighbour)
    place = fmt::format(" {} {}", intent.before ? "BEFORE" : "AFTER",
                        quote_literal(intent.neighbour->text));
  teller.plain(PlainSlot::extend_type,
               fmt::format("ALTER TYPE {} ADD VALUE {}{}", quoted(type.name),
                           quote_literal(intent.label.text), place));
}

void tell(Teller& teller, const dsl::CreateObject& intent) {
  const auto parsed = dsl::sql::parse_create(intent.sql.text);
  const auto& created = std::get<dsl::sql::Created>(parsed);
  const QualifiedName name =
      created_name(teller.context.catalog.catalog(), created.name.schema, created.name.name);
  if (std::holds_alternative<dsl::sql::CreatedTable>(created.what)) {
    teller.plain(PlainSlot::create_table, intent.sql.text, teller.context.table_level(name));
  } else {
    teller.plain(std::holds_alternative<dsl::sql::CreatedType>(created.what)
                     ? PlainSlot::create_type
                     : PlainSlot::create_view,
                 intent.sql.text);
  }
}

void tell(Teller& teller, const dsl::RunSql& intent) {
  const PlainSlot slot = intent.phase == dsl::SqlPhase::expand     ? PlainSlot::author_expand
                         : intent.phase == dsl::SqlPhase::backfill ? PlainSlot::author_backfill
                                                                   : PlainSlot::author_contract;
  teller.plain(slot, intent.body.text);
}

}  // namespace segue::planner
