#include "dsl/sql_statement.hpp"

#include <algorithm>
#include <map>

#include "dsl/sql_tree.hpp"

namespace segue::dsl::sql {

namespace {

// Past casts: $1::text.
const Tree& bare(const Tree& node) {
  const Tree& cast = child(node, "TypeCast");
  return cast.is_null() ? node : bare(child(cast, "arg"));
}

class AppStatementReader {
 public:
  AppStatement read(const Tree& statement) {
    find_relations(statement);
    const auto kind_of = [](const Tree& node) {
      using Kind = AppStatement::Kind;
      static const std::map<std::string, Kind, std::less<>> kinds{{"SelectStmt", Kind::select},
                                                                  {"InsertStmt", Kind::insert},
                                                                  {"UpdateStmt", Kind::update},
                                                                  {"DeleteStmt", Kind::remove},
                                                                  {"MergeStmt", Kind::merge}};
      const auto found = kinds.find(node.key());
      return found == kinds.end() ? Kind::other : found->second;
    };
    if (!statement.empty()) result_.kind = kind_of(*statement.begin());
    walk(statement);
    std::sort(result_.parameters.begin(), result_.parameters.end(),
              [](const auto& a, const auto& b) { return a.number < b.number; });
    return std::move(result_);
  }

 private:
  void find_relations(const Tree& node) {
    if (node.key() == "RangeVar" || (node.key() == "relation" && node.contains("relname"))) {
      const RelationName name{node.value("schemaname", ""), node.value("relname", "")};
      result_.relations.push_back(name);
      const Tree& alias = child(node, "alias");
      aliases_[alias.is_null() ? name.name : alias.value("aliasname", "")] = name;
    }
    for (const Tree& part : node) find_relations(part);
  }

  void walk(const Tree& node) {
    if (node.key() == "InsertStmt") insert(node);
    if (node.key() == "UpdateStmt" || node.key() == "OnConflictClause" ||
        node.key() == "onConflictClause")
      assignments(child(node, "targetList"));
    if (node.key() == "A_Expr") comparison(node);
    if (node.key() == "limitCount" || node.key() == "limitOffset")
      meets(node, {0, {}, "", false, true});
    if (node.key() == "ParamRef") meets_nothing(node);
    if (node.key() == "ColumnRef") {
      const auto names = names_of(child(node, "fields"));
      if (!names.empty() && names.back() != "*") result_.columns.push_back(names.back());
    }
    if (node.key() == "ResTarget") {
      if (const Tree* name = node.find("name")) result_.columns.push_back(name->text());
    }
    for (const Tree& part : node) walk(part);
  }

  // (a, b) VALUES ($1, $2), … or SELECT $1, $2
  void insert(const Tree& node) {
    target_ = result_.relations.empty() ? RelationName{} : result_.relations.front();
    std::vector<std::string> columns;
    for (const Tree& column : child(node, "cols"))
      columns.push_back(child(column, "ResTarget").value("name", ""));
    const Tree& select = child(child(node, "selectStmt"), "SelectStmt");
    const auto give = [&](const Tree& value, std::size_t place) {
      if (place < columns.size()) meets(value, {0, target_, columns[place], true, false});
    };
    for (const Tree& row : child(select, "valuesLists")) {
      std::size_t place = 0;
      for (const Tree& value : child(child(row, "List"), "items")) give(value, place++);
    }
    std::size_t place = 0;
    for (const Tree& target : child(select, "targetList"))
      give(child(child(target, "ResTarget"), "val"), place++);
  }

  void assignments(const Tree& targets) {
    const RelationName table =
        result_.relations.empty() ? RelationName{} : result_.relations.front();
    for (const Tree& target : targets) {
      const Tree& one = child(target, "ResTarget");
      meets(child(one, "val"), {0, table, one.value("name", ""), true, false});
    }
  }

  // column = $1, $1 < column, column IN ($1, $2), column BETWEEN $1 AND $2, column = ANY ($1)
  void comparison(const Tree& node) {
    const Tree& left = bare(child(node, "lexpr"));
    const Tree& right = bare(child(node, "rexpr"));
    const auto pair = [&](const Tree& column, const Tree& other) {
      const Tree& reference = child(column, "ColumnRef");
      if (reference.is_null()) return;
      const std::vector<std::string> names = names_of(child(reference, "fields"));
      if (names.empty()) return;
      ParameterUse use;
      use.column = names.back();
      if (names.size() > 1) {
        const auto alias = aliases_.find(names[names.size() - 2]);
        if (alias != aliases_.end()) use.table = alias->second;
      }
      meets(other, use);
      for (const Tree& item : child(child(other, "List"), "items")) meets(item, use);
    };
    pair(left, right);
    pair(right, left);
  }

  void meets(const Tree& value, ParameterUse use) {
    const Tree& parameter = child(bare(value), "ParamRef");
    if (parameter.is_null()) return;
    use.number = number_of(parameter);
    for (ParameterUse& one : result_.parameters) {
      if (one.number != use.number) continue;
      if (one.column.empty() && !one.counts_rows) one = use;
      return;
    }
    result_.parameters.push_back(std::move(use));
  }
  void meets_nothing(const Tree& parameter) {
    const std::int64_t number = number_of(parameter);
    if (std::none_of(result_.parameters.begin(), result_.parameters.end(),
                     [&](const auto& one) { return one.number == number; })) {
      ParameterUse use;
      use.number = number;
      result_.parameters.push_back(std::move(use));
    }
  }
  static std::int64_t number_of(const Tree& parameter) {
    const Tree* number = parameter.find("number");
    return number == nullptr ? 0 : number->number();
  }

  AppStatement result_;
  std::map<std::string, RelationName, std::less<>> aliases_;
  RelationName target_;
};

}  // namespace

std::variant<AppStatement, ParseError> parse_app_statement(std::string_view text) {
  auto parsed = parse_statements(text);
  if (auto* error = std::get_if<ParseError>(&parsed)) return std::move(*error);
  const Tree& statements = std::get<Tree>(parsed);
  if (statements.size() != 1) return ParseError{"not exactly one statement", 0};
  return AppStatementReader().read(child(statements[0], "stmt"));
}

}  // namespace segue::dsl::sql
