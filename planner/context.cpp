// What a recipe says and adds: mistakes, hazards, notes, steps, and names that nobody has.
#include "planner/context.hpp"

#include <fmt/format.h>

#include "planner/names.hpp"
#include "planner/wording.hpp"

namespace segue::planner {

Context::Context(const dsl::Source& source, const dsl::Change& change,
                 const CatalogIndex& catalog_index, const std::set<std::string>& allowed_hazards,
                 std::string change_name)
    : catalog(catalog_index),
      source_(source),
      change_(change),
      allowed_(allowed_hazards),
      change_name_(std::move(change_name)),
      builtin_types_(catalog_index.catalog().builtin_types.begin(),
                     catalog_index.catalog().builtin_types.end()) {
  draft.change = change_name_;
  for (const Type& type : catalog.catalog().types) user_types_.insert(type.name);
}

SourceLine Context::here() const {
  const dsl::Position position = source_.position(statement->span.begin);
  std::string_view text = source_.line(position.line);
  const auto first = text.find_first_not_of(" \t");
  if (first != std::string_view::npos) text.remove_prefix(first);
  const auto last = text.find_last_not_of(" \t\r");
  return {position.line,
          std::string{text.substr(0, last == std::string_view::npos ? 0 : last + 1)}};
}

void Context::error(dsl::Span span, std::string message, std::string hint) {
  error(span, std::move(message), std::move(hint), {});
}

void Context::error(dsl::Span span, std::string message, std::string hint,
                    std::vector<dsl::Related> related) {
  diagnostics.push_back(
      {dsl::Severity::error, span, std::move(message), std::move(hint), std::move(related)});
}

void Context::refuse_by_app(std::string_view because) {
  error(statement->options.via_span, fmt::format("`via app` means nothing here: {}", because),
        "leave it out");
}

void Context::warning(dsl::Span span, std::string message, std::string hint) {
  diagnostics.push_back({dsl::Severity::warning, span, std::move(message), std::move(hint), {}});
}

void Context::hazard(std::string code, HazardLevel level, std::string object, std::string message,
                     std::string advice) {
  const bool allowed = allowed_.contains(code);
  if (!said_.insert(fmt::format("{}\n{}\n{}", code, object, message)).second) return;
  std::optional<SourceLine> source;
  if (statement != nullptr) source = here();
  draft.hazards.push_back({std::move(code), level, std::move(object), std::move(message),
                           std::move(advice), std::move(source), allowed});
}
// ---- Names that the plan makes ----

std::string Context::own_relation_name(const Table& table, std::string_view what) {
  std::string key{what};
  std::string name = own_name(change_name_, key);
  while (catalog.relation_exists({table.name.schema, name}) ||
         !taken_relations_.insert({table.name.schema, name}).second) {
    key += '+';
    name = own_name(change_name_, key);
  }
  return name;
}

std::string Context::own_constraint_name(const Table& table, std::string_view what) {
  std::string key{what};
  std::string name = own_name(change_name_, key);
  while (table.constraint(name) != nullptr || !taken_constraints_[table.name].insert(name).second) {
    key += '+';
    name = own_name(change_name_, key);
  }
  return name;
}

std::string Context::index_name(const Table& table, const std::optional<dsl::Identifier>& given,
                                const std::vector<std::string>& columns, std::string_view label) {
  const auto taken = [&](const std::string& name) {
    return catalog.relation_exists({table.name.schema, name}) ||
           taken_relations_.contains({table.name.schema, name});
  };
  std::string name;
  if (given) {
    name = given->name;
    if (taken(name)) {
      error(given->span,
            fmt::format("the name {} is taken in schema {}", in_quotes(name),
                        in_quotes(table.name.schema)),
            "indexes, tables, views and sequences share one set of names");
      return {};
    }
  } else {
    name = choose_name(table.name.name, index_name_addition(columns), label, taken);
  }
  taken_relations_.insert({table.name.schema, name});
  return name;
}

std::string Context::constraint_name(const Table& table,
                                     const std::optional<dsl::Identifier>& given,
                                     const std::vector<std::string>& columns,
                                     std::string_view label) {
  const auto taken = [&](const std::string& name) {
    return table.constraint(name) != nullptr || taken_constraints_[table.name].contains(name);
  };
  std::string name;
  if (given) {
    name = given->name;
    if (taken(name)) {
      error(given->span,
            fmt::format("{} has a constraint {} already", quoted(table.name), in_quotes(name)));
      return {};
    }
  } else {
    name = choose_name(table.name.name, index_name_addition(columns), label, taken);
  }
  taken_constraints_[table.name].insert(name);
  return name;
}
// ---- The draft ----

TableDraft& Context::draft_of(const Table& table) {
  TableDraft& found = draft.tables[table.name];
  if (found.table == nullptr) {
    found.table = &table;
    draft.touched.push_back(table.name);
  }
  return found;
}

void Context::replace_column(const Table& table, Rename rename) {
  TableDraft& draft_of_table = draft_of(table);
  if (draft_of_table.asked == nullptr) draft_of_table.asked = statement;
  draft_of_table.renames.push_back(std::move(rename));
}

void Context::add_step(int order, Step step) {
  if (step.source.empty() && statement != nullptr) step.source.push_back(here());
  draft.steps.push_back({std::move(step), order});
}

void Context::own(ObjectKind kind, const QualifiedName& table, std::string name) {
  draft.owned.push_back({kind, table, std::move(name)});
}

void Context::note(std::vector<std::string>& notes, std::string sentence) {
  if (noted_.emplace(&notes, sentence).second) notes.push_back(std::move(sentence));
}

const dsl::sql::BodyNames& Context::body_names(const Function& function) {
  const auto known = bodies_.find(&function);
  if (known != bodies_.end()) return known->second;
  dsl::sql::BodyNames names;
  if (function.language == "plpgsql") {
    names = dsl::sql::names_in_plpgsql(function.definition);
  } else if (function.language == "sql") {
    names = dsl::sql::names_in_sql(function.body);
  } else {
    names.parsed = true;  // C and the like name no column in a text that anybody could read
  }
  return bodies_.emplace(&function, std::move(names)).first->second;
}

}  // namespace segue::planner
