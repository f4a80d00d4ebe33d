#include "planner/carry_partitioned.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

// What a partition calls its copy of the table's foreign key; empty where it has none.
std::string name_below(const Table& partition, const Constraint& key) {
  const auto found = std::find_if(
      partition.constraints.begin(), partition.constraints.end(), [&](const Constraint& one) {
        return one.kind == ConstraintKind::foreign_key && one.inherited_from == key.name;
      });
  return found == partition.constraints.end() ? "" : found->name;
}

}  // namespace

std::map<QualifiedName, const Index*> indexes_below(const std::vector<const Table*>& tree,
                                                    const Index& index) {
  std::map<QualifiedName, const Index*> found{{tree.front()->name, &index}};
  for (const Table* one : tree) {
    if (one == tree.front()) continue;
    const Index* const above = found.at(*one->partition_of);
    for (const Index& child : one->indexes) {
      if (child.partition_of == above->name) found[one->name] = &child;
    }
  }
  return found;
}

std::string constraint_words(const Constraint& constraint) {
  std::string words = constraint.kind == ConstraintKind::primary_key ? "PRIMARY KEY" : "UNIQUE";
  return words;
}

bool may_go_by_partition(Context& context, const Table& table, const Constraint& constraint,
                         const dsl::sql::ColumnMap& renames) {
  const auto refuse = [&](const std::string& why, const std::string& hint) {
    context.error(context.statement->span,
                  fmt::format("{} {} stands on the column, and {} is partitioned{}",
                              constraint_words(constraint), quote_identifier(constraint.name),
                              quoted(table.name), why),
                  hint);
    return false;
  };
  if (constraint.deferrable) {
    return refuse(": a deferrable constraint cannot take over an index there",
                  "make it not deferrable in a change before this one");
  }
  for (const CatalogIndex::IncomingKey& key : context.catalog.foreign_keys_to(table.name)) {
    if (!key.constraint->inherited_from.empty() || context.drops_key(key) ||
        std::none_of(key.constraint->target_columns.begin(), key.constraint->target_columns.end(),
                     [&](const std::string& column) { return renames.contains(column); }))
      continue;
    return refuse(fmt::format(": {} of {} references it", quote_identifier(key.constraint->name),
                              quoted(key.table->name)),
                  "drop the foreign key in this file, and reference again in a change after it");
  }
  return true;
}

// No index of a partitioned table can become its constraint. But each partition's can, and the
// table's own constraint, added to it ONLY, is whole once all of theirs are attached: nothing is
// read.
void carry_constraint_by_partition(Context& context, TableDraft& draft, const Table& table,
                                   const Constraint& constraint, const Index& index,
                                   const std::string& definition,
                                   const std::vector<Rename>& replaced) {
  const std::vector<const Table*> tree = tree_of(context.catalog, table);
  const std::map<QualifiedName, const Index*> indexes = indexes_below(tree, index);
  std::vector<std::string> columns = constraint.columns;
  for (const Rename& rename : replaced)
    std::replace(columns.begin(), columns.end(), rename.from, rename.end());
  const std::string words = constraint_words(constraint);
  std::string add;
  std::string attach;
  for (const Table* one : tree) {
    const std::string name = quote_identifier(indexes.at(one->name)->name);
    if (one->kind == TableKind::partitioned) {
      add += fmt::format("ALTER TABLE ONLY {} ADD CONSTRAINT {} {} ({});\n", quoted(one->name),
                         name, words, joined(columns));
    } else {
      IndexDraft copy;
      copy.table = one->name;
      copy.name = context.own_relation_name(*one, index.name);
      copy.unique = true;
      copy.definition = definition;
      copy.why =
          fmt::format("as {}, over the new column; CONCURRENTLY: reads and writes go on", name);
      copy.source = context.here();
      add += fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {} USING INDEX {};\n", quoted(one->name),
                         name, words, quote_identifier(copy.name));
      context.own(ObjectKind::index, one->name, copy.name);
      draft.indexes.push_back(std::move(copy));
    }
    if (one == &table) continue;
    // The lowest first: an index is attached when it is whole.
    attach = fmt::format("ALTER INDEX {} ATTACH PARTITION {};\n",
                         quoted({one->partition_of->schema, indexes.at(*one->partition_of)->name}),
                         quoted({one->name.schema, indexes.at(one->name)->name})) +
             attach;
  }
  if (!constraint.comment.empty()) {
    attach +=
        fmt::format("COMMENT ON CONSTRAINT {} ON {} IS {};\n", quote_identifier(constraint.name),
                    quoted(table.name), quote_literal(constraint.comment));
  }
  draft.contract.push_back({ContractSlot::take_names,
                            "names and constraints go over to the new indexes", add + attach,
                            probe::constraint_exists(table.name, constraint.name), context.here()});
}

void carry_column_by_partition(Context& context, TableDraft& draft, const Rename& rename,
                               const std::function<std::string(const Column&)>& default_of) {
  const Column& above = *draft.table->column(rename.from);
  for (const Table* one : tree_of(context.catalog, *draft.table)) {
    if (one == draft.table) continue;
    const Column* column = one->column(rename.from);
    if (column == nullptr) continue;
    if (column->not_null && !above.not_null &&
        !context.decides_null(draft.table->name, rename.end()))
      prove_not_null(context, *one, rename.to, AddedAt::after_fill, rename.end(), &draft);
    if (column->default_value == above.default_value ||
        context.decides_default(draft.table->name, rename.end()))
      continue;
    const std::string value = column->default_value.empty()
                                  ? "DROP DEFAULT"
                                  : fmt::format("SET DEFAULT {}", default_of(*column));
    draft.contract.push_back({ContractSlot::set_default, "a partition's own",
                              fmt::format("ALTER TABLE {} ALTER COLUMN {} {};\n", quoted(one->name),
                                          quote_identifier(rename.end()), value),
                              "", rename.source});
  }
}

// Before PostgreSQL 18 a partitioned table's foreign key cannot be NOT VALID. But each partition's
// can, and the table's own takes those over that it finds, proven as they are: nothing is read.
void carry_foreign_key_by_partition(Context& context, const Table& child, const Constraint& key,
                                    const std::string& temporary, const std::string& definition) {
  const std::vector<const Table*> tree = tree_of(context.catalog, child);
  const std::string why = fmt::format("as {}, over the new column", quote_identifier(key.name));
  std::string rename;
  Step whole;
  whole.locks = {{child.name, LockMode::share_row_exclusive},
                 // the partitions' own triggers on it go
                 {key.target, LockMode::access_exclusive}};
  for (const Table* one : tree) {
    if (one == &child) continue;
    whole.locks.push_back({one->name, LockMode::share_row_exclusive});
    context.own(ObjectKind::constraint, one->name, temporary);
    const std::string below = name_below(*one, key);
    rename += fmt::format("ALTER TABLE {} RENAME CONSTRAINT {} TO {};\n", quoted(one->name),
                          quote_identifier(temporary),
                          quote_identifier(below.empty() ? key.name : below));
    if (one->kind == TableKind::partitioned) continue;
    context.draft_of(*one).constraints.push_back(
        {temporary, definition, AddedAt::after_fill, true, true, key.target, why, context.here()});
  }
  whole.phase = Phase::backfill;
  whole.title = fmt::format("Add {} to {}", quote_identifier(temporary), quoted(child.name));
  whole.action =
      Transaction{fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {};\n", quoted(child.name),
                              quote_identifier(temporary), definition)};
  whole.why = "it takes over those of the partitions, proven as they are: no row is read";
  whole.done = probe::constraint_exists(child.name, temporary);
  whole.undo = {Transaction{fmt::format("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {};\n",
                                        quoted(child.name), quote_identifier(temporary))}};
  context.add_step(order::validate + 2, std::move(whole));
  TableDraft& draft = context.draft_of(child);
  draft.contract.push_back({ContractSlot::take_names,
                            "names and constraints go over to the new indexes", rename, "",
                            context.here()});
}

}  // namespace segue::planner
