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

// What an expression reads, as variables of a block that bears a name of its own, so that the
// author's words mean them.
std::string declarations(const std::vector<TypedName>& read) {
  std::string text;
  for (std::size_t i = 0; i < read.size(); ++i)
    text +=
        fmt::format("  {} CONSTANT {} := ${};\n", double_quoted(read[i].name), read[i].type, i + 1);
  return text;
}

std::string types_of(const std::vector<TypedName>& read) {
  std::string types;
  for (const TypedName& one : read) types += (types.empty() ? "" : ", ") + one.type;
  return types;
}

// Each once, in the order of the words.
std::vector<std::string> columns_in(const std::string& expression) {
  std::vector<std::string> columns;
  const auto parsed = dsl::sql::parse_expression(expression);
  for (const dsl::sql::ColumnUse& use : std::get<dsl::sql::Expression>(parsed).columns) {
    if (std::find(columns.begin(), columns.end(), use.name) == columns.end())
      columns.push_back(use.name);
  }
  return columns;
}

std::string calls(const std::string& function, const std::vector<std::string>& columns,
                  const std::string& row) {
  std::string list;
  for (const std::string& column : columns)
    list += fmt::format("{}{}{}", list.empty() ? "" : ", ", row, quote_identifier(column));
  return fmt::format("{}({})", function, list);
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
  if (call.empty()) return fmt::format("{}{}::{}", row, quote_identifier(columns.front()), type);
  return calls(call, columns, row);
}

std::string Conversion::back_of(const std::string& row) const {
  return calls(back_call, back_columns, row);
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
  conversion.columns = columns_in(text);
  if (conversion.columns.empty()) conversion.columns.push_back(column.name);
  const std::string what = fmt::format("{}.{}", quoted(table.name), column.name);
  const std::string map = own_name(context.change_name(), what + " map");
  const std::string fails = own_name(context.change_name(), what + " fails");
  conversion.call = fmt::format("segue.{}", quote_identifier(map));

  std::vector<TypedName> read;
  for (const std::string& one : conversion.columns) read.push_back({one, table.column(one)->type});
  const std::string arguments = types_of(read);
  const std::string settings =
      pinned_settings(context.catalog.catalog(), table, text, {{"", change.type}});
  const std::string bound = dsl::sql::bind_columns(text, "segue_row", table.name.name);
  const std::string begin =
      fmt::format("<<segue_row>>\nDECLARE\n{}  segue_new {};\nBEGIN\n  segue_new := {};\n",
                  declarations(read), change.type, bound);
  const std::string map_sql = function_sql(
      context, conversion.call, arguments, change.type, settings,
      begin + "  RETURN segue_new;\nEXCEPTION WHEN OTHERS THEN\n  RETURN NULL;\nEND\n");
  const std::string fails_name = fmt::format("segue.{}", quote_identifier(fails));
  const std::string fails_sql =
      function_sql(context, fails_name, arguments, "boolean", settings,
                   begin + "  RETURN false;\nEXCEPTION WHEN OTHERS THEN\n  RETURN true;\nEND\n");
  conversion.fails = calls(fails_name, conversion.columns, "");
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

void add_back(Context& context, const Table& table, const Column& column, const TypedName& made,
              const std::string& back, Conversion& conversion) {
  const std::string settings =
      pinned_settings(context.catalog.catalog(), table, back, {{"", column.type}, made});
  if (settings.empty()) return;
  std::vector<TypedName> read;
  for (const std::string& one : columns_in(back)) {
    if (one == made.name) {
      read.push_back(made);
    } else if (const Column* known = table.column(one)) {
      read.push_back({one, known->type});
    } else {
      return;  // another statement's: its words have to do
    }
    conversion.back_columns.push_back(one);
  }
  const std::string name =
      own_name(context.change_name(), fmt::format("{}.{} back", quoted(table.name), column.name));
  conversion.back_call = fmt::format("segue.{}", quote_identifier(name));
  const std::string signature = fmt::format("{}({})", conversion.back_call, types_of(read));
  // A variable has the modifiers of its type, what a function returns has none.
  const std::string block = fmt::format(
      "<<segue_row>>\nDECLARE\n{}  segue_old {};\nBEGIN\n  segue_old := {};\n  RETURN "
      "segue_old;\nEND\n",
      declarations(read), column.type, dsl::sql::bind_columns(back, "segue_row", table.name.name));
  Step step;
  step.phase = Phase::dual_write;
  step.title = fmt::format("Say what {}.{} is as {}", quoted(table.name),
                           quote_identifier(made.name), column.type);
  step.action = Transaction{
      function_sql(context, conversion.back_call, types_of(read), column.type, settings, block)};
  step.why =
      "under settings of its own: what a session has set must not decide what a value becomes";
  step.done = fmt::format("pg_catalog.to_regprocedure({}) IS NOT NULL", quote_literal(signature));
  step.undo = {Transaction{fmt::format("DROP FUNCTION IF EXISTS {};\n", signature)}};
  context.own(ObjectKind::function, {"segue", name}, name);
  context.add_step(5, std::move(step));
  conversion.drop.push_back(signature);
}

void drop_conversion(Context& context, const Table& table, const Conversion& conversion) {
  for (const std::string& one : conversion.drop) {
    context.draft_of(table).contract.push_back({ContractSlot::drop_helper, "",
                                                fmt::format("DROP FUNCTION IF EXISTS {};\n", one),
                                                "", context.here()});
  }
}

}  // namespace segue::planner
