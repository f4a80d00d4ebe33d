// Constraints: NOT VALID first, in phase 2, 3 or 4, and one validation scan.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "dsl/sql.hpp"
#include "planner/draft.hpp"
#include "planner/probe.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

Step add_not_valid(const TableDraft& table,
                   const std::vector<const ConstraintDraft*>& constraints) {
  const QualifiedName& name = table.table->name;
  std::string adds;
  std::string drops;
  Step step;
  step.phase = Phase::backfill;
  step.locks = {{name, LockMode::access_exclusive}};
  std::vector<std::string> reasons;
  for (const ConstraintDraft* constraint : constraints) {
    adds += fmt::format("{}  ADD CONSTRAINT {} {} NOT VALID", adds.empty() ? "" : ",\n",
                        quote_identifier(constraint->name), constraint->definition);
    drops += fmt::format("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {};\n", quoted(name),
                         quote_identifier(constraint->name));
    step.done = probe::both(step.done, probe::constraint_exists(name, constraint->name));
    if (std::find(reasons.begin(), reasons.end(), constraint->why) == reasons.end())
      reasons.push_back(constraint->why);
    add_source(step.source, constraint->source);
    if (constraint->foreign_key) {
      step.locks = {{name, LockMode::share_row_exclusive}};
      if (constraint->target != name)
        step.locks.push_back({constraint->target, LockMode::share_row_exclusive});
    }
  }
  step.title =
      constraints.size() == 1
          ? fmt::format("Add {} to {}", quote_identifier(constraints.front()->name), quoted(name))
          : fmt::format("Add {} constraints to {}", constraints.size(), quoted(name));
  step.action = Transaction{fmt::format("ALTER TABLE {}\n{};\n", quoted(name), adds)};
  step.why = fmt::format("{}; NOT VALID: binds new writes at once and reads no row",
                         fmt::join(reasons, "; "));
  step.undo = {Transaction{drops}};
  return step;
}

Step validate(const TableDraft& table, const std::vector<const ConstraintDraft*>& constraints) {
  const QualifiedName& name = table.table->name;
  std::string subcommands;
  Step step;
  step.phase = Phase::backfill;
  step.title = fmt::format("Validate {}", quoted(name));
  step.locks = {{name, LockMode::share_update_exclusive}};
  step.scan = Scan::reads;
  for (const ConstraintDraft* constraint : constraints) {
    subcommands += fmt::format("{}  VALIDATE CONSTRAINT {}", subcommands.empty() ? "" : ",\n",
                               quote_identifier(constraint->name));
    step.done = probe::both(step.done, probe::constraint_valid(name, constraint->name));
    add_source(step.source, constraint->source);
    if (constraint->foreign_key && constraint->target != name) {
      step.locks.push_back({constraint->target, LockMode::row_share});
    }
  }
  step.action = Transaction{fmt::format("ALTER TABLE {}\n{};\n", quoted(name), subcommands)};
  step.why = constraints.size() == 1 ? "reads every row once, beside the traffic"
                                     : "one scan for all of them, beside the traffic";
  step.undo_note = "nothing: the constraints go with the step that added them";
  return step;
}

// Contract drops the proof with the rest: it is done when the constraint is there or is not needed.
void assemble_contract_checks(Draft& draft, TableDraft& table) {
  for (const ConstraintDraft& constraint : table.constraints) {
    if (constraint.added_at != AddedAt::contract) continue;
    const auto in_contract = [&](Step step, int order) {
      step.phase = Phase::contract;
      step.done = probe::either(step.done, constraint.needless);
      step.undo.clear();
      step.undo_note = "none: forward fix, as a new change";
      draft.steps.push_back({std::move(step), order});
    };
    in_contract(add_not_valid(table, {&constraint}), order::bind_new);
    in_contract(validate(table, {&constraint}), order::bind_new + 1);
  }
}

}  // namespace

void assemble_constraints(Draft& draft, TableDraft& table) {
  assemble_contract_checks(draft, table);
  for (const AddedAt when : {AddedAt::dual_write, AddedAt::before_fill, AddedAt::after_fill}) {
    std::vector<const ConstraintDraft*> checks;
    for (const ConstraintDraft& constraint : table.constraints) {
      if (constraint.added_at != when) continue;
      if (!constraint.foreign_key) {
        checks.push_back(&constraint);
        continue;
      }
      Step step = add_not_valid(table, {&constraint});
      if (when == AddedAt::dual_write) step.phase = Phase::dual_write;
      draft.steps.push_back({std::move(step), when == AddedAt::before_fill ? order::not_valid_first
                                                                           : order::not_valid + 1});
    }
    if (checks.empty()) continue;
    Step step = add_not_valid(table, checks);
    int place = order::not_valid;
    if (when == AddedAt::before_fill) place = order::not_valid_first;
    if (when == AddedAt::dual_write) {
      step.phase = Phase::dual_write;
      place = 20;
    }
    draft.steps.push_back({std::move(step), place});
  }
  std::vector<const ConstraintDraft*> checks;
  for (const ConstraintDraft& constraint : table.constraints) {
    if (!constraint.validate || constraint.added_at == AddedAt::contract) continue;
    if (!constraint.foreign_key) {
      checks.push_back(&constraint);
    } else {
      draft.steps.push_back({validate(table, {&constraint}), order::validate + 1});
    }
  }
  if (!checks.empty()) draft.steps.push_back({validate(table, checks), order::validate});
}

}  // namespace segue::planner
