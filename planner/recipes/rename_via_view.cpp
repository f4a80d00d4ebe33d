// rename T.c -> d via view: the table steps aside, and a view with both names takes its place. One
// column all the while, so no row is copied.
#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql_lexer.hpp"
#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"
#include "planner/recipes/stand_in.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

// In phase 1 before whatever names the table's columns, in phase 4 before the other contracts.
constexpr int step_aside = -950;
constexpr int step_back = 2;

bool domain_has_default(const Context& context, const Column& column) {
  const auto& types = context.catalog.catalog().types;
  const auto type = std::find_if(types.begin(), types.end(),
                                 [&](const Type& one) { return quoted(one.name) == column.type; });
  if (type == types.end() || type->kind != TypeKind::domain) return false;
  for (auto token = dsl::sql::next_token(type->made_as, 0); token.kind != dsl::sql::TokenKind::end;
       token = dsl::sql::next_token(type->made_as, token.end)) {
    const std::string_view word =
        std::string_view{type->made_as}.substr(token.begin, token.end - token.begin);
    if (token.kind == dsl::sql::TokenKind::identifier && dsl::sql::fold(word) == "default")
      return true;
  }
  return false;
}

bool may_rename(Context& context, dsl::Span span, const Table& table, const Column& column) {
  if (context.renamed_tables.contains(table.name)) {
    context.error(
        span,
        fmt::format("{} is renamed in this file, and its old name is a view up to contract",
                    quoted(table.name)),
        "write this in a change of its own, or take `via copy`");
    return false;
  }
  if (domain_has_default(context, column)) {
    context.error(
        span,
        fmt::format("\"{}\" is {}, a domain with a default: through a view with two names "
                    "for it each INSERT would give it twice",
                    column.name, column.type),
        "take `via copy`");
    return false;
  }
  if (table.partition_of || column.inherited) {
    context.error(
        span, fmt::format("\"{}\" comes from a table above {}", column.name, quoted(table.name)),
        "rename it there");
    return false;
  }
  return true;
}

// The body of a trigger function names columns of the row that the table gives it: the old name up
// to contract, the new one from then on.
void function_hazards(Context& context, const Table& table, const Column& column,
                      const std::string& to) {
  const std::string old_column =
      fmt::format("{}.{}", quoted(table.name), quote_identifier(column.name));
  for (const Function& function : context.catalog.catalog().functions) {
    if (!function.extension.empty() || function.atomic) continue;
    if (function.language != "sql" && function.language != "plpgsql") continue;
    const dsl::sql::BodyNames& names = context.body_names(function);
    const bool of_trigger =
        std::any_of(table.triggers.begin(), table.triggers.end(),
                    [&](const Trigger& trigger) { return trigger.function == function.name; });
    const bool speaks = names.parsed ? names.columns.contains(column.name) &&
                                           (of_trigger || names.relations.contains(table.name.name))
                                     : function.body.find(column.name) != std::string::npos;
    if (!speaks) continue;
    const std::string shown = fmt::format("{}({})", quoted(function.name), function.arguments);
    if (of_trigger) {
      context.hazard(
          "trigger-body", HazardLevel::refuses, shown,
          fmt::format("It is a trigger's function and names {}: the row that it gets calls the "
                      "column so up to contract, and {} from then on.",
                      old_column, quote_identifier(to)),
          "Take `via copy`; or make it work with either name, by to_jsonb(NEW), and plan with "
          "--allow trigger-body.");
      continue;
    }
    context.hazard(
        "function-body", HazardLevel::stops_contract, shown,
        fmt::format("Its body names {}; PostgreSQL would find out only when it runs.", old_column),
        "After phase 1, replace it by one that names the new state; contract goes on "
        "then.");
  }
}

void notes(Context& context, const Table& table, const std::string& from, const std::string& to) {
  const std::string old_column = fmt::format("`{}.{}`", table.name.name, from);
  const std::string new_column = fmt::format("`{}.{}`", table.name.name, to);
  auto& expand = context.draft.notes_for(Phase::expand);
  auto& contract = context.draft.notes_for(Phase::contract);
  context.note(expand.changes,
               fmt::format("`{}` is a view with both names, {} and {}: one column, no copy.",
                           table.name.name, old_column, new_column));
  context.note(expand.may,
               fmt::format("read and write {} at once: the new release may go out right after this "
                           "phase, and both run together.",
                           new_column));
  context.note(expand.must_not,
               fmt::format("set {} and {} in one INSERT or UPDATE: they are one column, and "
                           "PostgreSQL refuses to set it twice.",
                           old_column, new_column));
  context.note(expand.must_not,
               fmt::format("COPY `{0}`, TRUNCATE it, or name its constraints in ON CONFLICT ON "
                           "CONSTRAINT, its ctid, xmin or xmax: it is a view by then.",
                           table.name.name));
  context.note(contract.changes,
               fmt::format("`{}` is the table again, and {} is called {}, where it stood.",
                           table.name.name, old_column, new_column));
  context.note(contract.must_not, fmt::format("name {} any more.", old_column));
}

void add_steps(Context& context, const StandIn& stand_in) {
  const QualifiedName& table = stand_in.view;
  std::string both;
  std::string renames;
  std::string done;
  for (const StandIn::Extra& extra : stand_in.extra) {
    both += fmt::format("{}{} as {}", both.empty() ? "" : ", ", quote_identifier(extra.column),
                        quote_identifier(extra.name));
    renames += fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {};\n", quoted(table),
                           quote_identifier(extra.column), quote_identifier(extra.name));
    done = probe::both(done, probe::column_exists(table, extra.name));
    done = probe::both(done, probe::column_missing(table, extra.column));
  }
  Step aside;
  aside.phase = Phase::expand;
  aside.title = fmt::format("Put a view in the place of {}: {}", quoted(table), both);
  aside.action = Transaction{put_stand_in(context, stand_in)};
  aside.why =
      "both names from one moment on, of one column; catalogue changes only, whatever the table's "
      "size";
  aside.locks = {{table, LockMode::access_exclusive}};
  aside.done = stand_in_exists(stand_in);
  aside.undo = {Transaction{take_stand_in_away(stand_in)}};
  context.add_step(step_aside, std::move(aside));

  look_for_users(context, stand_in, order::last_look);
  Step back;
  back.phase = Phase::contract;
  back.title = fmt::format("Put {} back, with its new names", quoted(table));
  back.action = Transaction{take_stand_in_away(stand_in) + renames};
  back.why = "all at once, so that no release ever meets half of it; catalogue changes only";
  back.locks = {{table, LockMode::access_exclusive}, {stand_in.aside, LockMode::access_exclusive}};
  back.done = done;
  back.undo_note = "none: forward fix, as a new change";
  context.add_step(step_back, std::move(back));
}

}  // namespace

void plan_via_view(Context& context, const dsl::RenameColumn& intent, const Table& table,
                   const Column& column) {
  if (!may_rename(context, intent.column.column.span, table, column)) return;
  const auto found = context.two_names().find(table.name);
  if (found == context.two_names().end()) return;  // said by the survey
  const QualifiedName& name = table.name;
  // One view for all of the file's renames of the table: its first statement asks for it.
  if (found->second.front().from == column.name) {
    const QualifiedName aside{name.schema, context.own_relation_name(table, name.name + " table")};
    StandIn stand_in{&table, name, aside, {}};
    for (const Context::TwoNames& one : found->second) stand_in.extra.push_back({one.from, one.to});
    add_steps(context, stand_in);
    stand_in_hazards(context, stand_in, true);
    context.own(ObjectKind::table, name, aside.name);
    context.own(ObjectKind::view, name, name.name);
    context.draft.touched.push_back(name);
    context.draft.touched.push_back(aside);
  }
  function_hazards(context, table, column, intent.to.name);
  context.draft.old_columns.push_back({name, column.name, intent.to.name});
  notes(context, table, column.name, intent.to.name);
}

}  // namespace segue::planner
