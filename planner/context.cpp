#include "planner/context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "planner/names.hpp"

namespace segue::planner {

namespace {

using dsl::sql::max_identifier_bytes;
using dsl::sql::quote_identifier;

std::string shown(std::string_view name) {
  return fmt::format("\"{}\"", name);
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const auto best = dsl::nearest(word, candidates);
  return best ? fmt::format("did you mean {}?", shown(*best)) : std::string{};
}

std::vector<std::string> table_names(const Catalog& catalog,
                                     const std::optional<dsl::Identifier>& schema) {
  std::vector<std::string> names;
  for (const Table& table : catalog.tables) {
    if (!schema || table.name.schema == schema->name) names.push_back(table.name.name);
  }
  return names;
}

// Functions of pg_catalog that give another value at every call. Those of the catalogue's own
// functions are known from it. Source: pg_proc.provolatile of PostgreSQL 13 to 18, without those
// that no value can come from.
constexpr std::array volatile_builtins{
    "clock_timestamp",  "currval",       "gen_random_uuid", "lastval", "nextval",
    "pg_sleep",         "random",        "random_normal",   "setseed", "setval",
    "timeofday",        "txid_current",  "uuidv4",          "uuidv7",  "uuid_generate_v1",
    "uuid_generate_v4", "pg_backend_pid"};

}  // namespace

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

// ---- Names ----

const Table* Context::table(const dsl::TableName& name) {
  const Catalog& all = catalog.catalog();
  const Table* found = name.schema ? catalog.table({name.schema->name, name.name.name})
                                   : catalog.table_by_search_path(name.name.name);
  if (found != nullptr) {
    if (!found->extension.empty()) {
      error(name.span,
            fmt::format("{} belongs to extension {}", quoted(found->name), shown(found->extension)),
            "an extension's own scripts change its tables");
      return nullptr;
    }
    if (found->kind == TableKind::foreign) {
      error(name.span, fmt::format("{} is a foreign table", quoted(found->name)),
            "its rows live on another server: change the table there");
      return nullptr;
    }
    if (const auto dropped = dropped_tables_.find(found->name);
        dropped != dropped_tables_.end() &&
        !std::holds_alternative<dsl::DropTable>(statement->intent)) {
      error(name.span, fmt::format("{} is dropped in this file", quoted(found->name)),
            "what is on a table goes with it", {{dropped->second, "dropped here"}});
      return nullptr;
    }
    return found;
  }
  if (name.schema &&
      std::find(all.schemas.begin(), all.schemas.end(), name.schema->name) == all.schemas.end()) {
    error(name.schema->span, fmt::format("unknown schema {}", shown(name.schema->name)),
          did_you_mean(name.schema->name, all.schemas));
    return nullptr;
  }
  const auto is_view = [&](const std::string& schema) {
    return catalog.view({schema, name.name.name}) != nullptr;
  };
  if (name.schema ? is_view(name.schema->name)
                  : std::any_of(all.search_path.begin(), all.search_path.end(), is_view)) {
    error(name.span, fmt::format("{} is a view", shown(name.name.name)),
          "segue changes tables; a view follows the table that it reads");
    return nullptr;
  }
  std::string hint = did_you_mean(name.name.name, table_names(all, name.schema));
  if (hint.empty() && !name.schema) {
    for (const Table& other : all.tables) {
      if (other.name.name == name.name.name) {
        hint = fmt::format("schema {} has one: write {}", shown(other.name.schema),
                           quoted(other.name));
        break;
      }
    }
  }
  error(name.name.span, fmt::format("unknown table {}", shown(name.name.name)), std::move(hint));
  return nullptr;
}

std::optional<Context::ResolvedIndex> Context::index(const dsl::TableName& name) {
  const Catalog& all = catalog.catalog();
  const auto in_schema = [&](const std::string& schema) -> std::optional<ResolvedIndex> {
    for (const Table& one : all.tables) {
      if (one.name.schema != schema) continue;
      if (const Index* found = one.index(name.name.name)) return ResolvedIndex{&one, found};
    }
    return std::nullopt;
  };
  std::vector<std::string> schemas = all.search_path;
  if (name.schema) schemas = {name.schema->name};
  std::vector<std::string> candidates;
  for (const std::string& schema : schemas) {
    if (auto found = in_schema(schema)) return found;
    for (const Table& one : all.tables) {
      if (one.name.schema != schema) continue;
      for (const Index& index : one.indexes) candidates.push_back(index.name);
    }
  }
  std::string hint = did_you_mean(name.name.name, candidates);
  for (const std::string& schema : schemas) {
    if (catalog.table({schema, name.name.name}) != nullptr)
      hint = fmt::format("{} is a table: write `drop table`", shown(name.name.name));
  }
  error(name.name.span, fmt::format("unknown index {}", shown(name.name.name)), std::move(hint));
  return std::nullopt;
}

const Type* Context::enumeration(const dsl::TableName& name) {
  const Catalog& all = catalog.catalog();
  std::vector<std::string> schemas = all.search_path;
  if (name.schema) schemas = {name.schema->name};
  std::vector<std::string> candidates;
  for (const std::string& schema : schemas) {
    for (const Type& type : all.types) {
      if (type.name.schema != schema) continue;
      if (type.kind == TypeKind::enumeration) candidates.push_back(type.name.name);
      if (type.name.name != name.name.name) continue;
      if (type.kind != TypeKind::enumeration) {
        error(name.span, fmt::format("{} is not an enum", quoted(type.name)),
              "only an enum has a list of values");
        return nullptr;
      }
      if (!type.extension.empty()) {
        error(name.span,
              fmt::format("{} belongs to extension {}", quoted(type.name), shown(type.extension)));
        return nullptr;
      }
      return &type;
    }
  }
  error(name.name.span, fmt::format("unknown enum {}", shown(name.name.name)),
        did_you_mean(name.name.name, candidates));
  return nullptr;
}

std::optional<ResolvedColumn> Context::column(const dsl::ColumnName& name) {
  const Table* found = table(name.table);
  if (found == nullptr) return std::nullopt;
  return column(*found, name.column);
}

std::optional<ResolvedColumn> Context::column(const Table& table, const dsl::Identifier& name) {
  const auto renamed = renamed_from_.find(table.name);
  if (renamed != renamed_from_.end()) {
    const auto old = renamed->second.find(name.name);
    if (old != renamed->second.end()) {
      return ResolvedColumn{&table, name.name, table.column(old->second), old->second, {}};
    }
  }
  const auto renames = renames_.find(table.name);
  if (renames != renames_.end()) {
    const auto gone = renames->second.find(name.name);
    if (gone != renames->second.end()) {
      error(name.span, fmt::format("column {} is renamed in this file", shown(name.name)),
            fmt::format("statements speak of the end state: write {}",
                        quote_identifier(gone->second)));
      return std::nullopt;
    }
  }
  if (const auto dropped = dropped_.find(table.name); dropped != dropped_.end()) {
    if (const auto gone = dropped->second.find(name.name); gone != dropped->second.end()) {
      const Gone& how = gone->second;
      error(name.span, fmt::format("column {} is {} in this file", shown(name.name), how.verb), "",
            {{how.span, fmt::format("{} here", how.verb)}});
      return std::nullopt;
    }
  }
  if (const auto added = added_.find(table.name);
      added != added_.end() && added->second.contains(name.name)) {
    return ResolvedColumn{&table, name.name, nullptr, {}, {}};
  }
  if (const Column* base = table.column(name.name)) {
    std::string shadow;
    if (const auto all = shadows_.find(table.name); all != shadows_.end()) {
      if (const auto own = all->second.find(name.name); own != all->second.end())
        shadow = own->second;
    }
    return ResolvedColumn{&table, name.name, base, {}, std::move(shadow)};
  }

  std::vector<std::string> candidates;
  for (const Column& column : table.columns) {
    const auto to = renames_.find(table.name);
    const bool other = to != renames_.end() && to->second.contains(column.name);
    candidates.push_back(other ? to->second.at(column.name) : column.name);
  }
  if (const auto added = added_.find(table.name); added != added_.end()) {
    for (const auto& [column, span] : added->second) candidates.push_back(column);
  }
  error(name.span, fmt::format("unknown column {} in {}", shown(name.name), quoted(table.name)),
        did_you_mean(name.name, candidates));
  return std::nullopt;
}

std::optional<std::vector<ResolvedColumn>> Context::columns(
    const Table& table, const std::vector<dsl::Identifier>& names) {
  std::vector<ResolvedColumn> resolved;
  std::set<std::string> seen;
  bool good = true;
  for (const dsl::Identifier& name : names) {
    if (!seen.insert(name.name).second) {
      error(name.span, fmt::format("column {} is named twice", shown(name.name)));
      good = false;
      continue;
    }
    auto one = column(table, name);
    if (one) {
      resolved.push_back(*one);
    } else {
      good = false;
    }
  }
  if (!good) return std::nullopt;
  return resolved;
}

std::string Context::new_name(const QualifiedName& table, const std::string& column) const {
  for (const auto* all : {&renames_, &shadows_}) {
    const auto of_table = all->find(table);
    if (of_table == all->end()) continue;
    if (const auto found = of_table->second.find(column); found != of_table->second.end())
      return found->second;
  }
  return column;
}

std::string Context::before_contract(const Table& table, const std::string& expression) const {
  const auto shadows = shadows_.find(table.name);
  return shadows == shadows_.end()
             ? expression
             : dsl::sql::rename_columns(expression, shadows->second, table.name.name);
}

std::string Context::type(const dsl::TypeName& name) {
  const auto parsed = dsl::sql::parse_type(name.text);
  if (const auto* problem = std::get_if<dsl::sql::ParseError>(&parsed)) {
    error(name.span, fmt::format("not a type: {}", problem->message));
    return {};
  }
  const auto& type = std::get<dsl::sql::Type>(parsed);
  if (type.schema == "pg_catalog" || (type.schema.empty() && builtin_types_.contains(type.name)))
    return name.text;
  if (!type.schema.empty()) {
    if (user_types_.contains({type.schema, type.name})) return name.text;
  } else {
    for (const std::string& schema : catalog.catalog().search_path) {
      if (user_types_.contains({schema, type.name})) {
        return fmt::format("{}.{}", quote_identifier(schema), name.text);
      }
    }
    if (builtin_types_.empty()) return name.text;
  }
  std::vector<std::string> candidates(builtin_types_.begin(), builtin_types_.end());
  candidates.insert(candidates.end(), {"integer", "bigint", "smallint", "boolean", "varchar",
                                       "character", "decimal", "real"});
  for (const QualifiedName& user : user_types_) candidates.push_back(user.name);
  error(name.span, fmt::format("type {} does not exist", shown(type.name)),
        did_you_mean(type.name, candidates));
  return {};
}

bool Context::is_constrained_domain(const dsl::TypeName& name) const {
  const auto parsed = dsl::sql::parse_type(name.text);
  const auto* type = std::get_if<dsl::sql::Type>(&parsed);
  if (type == nullptr || type->is_array) return false;
  const auto constrained = [&](const std::string& schema) {
    const auto& types = catalog.catalog().types;
    return std::any_of(types.begin(), types.end(), [&](const Type& one) {
      return one.constrained && one.name == QualifiedName{schema, type->name};
    });
  };
  if (!type->schema.empty()) return constrained(type->schema);
  if (builtin_types_.contains(type->name)) return false;
  const auto& path = catalog.catalog().search_path;
  const auto schema = std::find_if(path.begin(), path.end(), [&](const std::string& one) {
    return user_types_.contains({one, type->name});
  });
  return schema != path.end() && constrained(*schema);
}

std::optional<dsl::sql::Expression> Context::expression(const Table& table,
                                                        const dsl::Fragment& fragment,
                                                        NamesOf names, std::string_view what) {
  auto parsed = dsl::sql::parse_expression(fragment.text);
  const auto span_at = [&](std::size_t begin, std::size_t end) {
    return dsl::Span{fragment.span.begin + static_cast<std::uint32_t>(begin),
                     fragment.span.begin + static_cast<std::uint32_t>(end)};
  };
  if (const auto* problem = std::get_if<dsl::sql::ParseError>(&parsed)) {
    error(span_at(problem->offset, problem->offset + 1), problem->message);
    return std::nullopt;
  }
  auto& expression = std::get<dsl::sql::Expression>(parsed);
  // Inside a subquery a name may be another table's; PostgreSQL says so when the phase runs.
  if (expression.has_subquery) return std::move(expression);
  bool good = true;
  for (const dsl::sql::ColumnUse& use : expression.columns) {
    const dsl::Span span = span_at(use.name_begin, use.name_end);
    if (!use.qualifiers.empty()) {
      const std::string& qualifier = use.qualifiers.back();
      const bool other_schema =
          use.qualifiers.size() > 1 && use.qualifiers.front() != table.name.schema;
      if (qualifier != table.name.name || other_schema) {
        error(span_at(use.begin, use.name_end),
              fmt::format("{} may only name columns of {}", what, quoted(table.name)),
              "a value from another table needs a subquery: (select …)");
        good = false;
        continue;
      }
    }
    if (use.name == "*") continue;
    if (names == NamesOf::after) {
      good = column(table, {use.name, span}).has_value() && good;
      continue;
    }
    if (table.column(use.name) != nullptr) continue;
    std::vector<std::string> candidates;
    for (const Column& column : table.columns) candidates.push_back(column.name);
    std::string hint = did_you_mean(use.name, candidates);
    if (const auto renamed = renamed_from_.find(table.name); renamed != renamed_from_.end()) {
      if (const auto old = renamed->second.find(use.name); old != renamed->second.end()) {
        hint = fmt::format("here names are those before the change: write {}",
                           quote_identifier(old->second));
      }
    }
    error(span, fmt::format("unknown column {} in {}", shown(use.name), quoted(table.name)),
          std::move(hint));
    good = false;
  }
  if (!good) return std::nullopt;
  return std::move(expression);
}

std::optional<dsl::sql::Expression> Context::constant_expression(const dsl::Fragment& fragment) {
  auto parsed = dsl::sql::parse_expression(fragment.text);
  if (const auto* problem = std::get_if<dsl::sql::ParseError>(&parsed)) {
    error(fragment.span, problem->message);
    return std::nullopt;
  }
  auto& expression = std::get<dsl::sql::Expression>(parsed);
  if (!expression.columns.empty() || expression.has_subquery) {
    error(fragment.span,
          expression.has_subquery ? "a default may not hold a subquery"
                                  : "a default may not name a column",
          "use `backfill` for a value that comes from the row");
    return std::nullopt;
  }
  return std::move(expression);
}

bool Context::is_volatile(const dsl::sql::Expression& expression) const {
  return std::any_of(
      expression.functions.begin(), expression.functions.end(),
      [&](const dsl::sql::FunctionUse& use) {
        if (std::find(volatile_builtins.begin(), volatile_builtins.end(), use.name) !=
            volatile_builtins.end())
          return true;
        const auto& functions = catalog.catalog().functions;
        return std::any_of(functions.begin(), functions.end(), [&](const Function& function) {
          return function.name.name == use.name &&
                 (use.schema.empty() || function.name.schema == use.schema) &&
                 function.volatility == "volatile";
        });
      });
}

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
            fmt::format("the name {} is taken in schema {}", shown(name), shown(table.name.schema)),
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
            fmt::format("{} has a constraint {} already", quoted(table.name), shown(name)));
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
