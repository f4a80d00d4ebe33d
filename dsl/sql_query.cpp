// Renaming columns in a whole query. PostgreSQL's rules for what a name means are followed level by
// level; wherever they leave a doubt the answer is CannotRewrite.
#include <algorithm>
#include <set>
#include <stdexcept>

#include "dsl/sql.hpp"
#include "dsl/sql_output_name.hpp"
#include "dsl/sql_scope.hpp"
#include "dsl/sql_tree.hpp"

namespace segue::dsl::sql {

namespace {

using Names = std::vector<std::string>;
using Outputs = std::optional<Names>;
using Entries = std::vector<RangeEntry>;

// Thrown inside this file only: the query holds something that cannot be decided.
struct Doubt {
  std::string reason;
};

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

class QueryRenamer {
 public:
  QueryRenamer(std::string_view text, const std::string& schema, const std::string& table,
               const ColumnMap& renames, const RelationLookup& lookup)
      : text_(text), schema_(schema), table_(table), renames_(renames), lookup_(lookup) {}

  RewrittenQuery run(const Tree& select_statement) {
    select(select_statement, nullptr, nullptr);
    const bool changed = !splices_.empty();
    return {apply_splices(text_, std::move(splices_)), changed};
  }

  // The results that are a column to be renamed and nothing else; nothing where it stands anywhere
  // besides.
  std::optional<std::vector<std::size_t>> shown(const Tree& select_statement) {
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
      const auto& value = child(child(item, "ResTarget"), "val");
      const auto& reference = child(value, "ColumnRef");
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

 private:
  // ---- one SELECT ----

  Outputs select(const Tree& node, const QueryScope* outer, const CteScope* outer_ctes) {
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

  // The names of its ORDER BY are output names, which stay.
  Outputs set_operation(const Tree& node, const Tree& left, const QueryScope* outer,
                        const CteScope& ctes) {
    auto outputs = select(left, outer, &ctes);
    select(child(node, "rarg"), outer, &ctes);
    const QueryScope nothing{outer, &ctes, {}};
    expression(child(node, "limitCount"), nothing);
    expression(child(node, "limitOffset"), nothing);
    return outputs;
  }

  Outputs values(const Tree& lists, const QueryScope& scope) {
    expression(lists, scope);
    Names names;
    const auto count = child(child(lists[0], "List"), "items").size();
    for (std::size_t at = 1; at <= count; ++at) names.push_back("column" + std::to_string(at));
    return names;
  }

  void with_clause(const Tree& node, const QueryScope* outer, CteScope& ctes) {
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

  // What a recursive query calls its columns: its first arm's names, none if a star is among them.
  static Outputs first_outputs(const Tree& query) {
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

  static Outputs renamed_outputs(Outputs outputs, const Names& aliases) {
    if (!outputs) return aliases.empty() ? outputs : Outputs{};
    for (std::size_t at = 0; at < aliases.size() && at < outputs->size(); ++at) {
      (*outputs)[at] = aliases[at];
    }
    return outputs;
  }

  // ---- FROM ----

  // `scope` holds what stands to the left, for LATERAL.
  Entries from(const Tree& item, const QueryScope& scope) {
    if (const auto& node = child(item, "RangeVar"); !node.is_null()) return {relation(node, scope)};
    if (const auto& node = child(item, "JoinExpr"); !node.is_null()) return join(node, scope);
    if (const auto& node = child(item, "RangeTableSample"); !node.is_null()) {
      expression(child(node, "args"), scope);
      return from(child(node, "relation"), scope);
    }
    if (const auto& node = child(item, "RangeSubselect"); !node.is_null()) {
      return {subselect(node, scope)};
    }
    if (const auto& node = child(item, "RangeFunction"); !node.is_null()) {
      expression(child(node, "functions"), scope);
      return {function(node)};
    }
    if (const auto& node = child(item, "RangeTableFunc"); !node.is_null()) {
      expression(node, scope);
      return {RangeEntry{alias_of(node), "", std::nullopt, false}};
    }
    throw Doubt{"an item in FROM that is not known here"};
  }

  static std::string alias_of(const Tree& node) {
    const auto& alias = child(node, "alias");
    return alias.is_null() ? "" : alias.value("aliasname", "");
  }

  static Names alias_columns(const Tree& node) {
    return names_of(child(child(node, "alias"), "colnames"));
  }

  RangeEntry relation(const Tree& node, const QueryScope& scope) {
    const auto schema = node.value("schemaname", "");
    const auto name = node.value("relname", "");
    const auto aliases = alias_columns(node);
    RangeEntry entry{alias_of(node), "", std::nullopt, false};
    const bool aliased = !entry.alias.empty();
    if (!aliased) entry.alias = name;
    if (const auto* cte =
            schema.empty() && scope.ctes != nullptr ? scope.ctes->find(name) : nullptr) {
      entry.columns = renamed_outputs(*cte, aliases);
      return entry;
    }
    const auto found = lookup_(schema, name);
    if (!found && name == table_ && (schema.empty() || schema == schema_)) {
      throw Doubt{"relation " + in_quotes(name) + " is not in the catalogue"};
    }
    if (!found) return entry;
    if (!aliased) entry.schema = found->schema;
    entry.columns = renamed_outputs(found->columns, aliases);
    entry.is_target = found->schema == schema_ && found->table == table_;
    if (entry.is_target && !aliases.empty()) {
      throw Doubt{"a list of column aliases over " + in_quotes(name)};
    }
    return entry;
  }

  RangeEntry subselect(const Tree& node, const QueryScope& scope) {
    const auto& query = child(child(node, "subquery"), "SelectStmt");
    const bool lateral = node.value("lateral", false);
    auto outputs = select(query, lateral ? &scope : scope.parent, scope.ctes);
    return {alias_of(node), "", renamed_outputs(std::move(outputs), alias_columns(node)), false};
  }

  static RangeEntry function(const Tree& node) {
    RangeEntry entry{alias_of(node), "", std::nullopt, false};
    Names columns = alias_columns(node);
    for (const auto& item : child(node, "coldeflist")) {
      columns.push_back(child(item, "ColumnDef").value("colname", ""));
    }
    if (!columns.empty()) entry.columns = std::move(columns);
    return entry;
  }

  Entries join(const Tree& node, const QueryScope& scope) {
    Entries left = from(child(node, "larg"), scope);
    QueryScope beside = scope;
    append(beside.entries, left);
    Entries right = from(child(node, "rarg"), beside);
    const auto shared = names_of(child(node, "usingClause"));
    check_join(left, right, shared, node.value("isNatural", false));
    QueryScope both{scope.parent, scope.ctes, left};
    append(both.entries, right);
    expression(child(node, "quals"), both);
    if (const auto alias = alias_of(node); !alias.empty()) {
      if (holds_target(both.entries)) throw Doubt{"an alias over a whole JOIN"};
      return {RangeEntry{alias, "", std::nullopt, false}};
    }
    if (const auto& alias = child(node, "join_using_alias"); !alias.is_null()) {
      both.entries.push_back({alias.value("aliasname", ""), "", Names{}, false});
    }
    return std::move(both.entries);
  }

  void check_join(const Entries& left, const Entries& right, const Names& shared, bool natural) {
    if (!holds_target(left) && !holds_target(right)) return;
    const auto& others = holds_target(left) ? right : left;
    for (const auto& [old_name, new_name] : renames_) {
      for (const auto& name : {old_name, new_name}) {
        if (holds(shared, name)) throw Doubt{"JOIN USING (" + name + ")"};
        const auto met = [&](const RangeEntry& entry) { return entry.may_have(name); };
        if (natural && std::ranges::any_of(others, met)) {
          throw Doubt{"NATURAL JOIN over " + in_quotes(name)};
        }
      }
    }
  }

  // ---- SELECT list, GROUP BY, ORDER BY ----

  Outputs target_list(const Tree& targets, const QueryScope& scope) {
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

  // Whether the column that gives the target its name is among the splices since `before`.
  bool names_renamed_column(const Tree& value, std::size_t before) const {
    const auto* column = naming_column(value);
    if (column == nullptr) return false;
    const auto names = names_of(child(*column, "fields"));
    if (!renames_.contains(names.back())) return false;
    const auto tokens = dotted_tokens(text_, location_of(*column), names.size());
    return std::any_of(splices_.begin() + static_cast<std::ptrdiff_t>(before), splices_.end(),
                       [&](const Splice& splice) { return splice.end == tokens.back().end; });
  }

  // The end of the target expression that begins at `offset`.
  std::size_t target_end(std::size_t offset) const {
    std::size_t end = offset;
    int depth = 0;
    while (true) {
      const Token token = next_token(text_, end);
      if (token.kind == TokenKind::end || token.kind == TokenKind::unterminated) return end;
      const auto word = text_.substr(token.begin, token.end - token.begin);
      const auto lower = token.kind == TokenKind::identifier ? fold(word) : std::string();
      if (word == "(" || word == "[" || lower == "case") ++depth;
      if (depth == 0 && (word == "," || word == ")" || word == ";" || ends_target(lower)))
        return end;
      if (word == ")" || word == "]" || lower == "end") --depth;
      end = token.end;
    }
  }

  static bool ends_target(const std::string& word) {
    static const Names words = {"from",   "where",     "group",  "having", "window",
                                "union",  "intersect", "except", "order",  "limit",
                                "offset", "fetch",     "for"};
    return holds(words, word);
  }

  void star(const Names& names, const QueryScope& scope, Outputs& outputs) {
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

  static std::optional<std::string> bare_name(const Tree& node) {
    const auto names = names_of(child(child(node, "ColumnRef"), "fields"));
    return names.size() == 1 && names[0] != "*" ? std::optional(names[0]) : std::nullopt;
  }

  // ORDER BY and DISTINCT ON: a bare name is an output name first, and output names stay.
  void sort_item(const Tree& node, const QueryScope& scope, const Names& outputs) {
    const auto name = bare_name(node);
    if (name && holds(outputs, *name)) return;
    const auto renamed = name ? renames_.find(*name) : renames_.end();
    const bool captured = renamed != renames_.end() && holds(outputs, renamed->second);
    column_must_be_qualified_ = captured;
    expression(node, scope);
    column_must_be_qualified_ = false;
  }

  // GROUP BY: a bare name is a column of this level first, then an output name.
  void group_item(const Tree& node, const QueryScope& scope, const Names& outputs) {
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

  // ---- expressions ----

  void expression(const Tree& node, const QueryScope& scope) {
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

  void field_selection(const Tree& node) const {
    for (const auto& name : names_of(child(node, "indirection"))) {
      if (renames_.contains(name))
        throw Doubt{"a field " + in_quotes(name) + " of a composite value"};
    }
  }

  // xmlforest(full_name) names its element after the column.
  void xml_argument(const Tree& node) const {
    const auto* column = naming_column(child(node, "val"));
    if (node.contains("name") || column == nullptr) return;
    const auto names = names_of(child(*column, "fields"));
    if (renames_.contains(names.back())) throw Doubt{"an XML element named after the column"};
  }

  void column(const Tree& node, const QueryScope& scope) {
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

  bool is_new_name(std::string_view name) const {
    return std::ranges::any_of(renames_, [&](const auto& pair) { return pair.second == name; });
  }

  void unqualified(const std::string& name, const Token& token, const QueryScope& innermost) {
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

  // `name` means a column of `found`, a FROM item of the level `home`.
  void resolved(const std::string& name, const Token& token, const RangeEntry& found,
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

  const RangeEntry* find_qualified(const Names& names, const QueryScope* scope) const {
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

  void replace(const Token& token, std::string text) {
    splices_.push_back({token.begin, token.end, std::move(text)});
  }

  std::string_view text_;
  const std::string& schema_;
  const std::string& table_;
  const ColumnMap& renames_;
  const RelationLookup& lookup_;
  std::vector<Splice> splices_;
  bool column_must_be_qualified_ = false;
};

}  // namespace

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
