#include "dsl/sql_create.hpp"

#include <algorithm>
#include <optional>

#include "dsl/sql_tree.hpp"

namespace segue::dsl::sql {
namespace {

// Thrown inside this file only.
struct Refused {
  std::string reason;
};

RelationName relation_name(const Tree& range) {
  return {range.value("schemaname", ""), range.value("relname", "")};
}

std::string type_name(const Tree& node) {
  std::string out;
  for (const auto& name : names_of(child(node, "names"))) {
    out += (out.empty() ? "" : ".") + quote_identifier(name);
  }
  return out + (node.contains("arrayBounds") ? "[]" : "");
}

bool is_serial(const Tree& node) {
  const auto names = names_of(child(node, "names"));
  return names.size() == 1 && names[0].find("serial") != std::string::npos;
}

class TableReader {
 public:
  CreatedTable read(const Tree& create) {
    if (create.contains("partbound")) throw Refused{"a partition is part of another table"};
    if (create.contains("inhRelations"))
      throw Refused{"an inheriting table is part of another one"};
    if (create.contains("ofTypename")) throw Refused{"a table OF a type has no columns of its own"};
    out_.partitioned = create.contains("partspec");
    for (const auto& item : child(create, "tableElts")) {
      if (item.contains("TableLikeClause"))
        throw Refused{"LIKE takes over more than is written here: write the columns out"};
      if (const auto& column = child(item, "ColumnDef"); !column.is_null()) read_column(column);
      if (const auto& constraint = child(item, "Constraint"); !constraint.is_null())
        read_constraint(constraint, {});
    }
    for (const auto& constraint : out_.constraints) {
      if (constraint.kind != CreatedConstraintKind::primary_key) continue;
      for (auto& column : out_.columns) {
        if (std::ranges::find(constraint.columns, column.name) != constraint.columns.end())
          column.not_null = true;
      }
    }
    return std::move(out_);
  }

 private:
  void read_column(const Tree& node) {
    const auto& type = child(node, "typeName");
    CreatedColumn column{node.value("colname", ""), type_name(type), is_serial(type)};
    out_.columns.push_back(column);
    for (const auto& item : child(node, "constraints")) {
      const auto& constraint = child(item, "Constraint");
      const auto kind = constraint.value("contype", "");
      if (kind == "CONSTR_NOTNULL" || kind == "CONSTR_IDENTITY")
        out_.columns.back().not_null = true;
      read_constraint(constraint, column.name);
    }
  }

  // `column`: of a constraint that stands behind one.
  void read_constraint(const Tree& node, const std::string& column) {
    const auto kind = node.value("contype", "");
    CreatedConstraint out;
    if (kind == "CONSTR_ATTR_DEFERRABLE" && !out_.constraints.empty())
      out_.constraints.back().deferrable = true;
    if (kind == "CONSTR_PRIMARY") {
      out.kind = CreatedConstraintKind::primary_key;
    } else if (kind == "CONSTR_UNIQUE") {
      out.kind = CreatedConstraintKind::unique;
    } else if (kind == "CONSTR_CHECK") {
      out.kind = CreatedConstraintKind::check;
    } else if (kind == "CONSTR_EXCLUSION") {
      out.kind = CreatedConstraintKind::exclude;
    } else if (kind == "CONSTR_FOREIGN") {
      out.kind = CreatedConstraintKind::foreign_key;
      out.target = relation_name(child(node, "pktable"));
      out.target_columns = names_of(child(node, "pk_attrs"));
    } else {
      return;
    }
    out.name = node.value("conname", "");
    out.deferrable = node.value("deferrable", false);
    out.columns = names_of(child(node, kind == "CONSTR_FOREIGN" ? "fk_attrs" : "keys"));
    if (out.columns.empty() && !column.empty()) out.columns = {column};
    out_.constraints.push_back(std::move(out));
  }

  CreatedTable out_;
};

CreatedView read_view(const Tree& view, std::string_view text) {
  if (view.value("replace", false))
    throw Refused{"OR REPLACE would change a view that the old release may read"};
  // Its query is looked at as a function's body would be.
  const auto names = names_in_sql(text);
  CreatedView out;
  for (const auto& relation : names.relations) out.reads.push_back({"", relation});
  out.columns = names.columns;
  return out;
}

std::string range_persistence(const Tree& range) {
  return range.value("relpersistence", "p");
}

// The name's tokens: the first name behind CREATE, its modifiers and the kind of thing.
void place_name(std::string_view text, Created& out) {
  const auto lower = [&](const Token& token) {
    return fold(text.substr(token.begin, token.end - token.begin));
  };
  Token token = next_token(text, 0);
  while (token.kind != TokenKind::end && lower(token) != "table" && lower(token) != "type" &&
         lower(token) != "view") {
    token = next_token(text, token.end);
  }
  const Token first = next_token(text, token.end);
  const auto tokens = dotted_tokens(text, first.begin, out.name.schema.empty() ? 1 : 2);
  out.name_begin = first.begin;
  out.name_end = tokens.empty() ? first.end : tokens.back().end;
}

Created read(const Tree& statement, std::string_view text) {
  Created out;
  if (const auto& create = child(statement, "CreateStmt"); !create.is_null()) {
    const auto& range = child(create, "relation");
    if (range_persistence(range) == "t")
      throw Refused{"a temporary table ends with the session that makes it"};
    if (create.value("if_not_exists", false))
      throw Refused{"IF NOT EXISTS has no place here: a name that is taken is an error"};
    out.name = relation_name(range);
    out.what = TableReader().read(create);
  } else if (const auto& view = child(statement, "ViewStmt"); !view.is_null()) {
    const auto& range = child(view, "view");
    if (range_persistence(range) == "t")
      throw Refused{"a temporary view ends with the session that makes it"};
    out.name = relation_name(range);
    out.what = read_view(view, text);
  } else {
    CreatedType type;
    std::vector<std::string> names;
    if (const auto& enumeration = child(statement, "CreateEnumStmt"); !enumeration.is_null()) {
      names = names_of(child(enumeration, "typeName"));
      type.labels = names_of(child(enumeration, "vals"));
    } else if (const auto& composite = child(statement, "CompositeTypeStmt");
               !composite.is_null()) {
      const auto range = relation_name(child(composite, "typevar"));
      if (!range.schema.empty()) names.push_back(range.schema);
      names.push_back(range.name);
      type.kind = CreatedType::Kind::composite;
    } else if (const auto& interval = child(statement, "CreateRangeStmt"); !interval.is_null()) {
      names = names_of(child(interval, "typeName"));
      type.kind = CreatedType::Kind::range;
    } else if (statement.contains("CreateTableAsStmt")) {
      throw Refused{
          "a table AS a query holds rows from the start: create it empty, and fill it by `sql "
          "backfill`"};
    } else {
      throw Refused{"`create` makes a table, a view, or an enum, composite or range type"};
    }
    if (names.size() > 1) out.name.schema = names[names.size() - 2];
    out.name.name = names.empty() ? "" : names.back();
    out.what = std::move(type);
  }
  place_name(text, out);
  return out;
}

}  // namespace

std::variant<Created, ParseError> parse_create(std::string_view text) {
  auto parsed = parse_statements(text);
  if (auto* error = std::get_if<ParseError>(&parsed)) return std::move(*error);
  const auto& statements = std::get<Tree>(parsed);
  if (statements.size() != 1) return ParseError{"one statement is wanted here", 0};
  try {
    return read(child(statements[0], "stmt"), text);
  } catch (const Refused& refused) {
    return ParseError{refused.reason, 0};
  }
}

}  // namespace segue::dsl::sql
