#include <algorithm>
#include <array>
#include <stdexcept>

#include "dsl/sql.hpp"
#include "dsl/sql_output_name.hpp"
#include "dsl/sql_tree.hpp"

namespace segue::dsl::sql {
namespace {

// The one place in PostgreSQL's grammar where a bare a_expr stands at the end of a statement, so
// that nothing but one expression can follow.
constexpr std::string_view expression_prefix = "ALTER DOMAIN d SET DEFAULT ";
constexpr const char* unexpected_close = "syntax error at or near \")\"";
constexpr std::string_view type_prefix = "DROP CAST (int AS ";

// A closing bracket without its opening one, or a `;`: text that would end the wrapper.
std::optional<ParseError> refuse_escape(std::string_view text) {
  int depth = 0;
  for (Token token = next_token(text, 0); token.kind != TokenKind::end;
       token = next_token(text, token.end)) {
    if (token.kind != TokenKind::punctuation) continue;
    const char c = text[token.begin];
    if (c == ';')
      return ParseError{"one expression is wanted here, and no second statement", token.begin};
    if (c == '(') ++depth;
    if (c == ')' && --depth < 0) return ParseError{unexpected_close, token.begin};
  }
  return std::nullopt;
}

// Functions behind SQL's own syntax.
std::string sql_value_function(const std::string& op) {
  if (op == "SVFOP_CURRENT_CATALOG") return "current_database";
  if (op == "SVFOP_CURRENT_SCHEMA") return "current_schema";
  if (op == "SVFOP_SESSION_USER") return "session_user";
  if (op == "SVFOP_CURRENT_ROLE" || op == "SVFOP_CURRENT_USER" || op == "SVFOP_USER") {
    return "current_user";
  }
  return "now";
}

class ExpressionReader {
 public:
  explicit ExpressionReader(std::string_view text) : text_(text) {}

  std::variant<Expression, ParseError> read(const Tree& root) {
    walk(root);
    if (error_) return *error_;
    const Tree* core = &root;
    while (true) {
      if (const auto& cast = child(*core, "TypeCast"); !cast.is_null()) {
        core = &child(cast, "arg");
      } else if (const auto& sign = child(*core, "A_Expr"); is_sign(sign)) {
        core = &child(sign, "rexpr");
      } else {
        break;
      }
    }
    const auto& constant = child(*core, "A_Const");
    out_.is_constant = !constant.is_null();
    out_.is_null = out_.is_constant && constant.value("isnull", false);
    out_.figured_name = figured_name(root);
    return std::move(out_);
  }

 private:
  static bool is_sign(const Tree& node) {
    if (!node.is_object() || node.contains("lexpr")) return false;
    if (node.value("kind", "") != "AEXPR_OP") return false;
    const auto name = names_of(child(node, "name"));
    return name.size() == 1 && (name[0] == "-" || name[0] == "+");
  }

  void walk(const Tree& node) {
    if (node.is_array()) {
      for (const auto& item : node) walk(item);
      return;
    }
    if (!node.is_object()) return;
    for (const auto& value : node) {
      const auto& key = value.key();
      if (key == "ColumnRef") {
        column(value);
        continue;
      }
      if (key == "FuncCall") function(value);
      if (key == "SQLValueFunction") {
        out_.functions.push_back({"", sql_value_function(value.value("op", ""))});
      }
      if (key == "SubLink") out_.has_subquery = true;
      if (answers_for_null(key, value)) out_.answers_for_null = true;
      if (key == "SetToDefault" && !error_) {
        error_ = ParseError{"DEFAULT is not allowed in this context",
                            location_of(value) - expression_prefix.size()};
      }
      if (key == "ParamRef") out_.has_parameter = true;
      walk(value);
    }
  }

  static bool answers_for_null(const std::string& kind, const Tree& node) {
    constexpr std::array kinds{"CoalesceExpr", "CaseExpr",   "NullTest", "BooleanTest",
                               "SubLink",      "MinMaxExpr", "RowExpr",  "A_ArrayExpr"};
    if (std::ranges::find(kinds, kind) != kinds.end()) return true;
    if (kind == "A_Expr") {
      const std::string which = node.value("kind", "");
      return which == "AEXPR_DISTINCT" || which == "AEXPR_NOT_DISTINCT";
    }
    if (kind != "FuncCall") return false;
    constexpr std::array functions{"concat",
                                   "concat_ws",
                                   "format",
                                   "num_nulls",
                                   "num_nonnulls",
                                   "jsonb_build_object",
                                   "json_build_object",
                                   "jsonb_build_array",
                                   "json_build_array"};
    const auto names = names_of(child(node, "funcname"));
    return !names.empty() && std::ranges::find(functions, names.back()) != functions.end();
  }

  void column(const Tree& node) {
    auto names = names_of(child(node, "fields"));
    const auto at = location_of(node) - expression_prefix.size();
    const auto tokens = dotted_tokens(text_, at, names.size());
    if (tokens.size() != names.size()) {
      if (!error_) error_ = ParseError{"a column reference that cannot be placed", at};
      return;
    }
    ColumnUse use;
    use.name = std::move(names.back());
    names.pop_back();
    use.qualifiers = std::move(names);
    use.begin = tokens.front().begin;
    use.name_begin = tokens.back().begin;
    use.name_end = tokens.back().end;
    out_.columns.push_back(std::move(use));
  }

  void function(const Tree& node) {
    const auto names = names_of(child(node, "funcname"));
    FunctionUse use;
    if (!names.empty()) use.name = names.back();
    if (names.size() > 1) use.schema = names[names.size() - 2];
    out_.functions.push_back(std::move(use));
    constexpr std::array marks = {"over",         "agg_filter", "agg_within_group",
                                  "agg_distinct", "agg_star",   "agg_order"};
    if (std::ranges::any_of(marks, [&](const char* mark) { return node.contains(mark); })) {
      out_.has_aggregate_or_window = true;
    }
  }

  std::string_view text_;
  Expression out_;
  std::optional<ParseError> error_;
};

Expression parsed_without_subquery(std::string_view text) {
  auto result = parse_expression(text);
  if (const auto* error = std::get_if<ParseError>(&result)) {
    throw std::invalid_argument("not one expression: " + error->message);
  }
  auto& expression = std::get<Expression>(result);
  if (expression.has_subquery) {
    throw std::invalid_argument("a subquery, where a name may mean another table's column");
  }
  return std::move(expression);
}

bool refers_to(const ColumnUse& use, std::string_view table_name) {
  return use.qualifiers.empty() || use.qualifiers.back() == table_name;
}

// `serial` and its kin are what CREATE TABLE makes of a name, not types.
bool is_serial_name(std::string_view name) {
  constexpr std::array<std::string_view, 6> names = {"serial",  "serial4",     "bigserial",
                                                     "serial8", "smallserial", "serial2"};
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

std::variant<Expression, ParseError> parse_expression(std::string_view text) {
  if (auto refused = refuse_text(text)) return *refused;
  if (auto escape = refuse_escape(text)) return *escape;
  auto parsed = parse_statements(text, expression_prefix, "\n");
  if (auto* error = std::get_if<ParseError>(&parsed)) return std::move(*error);
  const auto& statements = std::get<Tree>(parsed);
  if (statements.size() != 1) return ParseError{"one expression is wanted here", 0};
  const auto& alter = child(child(statements[0], "stmt"), "AlterDomainStmt");
  const auto& expression = child(alter, "def");
  if (expression.is_null()) return ParseError{"one expression is wanted here", 0};
  return ExpressionReader(text).read(expression);
}

std::variant<Type, ParseError> parse_type(std::string_view text) {
  if (auto refused = refuse_text(text)) return *refused;
  if (auto escape = refuse_escape(text)) return *escape;
  auto parsed = parse_statements(text, type_prefix, "\n)");
  if (auto* error = std::get_if<ParseError>(&parsed)) return std::move(*error);
  const auto& statements = std::get<Tree>(parsed);
  const auto& drop = child(child(statements.at(0), "stmt"), "DropStmt");
  const auto& items = child(child(child(drop, "objects").at(0), "List"), "items");
  const auto& node = child(items.at(1), "TypeName");
  if (node.value("setof", false)) return ParseError{"a column holds one value, not a set", 0};
  const auto names = names_of(child(node, "names"));
  Type type;
  type.name = names.empty() ? "" : names.back();
  if (names.size() > 1 && names[names.size() - 2] != "pg_catalog") {
    type.schema = names[names.size() - 2];
  }
  type.is_array = node.contains("arrayBounds");
  type.is_serial = names.size() == 1 && is_serial_name(type.name);
  return type;
}

std::string rename_columns(std::string_view text, const ColumnMap& renames,
                           std::string_view table_name) {
  const auto expression = parsed_without_subquery(text);
  std::vector<Splice> splices;
  for (const auto& use : expression.columns) {
    const auto renamed = renames.find(use.name);
    if (renamed == renames.end() || !refers_to(use, table_name)) continue;
    splices.push_back({use.name_begin, use.name_end, quote_identifier(renamed->second)});
  }
  return apply_splices(text, std::move(splices));
}

std::string bind_columns(std::string_view text, std::string_view row, std::string_view table_name) {
  const auto expression = parsed_without_subquery(text);
  std::vector<Splice> splices;
  for (const auto& use : expression.columns) {
    if (!refers_to(use, table_name)) continue;
    const auto column = use.name == "*" ? use.name : quote_identifier(use.name);
    splices.push_back({use.begin, use.name_end, std::string(row) + '.' + column});
  }
  return apply_splices(text, std::move(splices));
}

}  // namespace segue::dsl::sql
