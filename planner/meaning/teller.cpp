#include "planner/meaning/teller.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "planner/recipes/parts.hpp"
#include "planner/views_aside.hpp"

namespace segue::planner {

namespace {

// The table's own triggers stay silent while rows are filled, as they do in a backfill.
std::vector<std::string> in_order(std::vector<PlainPiece> pieces) {
  std::stable_sort(pieces.begin(), pieces.end(), [](const PlainPiece& a, const PlainPiece& b) {
    return std::pair(a.slot, a.order) < std::pair(b.slot, b.order);
  });
  const auto fills = [](PlainSlot slot) {
    return slot == PlainSlot::compute || slot == PlainSlot::fill || slot == PlainSlot::mend;
  };
  std::vector<std::string> plain;
  bool silent = false;
  for (PlainPiece& piece : pieces) {
    if (fills(piece.slot) != silent) {
      silent = !silent;
      plain.emplace_back(silent ? "SET session_replication_role = replica"
                                : "RESET session_replication_role");
    }
    plain.push_back(std::move(piece.sql));
  }
  if (silent) plain.emplace_back("RESET session_replication_role");
  return plain;
}

}  // namespace

std::vector<std::string> names_of(const std::vector<dsl::Identifier>& identifiers) {
  std::vector<std::string> names;
  for (const dsl::Identifier& one : identifiers) names.push_back(one.name);
  return names;
}

std::string foreign_key(Context& context, const std::vector<std::string>& columns,
                        const dsl::ForeignKeyTarget& target) {
  const auto resolved = resolve_target(context, target, columns.size(), target.table.span);
  return foreign_key_definition(columns, resolved->table->name, resolved->columns, target.on_delete,
                                target.on_update, target.deferrable, target.initially_deferred);
}

Meaning meaning_of(Context& context) {
  Teller teller{context};
  for (const dsl::Statement& statement : context.change().statements) {
    context.statement = &statement;
    std::visit([&](const auto& intent) { tell(teller, intent); }, statement.intent);
  }
  context.statement = nullptr;
  if (const std::vector<const View*> views = views_over_retyped(context).views; !views.empty()) {
    teller.plain(PlainSlot::make_way, set_views_aside(context, views, "", false));
    teller.plain(PlainSlot::come_back, bring_views_back(context, ""));
  }
  // Pairings speak of tables as they were.
  for (Pairing& pairing : teller.meaning.pairings) {
    const auto renamed = context.renamed_tables.find(pairing.table);
    if (renamed == context.renamed_tables.end()) continue;
    pairing.table = renamed->second;
    pairing.new_name = renamed->first.name;
  }
  for (Mend& mend : teller.meaning.mends) {
    const auto renamed = context.renamed_tables.find(mend.table);
    if (renamed != context.renamed_tables.end()) mend.table = renamed->second;
  }
  teller.meaning.plain = in_order(std::move(teller.pieces));
  return std::move(teller.meaning);
}

}  // namespace segue::planner
