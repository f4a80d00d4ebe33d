#include "planner/recipes/retype.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "planner/names.hpp"
#include "planner/recipes/parts.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

std::string double_quoted(const std::string& name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += c;
    out += c;
  }
  return out + "\"";
}

// The columns as variables of a block that bears a name of its own, so that the author's words mean
// them.
std::string declarations(const Table& table, const std::vector<std::string>& columns) {
  std::string text;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    text += fmt::format("  {} CONSTANT {} := ${};\n", double_quoted(columns[i]),
                        table.column(columns[i])->type, i + 1);
  }
  return text;
}

std::string function_sql(const Context& context, const std::string& name,
                         const std::string& arguments, const std::string& returns,
                         const std::string& settings, const std::string& block) {
  std::string path = "pg_catalog";
  for (const std::string& schema : context.catalog.catalog().search_path) {
    if (schema != "pg_catalog") path += ", " + quote_identifier(schema);
  }
  return fmt::format(
      "CREATE OR REPLACE FUNCTION {}({}) RETURNS {}\n  LANGUAGE plpgsql STABLE SET search_path = "
      "{}, pg_temp{} AS {};\n{}",
      name, arguments, returns, path, settings + function_literals(block),
      dsl::sql::dollar_quoted("\n" + block), for_everybody(fmt::format("{}({})", name, arguments)));
}

}  // namespace

std::string Conversion::of(const std::string& row) const {
  std::string list;
  for (const std::string& column : columns)
    list += fmt::format("{}{}{}", list.empty() ? "" : ", ", row, quote_identifier(column));
  return call.empty() ? fmt::format("{}::{}", list, type) : fmt::format("{}({})", call, list);
}

Conversion conversion_of(Context& context, const Table& table, const Column& column,
                         const TypeChange& change, const std::string& expression) {
  Conversion conversion;
  conversion.type = change.type;
  if (change.total) {
    conversion.columns = {column.name};
    return conversion;
  }
  const std::string text = expression.empty() ? quote_identifier(column.name) : expression;
  const auto parsed = dsl::sql::parse_expression(text);
  for (const dsl::sql::ColumnUse& use : std::get<dsl::sql::Expression>(parsed).columns) {
    if (std::find(conversion.columns.begin(), conversion.columns.end(), use.name) ==
        conversion.columns.end())
      conversion.columns.push_back(use.name);
  }
  if (conversion.columns.empty()) conversion.columns.push_back(column.name);
  const std::string what = fmt::format("{}.{}", quoted(table.name), column.name);
  const std::string map = own_name(context.change_name(), what + " map");
  const std::string fails = own_name(context.change_name(), what + " fails");
  conversion.call = fmt::format("segue.{}", quote_identifier(map));

  std::string arguments;
  for (const std::string& one : conversion.columns)
    arguments += fmt::format("{}{}", arguments.empty() ? "" : ", ", table.column(one)->type);
  // What a session has set must not decide what a value becomes.
  const bool temporal = is_temporal(change.from) || is_temporal(change.to);
  const std::string settings =
      temporal
          ? "\n  SET timezone = 'UTC' SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres'"
          : "";
  const std::string bound = dsl::sql::bind_columns(text, "segue_row", table.name.name);
  const std::string begin =
      fmt::format("<<segue_row>>\nDECLARE\n{}  segue_new {};\nBEGIN\n  segue_new := {};\n",
                  declarations(table, conversion.columns), change.type, bound);
  const std::string map_sql = function_sql(
      context, conversion.call, arguments, change.type, settings,
      begin + "  RETURN segue_new;\nEXCEPTION WHEN OTHERS THEN\n  RETURN NULL;\nEND\n");
  const std::string fails_name = fmt::format("segue.{}", quote_identifier(fails));
  const std::string fails_sql =
      function_sql(context, fails_name, arguments, "boolean", settings,
                   begin + "  RETURN false;\nEXCEPTION WHEN OTHERS THEN\n  RETURN true;\nEND\n");
  std::string list;
  for (const std::string& one : conversion.columns)
    list += fmt::format("{}{}", list.empty() ? "" : ", ", quote_identifier(one));
  conversion.fails = fmt::format("{}({})", fails_name, list);
  conversion.drop = {fmt::format("{}({})", conversion.call, arguments),
                     fmt::format("{}({})", fails_name, arguments)};

  std::string drops;
  for (const std::string& one : conversion.drop)
    drops += fmt::format("DROP FUNCTION IF EXISTS {};\n", one);
  Step step;
  step.phase = Phase::dual_write;
  step.title = fmt::format("Say how {}.{} becomes {}", quoted(table.name),
                           quote_identifier(column.name), change.type);
  step.action = Transaction{map_sql + fails_sql};
  step.why =
      "a value that does not convert becomes NULL here and is listed in phase 3: no statement of "
      "the old release fails for it";
  step.done = fmt::format(
      "pg_catalog.to_regprocedure({}) IS NOT NULL\n   AND pg_catalog.to_regprocedure({}) IS NOT "
      "NULL",
      quote_literal(conversion.drop[0]), quote_literal(conversion.drop[1]));
  step.undo = {Transaction{drops}};
  for (const std::string& one : {map, fails})
    context.own(ObjectKind::function, {"segue", one}, one);
  context.add_step(5, std::move(step));
  return conversion;
}

void drop_conversion(Context& context, const Table& table, const Conversion& conversion) {
  for (const std::string& one : conversion.drop) {
    context.draft_of(table).contract.push_back({ContractSlot::drop_helper, "",
                                                fmt::format("DROP FUNCTION IF EXISTS {};\n", one),
                                                "", context.here()});
  }
}

}  // namespace segue::planner
