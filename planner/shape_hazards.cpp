// What the number, order and types of a table's columns are to statements that do not name them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "dsl/sql.hpp"
#include "planner/carry.hpp"
#include "planner/table_hazards.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

struct Shape {
  bool grows = false;                // phase 1 adds a column
  bool changes = false;              // phase 4 takes one away, or puts another in its place
  bool shifts = false;               // and what stays has another place
  std::vector<std::string> at_once;  // columns that have another type from phase 1 on
  std::vector<std::string> swapped;  // from phase 4 on
};

// Whether an INSERT by position means other columns than before: copies stand behind all others.
bool shifts(const TableDraft& draft) {
  std::vector<std::string> before;
  std::vector<std::string> after;
  const auto renamed = [&](const std::string& name) {
    return std::any_of(draft.renames.begin(), draft.renames.end(),
                       [&](const Rename& rename) { return rename.from == name; });
  };
  for (const Column& column : draft.table->columns) {
    before.push_back(column.name);
    if (!renamed(column.name) && !holds(draft.dropped, column.name)) after.push_back(column.name);
  }
  for (const Rename& rename : draft.renames) after.push_back(rename.from);
  if (after.size() > before.size()) return true;
  return !std::equal(after.begin(), after.end(), before.begin());
}

Shape shape_of(const Context& context, const TableDraft& draft) {
  Shape shape;
  shape.grows = context.makes_column(draft.table->name);
  shape.changes = !draft.renames.empty() || !draft.dropped.empty();
  shape.shifts = shape.changes && shifts(draft);
  shape.at_once = draft.retyped;
  for (const Rename& rename : draft.renames) {
    if (rename.keeps_name()) shape.swapped.push_back(rename.from);
  }
  return shape;
}

std::string list(const std::vector<std::string>& columns) {
  std::vector<std::string> quoted_columns;
  for (const std::string& column : columns) quoted_columns.push_back(quote_identifier(column));
  return fmt::format("{}", fmt::join(quoted_columns, ", "));
}

void prepared_star(Context& context, const std::string& name, const Shape& shape) {
  const bool first = shape.grows || !shape.at_once.empty();
  if (!first && !shape.changes) return;
  std::string message = fmt::format(
      "From {} on a `SELECT *` that a connection has prepared before fails with \"cached plan must "
      "not change result type\", until it is prepared anew",
      first && shape.changes ? "phase 1, and again from phase 4"
      : first                ? "phase 1"
                             : "phase 4");
  if (!shape.at_once.empty())
    message += fmt::format("; so does whatever returns {}, from phase 1 on", list(shape.at_once));
  if (!shape.swapped.empty())
    message += fmt::format("; so does whatever returns {}, from phase 4 on", list(shape.swapped));
  // PostgreSQL settles a parameter's type when it prepares, and plans anew with that one. A type
  // that the catalogue alone changes takes what the old one took.
  if (!shape.swapped.empty())
    message += fmt::format(
        "; a parameter that a prepared statement compares with {0} or writes there keeps the old "
        "type: it takes no value that only the new one holds, and where the two do not go together "
        "the statement fails (42883, 42804)",
        list(shape.swapped));
  const bool named = shape.at_once.empty() && shape.swapped.empty();
  context.hazard("prepared-star", HazardLevel::note, name, message + ".",
                 named ? "Name the columns; or let the driver prepare again on 0A000, or the "
                         "connection pool reconnect."
                       : "Let the driver prepare again on 0A000, or the connection pool reconnect "
                         "right after the phase.");
}

void column_list(Context& context, const std::string& name, const Shape& shape) {
  std::string message;
  if (shape.grows)
    message =
        "From phase 1 on it has one more column: COPY … FROM without a column list fails, and so "
        "does INSERT INTO … SELECT * from it.";
  if (shape.shifts)
    message += fmt::format(
        "{}In phase 4 columns change their places: INSERT and COPY without a "
        "column list put values into other columns than before, and nothing "
        "fails where the types fit.",
        message.empty() ? "" : " ");
  if (message.empty()) return;
  context.hazard("column-list", HazardLevel::note, name, message,
                 shape.shifts ? "Name the columns in every INSERT and COPY; above all in the "
                                "release that runs at phase 4."
                              : "Name the columns in every COPY and INSERT.");
}

bool holds_insert(const Function& function) {
  std::string body = function.body;
  std::transform(body.begin(), body.end(), body.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return body.find("insert") != std::string::npos;
}

bool is_trigger_of(const std::vector<const Table*>& tree, const Function& function) {
  return std::any_of(tree.begin(), tree.end(), [&](const Table* table) {
    return std::any_of(table->triggers.begin(), table->triggers.end(),
                       [&](const Trigger& trigger) { return trigger.function == function.name; });
  });
}

// PostgreSQL expands the stars of BEGIN ATOMIC bodies, of views and of rules when it makes them; a
// body in a string means what the table is when it runs.
void functions_by_position(Context& context, const TableDraft& draft, const Shape& shape) {
  const std::vector<const Table*> tree = tree_of(context.catalog, *draft.table);
  const std::string& table = draft.table->name.name;
  for (const Function& function : context.catalog.catalog().functions) {
    if (!function.extension.empty() || function.atomic || !holds_insert(function)) continue;
    const dsl::sql::BodyNames& names = context.body_names(function);
    const bool own = is_trigger_of(tree, function);
    const auto& whole = names.inserted_whole;
    const bool gives =
        whole.contains(table) || (own && (whole.contains("new") || whole.contains("old")));
    const std::string shown = fmt::format("{}({})", quoted(function.name), function.arguments);
    if (gives && shape.grows) {
      context.hazard("insert-by-position", HazardLevel::refuses, shown,
                     fmt::format("It inserts whole rows of {}, which have one more column from "
                                 "phase 1 on: where the other table has no such column in that "
                                 "place, it fails, and the write that called it.",
                                 quoted(draft.table->name)),
                     "Let it name the columns first; or plan with --allow insert-by-position.");
    } else if ((gives && shape.changes) ||
               (shape.shifts && names.filled_by_position.contains(table))) {
      context.hazard(
          "insert-by-position", HazardLevel::stops_contract, shown,
          fmt::format("It {} {} without naming columns, which have other places after "
                      "contract.",
                      gives ? "takes rows of" : "inserts into", quoted(draft.table->name)),
          "Let it name the columns.");
    }
  }
}

}  // namespace

void shape_hazards(Context& context) {
  for (const auto& [name, draft] : context.draft.tables) {
    if (context.makes_table(name)) continue;
    const Shape shape = shape_of(context, draft);
    prepared_star(context, quoted(name), shape);
    column_list(context, quoted(name), shape);
    if (shape.grows || shape.changes) functions_by_position(context, draft, shape);
  }
  for (const auto& [name, columns] : context.two_names()) {
    Shape shape;
    shape.grows = shape.changes = true;
    prepared_star(context, quoted(name), shape);
  }
}

}  // namespace segue::planner
