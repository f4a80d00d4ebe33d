// widen T.id -> TYPE: a key in a wider type, with every column that references it, by a copy of
// each and one swap of them all.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "planner/key_family.hpp"
#include "planner/probe.hpp"
#include "planner/recipes/copy_column.hpp"
#include "planner/recipes/parts.hpp"
#include "planner/recipes/retype_ways.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

std::string shown(const FamilyColumn& member) {
  return fmt::format("{}.{}", quoted(member.table->name), quote_identifier(member.column->name));
}

// What the type itself has to say; `family` is the key's.
bool is_wider(Context& context, const dsl::WidenKey& intent, const Column& column,
              const std::vector<FamilyColumn>& family) {
  const int from = integer_width(context, column.type);
  const int to = integer_width(context, intent.type.text);
  const std::string as_retype =
      fmt::format("retype {} -> {}", shown(family.front()), intent.type.text);
  if (from == 0) {
    context.error(
        intent.column.column.span,
        fmt::format("\"{}\" is {}, and `widen` is for integers", column.name, column.type),
        fmt::format("write {}", as_retype));
    return false;
  }
  if (to == 0) {
    context.error(intent.type.span, fmt::format("{} is no wider integer", intent.type.text),
                  "widen to integer or bigint; for another type there is `retype`");
    return false;
  }
  if (from > to) {
    context.error(
        intent.type.span,
        fmt::format("\"{}\" is {}: {} is narrower", column.name, column.type, intent.type.text),
        fmt::format("write {}, if every value fits", as_retype));
    return false;
  }
  if (from < to) return true;
  std::string hint;
  for (std::size_t i = 1; i < family.size(); ++i) {
    if (family[i].by->target == family.front().table->name)
      hint += fmt::format("{}widen {} -> {}", hint.empty() ? "" : ", ", shown(family[i]),
                          intent.type.text);
  }
  context.error(intent.type.span, fmt::format("\"{}\" is {} already", column.name, column.type),
                hint.empty() ? "" : "columns that reference it are narrower: " + hint);
  return false;
}

// A column of the family that has to go along and cannot; the message points at the statement's
// column.
bool may_widen(Context& context, const dsl::WidenKey& intent, const FamilyColumn& member) {
  const dsl::Span span = intent.column.column.span;
  const Table& table = *member.table;
  const std::string because = member.by == nullptr ? ""
                                                   : fmt::format("; it references the key by {}",
                                                                 quote_identifier(member.by->name));
  if (!table.extension.empty()) {
    context.error(span,
                  fmt::format("{} belongs to extension \"{}\"{}", quoted(table.name),
                              table.extension, because),
                  "an extension's own scripts change its tables");
    return false;
  }
  if (!table.of_type.empty()) {
    context.refuse_typed(span, table, because);
    return false;
  }
  if (context.makes_table(table.name)) {
    context.error(span,
                  fmt::format("{} is created in this file with a narrower {}{}", quoted(table.name),
                              quote_identifier(member.column->name), because),
                  fmt::format("write it there as {}", intent.type.text));
    return false;
  }
  if (member.column->constrained_domain) {
    context.error(
        span,
        fmt::format("{} is {}, a domain with constraints of its own, which {} has not{}",
                    shown(member), member.column->type, intent.type.text, because),
        fmt::format("retype {} to the type that the domain is made of first, and add the rule by "
                    "`check`",
                    shown(member)));
    return false;
  }
  const std::string above =
      fmt::format("widen {}.{} -> {}", quoted(table.partition_of.value_or(table.name)),
                  quote_identifier(member.column->name), intent.type.text);
  return may_copy(context, span, table, *member.column, above);
}

TypeChange change_of(Context& context, const dsl::WidenKey& intent, const FamilyColumn& member) {
  dsl::RetypeColumn as_retype;
  as_retype.column = intent.column;
  as_retype.type = intent.type;
  return type_change(context, *member.table, *member.column, as_retype);
}

// A sequence of the column's own widens with it; another one that it draws from is somebody else's.
void widen_sequence(Context& context, const FamilyColumn& member, const std::string& type) {
  const Column& column = *member.column;
  const int wanted = integer_width(context, type);
  if (column.sequence) {
    if (!column.identity.empty() || integer_width(context, column.sequence->type) >= wanted) return;
    context.draft_of(*member.table)
        .contract.push_back(
            {ContractSlot::set_default, "the sequence goes on beyond the old type",
             fmt::format("ALTER SEQUENCE {} AS {};\n", quoted(column.sequence->name), type), "",
             context.here()});
    return;
  }
  for (const Sequence& sequence : context.catalog.catalog().sequences) {
    if (integer_width(context, sequence.type) >= wanted ||
        column.default_value != fmt::format("nextval('{}'::regclass)", quoted(sequence.name)))
      continue;
    context.hazard("sequence-narrow", HazardLevel::note, quoted(sequence.name),
                   fmt::format("{} takes its values from it and does not own it: it stays {} and "
                               "ends where that does.",
                               shown(member), sequence.type),
                   fmt::format("ALTER SEQUENCE {} AS {}, once nobody else needs it as it is.",
                               quoted(sequence.name), type));
  }
}

void notes(Context& context, const std::vector<FamilyColumn>& family, const std::string& type) {
  std::vector<std::string> names;
  for (const FamilyColumn& member : family) {
    names.push_back(fmt::format("`{}.{}`", member.table->name.name, member.column->name));
  }
  const std::string all = fmt::format("{}", fmt::join(names, ", "));
  for (const Phase phase : {Phase::dual_write, Phase::backfill}) {
    context.note(context.draft.notes_for(phase).must_not,
                 fmt::format("write what does not fit {} into {}: it is refused until phase 4, so "
                             "that no release ever reads what it cannot hold.",
                             family.front().column->type, all));
  }
  if (family.size() > 1) {
    context.note(context.draft.notes_for(Phase::contract).changes,
                 fmt::format("{} become {} in one moment, with their foreign keys.", all, type));
  }
}

}  // namespace

void plan(Context& context, const dsl::WidenKey& intent) {
  const Table* table = context.table(intent.column.table);
  if (table == nullptr) return;
  const dsl::Identifier& given = intent.column.column;
  const Column* column = context.existing(*table, given);
  if (column == nullptr) return;
  const std::string type = context.type(intent.type);
  if (type.empty()) return;
  const std::vector<FamilyColumn> family = key_family(context, *table, *column, type);
  if (!is_wider(context, intent, *column, family)) return;
  bool good = true;
  for (const FamilyColumn& member : family) good = may_widen(context, intent, member) && good;
  if (!good) return;
  for (const FamilyColumn& member : family) {
    TableDraft& draft = context.draft_of(*member.table);
    if (context.statement->options.batch) draft.batch = context.statement->options.batch;
    if (context.statement->options.workers) draft.workers = context.statement->options.workers;
    const std::vector<Rename>& made = draft.renames;
    // Another statement of the file widens a key that the column references too.
    if (std::any_of(made.begin(), made.end(),
                    [&](const Rename& rename) { return rename.from == member.column->name; }))
      continue;
    const TypeChange change = change_of(context, intent, member);
    TypedCopy wanted;
    wanted.span = given.span;
    retype_by_copy(context, *member.table, *member.column, change, wanted);
    widen_sequence(context, member, change.type);
  }
  notes(context, family, type);
}

}  // namespace segue::planner
