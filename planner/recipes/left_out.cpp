#include "planner/recipes/left_out.hpp"

#include <fmt/format.h>

#include <utility>

#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

using dsl::sql::quote_identifier;

void let_it_be_left_out(Context& context, const Table& table, const Column& column,
                        std::string undo_hint) {
  const std::string name = quoted(table.name);
  const std::string quoted_column = quote_identifier(column.name);
  const std::string proof = context.own_constraint_name(table, column.name + "_undo");
  NoRows nulls;
  nulls.table = table.name;
  nulls.columns = key_or_ctid(table);
  nulls.condition = fmt::format("{} IS NULL", quoted_column);
  nulls.violators =
      fmt::format("SELECT {} FROM {} WHERE {}", select_key(table), name, nulls.condition);
  nulls.message = fmt::format(
      "rows of {} that the new release wrote have no {}: the column cannot be NOT NULL again", name,
      quoted_column);
  nulls.hint = std::move(undo_hint);
  nulls.gate = true;
  Step step;
  step.phase = Phase::expand;
  step.title = fmt::format("Let {}.{} be left out", name, quoted_column);
  step.action = Transaction{
      fmt::format("ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL;\n", name, quoted_column)};
  step.why = "the new release does not write the column any more";
  step.locks = {{table.name, LockMode::access_exclusive}};
  step.done = probe::column_nullable(table.name, column.name);
  step.undo = {
      std::move(nulls),
      Transaction{fmt::format("ALTER TABLE {0} DROP CONSTRAINT IF EXISTS {2};\nALTER TABLE {0} ADD "
                              "CONSTRAINT {2} CHECK ({1} IS NOT NULL) NOT VALID;\n",
                              name, quoted_column, quote_identifier(proof))},
      Transaction{
          fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {};\n", name, quote_identifier(proof))},
      Transaction{fmt::format("ALTER TABLE {0} ALTER COLUMN {1} SET NOT NULL;\nALTER TABLE {0} "
                              "DROP CONSTRAINT IF EXISTS {2};\n",
                              name, quoted_column, quote_identifier(proof))}};
  step.undo_note = "refused while rows without a value exist";
  context.own(ObjectKind::constraint, table.name, proof);
  context.own(ObjectKind::column, table.name, column.name);
  context.add_step(20, std::move(step));
  context.note(context.draft.notes_for(Phase::expand).watch,
               fmt::format("Undo is refused once the new release has left rows without `{}.{}`: "
                           "there is no value to put there.",
                           table.name.name, column.name));
}

}  // namespace segue::planner
