// Renaming columns in a whole query. PostgreSQL's rules for what a name means are followed level by
// level; wherever they leave a doubt the answer is CannotRewrite.
#include <algorithm>
#include <set>
#include <utility>

#include "dsl/sql_output_name.hpp"
#include "dsl/sql_query_renamer.hpp"

namespace segue::dsl::sql {

std::string in_quotes(std::string_view name) {
  return '"' + std::string(name) + '"';
}

bool holds(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

void append(Entries& to, const Entries& from) {
  to.insert(to.end(), from.begin(), from.end());
}

bool holds_target(const Entries& entries) {
  return std::ranges::any_of(entries, &RangeEntry::is_target);
}

RewrittenQuery QueryRenamer::run(const Tree& select_statement) {
  select(select_statement, nullptr, nullptr);
  const bool changed = !splices_.empty();
  return {apply_splices(text_, std::move(splices_)), changed};
}

std::optional<std::vector<std::size_t>> QueryRenamer::shown(const Tree& select_statement) {
  select(select_statement, nullptr, nullptr);
  if (!child(select_statement, "larg").is_null() ||
      !child(select_statement, "distinctClause").empty())
    return std::nullopt;
  std::set<std::size_t> meant;
  for (const Splice& splice : splices_) {
    if (splice.begin != splice.end) meant.insert(splice.begin);
  }
  std::vector<std::size_t> places;
  std::size_t place = 0;
  for (const auto& item : child(select_statement, "targetList")) {
    const auto& reference = child(child(child(item, "ResTarget"), "val"), "ColumnRef");
    if (!reference.is_null()) {
      const auto count = names_of(child(reference, "fields")).size();
      const auto tokens = dotted_tokens(text_, location_of(reference), count);
      if (!tokens.empty() && meant.contains(tokens.back().begin)) places.push_back(place);
    }
    ++place;
  }
  if (places.size() != meant.size()) return std::nullopt;
  return places;
}

Outputs QueryRenamer::select(const Tree& node, const QueryScope* outer,
                             const CteScope* outer_ctes) {
  CteScope ctes{outer_ctes, {}};
  with_clause(child(node, "withClause"), outer, ctes);
  if (const auto& left = child(node, "larg"); !left.is_null()) {
    return set_operation(node, left, outer, ctes);
  }
  QueryScope scope{outer, &ctes, {}};
  for (const auto& item : child(node, "fromClause")) append(scope.entries, from(item, scope));
  if (const auto& lists = child(node, "valuesLists"); !lists.is_null()) {
    return values(lists, scope);
  }
  const auto& targets = child(node, "targetList");
  Outputs outputs = target_list(targets, scope);
  for (const auto* key :
       {"whereClause", "havingClause", "windowClause", "limitCount", "limitOffset"}) {
    expression(child(node, key), scope);
  }
  const Names written = outputs.value_or(Names{});
  for (const auto& item : child(node, "groupClause")) group_item(item, scope, written);
  for (const auto& item : child(node, "distinctClause")) sort_item(item, scope, written);
  for (const auto& item : child(node, "sortClause")) {
    sort_item(child(child(item, "SortBy"), "node"), scope, written);
  }
  return outputs;
}

Outputs QueryRenamer::set_operation(const Tree& node, const Tree& left, const QueryScope* outer,
                                    const CteScope& ctes) {
  auto outputs = select(left, outer, &ctes);
  select(child(node, "rarg"), outer, &ctes);
  const QueryScope nothing{outer, &ctes, {}};
  expression(child(node, "limitCount"), nothing);
  expression(child(node, "limitOffset"), nothing);
  return outputs;
}

Outputs QueryRenamer::values(const Tree& lists, const QueryScope& scope) {
  expression(lists, scope);
  Names names;
  const auto count = child(child(lists[0], "List"), "items").size();
  for (std::size_t at = 1; at <= count; ++at) names.push_back("column" + std::to_string(at));
  return names;
}

void QueryRenamer::with_clause(const Tree& node, const QueryScope* outer, CteScope& ctes) {
  const bool recursive = node.is_object() && node.value("recursive", false);
  for (const auto& item : child(node, "ctes")) {
    const auto& cte = child(item, "CommonTableExpr");
    const auto& query = child(child(cte, "ctequery"), "SelectStmt");
    if (query.is_null()) throw Doubt{"a WITH query that is not a SELECT"};
    const auto name = cte.value("ctename", "");
    const auto aliases = names_of(child(cte, "aliascolnames"));
    if (recursive) ctes.queries[name] = renamed_outputs(first_outputs(query), aliases);
    auto outputs = renamed_outputs(select(query, outer, &ctes), aliases);
    // SEARCH and CYCLE add columns of their own.
    if (cte.contains("search_clause") || cte.contains("cycle_clause")) outputs = std::nullopt;
    ctes.queries[name] = std::move(outputs);
  }
}

Outputs QueryRenamer::first_outputs(const Tree& query) {
  const Tree* first = &query;
  while (!child(*first, "larg").is_null()) first = &child(*first, "larg");
  Names names;
  for (const auto& item : child(*first, "targetList")) {
    const auto& target = child(item, "ResTarget");
    const auto& fields = child(child(child(target, "val"), "ColumnRef"), "fields");
    if (!fields.empty() && fields.back().contains("A_Star")) return std::nullopt;
    names.push_back(output_name(target));
  }
  return names;
}

Outputs QueryRenamer::renamed_outputs(Outputs outputs, const Names& aliases) {
  if (!outputs) return aliases.empty() ? outputs : Outputs{};
  for (std::size_t at = 0; at < aliases.size() && at < outputs->size(); ++at) {
    (*outputs)[at] = aliases[at];
  }
  return outputs;
}

Outputs QueryRenamer::target_list(const Tree& targets, const QueryScope& scope) {
  Outputs outputs = Names{};
  for (const auto& item : targets) {
    const auto& target = child(item, "ResTarget");
    const auto& value = child(target, "val");
    const auto& fields = child(child(value, "ColumnRef"), "fields");
    if (!fields.empty() && fields.back().contains("A_Star")) {
      star(names_of(fields), scope, outputs);
      continue;
    }
    const auto name = output_name(target);
    const auto before = splices_.size();
    expression(value, scope);
    if (outputs) outputs->push_back(name);
    if (!target.contains("name") && names_renamed_column(value, before)) {
      splices_.push_back({target_end(location_of(target)), 0, " AS " + quote_identifier(name)});
      splices_.back().end = splices_.back().begin;
    }
  }
  return outputs;
}

bool QueryRenamer::names_renamed_column(const Tree& value, std::size_t before) const {
  const auto* column = naming_column(value);
  if (column == nullptr) return false;
  const auto names = names_of(child(*column, "fields"));
  if (!renames_.contains(names.back())) return false;
  const auto tokens = dotted_tokens(text_, location_of(*column), names.size());
  return std::any_of(splices_.begin() + static_cast<std::ptrdiff_t>(before), splices_.end(),
                     [&](const Splice& splice) { return splice.end == tokens.back().end; });
}

std::size_t QueryRenamer::target_end(std::size_t offset) const {
  std::size_t end = offset;
  int depth = 0;
  while (true) {
    const Token token = next_token(text_, end);
    if (token.kind == TokenKind::end || token.kind == TokenKind::unterminated) return end;
    const auto word = text_.substr(token.begin, token.end - token.begin);
    const auto lower = token.kind == TokenKind::identifier ? fold(word) : std::string();
    if (word == "(" || word == "[" || lower == "case") ++depth;
    if (depth == 0 && (word == "," || word == ")" || word == ";" || ends_target(lower))) return end;
    if (word == ")" || word == "]" || lower == "end") --depth;
    end = token.end;
  }
}

bool QueryRenamer::ends_target(const std::string& word) {
  static const Names words = {"from",   "where", "group", "having", "window", "union", "intersect",
                              "except", "order", "limit", "offset", "fetch",  "for"};
  return holds(words, word);
}

void QueryRenamer::star(const Names& names, const QueryScope& scope, Outputs& outputs) {
  Entries covered;
  if (names.size() == 1) {
    covered = scope.entries;
  } else {
    const auto* entry = find_qualified(names, &scope);
    covered.push_back(entry != nullptr ? *entry : RangeEntry{});
  }
  for (const auto& entry : covered) {
    if (entry.is_target) throw Doubt{"a whole-row reference to " + in_quotes(table_)};
    if (!entry.columns) outputs = std::nullopt;
    if (outputs) outputs->insert(outputs->end(), entry.columns->begin(), entry.columns->end());
  }
}

std::optional<std::string> QueryRenamer::bare_name(const Tree& node) {
  const auto names = names_of(child(child(node, "ColumnRef"), "fields"));
  return names.size() == 1 && names[0] != "*" ? std::optional(names[0]) : std::nullopt;
}

void QueryRenamer::sort_item(const Tree& node, const QueryScope& scope, const Names& outputs) {
  const auto name = bare_name(node);
  if (name && holds(outputs, *name)) return;
  const auto renamed = name ? renames_.find(*name) : renames_.end();
  const bool captured = renamed != renames_.end() && holds(outputs, renamed->second);
  column_must_be_qualified_ = captured;
  expression(node, scope);
  column_must_be_qualified_ = false;
}

void QueryRenamer::group_item(const Tree& node, const QueryScope& scope, const Names& outputs) {
  if (const auto& set = child(node, "GroupingSet"); !set.is_null()) {
    for (const auto& item : child(set, "content")) group_item(item, scope, outputs);
    return;
  }
  const auto name = bare_name(node);
  if (name && holds(outputs, *name)) {
    const auto met = [&](const RangeEntry& entry) { return entry.may_have(*name); };
    if (std::ranges::none_of(scope.entries, met)) {
      if (is_new_name(*name) && holds_target(scope.entries)) {
        throw Doubt{"GROUP BY " + in_quotes(*name) + " would mean the renamed column"};
      }
      return;
    }
  }
  expression(node, scope);
}

std::variant<RewrittenQuery, CannotRewrite> rename_in_query(std::string_view query,
                                                            const std::string& schema,
                                                            const std::string& table,
                                                            const ColumnMap& renames,
                                                            const RelationLookup& lookup) {
  auto parsed = parse_statements(query);
  if (const auto* error = std::get_if<ParseError>(&parsed)) {
    return CannotRewrite{"its query is not one that this parser reads: " + error->message};
  }
  const auto& statements = std::get<Tree>(parsed);
  if (statements.size() != 1) return CannotRewrite{"not one query"};
  const auto& select = child(child(statements[0], "stmt"), "SelectStmt");
  if (select.is_null()) return CannotRewrite{"not a SELECT"};
  try {
    return QueryRenamer(query, schema, table, renames, lookup).run(select);
  } catch (const Doubt& doubt) {
    return CannotRewrite{doubt.reason};
  }
}

std::optional<std::vector<std::size_t>> shown_only(std::string_view query,
                                                   const std::string& schema,
                                                   const std::string& table,
                                                   const std::string& column,
                                                   const RelationLookup& lookup) {
  auto parsed = parse_statements(query);
  const auto* statements = std::get_if<Tree>(&parsed);
  if (statements == nullptr || statements->size() != 1) return std::nullopt;
  const auto& select = child(child((*statements)[0], "stmt"), "SelectStmt");
  if (select.is_null()) return std::nullopt;
  const ColumnMap renames{{column, "segue " + column}};
  try {
    return QueryRenamer(query, schema, table, renames, lookup).shown(select);
  } catch (const Doubt&) {
    return std::nullopt;
  }
}

}  // namespace segue::dsl::sql
