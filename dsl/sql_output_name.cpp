#include "dsl/sql_output_name.hpp"

namespace segue::dsl::sql {
namespace {

// A strong name beats a type's or CASE's, a weak one does not.
enum class Strength { none, weak, strong };

struct Named {
  Strength strength = Strength::none;
  std::string name;
  const Tree* column = nullptr;
};

std::string last_of(const Tree& list) {
  const auto names = names_of(list);
  return names.empty() || names.back() == "*" ? "" : names.back();
}

Named figure(const Tree& node);

Named weak_unless_strong(const Tree& inner, std::string name) {
  auto found = figure(inner);
  if (found.strength == Strength::strong || name.empty()) return found;
  return {Strength::weak, std::move(name), nullptr};
}

Named strong(std::string name) {
  return {Strength::strong, std::move(name), nullptr};
}

Named sublink(const Tree& node) {
  const auto type = node.value("subLinkType", "");
  if (type == "EXISTS_SUBLINK") return strong("exists");
  if (type == "ARRAY_SUBLINK") return strong("array");
  if (type != "EXPR_SUBLINK") return {};
  const Tree* select = &child(child(node, "subselect"), "SelectStmt");
  while (!child(*select, "larg").is_null()) select = &child(*select, "larg");
  const auto& targets = child(*select, "targetList");
  if (targets.empty()) return {};
  // The inner query keeps its own names, so no column stands behind this one.
  return strong(output_name(child(targets[0], "ResTarget")));
}

Named figure(const Tree& node) {
  if (!node.is_object() || node.empty()) return {};
  const auto& kind = node[0].key();
  const auto& value = node[0];
  if (kind == "ColumnRef") {
    auto name = last_of(child(value, "fields"));
    return name.empty() ? Named{} : Named{Strength::strong, std::move(name), &value};
  }
  if (kind == "A_Indirection") {
    auto name = last_of(child(value, "indirection"));
    return name.empty() ? figure(child(value, "arg")) : strong(std::move(name));
  }
  if (kind == "FuncCall") return strong(last_of(child(value, "funcname")));
  if (kind == "A_Expr" && value.value("kind", "") == "AEXPR_NULLIF") return strong("nullif");
  if (kind == "TypeCast") {
    return weak_unless_strong(child(value, "arg"),
                              last_of(child(child(value, "typeName"), "names")));
  }
  if (kind == "CollateClause") return figure(child(value, "arg"));
  if (kind == "CaseExpr") return weak_unless_strong(child(value, "defresult"), "case");
  if (kind == "SubLink") return sublink(value);
  if (kind == "GroupingFunc") return strong("grouping");
  if (kind == "A_ArrayExpr") return strong("array");
  if (kind == "RowExpr") return strong("row");
  if (kind == "CoalesceExpr") return strong("coalesce");
  if (kind == "MinMaxExpr") {
    return strong(value.value("op", "") == "IS_GREATEST" ? "greatest" : "least");
  }
  if (kind == "XmlSerialize") return strong("xmlserialize");
  if (kind == "SQLValueFunction") {
    constexpr std::string_view prefix = "SVFOP_";
    auto op = value.value("op", "");
    op = fold(op.starts_with(prefix) ? op.substr(prefix.size()) : op);
    if (op.ends_with("_n")) op.resize(op.size() - 2);  // current_time(3)
    return strong(op);
  }
  return {};
}

}  // namespace

std::string figured_name(const Tree& expression) {
  return figure(expression).name;
}

std::string implicit_output_name(const Tree& expression) {
  auto named = figure(expression);
  return named.strength == Strength::none ? "?column?" : std::move(named.name);
}

std::string output_name(const Tree& target) {
  const auto written = target.value("name", "");
  return written.empty() ? implicit_output_name(child(target, "val")) : written;
}

const Tree* naming_column(const Tree& expression) {
  return figure(expression).column;
}

}  // namespace segue::dsl::sql
