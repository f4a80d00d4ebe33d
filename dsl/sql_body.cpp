// Which names a function's body mentions. Too many is safe here, too few is not: where libpg_query
// cannot read a PL/pgSQL body (it knows no row types), every word of the body counts.
extern "C" {
#include <pg_query.h>
}

#include <memory>
#include <utility>

#include "dsl/sql.hpp"
#include "dsl/sql_tree.hpp"

// pg_query_parse_plpgsql forgets one byte for each function that it cannot read.
#if defined(__SANITIZE_ADDRESS__)
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:pg_query_raw_parse\n";
}
#endif

namespace segue::dsl::sql {
namespace {

struct PlpgsqlDeleter {
  void operator()(PgQueryPlpgsqlParseResult* result) const {
    pg_query_free_plpgsql_parse_result(*result);
  }
};

class NameCollector {
 public:
  explicit NameCollector(BodyNames& out) : out_(out) {}

  void walk(const Tree& node) {
    if (node.is_array()) {
      for (const auto& item : node) walk(item);
      return;
    }
    if (!node.is_object()) return;
    for (const auto& value : node) {
      const auto& key = value.key();
      visit(key, value);
      walk(value);
    }
  }

 private:
  void visit(const std::string& key, const Tree& value) {
    if (key == "ColumnRef") column(value);
    if (key == "RangeVar" || key == "relation") relation(value);
    if (key == "A_Indirection") columns(names_of(child(value, "indirection")));
    if (key == "usingClause") columns(names_of(value));
    if (key == "IndexElem") out_.columns.insert(value.value("name", ""));
    if (key == "FuncCall") function(value);
    if (key == "InsertStmt") insert(value);
    if (key == "UpdateStmt" || key == "onConflictClause") targets(child(value, "targetList"));
    if (key == "MergeWhenClause") targets(child(value, "targetList"));
    if (key == "MergeStmt") merge(value);
  }

  void columns(const std::vector<std::string>& names) {
    for (const auto& name : names) {
      if (name == "*") {
        out_.selects_star = true;
      } else {
        out_.columns.insert(name);
      }
    }
  }

  void column(const Tree& node) {
    const auto names = names_of(child(node, "fields"));
    if (!names.empty()) columns({names.back()});
  }

  void relation(const Tree& node) {
    if (!node.is_object() || !node.contains("relname")) return;
    out_.relations.insert(node.value("relname", ""));
    columns(names_of(child(child(node, "alias"), "colnames")));
  }

  // full_name(u) is u.full_name.
  void function(const Tree& node) {
    if (child(node, "args").size() != 1) return;
    const auto names = names_of(child(node, "funcname"));
    if (names.size() == 1) out_.columns.insert(names[0]);
  }

  void insert(const Tree& node) {
    targets(child(node, "cols"));
    const Tree& query = child(child(node, "selectStmt"), "SelectStmt");
    stars(query);
    if (!node.contains("cols") && node.contains("selectStmt")) fills(child(node, "relation"));
  }

  void merge(const Tree& node) {
    for (const auto& item : child(node, "mergeWhenClauses")) {
      const Tree& clause = child(item, "MergeWhenClause");
      if (clause.contains("values") && !clause.contains("targetList"))
        fills(child(node, "relation"));
    }
  }

  void fills(const Tree& relation) {
    out_.inserts_without_columns = true;
    out_.filled_by_position.insert(relation.value("relname", ""));
  }

  // What gives an INSERT as many values as it has columns.
  void stars(const Tree& query) {
    if (!query.is_object()) return;
    for (const auto& item : child(query, "targetList"))
      star(child(child(item, "ResTarget"), "val"), query);
    for (const auto& row : child(query, "valuesLists")) {
      for (const auto& item : child(child(row, "List"), "items")) star(item, query);
    }
    stars(child(query, "larg"));
    stars(child(query, "rarg"));
  }

  void star(const Tree& value, const Tree& query) {
    const auto names = names_of(child(child(value, "ColumnRef"), "fields"));
    if (names.empty() || names.back() != "*") return;
    const std::string row = names.size() > 1 ? names[names.size() - 2] : "";
    if (row == "new" || row == "old") {
      out_.inserted_whole.insert(row);
    } else {
      relations_in(child(query, "fromClause"));
    }
  }

  void relations_in(const Tree& node) {
    if (node.key() == "RangeVar") out_.inserted_whole.insert(node.value("relname", ""));
    for (const auto& part : node) relations_in(part);
  }

  void targets(const Tree& list) {
    for (const auto& item : list) {
      out_.columns.insert(child(item, "ResTarget").value("name", ""));
    }
  }

  BodyNames& out_;
};

bool collect_statements(std::string_view text, std::string_view prefix, BodyNames& out) {
  auto parsed = parse_statements(text, prefix, "\n");
  if (std::holds_alternative<ParseError>(parsed)) return false;
  NameCollector(out).walk(std::get<Tree>(parsed));
  return true;
}

// `target := value` or `target = value`: PL/pgSQL hands both sides over as one text.
bool collect_assignment(std::string_view text, BodyNames& out) {
  std::size_t at = 0;
  int depth = 0;
  while (true) {
    const Token token = next_token(text, at);
    if (token.kind == TokenKind::end || token.kind == TokenKind::unterminated) return false;
    const auto word = text.substr(token.begin, token.end - token.begin);
    if (word == "[" || word == "(") ++depth;
    if (word == "]" || word == ")") --depth;
    if (depth == 0 && (word == ":=" || word == "=")) {
      return collect_statements(text.substr(0, token.begin), "SELECT ", out) &&
             collect_statements(text.substr(token.end), "SELECT ", out);
    }
    at = token.end;
  }
}

bool collect_expression(std::string_view text, BodyNames& out) {
  return collect_statements(text, "", out) || collect_assignment(text, out) ||
         collect_statements(text, "SELECT ", out);
}

// What `target := value` writes: its last name.
void collect_target(std::string_view text, BodyNames& out) {
  std::string target;
  bool qualified = false;
  for (Token token = next_token(text, 0); token.kind != TokenKind::end;
       token = next_token(text, token.end)) {
    const auto word = text.substr(token.begin, token.end - token.begin);
    if (token.kind == TokenKind::unterminated || word == "[" || word == ":=" || word == "=") break;
    if (word == ".") {
      qualified = true;
    } else {
      target = identifier_name(word);
    }
  }
  if (target.empty()) return;
  out.assigned.insert(!qualified && target == "new" ? "*" : target);
}

// Every word of a text, words inside strings too: a string may be executed.
void collect_words(std::string_view text, BodyNames& out) {
  std::size_t at = 0;
  std::string before;
  std::string before_that;
  while (true) {
    const Token token = next_token(text, at);
    if (token.kind == TokenKind::end) return;
    const auto word = text.substr(token.begin, token.end - token.begin);
    at = token.end;
    if (token.kind == TokenKind::unterminated) at = token.begin + 1;
    if (token.kind == TokenKind::string || token.kind == TokenKind::dollar_string) {
      const auto quote = word.front() == '$' ? word.find('$', 1) : word.find('\'');
      if (word.size() >= 2 * (quote + 1) || word.front() != '$') {
        const auto end = word.front() == '$' ? word.size() - quote - 1 : word.size() - 1;
        collect_words(word.substr(quote + 1, end - quote - 1), out);
      }
    }
    const bool name =
        token.kind == TokenKind::identifier || token.kind == TokenKind::quoted_identifier;
    if (name) {
      out.columns.insert(identifier_name(word));
      out.relations.insert(identifier_name(word));
    }
    if (word.front() == '*' && (before == "select" || before == "," || before == ".")) {
      out.selects_star = true;
    }
    const bool after_table = before_that == "into" || before_that == "." || before_that == "as";
    if (after_table && (fold(word) == "values" || fold(word) == "select")) {
      out.inserts_without_columns = true;
      out.filled_by_position.insert(before);
    }
    if (word == ":=") {
      out.assigned.insert(before_that != "." && before == "new" ? "*" : before);
    }
    before_that = std::exchange(before, fold(word));
  }
}

class PlpgsqlReader {
 public:
  explicit PlpgsqlReader(BodyNames& out) : out_(out) {}

  // Answers whether every expression was understood.
  bool walk(const Tree& node) {
    bool understood = true;
    if (node.is_array()) {
      for (const auto& item : node) understood = walk(item) && understood;
    } else if (node.is_object()) {
      for (const auto& value : node) {
        const auto& key = value.key();
        understood = visit(key, value) && understood;
        understood = walk(value) && understood;
      }
    }
    return understood;
  }

 private:
  bool visit(const std::string& key, const Tree& value) {
    if (key == "PLpgSQL_stmt_assign") {
      collect_target(child(child(value, "expr"), "PLpgSQL_expr").value("query", ""), out_);
    }
    if (key == "PLpgSQL_recfield") out_.columns.insert(value.value("fieldname", ""));
    if (key == "PLpgSQL_expr") return collect_expression(value.value("query", ""), out_);
    if (key == "typname" && value.is_string()) {
      const auto type = value.text();
      if (type.find('%') != std::string::npos) collect_words(type, out_);
    }
    // What a dynamic statement names is known only when it runs.
    return key != "PLpgSQL_stmt_dynexecute" && key != "PLpgSQL_stmt_dynfors" && key != "dynquery";
  }

  BodyNames& out_;
};

// A body may hold EXECUTE; then its words are not all that it may mention.
bool executes_text(std::string_view text) {
  for (Token token = next_token(text, 0); token.kind != TokenKind::end;
       token = next_token(text, token.end)) {
    const auto word = text.substr(token.begin, token.end - token.begin);
    if (token.kind == TokenKind::identifier && fold(word) == "execute") return true;
    if (token.kind == TokenKind::unterminated) return true;
  }
  return false;
}

// The string after AS in a CREATE FUNCTION.
std::optional<std::string> body_of(std::string_view create_function) {
  auto parsed = parse_statements(create_function);
  if (std::holds_alternative<ParseError>(parsed)) return std::nullopt;
  const auto& statements = std::get<Tree>(parsed);
  if (statements.size() != 1) return std::nullopt;
  for (const auto& item :
       child(child(child(statements[0], "stmt"), "CreateFunctionStmt"), "options")) {
    const auto& option = child(item, "DefElem");
    if (option.is_null() || option.value("defname", "") != "as") continue;
    const auto lines = names_of(child(child(child(option, "arg"), "List"), "items"));
    if (lines.size() == 1) return lines[0];
  }
  return std::nullopt;
}

}  // namespace

BodyNames names_in_sql(std::string_view body) {
  BodyNames out;
  // A body in SQL's own form (RETURN …, BEGIN ATOMIC …) parses only as part of its function.
  out.parsed = collect_statements(body, "", out) ||
               collect_statements(body, "CREATE FUNCTION f() RETURNS int LANGUAGE sql ", out);
  return out;
}

BodyNames names_in_plpgsql(std::string_view create_function) {
  BodyNames out;
  const auto body = body_of(create_function);
  if (!body) return out;
  const std::string text(create_function);
  PgQueryPlpgsqlParseResult result = pg_query_parse_plpgsql(text.c_str());
  const std::unique_ptr<PgQueryPlpgsqlParseResult, PlpgsqlDeleter> guard(&result);
  if (result.error == nullptr && result.plpgsql_funcs != nullptr) {
    const auto tree = read_tree(result.plpgsql_funcs);
    if (tree && PlpgsqlReader(out).walk(*tree)) {
      out.parsed = true;
      return out;
    }
  }
  collect_words(*body, out);
  if (out.selects_star && out.inserts_without_columns) out.inserted_whole = out.relations;
  out.parsed = !executes_text(*body);
  return out;
}

}  // namespace segue::dsl::sql
