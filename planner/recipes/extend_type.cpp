// extend type E with 'v': an enum has one more value.
#include <fmt/format.h>

#include <algorithm>

#include "planner/holds.hpp"
#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_literal;

// Steps keep the order of the file: a neighbour may be a value that an earlier line adds.
bool check_labels(Context& context, const dsl::ExtendType& intent, const Type& type) {
  if (holds(type.labels, intent.label.text)) {
    context.error(intent.label.span, fmt::format("{} has the value {} already", quoted(type.name),
                                                 quote_literal(intent.label.text)));
    return false;
  }
  std::vector<std::string> known = type.labels;
  bool later = false;
  bool below = false;
  for (const dsl::Statement& statement : context.change().statements) {
    if (&statement == context.statement) {
      below = true;
      continue;
    }
    const auto* other = std::get_if<dsl::ExtendType>(&statement.intent);
    if (other == nullptr || other->type.name.name != intent.type.name.name ||
        context.enumeration(other->type) != &type)
      continue;
    if (!below && other->label.text == intent.label.text) {
      context.error(intent.label.span,
                    fmt::format("two statements add the value {} to {}",
                                quote_literal(intent.label.text), quoted(type.name)),
                    "one file leads to one end state: leave one of them out",
                    {{other->label.span, "the other one"}});
      return false;
    }
    if (!below) known.push_back(other->label.text);
    later = later || (below && intent.neighbour && other->label.text == intent.neighbour->text);
  }
  if (!intent.neighbour || holds(known, intent.neighbour->text)) return true;
  const auto meant = dsl::nearest(intent.neighbour->text, known);
  context.error(
      intent.neighbour->span,
      fmt::format("{} has no value {}", quoted(type.name), quote_literal(intent.neighbour->text)),
      later   ? "a line below adds it: put that one first"
      : meant ? fmt::format("did you mean {}?", quote_literal(*meant))
              : std::string{});
  return false;
}

}  // namespace

void plan(Context& context, const dsl::ExtendType& intent) {
  const Type* type = context.enumeration(intent.type);
  if (type == nullptr || !check_labels(context, intent, *type)) return;
  const std::string name = quoted(type->name);
  const std::string label = quote_literal(intent.label.text);
  std::string sql = fmt::format("ALTER TYPE {} ADD VALUE IF NOT EXISTS {}", name, label);
  if (intent.neighbour)
    sql += fmt::format(" {} {}", intent.before ? "BEFORE" : "AFTER",
                       quote_literal(intent.neighbour->text));
  Step step;
  step.phase = Phase::expand;
  step.title = fmt::format("Add {} to {}", label, name);
  step.action = Transaction{sql + ";\n"};
  step.why =
      "a catalogue change that locks no table; a transaction of its own, since a value cannot be "
      "used in the one that adds it";
  step.done = probe::enum_has(type->name, intent.label.text);
  step.undo_note = "the value stays: PostgreSQL cannot take one back, and unused it does no harm";
  context.own(ObjectKind::type, type->name, type->name.name);
  context.add_step(5, std::move(step));
  context.hazard(
      "enum-value-stays", HazardLevel::note, name,
      fmt::format("Undo leaves the value {} in the type: PostgreSQL cannot take one back.", label),
      "Nothing has to be done: a value that nobody writes does no harm.");
  context.note(context.draft.notes_for(Phase::expand).changes,
               fmt::format("`{}` has the value {}.", type->name.name, label));
  for (const Phase phase : {Phase::expand, Phase::dual_write, Phase::backfill}) {
    context.note(context.draft.notes_for(phase).must_not,
                 fmt::format("write {} of `{}` as long as a release runs that does not know it.",
                             label, type->name.name));
  }
  context.note(
      context.draft.notes_for(Phase::contract).may,
      fmt::format("write {} of `{}`: every reader knows it by now.", label, type->name.name));
}

}  // namespace segue::planner
