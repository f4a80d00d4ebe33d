// Indexes over renamed columns: the same ones over the new columns, built beside the traffic, which
// take over the old ones' names (and constraints) when the old column goes.
#include <fmt/format.h>

#include <algorithm>

#include "planner/carry_marks.hpp"
#include "planner/carry_partitioned.hpp"
#include "planner/names.hpp"
#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"
#include "planner/type_shape.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

bool any_renamed(const std::vector<std::string>& columns, const dsl::sql::ColumnMap& renames) {
  return std::any_of(columns.begin(), columns.end(),
                     [&](const std::string& column) { return renames.contains(column); });
}

bool touches(const Index& index, const dsl::sql::ColumnMap& renames) {
  const bool key = std::any_of(index.keys.begin(), index.keys.end(), [&](const IndexKeyPart& part) {
    return renames.contains(part.column);
  });
  return key || any_renamed(index.include, renames) ||
         any_renamed(index.expression_columns, renames);
}

std::string renamed(const std::string& column, const dsl::sql::ColumnMap& renames) {
  const auto found = renames.find(column);
  return found == renames.end() ? column : found->second;
}

// Another type has its own operator classes, and perhaps no collation.
struct KeyWords {
  bool opclass = true;
  bool collation = true;
};

KeyWords words_that_fit(const IndexKeyPart& part, const std::vector<Rename>& replaced) {
  const auto found = std::find_if(replaced.begin(), replaced.end(),
                                  [&](const Rename& rename) { return rename.from == part.column; });
  if (found == replaced.end() || found->type.empty()) return {};
  return {found->keys_match, has_collation(shape_of_type(found->type))};
}

std::string definition(const Table& table, const Index& index, const dsl::sql::ColumnMap& renames,
                       const std::vector<Rename>& replaced) {
  std::string keys;
  for (const IndexKeyPart& part : index.keys) {
    const KeyWords fit = words_that_fit(part, replaced);
    std::string key =
        part.column.empty()
            ? parenthesised(dsl::sql::rename_columns(part.expression, renames, table.name.name))
            : quote_identifier(renamed(part.column, renames));
    if (!part.collation.empty() && fit.collation) key += " COLLATE " + part.collation;
    if (!part.opclass.empty() && fit.opclass) key += " " + part.opclass;
    if (part.descending) key += " DESC";
    if (part.nulls_first != part.descending)
      key += part.nulls_first ? " NULLS FIRST" : " NULLS LAST";
    keys += (keys.empty() ? "" : ", ") + key;
  }
  std::string text = fmt::format(
      "{}({})",
      index.method == "btree" ? "" : fmt::format("USING {} ", quote_identifier(index.method)),
      keys);
  if (!index.include.empty()) {
    std::vector<std::string> include;
    for (const std::string& column : index.include) include.push_back(renamed(column, renames));
    text += fmt::format(" INCLUDE ({})", joined(include));
  }
  if (index.nulls_not_distinct) text += " NULLS NOT DISTINCT";
  if (!index.options.empty()) {
    std::string options;
    for (const std::string& option : index.options) {
      const std::size_t equals = option.find('=');
      options += fmt::format("{}{} = {}", options.empty() ? "" : ", ",
                             quote_identifier(option.substr(0, equals)),
                             quote_literal(option.substr(equals + 1)));
    }
    text += fmt::format(" WITH ({})", options);
  }
  if (!index.tablespace.empty())
    text += fmt::format(" TABLESPACE {}", quote_identifier(index.tablespace));
  if (!index.predicate.empty()) {
    text += fmt::format(" WHERE {}", parenthesised(dsl::sql::rename_columns(
                                         index.predicate, renames, table.name.name)));
  }
  return text;
}

// What an index is besides: taken over once it bears the final name.
void take_over_marks(Context& context, TableDraft& draft, const Index& index, const Table& table) {
  std::string sql;
  const std::vector<const Table*> tree = tree_of(context.catalog, table);
  const std::map<QualifiedName, const Index*> indexes = indexes_below(tree, index);
  for (const Table* one : tree) {
    const auto here = indexes.find(one->name);
    if (here == indexes.end()) continue;  // a foreign table has none
    // Of each partition by itself: neither is handed down.
    const std::string name = quoted(one->name);
    const std::string index_name = quote_identifier(here->second->name);
    if (here->second->replica_identity)
      sql += fmt::format("ALTER TABLE {} REPLICA IDENTITY USING INDEX {};\n", name, index_name);
    if (here->second->clustered)
      sql += fmt::format("ALTER TABLE {} CLUSTER ON {};\n", name, index_name);
    const Index* above = one == &table ? nullptr : indexes.at(*one->partition_of);
    sql += marks_of(*here->second, one->name.schema, above);
  }
  if (!sql.empty()) draft.contract.push_back({ContractSlot::rest, "", sql, "", context.here()});
}

std::string deferral(const Constraint& constraint) {
  std::string words;
  if (constraint.deferrable) words += " DEFERRABLE";
  if (constraint.initially_deferred) words += " INITIALLY DEFERRED";
  return words;
}

void carry_constraint(Context& context, TableDraft& draft, const Table& table,
                      const Constraint& constraint, const std::string& temporary) {
  const std::string name = quoted(table.name);
  const std::string final_name = quote_identifier(constraint.name);
  std::string take;
  if (constraint.deferrable && constraint.kind == ConstraintKind::unique) {
    // A plain unique index would fail the app's swaps within a transaction, so the constraint comes
    // at once.
    const QualifiedName index{table.name.schema, temporary};
    Step attach;
    attach.phase = Phase::backfill;
    attach.title = fmt::format("Make {} deferrable", quoted(index));
    attach.action = Transaction{fmt::format(
        "ALTER TABLE {} ADD CONSTRAINT {} UNIQUE USING INDEX {}{};\n", name,
        quote_identifier(temporary), quote_identifier(temporary), deferral(constraint))};
    attach.why = "as the old one is: transactions that swap values must not fail";
    attach.locks = {{table.name, LockMode::access_exclusive}};
    attach.done = probe::constraint_exists(table.name, temporary);
    attach.undo = {Transaction{fmt::format("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {};\n", name,
                                           quote_identifier(temporary))}};
    context.add_step(order::attach, std::move(attach));
    context.own(ObjectKind::constraint, table.name, temporary);
    take = fmt::format("ALTER TABLE {} RENAME CONSTRAINT {} TO {};\n", name,
                       quote_identifier(temporary), final_name);
  } else {
    take = fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {} USING INDEX {}{};\n", name, final_name,
                       constraint_words(constraint), quote_identifier(temporary),
                       deferral(constraint));
  }
  if (!constraint.comment.empty()) {
    take += fmt::format("COMMENT ON CONSTRAINT {} ON {} IS {};\n", final_name, name,
                        quote_literal(constraint.comment));
  }
  draft.contract.push_back({ContractSlot::take_names,
                            "names and constraints go over to the new indexes", take,
                            probe::constraint_exists(table.name, constraint.name), context.here()});
}

// The counterpart of a partitioned table's index on each partition: temporary names, and back to
// the old ones.
std::map<QualifiedName, std::string> partition_names(Context& context, TableDraft& draft,
                                                     const Table& table, const Index& index) {
  std::map<QualifiedName, std::string> names;
  std::map<QualifiedName, std::string> old_names{{table.name, index.name}};
  for (const Table* one : tree_of(context.catalog, table)) {
    if (one == &table) continue;
    names[one->name] = context.own_relation_name(*one, one->name.name + " " + index.name);
    context.own(ObjectKind::index, one->name, names[one->name]);
    const std::string& above = old_names[*one->partition_of];
    for (const Index& child : one->indexes) {
      if (child.partition_of != above) continue;
      old_names[one->name] = child.name;
      draft.contract.push_back(
          {ContractSlot::take_names, "",
           fmt::format("ALTER INDEX {} RENAME TO {};\n",
                       quoted({one->name.schema, names[one->name]}), quote_identifier(child.name)),
           "", context.here()});
      break;
    }
  }
  return names;
}

void note_two_unique_indexes(Context& context, const Table& table) {
  context.note(
      context.draft.notes_for(Phase::backfill).watch,
      fmt::format("Two unique indexes stand side by side on `{}`: of two first upserts of one "
                  "key at the same moment, one can fail with 23505 and has to be retried.",
                  table.name.name));
}

void carry_index(Context& context, TableDraft& draft, const Table& table, const Index& index,
                 const dsl::sql::ColumnMap& renames, const std::vector<Rename>& replaced) {
  const Constraint* constraint =
      index.constraint.empty() ? nullptr : table.constraint(index.constraint);
  const dsl::Span span = context.statement->span;
  if (constraint != nullptr && constraint->kind == ConstraintKind::exclude) {
    context.error(span,
                  fmt::format("the exclusion constraint {} of {} stands on the column",
                              quote_identifier(constraint->name), quoted(table.name)),
                  "PostgreSQL has no online way to build an exclusion constraint");
    return;
  }
  if (constraint != nullptr && has_no_copy(context, table, *constraint)) return;
  if (constraint != nullptr && constraint->deferrable &&
      constraint->kind == ConstraintKind::primary_key && table.kind == TableKind::plain) {
    // Its copy would be immediate until contract, and fail the app's swaps.
    context.error(span,
                  fmt::format("the primary key {} of {} stands on the column and is deferrable: "
                              "nothing of that kind can stand beside it",
                              quote_identifier(constraint->name), quoted(table.name)),
                  "make it not deferrable in a change before this one");
    return;
  }
  const bool by_partition = constraint != nullptr && table.kind == TableKind::partitioned;
  if (by_partition && !may_go_by_partition(context, table, *constraint, renames)) return;
  if (!index.valid) {
    context.hazard("invalid-index", HazardLevel::note, quoted({table.name.schema, index.name}),
                   "The index is INVALID: it is not copied and goes with the old column.",
                   "REINDEX INDEX CONCURRENTLY first, if it is wanted.");
    return;
  }
  const std::string temporary = context.own_relation_name(table, index.name);
  for (const Rename& rename : replaced) {
    const bool key =
        std::any_of(index.keys.begin(), index.keys.end(),
                    [&](const IndexKeyPart& part) { return part.column == rename.from; });
    if (!key || rename.type.empty() || is_ordered(shape_of_type(rename.type))) continue;
    context.error(
        rename.span,
        fmt::format("the index {} stands on \"{}\", and {} has no order that it could keep",
                    quote_identifier(index.name), rename.from, rename.type),
        "drop the index in a change before this one");
    return;
  }
  for (const Rename& rename : replaced) {
    const std::vector<std::string>& columns = index.expression_columns;
    if (!rename.converts || std::find(columns.begin(), columns.end(), rename.from) == columns.end())
      continue;
    context.error(
        rename.span,
        fmt::format("the index {} computes from \"{}\" or has a condition on it, and its "
                    "values are others over {}",
                    quote_identifier(index.name), rename.from, rename.type),
        fmt::format("in this file: drop index {}, and write an `index` over the new values",
                    quoted({table.name.schema, index.name})));
    return;
  }
  // Values that differed may be one after the conversion.
  const bool converted = std::any_of(replaced.begin(), replaced.end(), [&](const Rename& rename) {
    return !rename.type.empty() && !rename.keys_match;
  });
  if (index.unique && converted) {
    std::vector<std::string> keys;
    for (const IndexKeyPart& part : index.keys) {
      keys.push_back(part.column.empty()
                         ? dsl::sql::rename_columns(part.expression, renames, table.name.name)
                         : quote_identifier(renamed(part.column, renames)));
    }
    list_duplicates(context, table, keys,
                    index.predicate.empty()
                        ? ""
                        : dsl::sql::rename_columns(index.predicate, renames, table.name.name),
                    temporary, index.nulls_not_distinct);
  }
  if (index.unique) note_two_unique_indexes(context, table);
  if (by_partition) {
    carry_constraint_by_partition(context, draft, table, *constraint, index,
                                  definition(table, index, renames, replaced), replaced);
    take_over_marks(context, draft, index, table);
    return;
  }
  IndexDraft copy;
  copy.table = table.name;
  copy.name = temporary;
  copy.unique = index.unique;
  copy.definition = definition(table, index, renames, replaced);
  copy.partition_names = partition_names(context, draft, table, index);
  copy.why = fmt::format("as {}, over the new column; CONCURRENTLY: reads and writes go on",
                         quote_identifier(index.name));
  copy.source = context.here();
  draft.indexes.push_back(std::move(copy));
  context.own(ObjectKind::index, table.name, temporary);

  if (constraint != nullptr) {
    carry_constraint(context, draft, table, *constraint, temporary);
  } else {
    // An index over several columns would go with the old column by itself, one by expression too;
    // said, it is sure that the name is free.
    draft.contract.push_back(
        {ContractSlot::take_names, "names and constraints go over to the new indexes",
         fmt::format("DROP INDEX IF EXISTS {};\nALTER INDEX {} RENAME TO {};\n",
                     quoted({table.name.schema, index.name}),
                     quoted({table.name.schema, temporary}), quote_identifier(index.name)),
         "", context.here()});
  }
  take_over_marks(context, draft, index, table);
}

// A copy would go with the column as the index itself does.
bool goes_with_dropped(const Index& index, const std::vector<std::string>& dropped) {
  dsl::sql::ColumnMap gone;
  for (const std::string& column : dropped) gone.emplace(column, column);
  return touches(index, gone);
}

}  // namespace

void carry_indexes(Context& context, TableDraft& draft) {
  const dsl::sql::ColumnMap renames = draft.rename_map();
  if (renames.empty()) return;
  const std::vector<Rename> replaced = draft.renames;
  for (const Table* table : tree_of(context.catalog, *draft.table)) {
    for (const Index& index : table->indexes) {
      // A partition's copy of its parent's index comes with the parent's.
      if (!index.partition_of.empty() || !touches(index, renames) ||
          goes_with_dropped(index, draft.dropped))
        continue;
      if (context.drops_index({table->name.schema, index.name}) ||
          context.drops_constraint(table->name, index.constraint))
        continue;
      if (table == draft.table) {
        carry_index(context, draft, *table, index, renames, replaced);
      } else {
        carry_index(context, context.draft_of(*table), *table, index, renames, replaced);
      }
    }
  }
}

}  // namespace segue::planner
