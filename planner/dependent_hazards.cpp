// What hangs on a column beside views and cannot be carried: generated columns, triggers, rules,
// publications, functions, policies and rules of other tables.
#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql_lexer.hpp"
#include "planner/carry.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

constexpr std::string_view name_new_state =
    "After phase 3, replace it by one that names the new state; contract goes on then.";
constexpr std::string_view drop_and_create =
    "Drop it before contract and create it again after it, in one deploy; contract goes on then.";

std::string policy_advice(Instead instead) {
  switch (instead) {
    case Instead::nothing:
      return "Before contract, ALTER POLICY so that it does without.";
    case Instead::new_name:
      return "After phase 3, ALTER POLICY to name the new column; contract goes on then.";
    case Instead::same_name:
      break;
  }
  return "Before contract, ALTER POLICY so that it does without; after it, write it as it was.";
}

// A body that PostgreSQL keeps parsed depends on the column, and lets nobody drop it.
void atomic_body_hazard(Context& context, const Table& table, const std::string& column,
                        const Function& function, Instead instead) {
  context.hazard("function-body", HazardLevel::stops_contract,
                 fmt::format("{}({})", quoted(function.name), function.arguments),
                 fmt::format("Its body, BEGIN ATOMIC, reads {}.{}: PostgreSQL does not drop the "
                             "column under it.",
                             quoted(table.name), quote_identifier(column)),
                 std::string(instead == Instead::same_name ? drop_and_create : name_new_state));
}

void function_hazards(Context& context, const Table& table, const std::string& column,
                      Instead instead) {
  for (const Function& function : context.catalog.catalog().functions) {
    if (!function.extension.empty()) continue;
    if (uses(function.uses, table.name, column)) {
      atomic_body_hazard(context, table, column, function, instead);
      continue;
    }
    const bool text =
        !function.atomic && (function.language == "sql" || function.language == "plpgsql");
    if (instead == Instead::same_name || !text) continue;
    const dsl::sql::BodyNames& names = context.body_names(function);
    const bool speaks = !names.parsed ? function.body.find(column) != std::string::npos
                                      : names.columns.contains(column) &&
                                            (holds_function(table.triggers, function.name) ||
                                             names.relations.contains(table.name.name));
    if (!speaks) continue;
    context.hazard("function-body", HazardLevel::stops_contract,
                   fmt::format("{}({})", quoted(function.name), function.arguments),
                   fmt::format("Its body names {}.{}; PostgreSQL would find out only when it runs.",
                               quoted(table.name), quote_identifier(column)),
                   std::string(name_new_state));
  }
}

// Policies and rules of other tables that read the column.
void hazards_elsewhere(Context& context, const Table& table, const std::string& column,
                       Instead instead) {
  const std::string name = fmt::format("{}.{}", quoted(table.name), quote_identifier(column));
  for (const CatalogIndex::Reader& reader : context.catalog.readers_of(table.name)) {
    if (!uses(reader.uses(), table.name, column)) continue;
    const std::string on = quoted(reader.table->name);
    if (reader.policy != nullptr) {
      context.hazard("policy", HazardLevel::stops_contract,
                     fmt::format("{} on {}", quote_identifier(reader.policy->name), on),
                     fmt::format("The row security policy names {} in a subquery.", name),
                     policy_advice(instead));
    } else {
      context.hazard("rule", HazardLevel::stops_contract,
                     fmt::format("{} on {}", quote_identifier(reader.rule->name), on),
                     fmt::format("The rule names {}.", name),
                     std::string(instead == Instead::same_name ? drop_and_create : name_new_state));
    }
  }
}

// The strings that a trigger hands to its function, from its printed definition. C functions such
// as tsvector_update_trigger take columns by name so.
std::vector<std::string> arguments_of(const Trigger& trigger) {
  using dsl::sql::TokenKind;
  const std::string_view text = trigger.definition;
  std::vector<std::string> arguments;
  bool call = false;
  for (auto token = dsl::sql::next_token(text, 0); token.kind != TokenKind::end;
       token = dsl::sql::next_token(text, token.end)) {
    const auto word = text.substr(token.begin, token.end - token.begin);
    if (token.kind == TokenKind::identifier && dsl::sql::fold(word) == "execute") {
      call = true;
      arguments.clear();
    }
    if (call && token.kind == TokenKind::string && word.size() > 2)
      arguments.emplace_back(word.substr(1, word.size() - 2));
  }
  return arguments;
}

void table_hazards(Context& context, const Table& table, const std::string& column,
                   Instead instead) {
  const bool keeps_name = instead == Instead::same_name;
  const std::string name = quoted(table.name);
  for (const Column& other : table.columns) {
    if (other.generated.empty()) continue;
    const auto parsed = dsl::sql::parse_expression(other.generated);
    const auto* expression = std::get_if<dsl::sql::Expression>(&parsed);
    const bool reads =
        expression == nullptr ||
        std::any_of(expression->columns.begin(), expression->columns.end(),
                    [&](const dsl::sql::ColumnUse& use) { return use.name == column; });
    if (!reads) continue;
    context.hazard("generated-column", HazardLevel::stops_contract,
                   fmt::format("{}.{}", name, quote_identifier(other.name)),
                   "The generated column is computed from the old one, and PostgreSQL cannot "
                   "change that without rewriting the table.",
                   "Make it a plain column that a trigger fills, or drop it, before contract.");
  }
  for (const Trigger& trigger : table.triggers) {
    if (keeps_name || trigger.inherited ||
        (!holds(trigger.update_of, column) && !holds(trigger.when_columns, column)))
      continue;
    context.hazard("own-trigger", HazardLevel::stops_contract,
                   fmt::format("{} on {}", quote_identifier(trigger.name), name),
                   "The trigger names the old column in UPDATE OF or WHEN; a write that names only "
                   "the new column does not fire it.",
                   "Before the new release writes, let it name both columns; after phase 3, the "
                   "new one alone.");
  }
  for (const Trigger& trigger : table.triggers) {
    if (keeps_name || trigger.inherited || !holds(arguments_of(trigger), column)) continue;
    context.hazard("own-trigger", HazardLevel::stops_contract,
                   fmt::format("{} on {}", quote_identifier(trigger.name), name),
                   "The trigger hands the old column's name to its function, which finds no such "
                   "column after contract: each write would fail.",
                   "After phase 3, make it again with the new column's name.");
  }
  for (const Rule& rule : table.rules) {
    if (!holds(rule.columns, column)) continue;
    context.hazard("rule", HazardLevel::stops_contract,
                   fmt::format("{} on {}", quote_identifier(rule.name), name),
                   "The rule names the old column.",
                   std::string(keeps_name ? drop_and_create : name_new_state));
  }
  for (const PublicationUse& publication : table.publications) {
    if (!holds(publication.columns, column) && !holds(publication.filter_columns, column)) continue;
    context.hazard(
        "publication", HazardLevel::stops_contract,
        fmt::format("{} of {}", quote_identifier(publication.publication), name),
        "The publication's column list or row filter names the old column.",
        keeps_name
            ? "Before contract, ALTER PUBLICATION … SET TABLE without it; after it, as it was."
            : "After phase 3, ALTER PUBLICATION … SET TABLE with the new state; contract goes on "
              "then.");
  }
}

void policy_hazards_of_drop(Context& context, const Table& table, const std::string& column) {
  for (const Policy& policy : table.policies) {
    if (!holds(policy.columns, column)) continue;
    context.hazard("policy", HazardLevel::stops_contract,
                   fmt::format("{} on {}", quote_identifier(policy.name), quoted(table.name)),
                   "The row security policy names the column that goes.",
                   policy_advice(Instead::nothing));
  }
}

}  // namespace

void dependent_hazards(Context& context, const Table& table, const std::string& column,
                       Instead instead) {
  const std::size_t before = context.draft.hazards.size();
  table_hazards(context, table, column, instead);
  function_hazards(context, table, column, instead);
  hazards_elsewhere(context, table, column, instead);
  // Where the name stays they are all of PostgreSQL's own account: it lets nobody drop the column.
  if (instead == Instead::same_name && context.draft.hazards.size() > before)
    context.draft.swap_held = true;
  if (instead == Instead::nothing) policy_hazards_of_drop(context, table, column);
}

}  // namespace segue::planner
