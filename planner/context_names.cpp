// What a name of the change means: tables, indexes, enums and columns of the state that the file
// leads to.
#include <fmt/format.h>

#include <algorithm>
#include <type_traits>
#include <variant>

#include "planner/context.hpp"
#include "planner/wording.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

// What an unknown table may have meant. Without its schema only search_path finds one.
std::string other_table(const Catalog& catalog, const dsl::TableName& name) {
  std::vector<std::string> found;
  std::vector<std::string> elsewhere;
  for (const Table& table : catalog.tables) {
    const auto& path = catalog.search_path;
    const bool here = name.schema
                          ? table.name.schema == name.schema->name
                          : std::find(path.begin(), path.end(), table.name.schema) != path.end();
    (here ? found : elsewhere).push_back(table.name.name);
  }
  const auto whole = [&](const std::string& meant) {
    const auto table = std::find_if(catalog.tables.begin(), catalog.tables.end(),
                                    [&](const Table& one) { return one.name.name == meant; });
    return table->name;
  };
  if (name.schema) return did_you_mean(name.name.name, found);
  if (std::find(elsewhere.begin(), elsewhere.end(), name.name.name) != elsewhere.end()) {
    const QualifiedName one = whole(name.name.name);
    return fmt::format("schema {} has one: write {}", in_quotes(one.schema), quoted(one));
  }
  std::string hint = did_you_mean(name.name.name, found);
  if (!hint.empty()) return hint;
  const auto near = dsl::nearest(name.name.name, elsewhere);
  return near ? fmt::format("did you mean {}?", quoted(whole(*near))) : "";
}

}  // namespace

namespace {

// What PostgreSQL does to a foreign table in its own catalogue alone: it has no index there, no
// constraint is enforced, and a trigger sees only what is written through this server.
bool works_on_foreign(const dsl::Intent& intent) {
  if (const auto* add = std::get_if<dsl::AddColumn>(&intent))
    return !add->required && !add->backfill && !add->unique && !add->check && !add->references;
  if (const auto* drop = std::get_if<dsl::DropColumn>(&intent)) return !drop->back;
  return std::holds_alternative<dsl::RelaxColumn>(intent) ||
         std::holds_alternative<dsl::SetDefault>(intent);
}

// The tables whose list of columns a statement changes.
std::vector<const dsl::TableName*> reshaped(const dsl::Intent& intent) {
  const auto own = [](const auto& one) -> std::vector<const dsl::TableName*> {
    using Intent = std::decay_t<decltype(one)>;
    if constexpr (std::is_same_v<Intent, dsl::MoveColumn>) {
      return {&one.column.table, &one.to.table};
    } else if constexpr (std::is_same_v<Intent, dsl::MergeColumns>) {
      return {&one.table};
    } else if constexpr (std::is_same_v<Intent, dsl::AddColumn> ||
                         std::is_same_v<Intent, dsl::DropColumn> ||
                         std::is_same_v<Intent, dsl::RenameColumn> ||
                         std::is_same_v<Intent, dsl::RetypeColumn> ||
                         std::is_same_v<Intent, dsl::WidenKey> ||
                         std::is_same_v<Intent, dsl::SplitColumn>) {
      return {&one.column.table};
    } else {
      return {};
    }
  };
  return std::visit(own, intent);
}

// Whether a statement may change a table that is an extension's, or on another server.
bool may_change(Context& context, const dsl::TableName& name, const Table& table) {
  const bool as_a_whole = std::holds_alternative<dsl::DropTable>(context.statement->intent) ||
                          std::holds_alternative<dsl::RenameTable>(context.statement->intent);
  if (!table.extension.empty() && as_a_whole) {
    context.error(
        name.span,
        fmt::format("{} belongs to extension {}", quoted(table.name), in_quotes(table.extension)),
        "PostgreSQL drops it only with its extension, and an extension finds it by its name");
    return false;
  }
  if (!table.extension.empty()) {
    context.hazard(
        "extension-object", HazardLevel::refuses, quoted(table.name),
        fmt::format("It belongs to extension {}: an update of that, and a dump that is restored, "
                    "know nothing of this change.",
                    in_quotes(table.extension)),
        "Let the extension's own scripts change it; or plan with --allow extension-object.");
  }
  const std::vector<const dsl::TableName*> shapes = reshaped(context.statement->intent);
  if (!table.of_type.empty() && std::find(shapes.begin(), shapes.end(), &name) != shapes.end()) {
    context.refuse_typed(name.span, table);
    return false;
  }
  if (table.kind != TableKind::foreign) return true;
  if (!works_on_foreign(context.statement->intent)) {
    context.error(
        name.span, fmt::format("{} is a foreign table", quoted(table.name)),
        "its rows live on another server, where no trigger, index or constraint of this one "
        "reaches: change the table there");
    return false;
  }
  context.hazard(
      "foreign-table", HazardLevel::refuses, quoted(table.name),
      "It is a foreign table: only what this server says of it changes, not the table that its "
      "rows are in, and a statement that names what is not there fails.",
      "Change the other server's table first (for a drop: after phase 4); then plan with "
      "--allow foreign-table.");
  return true;
}

}  // namespace

void Context::refuse_typed(dsl::Span span, const Table& table, std::string_view because) {
  error(span,
        fmt::format("{} is a table OF {}: PostgreSQL gives it no other columns than those of the "
                    "type{}",
                    quoted(table.name), table.of_type, because),
        fmt::format("let it have its own first, in a moment: ALTER TABLE {} NOT OF",
                    quoted(table.name)));
}

const Table* Context::table(const dsl::TableName& name) {
  const Catalog& all = catalog.catalog();
  const Table* found = name.schema ? catalog.table({name.schema->name, name.name.name})
                                   : catalog.table_by_search_path(name.name.name);
  if (found != nullptr) {
    if (!may_change(*this, name, *found)) return nullptr;
    if (const auto dropped = dropped_tables_.find(found->name);
        dropped != dropped_tables_.end() &&
        !std::holds_alternative<dsl::DropTable>(statement->intent)) {
      error(name.span, fmt::format("{} is dropped in this file", quoted(found->name)),
            "what is on a table goes with it", {{dropped->second, "dropped here"}});
      return nullptr;
    }
    return found;
  }
  for (const auto& [to, from] : renamed_tables) {
    const auto& path = all.search_path;
    const bool meant =
        from.name == name.name.name &&
        (name.schema ? from.schema == name.schema->name
                     : std::find(path.begin(), path.end(), from.schema) != path.end());
    if (!meant) continue;
    error(name.span, fmt::format("table {} is renamed in this file", quoted(from)),
          fmt::format("statements speak of the end state: write {}", quote_identifier(to.name)));
    return nullptr;
  }
  if (name.schema &&
      std::find(all.schemas.begin(), all.schemas.end(), name.schema->name) == all.schemas.end()) {
    error(name.schema->span, fmt::format("unknown schema {}", in_quotes(name.schema->name)),
          did_you_mean(name.schema->name, all.schemas));
    return nullptr;
  }
  const auto is_view = [&](const std::string& schema) {
    return catalog.view({schema, name.name.name}) != nullptr;
  };
  if (name.schema ? is_view(name.schema->name)
                  : std::any_of(all.search_path.begin(), all.search_path.end(), is_view)) {
    error(name.span, fmt::format("{} is a view", in_quotes(name.name.name)),
          "segue changes tables; a view follows the table that it reads");
    return nullptr;
  }
  error(name.name.span, fmt::format("unknown table {}", in_quotes(name.name.name)),
        other_table(all, name));
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
      hint = fmt::format("{} is a table: write `drop table`", in_quotes(name.name.name));
  }
  error(name.name.span, fmt::format("unknown index {}", in_quotes(name.name.name)),
        std::move(hint));
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
        hazard("extension-object", HazardLevel::refuses, quoted(type.name),
               fmt::format("It belongs to extension {}: an update of that, and a dump that is "
                           "restored, know nothing of this change.",
                           in_quotes(type.extension)),
               "Let the extension's own scripts change it; or plan with --allow extension-object.");
      }
      return &type;
    }
  }
  error(name.name.span, fmt::format("unknown enum {}", in_quotes(name.name.name)),
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
      error(name.span, fmt::format("column {} is renamed in this file", in_quotes(name.name)),
            fmt::format("statements speak of the end state: write {}",
                        quote_identifier(gone->second)));
      return std::nullopt;
    }
  }
  if (const auto dropped = dropped_.find(table.name); dropped != dropped_.end()) {
    if (const auto gone = dropped->second.find(name.name); gone != dropped->second.end()) {
      const Gone& how = gone->second;
      error(name.span, fmt::format("column {} is {} in this file", in_quotes(name.name), how.verb),
            "", {{how.span, fmt::format("{} here", how.verb)}});
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
  error(name.span, fmt::format("unknown column {} in {}", in_quotes(name.name), quoted(table.name)),
        did_you_mean(name.name, candidates));
  return std::nullopt;
}

const Column* Context::existing(const Table& table, const dsl::Identifier& name) {
  if (const Column* base = table.column(name.name)) return base;
  const auto made = column(table, name);
  if (!made) return nullptr;
  error(
      name.span,
      fmt::format("column {} of {} is made in this file", in_quotes(name.name), quoted(table.name)),
      made->renamed()
          ? fmt::format("one statement says what becomes of {}: `retype … as {}` gives it another "
                        "type and name; or write this in a change of its own",
                        quote_identifier(made->old_name), quote_identifier(name.name))
          : "let the statement that makes it say what it is to be");
  return nullptr;
}

std::optional<std::vector<ResolvedColumn>> Context::columns(
    const Table& table, const std::vector<dsl::Identifier>& names) {
  std::vector<ResolvedColumn> resolved;
  std::set<std::string> seen;
  bool good = true;
  for (const dsl::Identifier& name : names) {
    if (!seen.insert(name.name).second) {
      error(name.span, fmt::format("column {} is named twice", in_quotes(name.name)));
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

std::string Context::until_contract(const QualifiedName& table, const std::string& column) const {
  const auto of_table = shadows_.find(table);
  if (of_table == shadows_.end()) return column;
  const auto found = of_table->second.find(column);
  return found == of_table->second.end() ? column : found->second;
}

std::string Context::before_contract(const Table& table, const std::string& expression) const {
  const auto shadows = shadows_.find(table.name);
  return shadows == shadows_.end()
             ? expression
             : dsl::sql::rename_columns(expression, shadows->second, table.name.name);
}

}  // namespace segue::planner
