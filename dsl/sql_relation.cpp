// Renaming a table wherever a statement names it as a relation.
#include "dsl/sql.hpp"
#include "dsl/sql_tree.hpp"

namespace segue::dsl::sql {

namespace {

class RelationRenamer {
 public:
  RelationRenamer(std::string_view text, std::string_view schema, std::string_view from,
                  std::string_view to, std::size_t shift)
      : text_(text), schema_(schema), from_(from), to_(to), shift_(shift) {}

  std::string run(const Tree& statements) {
    aliased_ = is_alias(statements);
    walk(statements, false);
    return apply_splices(text_, std::move(splices_));
  }

 private:
  // Whether the query gives the old name to anything itself.
  bool is_alias(const Tree& node) const {
    for (const Tree& part : node) {
      const bool alias = part.key() == "aliasname" || part.key() == "ctename";
      if ((alias && part.is_string() && part.text() == from_) || is_alias(part)) return true;
    }
    return false;
  }

  // `in_query`: below a SELECT, where an alias may follow.
  void walk(const Tree& node, bool in_query) {
    if (node.is_object() && node.contains("relname") && node.contains("relpersistence"))
      relation(node, in_query);
    if (in_query && !aliased_ && node.key() == "ColumnRef") qualifier(node);
    for (const Tree& part : node) walk(part, in_query || part.key() == "SelectStmt");
  }

  void relation(const Tree& node, bool in_query) {
    if (node.value("relname", "") != from_ || node.value("schemaname", "") != schema_) return;
    const std::size_t at = location_of(node);
    if (at < shift_) return;
    const auto names = dotted_tokens(text_, at - shift_, 2);
    if (names.size() != 2) return;
    std::string name = quote_identifier(to_);
    if (in_query && aliased_ && !node.contains("alias")) name += ' ' + quote_identifier(from_);
    splices_.push_back({names[1].begin, names[1].end, std::move(name)});
  }

  void qualifier(const Tree& node) {
    const auto fields = names_of(child(node, "fields"));
    const std::size_t at = location_of(node);
    if (fields.size() < 2 || at < shift_) return;
    std::size_t place = 0;
    if (fields.size() > 2 && fields[0] == schema_) place = 1;
    if (fields[place] != from_) return;
    const auto names = dotted_tokens(text_, at - shift_, fields.size());
    if (names.size() != fields.size()) return;
    splices_.push_back({names[place].begin, names[place].end, quote_identifier(to_)});
  }

  std::string_view text_;
  std::string_view schema_;
  std::string_view from_;
  std::string_view to_;
  std::size_t shift_;
  bool aliased_ = false;
  std::vector<Splice> splices_;
};

void collect_names(const Tree& node, StatementNames& names) {
  if (node.is_object() && node.contains("relname") && node.contains("relpersistence"))
    names.relations.emplace(node.value("schemaname", ""), node.value("relname", ""));
  const auto one = [&](const char* key) {
    if (const std::string name = node.value(key, ""); !name.empty()) names.columns.insert(name);
  };
  const std::string& kind = node.key();
  if (kind == "ColumnDef") one("colname");
  if (kind == "IndexElem" || kind == "ResTarget" || kind == "AlterTableCmd") one("name");
  if (kind == "RenameStmt") {
    one("subname");
    if (node.contains("subname")) one("newname");
  }
  if (kind == "ColumnRef") {
    const auto fields = names_of(child(node, "fields"));
    if (!fields.empty()) names.columns.insert(fields.back());
  }
  if (kind == "Constraint") {
    for (const char* list : {"keys", "fk_attrs", "pk_attrs"}) {
      for (const std::string& name : names_of(child(node, list))) names.columns.insert(name);
    }
  }
  if (kind == "DropStmt" && node.value("removeType", "") == "OBJECT_TABLE") {
    for (const Tree& object : child(node, "objects")) {
      const auto parts = names_of(child(child(object, "List"), "items"));
      if (!parts.empty())
        names.dropped.emplace(parts.size() > 1 ? parts[parts.size() - 2] : "", parts.back());
    }
  }
  for (const Tree& part : node) collect_names(part, names);
}

}  // namespace

StatementNames names_in_statement(std::string_view statement) {
  StatementNames names;
  const auto parsed = parse_statements(statement);
  if (const auto* statements = std::get_if<Tree>(&parsed)) collect_names(*statements, names);
  return names;
}

std::string rename_relation(std::string_view text, std::string_view schema, std::string_view from,
                            std::string_view to, std::string_view prefix) {
  const auto parsed = parse_statements(text, prefix);
  const auto* statements = std::get_if<Tree>(&parsed);
  if (statements == nullptr) return std::string{text};
  return RelationRenamer(text, schema, from, to, prefix.size()).run(*statements);
}

}  // namespace segue::dsl::sql
