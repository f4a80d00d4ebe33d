// Whether a statement that an application sent uses a column. Names are resolved level by level as
// far as a text allows; what stays in doubt counts as a use, for the answer decides whether the
// column may go.
#include <algorithm>
#include <set>

#include "dsl/sql.hpp"
#include "dsl/sql_scope.hpp"
#include "dsl/sql_tree.hpp"

namespace segue::dsl::sql {

namespace {

class MentionFinder {
 public:
  MentionFinder(const std::string& schema, const std::string& table, const std::string& column,
                const RelationLookup& lookup)
      : schema_(schema), table_(table), column_(column), lookup_(lookup) {}

  ColumnMention run(const Tree& statements) {
    for (const auto& item : statements) walk(child(item, "stmt"), QueryScope{});
    return found_;
  }

 private:
  void found(ColumnMention mention) { found_ = std::max(found_, mention); }

  void walk(const Tree& node, const QueryScope& scope) {
    for (const auto& part : node) {
      const auto& key = part.key();
      if (key == "SelectStmt") {
        select(part, scope);
      } else if (key == "InsertStmt") {
        insert(part, scope);
      } else if (key == "UpdateStmt" || key == "DeleteStmt" || key == "MergeStmt") {
        change(part, scope);
      } else if (key == "CopyStmt") {
        copy(part, scope);
      } else if (key == "ColumnRef") {
        reference(names_of(child(part, "fields")), scope);
      } else {
        if (key == "A_Indirection") indirection(part, scope);
        walk(part, scope);
      }
    }
  }

  // ---- statements ----

  void select(const Tree& node, const QueryScope& outer) {
    CteScope ctes{outer.ctes, {}};
    name_queries(node, ctes);
    QueryScope scope{&outer, &ctes, {}};
    if (const auto& left = child(node, "larg"); !left.is_null()) {
      select(left, scope);
      select(child(node, "rarg"), scope);
      walk(child(node, "withClause"), scope);
      return;
    }
    for (const auto& item : child(node, "fromClause")) from(item, scope);
    walk(node, scope);
  }

  // The rows of INSERT … SELECT are read without sight of the table that they go into.
  void insert(const Tree& node, const QueryScope& outer) {
    CteScope ctes{outer.ctes, {}};
    name_queries(node, ctes);
    const QueryScope before{&outer, &ctes, {}};
    walk(child(node, "selectStmt"), before);
    walk(child(node, "withClause"), before);
    QueryScope scope = before;
    const bool target = relation(child(node, "relation"), scope);
    if (target) {
      scope.entries.push_back({"excluded", "", std::nullopt, true});
      const auto& columns = child(node, "cols");
      if (columns.empty()) found(ColumnMention::star);
      assigned(columns);
      assigned(child(child(node, "onConflictClause"), "targetList"));
      for (const auto& item : child(child(child(node, "onConflictClause"), "infer"), "indexElems"))
        named(child(item, "IndexElem").value("name", ""));
    }
    walk(child(node, "onConflictClause"), scope);
    walk(child(node, "returningList"), scope);
  }

  void change(const Tree& node, const QueryScope& outer) {
    CteScope ctes{outer.ctes, {}};
    name_queries(node, ctes);
    QueryScope scope{&outer, &ctes, {}};
    const bool target = relation(child(node, "relation"), scope);
    for (const char* list : {"fromClause", "usingClause"}) {
      for (const auto& item : child(node, list)) from(item, scope);
    }
    if (const auto& source = child(node, "sourceRelation"); !source.is_null()) from(source, scope);
    if (target) {
      assigned(child(node, "targetList"));
      for (const auto& item : child(node, "mergeWhenClauses")) {
        const auto& when = child(item, "MergeWhenClause");
        assigned(child(when, "targetList"));
        if (when.contains("values") && !when.contains("targetList")) found(ColumnMention::star);
      }
    }
    walk(node, scope);
  }

  void copy(const Tree& node, const QueryScope& outer) {
    QueryScope scope{&outer, nullptr, {}};
    if (relation(child(node, "relation"), scope)) {
      const auto columns = names_of(child(node, "attlist"));
      if (columns.empty()) found(ColumnMention::star);
      for (const auto& name : columns) named(name);
    }
    walk(child(node, "query"), outer);
  }

  static void name_queries(const Tree& node, CteScope& ctes) {
    for (const auto& item : child(child(node, "withClause"), "ctes"))
      ctes.queries[child(item, "CommonTableExpr").value("ctename", "")] = std::nullopt;
  }

  void assigned(const Tree& targets) {
    for (const auto& item : targets) named(child(item, "ResTarget").value("name", ""));
  }

  void named(const std::string& name) {
    if (name == column_) found(ColumnMention::named);
  }

  // ---- FROM ----

  static std::string alias_of(const Tree& node) {
    return child(node, "alias").value("aliasname", "");
  }

  // Whether it is the table.
  bool relation(const Tree& node, QueryScope& scope) const {
    if (!node.is_object()) return false;
    const auto schema = node.value("schemaname", "");
    const auto name = node.value("relname", "");
    RangeEntry entry{alias_of(node), schema, std::nullopt, false};
    if (entry.alias.empty()) entry.alias = name;
    const bool query = schema.empty() && scope.ctes != nullptr && scope.ctes->find(name) != nullptr;
    if (!query) {
      entry.is_target = name == table_ && (schema.empty() || schema == schema_);
      if (const auto known = lookup_(schema, name)) entry.columns = known->columns;
    }
    scope.entries.push_back(entry);
    return entry.is_target;
  }

  void from(const Tree& item, QueryScope& scope) {
    if (const auto& node = child(item, "RangeVar"); !node.is_null()) {
      relation(node, scope);
    } else if (const auto& join = child(item, "JoinExpr"); !join.is_null()) {
      const auto before = scope.entries.size();
      from(child(join, "larg"), scope);
      from(child(join, "rarg"), scope);
      const bool target =
          std::any_of(scope.entries.begin() + static_cast<std::ptrdiff_t>(before),
                      scope.entries.end(), [](const RangeEntry& entry) { return entry.is_target; });
      if (!target) return;
      for (const auto& name : names_of(child(join, "usingClause"))) named(name);
      if (join.value("isNatural", false)) found(ColumnMention::star);
    } else if (const auto& sample = child(item, "RangeTableSample"); !sample.is_null()) {
      from(child(sample, "relation"), scope);
    } else {
      for (const auto& other : item)
        scope.entries.push_back({alias_of(other), "", std::nullopt, false});
    }
  }

  // ---- names ----

  void reference(const std::vector<std::string>& names, const QueryScope& scope) {
    if (names.empty()) return;
    const auto& last = names.back();
    if (names.size() > 1) {
      const auto* entry = qualified(names[names.size() - 2], scope);
      if (entry == nullptr || !entry->is_target) return;
      if (last == "*") found(ColumnMention::star);
      named(last);
    } else if (last == "*") {
      if (std::ranges::any_of(scope.entries, &RangeEntry::is_target)) found(ColumnMention::star);
    } else if (last == column_) {
      if (means_target(scope)) found(ColumnMention::named);
    } else if (const auto* row = qualified(last, scope); row != nullptr && row->is_target) {
      if (!row->has(last)) found(ColumnMention::star);  // the whole row
    }
  }

  static const RangeEntry* qualified(const std::string& alias, const QueryScope& scope) {
    for (const auto* level = &scope; level != nullptr; level = level->parent) {
      for (const auto& entry : level->entries) {
        if (entry.alias == alias) return &entry;
      }
    }
    return nullptr;
  }

  // A name without a qualifier is the innermost level's that has it.
  bool means_target(const QueryScope& scope) const {
    for (const auto* level = &scope; level != nullptr; level = level->parent) {
      if (std::ranges::any_of(level->entries, &RangeEntry::is_target)) return true;
      const auto has = [&](const RangeEntry& entry) { return entry.has(column_); };
      if (std::ranges::any_of(level->entries, has)) return false;
    }
    return false;
  }

  // (u).full_name
  void indirection(const Tree& node, const QueryScope& scope) {
    const auto row = names_of(child(child(child(node, "arg"), "ColumnRef"), "fields"));
    if (row.size() != 1) return;
    const auto* entry = qualified(row[0], scope);
    if (entry == nullptr || !entry->is_target) return;
    for (const auto& name : names_of(child(node, "indirection"))) named(name);
  }

  const std::string& schema_;
  const std::string& table_;
  const std::string& column_;
  const RelationLookup& lookup_;
  ColumnMention found_ = ColumnMention::none;
};

bool has_word(std::string_view text, const std::string& name) {
  for (Token token = next_token(text, 0);
       token.kind != TokenKind::end && token.kind != TokenKind::unterminated;
       token = next_token(text, token.end)) {
    const bool identifier =
        token.kind == TokenKind::identifier || token.kind == TokenKind::quoted_identifier;
    if (identifier && identifier_name(text.substr(token.begin, token.end - token.begin)) == name)
      return true;
  }
  return false;
}

}  // namespace

ColumnMention mention_in_statement(std::string_view statement, const std::string& schema,
                                   const std::string& table, const std::string& column,
                                   const RelationLookup& lookup) {
  const auto parsed = parse_statements(statement);
  if (std::holds_alternative<ParseError>(parsed)) {
    return has_word(statement, table) && has_word(statement, column) ? ColumnMention::named
                                                                     : ColumnMention::none;
  }
  return MentionFinder(schema, table, column, lookup).run(std::get<Tree>(parsed));
}

}  // namespace segue::dsl::sql
