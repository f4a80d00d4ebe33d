// Constraints over renamed columns: CHECK, NOT NULL, foreign keys out and in, default, identity,
// sequence.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string_view>

#include "planner/carry.hpp"
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

bool says(const Constraint& constraint, std::string_view words) {
  return constraint.definition.find(words) != std::string::npos;
}

void take_name(Context& context, TableDraft& draft, const Table& table,
               const std::string& temporary, const Constraint& old) {
  std::string sql = fmt::format("ALTER TABLE {} RENAME CONSTRAINT {} TO {};\n", quoted(table.name),
                                quote_identifier(temporary), quote_identifier(old.name));
  if (!old.comment.empty()) {
    sql += fmt::format("COMMENT ON CONSTRAINT {} ON {} IS {};\n", quote_identifier(old.name),
                       quoted(table.name), quote_literal(old.comment));
  }
  draft.contract.push_back({ContractSlot::take_names,
                            "names and constraints go over to the new indexes", sql,
                            probe::constraint_missing(table.name, temporary), context.here()});
}

void drop_old(Context& context, TableDraft& draft, const Table& table, const Constraint& old,
              ContractSlot slot) {
  draft.contract.push_back({slot, "",
                            fmt::format("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {};\n",
                                        quoted(table.name), quote_identifier(old.name)),
                            "", context.here()});
}

// What the replaced columns of a table have to say to a key over them.
bool keys_fit(Context& context, const TableDraft& draft, const Constraint& key,
              const std::vector<std::string>& columns) {
  for (const Rename& rename : draft.renames) {
    if (rename.keys_match ||
        std::find(columns.begin(), columns.end(), rename.from) == columns.end())
      continue;
    context.error(rename.span,
                  fmt::format("the foreign key {} stands on \"{}\", and {} does not compare with "
                              "the type at its other end",
                              quote_identifier(key.name), rename.from, rename.type),
                  "drop the foreign key in a change before this one, and reference again after it");
    return false;
  }
  return true;
}

void carry_check(Context& context, TableDraft& draft, const Table& table, const Constraint& check,
                 const dsl::sql::ColumnMap& renames) {
  if (has_no_copy(context, table, check)) return;
  const std::string temporary = context.own_constraint_name(table, check.name);
  draft.constraints.push_back(
      {temporary,
       fmt::format(
           "CHECK {}{}",
           parenthesised(dsl::sql::rename_columns(check.expression, renames, table.name.name)),
           check.no_inherit ? " NO INHERIT" : ""),
       AddedAt::after_fill,
       false,
       check.validated,
       {},
       fmt::format("as {}, over the new column", quote_identifier(check.name)),
       context.here()});
  context.own(ObjectKind::constraint, table.name, temporary);
  drop_old(context, draft, table, check, ContractSlot::drop_helper);
  take_name(context, draft, table, temporary, check);
}

// The foreign key `key` of `child`, both ends by their new names.
void carry_foreign_key(Context& context, const Table& child, const Constraint& key) {
  if (has_no_copy(context, child, key)) return;
  std::vector<std::string> columns;
  std::vector<std::string> targets;
  for (const std::string& column : key.columns)
    columns.push_back(context.new_name(child.name, column));
  for (const std::string& column : key.target_columns)
    targets.push_back(context.new_name(key.target, column));
  std::string definition = fmt::format("FOREIGN KEY ({}) REFERENCES {} ({})", joined(columns),
                                       quoted(key.target), joined(targets));
  if (key.match_full) definition += " MATCH FULL";
  if (key.on_update != "NO ACTION" && !key.on_update.empty())
    definition += " ON UPDATE " + key.on_update;
  if (key.on_delete != "NO ACTION" && !key.on_delete.empty())
    definition += " ON DELETE " + key.on_delete;
  if (!key.on_delete_columns.empty()) {
    std::vector<std::string> set;
    for (const std::string& column : key.on_delete_columns)
      set.push_back(context.new_name(child.name, column));
    definition += fmt::format(" ({})", joined(set));
  }
  if (key.deferrable) definition += " DEFERRABLE";
  if (key.initially_deferred) definition += " INITIALLY DEFERRED";

  TableDraft& draft = context.draft_of(child);
  const std::string temporary = context.own_constraint_name(child, key.name);
  if (child.kind == TableKind::partitioned) {
    carry_foreign_key_by_partition(context, child, key, temporary, definition);
  } else {
    draft.constraints.push_back(
        {temporary, definition, AddedAt::after_fill, true, key.validated, key.target,
         fmt::format("as {}, over the new column", quote_identifier(key.name)), context.here()});
  }
  context.own(ObjectKind::constraint, child.name, temporary);
  drop_old(context, draft, child, key, ContractSlot::drop_foreign_key);
  take_name(context, draft, child, temporary, key);
  draft.contract_locks.push_back(key.target);
}

bool touches(const std::vector<std::string>& columns, const dsl::sql::ColumnMap& renames) {
  return std::any_of(columns.begin(), columns.end(),
                     [&](const std::string& column) { return renames.contains(column); });
}

// An identity sequence is of its column's type: one that ended where the old type does ends where
// the new one does.
std::int64_t maximum_of(const OwnedSequence& sequence, const Rename& rename) {
  if (rename.type.empty()) return sequence.maximum;
  const auto end_of = [](const std::string& type) -> std::int64_t {
    if (type == "int2") return std::numeric_limits<std::int16_t>::max();
    if (type == "int4") return std::numeric_limits<std::int32_t>::max();
    return std::numeric_limits<std::int64_t>::max();
  };
  const bool full = sequence.maximum == end_of(shape_of_type(sequence.type).name);
  return full ? end_of(shape_of_type(rename.type).name) : sequence.maximum;
}

void carry_identity(TableDraft& draft, const Column& column, const Rename& rename) {
  const OwnedSequence& sequence = *column.sequence;
  const std::string table = quoted(draft.table->name);
  // The old column's sequence goes with it; the new one starts where it stopped. A setting for
  // each: one contract may move several.
  const std::string own = own_name("", quoted(sequence.name));
  const std::string setting = "segue.identity" + own.substr(own.rfind('_'));
  draft.contract.push_back({ContractSlot::move_sequence,
                            "the identity sequence's place is kept for the new one",
                            fmt::format("SELECT pg_catalog.set_config('{}', s.last_value::text || "
                                        "' ' || s.is_called::text, true) FROM {} AS s;\n",
                                        setting, quoted(sequence.name)),
                            "", rename.source});
  draft.contract.push_back(
      {ContractSlot::identity, "identity, from where the old one stopped",
       fmt::format("ALTER TABLE {} ALTER COLUMN {} ADD GENERATED {} AS IDENTITY (SEQUENCE NAME {} "
                   "START WITH {} INCREMENT BY {} MINVALUE {} MAXVALUE {} CACHE {}{});\n"
                   "SELECT pg_catalog.setval({}, split_part(v, ' ', 1)::bigint, split_part(v, ' ', "
                   "2)::boolean)\n  FROM pg_catalog.current_setting('{}') AS v;\n{}",
                   table, quote_identifier(rename.end()),
                   column.identity == "always" ? "ALWAYS" : "BY DEFAULT", quoted(sequence.name),
                   sequence.start, sequence.increment, sequence.minimum,
                   maximum_of(sequence, rename), sequence.cache, sequence.cycle ? " CYCLE" : "",
                   quote_literal(quoted(sequence.name)), setting, marks_of(sequence)),
       "", rename.source});
}

// A text's default is no enum's; a cast of the same value is.
std::string default_of(const Column& column, const Rename& rename) {
  if (rename.type.empty() || rename.keys_match || column.sequence) return column.default_value;
  return default_as(column.default_value, rename.type);
}

void carry_column(Context& context, TableDraft& draft, const Rename& rename) {
  const Table& table = *draft.table;
  const Column& column = *table.column(rename.from);
  const std::string name = quoted(table.name);
  const std::string to = quote_identifier(rename.to);
  const std::string end = quote_identifier(rename.end());
  if (column.not_null && !context.decides_null(table.name, rename.end()))
    prove_not_null(context, table, rename.to, AddedAt::after_fill, rename.end());
  if (column.sequence && !column.identity.empty()) {
    carry_identity(draft, column, rename);
    return;
  }
  if (column.sequence) {
    draft.contract.push_back({ContractSlot::move_sequence,
                              "the sequence stays when the old column goes",
                              fmt::format("ALTER SEQUENCE {} OWNED BY {}.{};\n",
                                          quoted(column.sequence->name), name, to),
                              "", rename.source});
  }
  if (!column.default_value.empty() && !context.decides_default(table.name, rename.end())) {
    draft.contract.push_back({ContractSlot::set_default,
                              "the default comes when the old column is gone: earlier it would win "
                              "over an old INSERT's value",
                              fmt::format("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {};\n", name,
                                          end, default_of(column, rename)),
                              "", rename.source});
  }
  carry_column_by_partition(context, draft, rename,
                            [&](const Column& one) { return default_of(one, rename); });
}

}  // namespace

// pg_get_constraintdef writes them so; names are in quotes there, where they hold a blank.
bool has_no_copy(Context& context, const Table& table, const Constraint& constraint) {
  const bool not_enforced = constraint.definition.ends_with(" NOT ENFORCED");
  const bool over_time =
      says(constraint, " WITHOUT OVERLAPS)") ||
      (constraint.kind == ConstraintKind::foreign_key && says(constraint, ", PERIOD "));
  if (!not_enforced && !over_time) return false;
  context.error(context.statement->span,
                fmt::format("the constraint {} of {} stands on the column, and is {}",
                            quote_identifier(constraint.name), quoted(table.name),
                            not_enforced ? "NOT ENFORCED" : "over a period"),
                "drop the constraint in a change before this one, and add it again after it");
  return true;
}

void carry_constraints(Context& context, TableDraft& draft) {
  const dsl::sql::ColumnMap renames = draft.rename_map();
  if (renames.empty()) return;
  // What names a dropped column too goes with that one.
  dsl::sql::ColumnMap gone;
  for (const std::string& column : draft.dropped) gone.emplace(column, column);
  const std::vector<Rename> own = draft.renames;
  for (const Rename& rename : own) carry_column(context, draft, rename);
  for (const Table* table : tree_of(context.catalog, *draft.table)) {
    for (const Constraint& constraint : table->constraints) {
      if (!constraint.inherited_from.empty() || touches(constraint.columns, gone)) continue;
      if (context.drops_constraint(table->name, constraint.name)) continue;
      if (constraint.kind == ConstraintKind::check && touches(constraint.columns, renames)) {
        // Over converted values the file states the rule anew; this one goes with its column.
        const bool converted = std::any_of(own.begin(), own.end(), [&](const Rename& rename) {
          return rename.converts && std::find(constraint.columns.begin(), constraint.columns.end(),
                                              rename.from) != constraint.columns.end();
        });
        if (converted) continue;
        carry_check(context, context.draft_of(*table), *table, constraint, renames);
      }
      if (constraint.kind == ConstraintKind::foreign_key && touches(constraint.columns, renames) &&
          keys_fit(context, draft, constraint, constraint.columns)) {
        carry_foreign_key(context, *table, constraint);
      }
    }
    for (const CatalogIndex::IncomingKey& key : context.catalog.foreign_keys_to(table->name)) {
      if (!key.constraint->inherited_from.empty() ||
          !touches(key.constraint->target_columns, renames))
        continue;
      if (context.drops_key(key)) continue;
      // One whose own columns are renamed too is carried from that side, with both ends.
      const bool from_child =
          std::any_of(key.constraint->columns.begin(), key.constraint->columns.end(),
                      [&](const std::string& column) {
                        return context.new_name(key.table->name, column) != column;
                      });
      if (!from_child && keys_fit(context, draft, *key.constraint, key.constraint->target_columns))
        carry_foreign_key(context, *key.table, *key.constraint);
    }
  }
}

}  // namespace segue::planner
