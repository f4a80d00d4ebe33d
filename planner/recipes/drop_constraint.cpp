// drop constraint T.name: rows need not keep it any more.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "planner/names.hpp"
#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

bool has_index(const Constraint& constraint) {
  return constraint.kind == ConstraintKind::unique ||
         constraint.kind == ConstraintKind::primary_key ||
         constraint.kind == ConstraintKind::exclude;
}

const Constraint* resolve(Context& context, const dsl::DropConstraint& intent, const Table& table) {
  const dsl::Identifier& name = intent.constraint.column;
  if (const Constraint* found = table.constraint(name.name)) return found;
  std::vector<std::string> names;
  for (const Constraint& one : table.constraints) names.push_back(one.name);
  const auto meant = dsl::nearest(name.name, names);
  std::string hint = meant ? fmt::format("did you mean \"{}\"?", *meant) : std::string{};
  if (table.index(name.name) != nullptr)
    hint = fmt::format("\"{}\" is an index: write `drop index`", name.name);
  if (table.column(name.name) != nullptr)
    hint = fmt::format("\"{}\" is a column: write `drop {}.{}`", name.name, table.name.name,
                       quote_identifier(name.name));
  context.error(name.span,
                fmt::format("{} has no constraint \"{}\"", quoted(table.name), name.name),
                std::move(hint));
  return nullptr;
}

bool may_go(Context& context, const dsl::DropConstraint& intent, const Table& table,
            const Constraint& constraint) {
  const dsl::Span span = intent.constraint.column.span;
  if (constraint.kind == ConstraintKind::not_null) {
    context.error(
        span, "it is a NOT NULL constraint",
        fmt::format(
            "write: relax {}.{}", table.name.name,
            quote_identifier(constraint.columns.empty() ? "column" : constraint.columns.front())));
    return false;
  }
  if (!constraint.inherited_from.empty()) {
    const std::string parent = table.partition_of       ? quoted(*table.partition_of)
                               : table.inherits.empty() ? "its parent"
                                                        : quoted(table.inherits.front());
    context.error(span, fmt::format("{} has the constraint from {}", quoted(table.name), parent),
                  fmt::format("write: drop constraint {}.{}", parent,
                              quote_identifier(constraint.inherited_from)));
    return false;
  }
  if (constraint.kind != ConstraintKind::unique && constraint.kind != ConstraintKind::primary_key)
    return true;
  const std::set<std::string> columns(constraint.columns.begin(), constraint.columns.end());
  for (const CatalogIndex::IncomingKey& key : context.catalog.foreign_keys_to(table.name)) {
    const auto& target = key.constraint->target_columns;
    if (!key.constraint->inherited_from.empty() || context.drops_key(key)) continue;
    if (std::set<std::string>(target.begin(), target.end()) != columns) continue;
    context.error(span,
                  fmt::format("the foreign key {} of {} stands on the constraint",
                              quote_identifier(key.constraint->name), quoted(key.table->name)),
                  fmt::format("drop it in the same file: drop constraint {}.{}",
                              quoted(key.table->name), quote_identifier(key.constraint->name)));
    return false;
  }
  return true;
}

void hazards(Context& context, const Table& table, const Constraint& constraint) {
  const std::string object =
      fmt::format("{} of {}", quote_identifier(constraint.name), quoted(table.name));
  if (constraint.kind == ConstraintKind::unique || constraint.kind == ConstraintKind::primary_key) {
    context.hazard("unique-lost", HazardLevel::note, object,
                   "From phase 4 on nothing keeps out duplicates there, and ON CONFLICT over these "
                   "columns fails.",
                   "The release that is out by then must need neither.");
  }
  const Index* index = has_index(constraint) ? table.index(constraint.name) : nullptr;
  const bool default_identity = constraint.kind == ConstraintKind::primary_key &&
                                table.replica_identity == "default" && !table.publications.empty();
  if ((index != nullptr && index->replica_identity) || default_identity) {
    context.hazard("replica-identity", HazardLevel::refuses, object,
                   "It is the table's replica identity: without it UPDATE and DELETE of a "
                   "published table fail.",
                   "ALTER TABLE … REPLICA IDENTITY to another one first; then plan with --allow "
                   "replica-identity.");
  }
}

}  // namespace

void plan(Context& context, const dsl::DropConstraint& intent) {
  const Table* table = context.table(intent.constraint.table);
  if (table == nullptr) return;
  const Constraint* constraint = resolve(context, intent, *table);
  if (constraint == nullptr || !may_go(context, intent, *table, *constraint)) return;
  hazards(context, *table, *constraint);
  TableDraft& draft = context.draft_of(*table);
  const bool foreign = constraint->kind == ConstraintKind::foreign_key;
  if (foreign && constraint->target != table->name)
    draft.contract_locks.push_back(constraint->target);
  // A primary key that the same file makes anew may take the name over: then that one says when it
  // is done.
  const bool replaced =
      constraint->kind == ConstraintKind::primary_key && context.makes_primary_key(table->name);
  draft.contract.push_back(
      {foreign ? ContractSlot::drop_foreign_key : ContractSlot::drop_helper,
       foreign ? "the foreign key's triggers are on both tables: both are locked" : "",
       fmt::format("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {} RESTRICT;\n", quoted(table->name),
                   quote_identifier(constraint->name)),
       replaced ? "" : probe::constraint_missing(table->name, constraint->name), context.here()});
  const std::string shown = fmt::format("`{}` of `{}`", constraint->name, table->name.name);
  context.note(context.draft.notes_for(Phase::contract).changes,
               fmt::format("The constraint {} is gone.", shown));
  context.note(context.draft.notes_for(Phase::backfill).must_not,
               fmt::format("write yet what {} does not allow: phase 4 takes it away.", shown));
  context.note(context.draft.notes_for(Phase::contract).may,
               fmt::format("write what {} did not allow, once phase 4 is done.", shown));
}

}  // namespace segue::planner
