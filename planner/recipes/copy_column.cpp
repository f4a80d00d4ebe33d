#include "planner/recipes/copy_column.hpp"

#include <fmt/format.h>

#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

// `above`: the column of the partitioned table that `table` is a part of, which gave it its
// settings.
std::string settings(const Table& table, const Column& column, const ColumnCopy& copy,
                     const Column* above = nullptr) {
  const std::string name = quoted(table.name);
  const std::string to = quote_identifier(copy.to);
  std::string alter;
  const auto set = [&](const std::string& what) {
    alter += fmt::format("ALTER TABLE {} ALTER COLUMN {} SET {};\n", name, to, what);
  };
  const auto own = [&](const auto member) {
    return above == nullptr || column.*member != above->*member;
  };
  if (!column.storage.empty() && copy.same_type && own(&Column::storage))
    set("STORAGE " + column.storage);
  if (!column.compression.empty() && copy.same_type && own(&Column::compression))
    set("COMPRESSION " + column.compression);
  if ((column.statistics >= 0 || above != nullptr) && own(&Column::statistics))
    set(fmt::format("STATISTICS {}", column.statistics));
  // A partition gets none of its parent's.
  for (const std::string& option : column.options) {
    const std::size_t equals = option.find('=');
    set(fmt::format("({} = {})", quote_identifier(option.substr(0, equals)),
                    quote_literal(option.substr(equals + 1))));
  }
  if (!column.comment.empty()) {
    alter +=
        fmt::format("COMMENT ON COLUMN {}.{} IS {};\n", name, to, quote_literal(column.comment));
  }
  for (const ColumnGrant& grant : column.grants) {
    alter += fmt::format("GRANT {} ({}) ON {} TO {};\n", grant.privilege, to, name, to_whom(grant));
  }
  return alter;
}

std::string settings_of_tree(const Context& context, const Table& table, const Column& column,
                             const ColumnCopy& copy) {
  std::string alter = settings(table, column, copy);
  for (const Table* one : tree_of(context.catalog, table)) {
    const Column* below = one == &table ? nullptr : one->column(column.name);
    if (below != nullptr) alter += settings(*one, *below, copy, &column);
  }
  return alter;
}

}  // namespace

bool may_copy(Context& context, dsl::Span span, const Table& table, const Column& column,
              const std::string& above) {
  const std::string shown = fmt::format("\"{}\"", column.name);
  if (!column.generated.empty()) {
    context.error(span, fmt::format("{} is a generated column: nothing can write its copy", shown),
                  "add a new generated column under the new name, then drop this one");
    return false;
  }
  if (column.in_partition_key) {
    context.error(span,
                  fmt::format("{} partitions {}: a partition key cannot be copied", shown,
                              quoted(table.name)),
                  "a new partitioned table is the only way");
    return false;
  }
  if (table.partition_of) {
    context.error(span,
                  fmt::format("{} is a partition: its columns are those of {}", quoted(table.name),
                              quoted(*table.partition_of)),
                  fmt::format("write {}", above));
    return false;
  }
  if (!table.inherits.empty() || !table.inherited_by.empty()) {
    context.error(span,
                  fmt::format("{} takes part in inheritance: a trigger does not follow it",
                              quoted(table.name)),
                  "end the inheritance first");
    return false;
  }
  return true;
}

void add_copy(Context& context, const Table& table, const Column& column, const ColumnCopy& copy) {
  const std::string name = quoted(table.name);
  const std::string to = quote_identifier(copy.to);
  context.own(ObjectKind::column, table.name, copy.to);
  Step add;
  add.phase = Phase::expand;
  add.title = fmt::format("Add {}.{}", name, to);
  add.action = Transaction{fmt::format("ALTER TABLE {} ADD COLUMN {} {};\n{}", name, to, copy.type,
                                       settings_of_tree(context, table, column, copy))};
  add.why =
      "nullable and without a default: a catalogue change; a default here would make an old INSERT "
      "lose its value";
  add.locks = {{table.name, LockMode::access_exclusive}};
  add.done = probe::column_exists(table.name, copy.to);
  add.undo = {Transaction{fmt::format("ALTER TABLE {} DROP COLUMN IF EXISTS {};\n", name, to)}};
  context.add_step(10, std::move(add));
}

void prove_promise(Context& context, const Table& table, const std::string& what,
                   const std::string& condition, const std::string& promise,
                   const std::string& comment) {
  TableDraft& draft = context.draft_of(table);
  const SourceLine source = context.here();
  const std::string name = quoted(table.name);
  const std::string proof = context.own_constraint_name(table, what);
  draft.constraints.push_back({proof,
                               fmt::format("CHECK ({})", condition),
                               AddedAt::after_fill,
                               false,
                               true,
                               {},
                               fmt::format("that {} is proven, and stays so", promise),
                               source});
  context.own(ObjectKind::constraint, table.name, proof);
  for (Verification& verification : context.draft.verifications) {
    if (verification.table == table.name && verification.promise == promise)
      verification.proven_by = proof;
  }
  draft.contract.push_back(
      {ContractSlot::prove, comment,
       fmt::format(
           "DO {};\n",
           dsl::sql::dollar_quoted(fmt::format(
               "\nBEGIN\n  IF NOT {} THEN\n    RAISE EXCEPTION '%', {}\n      USING HINT = 'Apply "
               "phase 3 again.';\n  END IF;\nEND\n",
               probe::constraint_valid(table.name, proof),
               quote_literal(fmt::format("{}: it is not proven that {}", name, promise))))),
       "", source});
  draft.contract.push_back(
      {ContractSlot::drop_helper, "",
       fmt::format("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {};\n", name, quote_identifier(proof)),
       "", source});
}

}  // namespace segue::planner
