// What a change of type means.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "planner/key_family.hpp"
#include "planner/meaning/teller.hpp"
#include "planner/recipes/parts.hpp"
#include "planner/type_change.hpp"
#include "planner/views_aside.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

bool names(const std::vector<std::string>& columns, const std::string& column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

// PostgreSQL changes no type under a policy or an UPDATE OF trigger that names the column: they
// step aside and come back.
void step_aside(Teller& teller, const Table& table, const std::string& column) {
  for (const Trigger& trigger : table.triggers) {
    if (trigger.inherited ||
        (!names(trigger.update_of, column) && !names(trigger.when_columns, column)))
      continue;
    teller.plain(PlainSlot::make_way,
                 fmt::format("DROP TRIGGER IF EXISTS {} ON {}", quote_identifier(trigger.name),
                             quoted(table.name)));
    teller.plain(PlainSlot::come_back, trigger.definition);
  }
  for (const Policy& policy : table.policies) {
    if (!names(policy.columns, column)) continue;
    const std::string alter =
        fmt::format("ALTER POLICY {} ON {}", quote_identifier(policy.name), quoted(table.name));
    std::string aside;
    std::string back;
    if (!policy.using_expr.empty()) {
      aside += " USING (true)";
      back += fmt::format(" USING ({})", policy.using_expr);
    }
    if (!policy.check_expr.empty()) {
      aside += " WITH CHECK (true)";
      back += fmt::format(" WITH CHECK ({})", policy.check_expr);
    }
    teller.plain(PlainSlot::make_way, alter + aside);
    teller.plain(PlainSlot::come_back, alter + back);
  }
}

// A default that PostgreSQL does not cast by itself steps aside too, and comes back cast.
void cast_default(Teller& teller, const Table& table, const Column& column,
                  const TypeChange& change) {
  const std::string name = quote_identifier(column.name);
  teller.alter(PlainSlot::make_way, table, fmt::format("ALTER COLUMN {} DROP DEFAULT", name));
  teller.alter(PlainSlot::come_back, table,
               fmt::format("ALTER COLUMN {} SET DEFAULT {}", name,
                           default_as(column.default_value, change.type)));
}

// What has to be stated again for converted values goes first.
void drop_restated(Teller& teller, const Table& table, const Column& column,
                   const std::string& end_name, const TypeChange& change) {
  if (!column.default_value.empty() && teller.context.decides_default(table.name, end_name)) {
    teller.alter(PlainSlot::make_way, table,
                 fmt::format("ALTER COLUMN {} DROP DEFAULT", quote_identifier(column.name)));
  } else if (!column.default_value.empty() && !change.assignable) {
    cast_default(teller, table, column, change);
  }
  if (rules_hold(change) || !teller.context.checks(table.name, end_name)) return;
  for (const Constraint& constraint : table.constraints) {
    if (constraint.kind != ConstraintKind::check || !names(constraint.columns, column.name))
      continue;
    teller.alter(PlainSlot::make_way, table,
                 fmt::format("DROP CONSTRAINT {}", quote_identifier(constraint.name)));
  }
}

// The foreign key is made anew over the wider columns, as it was.
void renew_foreign_key(Teller& teller, const Table& table, const Constraint& key) {
  const std::string name = quote_identifier(key.name);
  teller.alter(PlainSlot::make_way, table, fmt::format("DROP CONSTRAINT {}", name));
  teller.alter(PlainSlot::come_back, table,
               fmt::format("ADD CONSTRAINT {} {}", name, key.definition));
  if (!key.comment.empty())
    teller.plain(PlainSlot::come_back, fmt::format("COMMENT ON CONSTRAINT {} ON {} IS {}", name,
                                                   quoted(table.name), quote_literal(key.comment)));
}

}  // namespace

void tell(Teller& teller, const dsl::WidenKey& intent) {
  Context& context = teller.context;
  const Table& table = *context.table(intent.column.table);
  const std::string type = context.type(intent.type);
  std::set<const Constraint*> renewed;
  for (const FamilyColumn& member :
       key_family(context, table, *table.column(intent.column.column.name), type)) {
    const std::string& name = member.column->name;
    if (member.by != nullptr && renewed.insert(member.by).second)
      renew_foreign_key(teller, *member.table, *member.by);
    step_aside(teller, *member.table, name);
    teller.alter(PlainSlot::retype, *member.table,
                 fmt::format("ALTER COLUMN {} TYPE {}", quote_identifier(name), type));
    // An identity's sequence goes along by itself.
    if (member.column->sequence && member.column->identity.empty())
      teller.plain(PlainSlot::retype, fmt::format("ALTER SEQUENCE {} AS {}",
                                                  quoted(member.column->sequence->name), type));
    Pairing pairing{member.table->name, {name}, {name}};
    pairing.map = {{name, fmt::format("{}::{}", quote_identifier(name), type)}};
    pairing.swaps = Phase::contract;
    teller.meaning.pairings.push_back(std::move(pairing));
  }
}

void tell(Teller& teller, const dsl::RetypeColumn& intent) {
  Context& context = teller.context;
  const Table& table = *context.table(intent.column.table);
  const Column& column = *table.column(intent.column.column.name);
  const TypeChange change = type_change(context, table, column, intent);
  const std::string end = intent.as ? intent.as->name : column.name;
  const std::string now = quote_identifier(column.name);
  const std::string value = intent.conversion ? parenthesised(intent.conversion->text) : now;
  const bool collates = !column.collation.empty() && has_collation(change.to);

  drop_restated(teller, table, column, end, change);
  step_aside(teller, table, column.name);
  const std::string what = fmt::format("{}.{} ", quoted(table.name), now);
  if (!change.aside.empty())
    teller.plain(PlainSlot::retype, set_views_aside(context, change.aside, what, false));
  teller.alter(PlainSlot::retype, table,
               fmt::format("ALTER COLUMN {} TYPE {}{}{}", now, change.type,
                           collates ? " COLLATE " + column.collation : "",
                           intent.conversion ? " USING " + intent.conversion->text : ""));
  if (!change.aside.empty()) teller.plain(PlainSlot::retype, bring_views_back(context, what));
  if (intent.as)
    teller.alter(PlainSlot::rename, table,
                 fmt::format("RENAME COLUMN {} TO {}", now, quote_identifier(end)));

  Pairing pairing{table.name, {column.name}, {end}};
  pairing.map = {{end, fmt::format("({})::{}", value, change.type)}};
  if (intent.as && intent.back) pairing.back = {{column.name, parenthesised(intent.back->text)}};
  pairing.lossy = true;
  pairing.by_app = context.by_app();
  if (!intent.as)
    pairing.swaps = context.retypes(table.name, column.name) ? Phase::contract : Phase::expand;
  teller.meaning.pairings.push_back(std::move(pairing));
}

}  // namespace segue::planner
