// What hangs on a column beside views and can be carried: policies, statistics, triggers, plans of
// functions. What cannot is told in dependent_hazards.cpp.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "planner/carry.hpp"
#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

// ---- Policies and statistics
// -----------------------------------------------------------------------

std::string alter_policy(const Table& table, const Policy& policy, const std::string& using_expr,
                         const std::string& check_expr) {
  std::string sql =
      fmt::format("ALTER POLICY {} ON {}", quote_identifier(policy.name), quoted(table.name));
  if (!using_expr.empty()) sql += fmt::format(" USING {}", parenthesised(using_expr));
  if (!check_expr.empty()) sql += fmt::format(" WITH CHECK {}", parenthesised(check_expr));
  return sql + ";\n";
}

void carry_policy(Context& context, const Table& table, const Policy& policy,
                  const dsl::sql::ColumnMap& renames) {
  const auto rename = [&](const std::string& expression) -> std::optional<std::string> {
    if (expression.empty()) return expression;
    const auto parsed = dsl::sql::parse_expression(expression);
    const auto* good = std::get_if<dsl::sql::Expression>(&parsed);
    if (good == nullptr || good->has_subquery) return std::nullopt;
    return dsl::sql::rename_columns(expression, renames, table.name.name);
  };
  const auto using_expr = rename(policy.using_expr);
  const auto check_expr = rename(policy.check_expr);
  if (!using_expr || !check_expr) {
    context.hazard("policy", HazardLevel::stops_contract,
                   fmt::format("{} on {}", quote_identifier(policy.name), quoted(table.name)),
                   "The row security policy names the old column in a subquery.",
                   "After phase 3, ALTER POLICY to name the new column; contract goes on then.");
    return;
  }
  Step step;
  step.phase = Phase::backfill;
  step.title = fmt::format("Let policy {} read the new column", quote_identifier(policy.name));
  step.action = Transaction{alter_policy(table, policy, *using_expr, *check_expr)};
  step.why = "old and new say the same by now: no row is shown or hidden that was not before";
  step.locks = {{table.name, LockMode::access_exclusive}};
  for (const auto& [from, to] : renames) {
    if (holds(policy.columns, from))
      step.done = probe::both(step.done, probe::policy_reads(table.name, policy.name, to));
  }
  step.undo = {Transaction{alter_policy(table, policy, policy.using_expr, policy.check_expr)}};
  context.own(ObjectKind::policy, table.name, policy.name);
  context.add_step(order::carry, std::move(step));
}

void carry_statistics(Context& context, TableDraft& draft, const Table& table,
                      const ExtendedStatistics& statistics, const dsl::sql::ColumnMap& renames) {
  std::string list;
  for (const std::string& column : statistics.columns) {
    const auto renamed = renames.find(column);
    list += fmt::format("{}{}", list.empty() ? "" : ", ",
                        quote_identifier(renamed == renames.end() ? column : renamed->second));
  }
  for (const std::string& expression : statistics.expressions) {
    list +=
        fmt::format("{}{}", list.empty() ? "" : ", ",
                    parenthesised(dsl::sql::rename_columns(expression, renames, table.name.name)));
  }
  const QualifiedName temporary{
      statistics.name.schema,
      context.own_relation_name(table, statistics.name.name + " statistics")};
  const bool single = statistics.columns.empty() && statistics.expressions.size() == 1;
  Step step;
  step.phase = Phase::backfill;
  step.title = fmt::format("Keep statistics as {}", quoted(statistics.name));
  std::string sql =
      fmt::format("CREATE STATISTICS {}{} ON {} FROM {};\n", quoted(temporary),
                  single ? "" : fmt::format(" ({})", fmt::join(statistics.kinds, ", ")), list,
                  quoted(table.name));
  if (statistics.target >= 0)
    sql += fmt::format("ALTER STATISTICS {} SET STATISTICS {};\n", quoted(temporary),
                       statistics.target);
  step.action = Transaction{sql};
  step.why =
      "the planner of queries over the new column needs them as much; the next ANALYZE fills them";
  step.locks = {{table.name, LockMode::share_update_exclusive}};
  step.done = probe::statistics_exist(temporary);
  step.undo = {Transaction{fmt::format("DROP STATISTICS IF EXISTS {};\n", quoted(temporary))}};
  context.own(ObjectKind::statistics, temporary, temporary.name);
  context.add_step(order::carry, std::move(step));
  draft.contract.push_back(
      {ContractSlot::take_names, "",
       fmt::format("DROP STATISTICS IF EXISTS {};\nALTER STATISTICS {} RENAME TO {};\n",
                   quoted(statistics.name), quoted(temporary),
                   quote_identifier(statistics.name.name)),
       "", context.here()});
}

// ---- Functions and triggers
// ---------------------------------------------------------------------

// Sessions hold plans of functions that read the column in its old type, and fail on them once
// ("type of parameter … does not match"): any ALTER FUNCTION makes them plan anew.
void plan_anew(Context& context, TableDraft& draft, const Table& table, const Rename& rename) {
  for (const Function& function : context.catalog.catalog().functions) {
    if (!function.extension.empty() || function.kind != "function" ||
        function.language != "plpgsql")
      continue;
    const dsl::sql::BodyNames& names = context.body_names(function);
    if (!holds_function(table.triggers, function.name) &&
        !names.relations.contains(table.name.name))
      continue;
    const std::string shown = fmt::format("{}({})", quoted(function.name), function.arguments);
    draft.contract.push_back({ContractSlot::rest,
                              "functions over the column plan anew: its type is another",
                              fmt::format("ALTER FUNCTION {} {};\n", shown,
                                          function.volatility == "immutable" ? "IMMUTABLE"
                                          : function.volatility == "stable"  ? "STABLE"
                                                                             : "VOLATILE"),
                              "", rename.source});
    if (!names.columns.contains(rename.from)) continue;
    context.hazard("function-body", HazardLevel::note, shown,
                   fmt::format("Its body names {}.{}, which is {} after contract.",
                               quoted(table.name), quote_identifier(rename.from), rename.type),
                   "See that it works with either type before phase 4.");
  }
}

// A trigger that names the column goes with the old one and comes back over the new one, in the
// same moment.
void renew_triggers(Context& context, TableDraft& draft, const Table& table, const Rename& rename) {
  for (const Trigger& trigger : table.triggers) {
    if (trigger.inherited ||
        (!holds(trigger.update_of, rename.from) && !holds(trigger.when_columns, rename.from)))
      continue;
    const std::string name = quoted(table.name);
    const std::string quoted_trigger = quote_identifier(trigger.name);
    std::string mode;
    if (trigger.enabled == "always") mode = "ENABLE ALWAYS";
    if (trigger.enabled == "replica") mode = "ENABLE REPLICA";
    if (trigger.enabled == "disabled") mode = "DISABLE";
    draft.contract.push_back(
        {ContractSlot::drop_trigger, "triggers that name the column come back over the new one",
         fmt::format("DROP TRIGGER IF EXISTS {} ON {};\n", quoted_trigger, name), "",
         rename.source});
    draft.contract.push_back(
        {ContractSlot::rest, "",
         fmt::format("{};\n{}", trigger.definition,
                     mode.empty() ? ""
                                  : fmt::format("ALTER TABLE {} {} TRIGGER {};\n", name, mode,
                                                quoted_trigger)),
         "", rename.source});
    context.own(ObjectKind::trigger, table.name, trigger.name);
  }
}

// A publication with a column list goes on with the columns that it lists.
void subscriber_hazard(Context& context, const Table& root) {
  for (const Table* table : tree_of(context.catalog, root)) {
    for (const PublicationUse& use : table->publications) {
      if (use.columns.empty()) {
        context.hazard(
            "logical-subscriber", HazardLevel::refuses, quoted(table->name),
            fmt::format("The table is published by {}: a subscriber whose table lacks the new "
                        "column stops applying.",
                        quote_identifier(use.publication)),
            "Add the column on every subscriber first; then plan with --allow logical-subscriber.");
        break;
      }
      context.hazard(
          "publication", HazardLevel::note,
          fmt::format("{} of {}", quote_identifier(use.publication), quoted(table->name)),
          "The publication has a column list: subscribers do not get the new column.",
          "If they need it: add it there, then ALTER PUBLICATION … SET TABLE.");
    }
  }
}

void own_trigger_functions(Context& context, const Table& table) {
  for (const Trigger& trigger : table.triggers) {
    if (trigger.inherited || trigger.timing != "BEFORE" || !trigger.for_each_row) continue;
    if (trigger.function.schema == "segue") continue;  // another change's
    context.note(context.draft.notes_for(Phase::dual_write).watch,
                 fmt::format("`{}` has a BEFORE trigger of its own, `{}`: the dual-write trigger "
                             "runs after it and sees what it made of the row.",
                             table.name.name, trigger.name));
  }
}

}  // namespace

void carry_dependents(Context& context, TableDraft& draft) {
  const dsl::sql::ColumnMap renames = draft.rename_map();
  if (context.makes_column(draft.table->name)) subscriber_hazard(context, *draft.table);
  if (!draft.rules.empty()) own_trigger_functions(context, *draft.table);

  for (const Table* table : tree_of(context.catalog, *draft.table)) {
    const std::vector<Rename> replaced = draft.renames;
    for (const Rename& rename : replaced) {
      const bool keeps = rename.keeps_name();
      dependent_hazards(context, *table, rename.from,
                        keeps ? Instead::same_name : Instead::new_name);
      if (keeps) {
        TableDraft& own = context.draft_of(*table);
        renew_triggers(context, own, *table, rename);
        plan_anew(context, own, *table, rename);
      }
    }
    if (!renames.empty()) {
      TableDraft& own = context.draft_of(*table);
      for (const Policy& policy : table->policies) {
        const bool retyped =
            std::any_of(replaced.begin(), replaced.end(), [&](const Rename& rename) {
              return !rename.type.empty() && !rename.keys_match &&
                     holds(policy.columns, rename.from);
            });
        if (retyped) {
          context.hazard(
              "policy", HazardLevel::stops_contract,
              fmt::format("{} on {}", quote_identifier(policy.name), quoted(table->name)),
              "The row security policy names a column whose type changes.",
              "Before contract, ALTER POLICY so that it does without; after it, write it for the "
              "new type.");
        } else if (std::any_of(
                       policy.columns.begin(), policy.columns.end(),
                       [&](const std::string& column) { return renames.contains(column); })) {
          carry_policy(context, *table, policy, renames);
        }
      }
      for (const ExtendedStatistics& statistics : table->statistics) {
        const auto renamed = [&](const std::string& column) { return renames.contains(column); };
        if (std::any_of(statistics.columns.begin(), statistics.columns.end(), renamed) ||
            std::any_of(statistics.expression_columns.begin(), statistics.expression_columns.end(),
                        renamed)) {
          carry_statistics(context, own, *table, statistics, renames);
        }
      }
    }
  }
  for (const std::string& column : draft.dropped) {
    dependent_hazards(context, *draft.table, column, Instead::nothing);
    view_hazards_of_drop(context, *draft.table, column);
  }
}

}  // namespace segue::planner
