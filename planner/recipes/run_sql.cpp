// sql PHASE $$ … $$: the author's own step.
#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql_script.hpp"
#include "planner/probe.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::ScriptStatement;

// Places: behind what the plan makes in phases 1 and 3, in front of what it takes away in phase 4.
constexpr int behind_expand = 60;
constexpr int behind_backfill = order::carry + 20;
constexpr int before_contract = 8;

Phase phase_of(dsl::SqlPhase phase) {
  switch (phase) {
    case dsl::SqlPhase::expand:
      return Phase::expand;
    case dsl::SqlPhase::backfill:
      return Phase::backfill;
    case dsl::SqlPhase::contract:
      return Phase::contract;
  }
  return Phase::contract;
}

// Complete statements, the last one ended, without what follows it.
std::string complete(const dsl::SqlText& script, const std::vector<ScriptStatement>& statements) {
  std::string text = script.text.substr(statements.front().begin,
                                        statements.back().end - statements.front().begin);
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  // A comment at the end of a line would swallow the semicolon.
  const bool comment = text.rfind("--") != std::string::npos &&
                       text.find('\n', text.rfind("--")) == std::string::npos;
  return text + (comment ? "\n;\n" : ";\n");
}

dsl::Span place(const dsl::SqlText& script, const ScriptStatement& statement) {
  if (!script.verbatim) return script.span;
  return {script.inner + static_cast<std::uint32_t>(statement.begin),
          script.inner + static_cast<std::uint32_t>(statement.end)};
}

bool check(Context& context, const dsl::SqlText& script,
           const std::vector<ScriptStatement>& statements, bool warn) {
  bool good = true;
  for (const ScriptStatement& statement : statements) {
    if (!statement.refused.empty()) {
      context.error(place(script, statement), statement.refused);
      good = false;
    } else if (warn && !statement.once.empty()) {
      context.warning(place(script, statement), statement.once,
                      "a phase may be run again at any time: each statement has to bear that");
    }
  }
  return good;
}

// The index's place: beside its table, or as it was written, or the first of search_path.
std::optional<QualifiedName> index_of(Context& context,
                                      const dsl::sql::ConcurrentStatement& statement,
                                      dsl::Span span) {
  const auto& path = context.catalog.catalog().search_path;
  if (!statement.table_schema.empty())
    return QualifiedName{statement.table_schema, statement.index};
  if (statement.drop) {
    for (const std::string& schema : path) {
      if (context.catalog.relation_exists({schema, statement.index}))
        return QualifiedName{schema, statement.index};
    }
    return QualifiedName{path.empty() ? "public" : path.front(), statement.index};
  }
  const Table* table = context.catalog.table_by_search_path(statement.table);
  if (table != nullptr) return QualifiedName{table->name.schema, statement.index};
  context.error(span, fmt::format("unknown table \"{}\"", statement.table), "write its schema too");
  return std::nullopt;
}

std::optional<Action> action(Context& context, const dsl::SqlText& script,
                             const std::vector<ScriptStatement>& statements, std::string& done) {
  std::string text = complete(script, statements);
  const auto& concurrent = statements.front().concurrent;
  if (!concurrent) return Transaction{std::move(text)};
  const auto index = index_of(context, *concurrent, script.span);
  if (!index) return std::nullopt;
  done = concurrent->drop ? probe::relation_missing(*index) : probe::index_valid(*index);
  text.pop_back();
  return ConcurrentIndex{
      {index->schema, concurrent->table}, *index, concurrent->drop, std::move(text)};
}

ObjectKind kind_of(dsl::sql::Touched::Kind kind) {
  using enum dsl::sql::Touched::Kind;
  switch (kind) {
    case view:
      return ObjectKind::view;
    case function:
      return ObjectKind::function;
    case table:
      return ObjectKind::table;
    case type:
      return ObjectKind::type;
    case index:
      return ObjectKind::index;
    case trigger:
      return ObjectKind::trigger;
    case policy:
      return ObjectKind::policy;
    case column:
      return ObjectKind::column;
    case constraint:
      return ObjectKind::constraint;
  }
  return ObjectKind::view;
}

// What the script makes or takes away is not drift when it is found so.
void own(Context& context, const std::vector<ScriptStatement>& statements) {
  const auto& path = context.catalog.catalog().search_path;
  for (const ScriptStatement& statement : statements) {
    for (const auto& touched : statement.touched) {
      const std::string& relation = touched.table.empty() ? touched.name : touched.table;
      std::vector<std::string> schemas = path;
      if (!touched.schema.empty()) schemas = {touched.schema};
      for (const std::string& schema : schemas)
        context.own(kind_of(touched.kind), {schema, relation}, touched.name);
    }
  }
}

void hazards(Context& context, const dsl::RunSql& intent,
             const std::vector<ScriptStatement>& statements) {
  const std::string object =
      fmt::format("sql {}, line {}", name_of(phase_of(intent.phase)), context.here().line);
  for (const ScriptStatement& statement : statements) {
    for (const auto& hazard : statement.hazards) {
      if (hazard.code == "sql-old-release" && intent.phase == dsl::SqlPhase::contract) continue;
      context.hazard(hazard.code, HazardLevel::note, object, hazard.message, hazard.advice);
    }
  }
  if (!intent.undo && intent.phase != dsl::SqlPhase::contract) {
    context.hazard("sql-no-undo", HazardLevel::note, object,
                   "Undo leaves what it did: the change does not say how to take it back.",
                   "Say it: `undo $$ … $$`.");
  }
}

}  // namespace

void plan(Context& context, const dsl::RunSql& intent) {
  const auto parsed = dsl::sql::parse_script(intent.body.text);
  const auto* statements = std::get_if<std::vector<ScriptStatement>>(&parsed);
  if (statements == nullptr || !check(context, intent.body, *statements, true)) return;
  Step step;
  const auto does = action(context, intent.body, *statements, step.done);
  if (!does) return;
  step.phase = phase_of(intent.phase);
  step.title = fmt::format("The author's SQL, from line {}", context.here().line);
  step.action = *does;
  step.why =
      intent.because.value_or("the author asked for it; it is run again whenever the phase is");
  const bool quick = std::all_of(statements->begin(), statements->end(),
                                 [](const ScriptStatement& one) { return one.hazards.empty(); });
  step.scan = statements->front().concurrent && !statements->front().concurrent->drop
                  ? Scan::builds_index
              : quick ? Scan::catalogue
                      : Scan::writes;
  if (intent.phase == dsl::SqlPhase::contract) {
    if (intent.undo)
      context.warning(intent.undo->span, "phase 4 has no way back: this is never run",
                      "leave it out");
    step.undo_note = "none: forward fix, as a new change";
  } else if (intent.undo) {
    const auto back = dsl::sql::parse_script(intent.undo->text);
    const auto* ways = std::get_if<std::vector<ScriptStatement>>(&back);
    std::string ignored;
    if (ways == nullptr || !check(context, *intent.undo, *ways, true)) return;
    const auto undo = action(context, *intent.undo, *ways, ignored);
    if (!undo) return;
    step.undo = {*undo};
  } else {
    step.undo_note = "nothing: the change does not say how to take it back";
  }
  own(context, *statements);
  hazards(context, intent, *statements);
  const int place = intent.phase == dsl::SqlPhase::expand     ? behind_expand
                    : intent.phase == dsl::SqlPhase::backfill ? behind_backfill
                                                              : before_contract;
  context.note(context.draft.notes_for(step.phase).changes,
               intent.because ? fmt::format("The author's own SQL runs: {}.", *intent.because)
                              : "The author's own SQL runs.");
  context.add_step(place, std::move(step));
}

}  // namespace segue::planner
