// What a name in an expression means, and what it has to be called after the rename.
#include <algorithm>
#include <utility>

#include "dsl/sql_output_name.hpp"
#include "dsl/sql_query_renamer.hpp"

namespace segue::dsl::sql {

void QueryRenamer::expression(const Tree& node, const QueryScope& scope) {
  if (node.is_array()) {
    for (const auto& item : node) expression(item, scope);
    return;
  }
  if (!node.is_object()) return;
  for (const auto& value : node) {
    const auto& key = value.key();
    if (key == "ColumnRef") {
      column(value, scope);
    } else if (key == "SelectStmt") {
      select(value, &scope, scope.ctes);
    } else {
      if (key == "A_Indirection") field_selection(value);
      if (key == "ResTarget") xml_argument(value);
      expression(value, scope);
    }
  }
}

void QueryRenamer::field_selection(const Tree& node) const {
  for (const auto& name : names_of(child(node, "indirection"))) {
    if (renames_.contains(name))
      throw Doubt{"a field " + in_quotes(name) + " of a composite value"};
  }
}

void QueryRenamer::xml_argument(const Tree& node) const {
  const auto* column = naming_column(child(node, "val"));
  if (node.contains("name") || column == nullptr) return;
  const auto names = names_of(child(*column, "fields"));
  if (renames_.contains(names.back())) throw Doubt{"an XML element named after the column"};
}

void QueryRenamer::column(const Tree& node, const QueryScope& scope) {
  auto names = names_of(child(node, "fields"));
  const auto tokens = dotted_tokens(text_, location_of(node), names.size());
  if (tokens.size() != names.size()) throw Doubt{"a column reference that cannot be placed"};
  if (names.back() == "*") {
    Outputs ignored;
    star(names, scope, ignored);
  } else if (names.size() == 1) {
    unqualified(names[0], tokens[0], scope);
  } else if (const auto renamed = renames_.find(names.back()); renamed != renames_.end()) {
    const auto* entry = find_qualified(names, &scope);
    if (entry == nullptr || !entry->columns) {
      throw Doubt{"what " + in_quotes(names[names.size() - 2]) + " stands for is not known"};
    }
    if (entry->is_target) replace(tokens.back(), quote_identifier(renamed->second));
  }
}

bool QueryRenamer::is_new_name(std::string_view name) const {
  return std::ranges::any_of(renames_, [&](const auto& pair) { return pair.second == name; });
}

void QueryRenamer::unqualified(const std::string& name, const Token& token,
                               const QueryScope& innermost) {
  const bool qualify = column_must_be_qualified_;
  column_must_be_qualified_ = false;
  const auto renamed = renames_.find(name);
  const bool relevant = renamed != renames_.end() || is_new_name(name);
  for (const auto* scope = &innermost; scope != nullptr; scope = scope->parent) {
    const RangeEntry* found = nullptr;
    for (const auto& entry : scope->entries) {
      if (!entry.has(name)) continue;
      if (found != nullptr && relevant) throw Doubt{in_quotes(name) + " is ambiguous"};
      found = &entry;
    }
    if (found != nullptr) {
      if (relevant) resolved(name, token, *found, innermost, scope, qualify);
      return;
    }
    for (const auto& entry : scope->entries) {
      if (entry.is_target && entry.alias == name) {
        throw Doubt{"a whole-row reference to " + in_quotes(table_)};
      }
      if (relevant && !entry.columns)
        throw Doubt{"where " + in_quotes(name) + " comes from is not known"};
    }
  }
  if (relevant) throw Doubt{"where " + in_quotes(name) + " comes from is not known"};
}

void QueryRenamer::resolved(const std::string& name, const Token& token, const RangeEntry& found,
                            const QueryScope& innermost, const QueryScope* home, bool qualify) {
  const auto renamed = renames_.find(name);
  const bool moves = found.is_target && renamed != renames_.end();
  const std::string& after = moves ? renamed->second : name;
  // After the rename something nearer, or beside it, may bear the name as well.
  for (const auto* scope = &innermost;; scope = scope->parent) {
    for (const auto& entry : scope->entries) {
      if (&entry == &found) continue;
      const bool gains = entry.is_target && is_new_name(after);
      if (gains || entry.may_have(after)) qualify = true;
    }
    if (scope == home) break;
  }
  if (!moves && !qualify) return;
  std::string text = quote_identifier(after);
  if (qualify) {
    const Names reference = {found.alias, after};
    if (found.alias.empty() || find_qualified(reference, &innermost) != &found) {
      throw Doubt{in_quotes(after) + " would be ambiguous"};
    }
    text = quote_identifier(found.alias) + '.' + text;
  }
  replace(token, std::move(text));
}

const RangeEntry* QueryRenamer::find_qualified(const Names& names, const QueryScope* scope) const {
  const auto& alias = names[names.size() - 2];
  const auto schema = names.size() > 2 ? names[names.size() - 3] : std::string();
  for (; scope != nullptr; scope = scope->parent) {
    const RangeEntry* found = nullptr;
    for (const auto& entry : scope->entries) {
      if (entry.alias != alias || (!schema.empty() && entry.schema != schema)) continue;
      if (found != nullptr) throw Doubt{in_quotes(alias) + " is ambiguous"};
      found = &entry;
    }
    if (found != nullptr) return found;
  }
  return nullptr;
}

void QueryRenamer::replace(const Token& token, std::string text) {
  splices_.push_back({token.begin, token.end, std::move(text)});
}

}  // namespace segue::dsl::sql
