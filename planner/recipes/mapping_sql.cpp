#include "planner/recipes/mapping_sql.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "planner/names.hpp"
#include "planner/recipes/parts.hpp"
#include "planner/recipes/session_settings.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

std::string at(const std::string& row, const std::string& column) {
  return row.empty() ? quote_identifier(column) : row + "." + quote_identifier(column);
}

std::string function_name(const Context& context, const Table& table, const std::string& what) {
  return own_name(context.change_name(), fmt::format("{} {}", quoted(table.name), what));
}

std::string in_words(const std::vector<MappedColumn>& columns) {
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const MappedColumn& column : columns) names.push_back(quote_identifier(column.name));
  return names.size() == 1 ? names.front() : fmt::format("({})", fmt::join(names, ", "));
}

}  // namespace

MappingSql::MappingSql(const Context& context, const Mapping& mapping)
    : context_(context), mapping_(mapping), both_(mapping.news) {
  both_.insert(both_.end(), mapping.olds.begin(), mapping.olds.end());
  for (const MappedColumn& column : both_) total_ = total_ && (column.total || !column.value);
}

bool MappingSql::back_reads_old() const {
  return std::any_of(mapping_.olds.begin(), mapping_.olds.end(), [&](const MappedColumn& old) {
    const auto parsed = dsl::sql::parse_expression(old.value->text);
    const auto& columns = std::get<dsl::sql::Expression>(parsed).columns;
    return std::any_of(columns.begin(), columns.end(), [&](const dsl::sql::ColumnUse& use) {
      return std::any_of(mapping_.olds.begin(), mapping_.olds.end(),
                         [&](const MappedColumn& one) { return one.name == use.name; });
    });
  });
}

std::string MappingSql::over(const std::string& row, const std::string& expression) const {
  return row.empty() ? expression
                     : dsl::sql::bind_columns(expression, row, mapping_.table->name.name);
}

std::string MappingSql::list(const std::vector<MappedColumn>& columns,
                             const std::string& row) const {
  std::vector<std::string> items;
  items.reserve(columns.size());
  for (const MappedColumn& column : columns) items.push_back(at(row, column.name));
  return fmt::format("{}", fmt::join(items, ", "));
}

std::string MappingSql::call(const std::string& function,
                             const std::vector<MappedColumn>& arguments,
                             const std::string& row) const {
  return fmt::format("segue.{}({})",
                     quote_identifier(function_name(context_, *mapping_.table, function)),
                     list(arguments, row));
}

std::string MappingSql::with_fallback(const MappedColumn& column, const std::string& value,
                                      const std::string& row) const {
  if (!column.fallback) return value;
  return fmt::format("coalesce({}, CAST({} AS {}))", value, over(row, column.fallback->text),
                     column.type);
}

std::string MappingSql::mapped(const MappedColumn& column, const std::string& row) const {
  if (!total_) return call("to " + column.name, mapping_.olds, row);
  return with_fallback(
      column, fmt::format("CAST({} AS {})", over(row, column.value->text), column.type), row);
}

std::string MappingSql::back(const MappedColumn& old, const std::string& row) const {
  if (!total_) return call("back to " + old.name, both_, row);
  return fmt::format("CAST({} AS {})", over(row, old.value->text), old.type);
}

// What a write of the new release gives the old one: where there is no value for it, the write
// fails.
std::string MappingSql::given(const MappedColumn& old, const std::string& row) const {
  return settings_of(old).empty() ? over(row, old.value->text)
                                  : call("given to " + old.name, both_, row);
}

std::string MappingSql::settings_of(const MappedColumn& column) const {
  if (total_ || !column.value) return "";
  std::vector<TypedName> names{{"", column.type}};
  for (const MappedColumn& one : mapping_.news) names.push_back({one.name, one.type});
  std::string text = column.value->text;
  if (column.fallback) text += " " + column.fallback->text;
  return pinned_settings(context_.catalog.catalog(), *mapping_.table, text, names);
}

std::string MappingSql::all_mapped(const std::string& row) const {
  std::vector<std::string> items;
  for (const MappedColumn& column : mapping_.news) items.push_back(mapped(column, row));
  return fmt::format("{}", fmt::join(items, ", "));
}

std::string MappingSql::all_back(const std::string& row) const {
  std::vector<std::string> items;
  for (const MappedColumn& old : mapping_.olds) items.push_back(back(old, row));
  return fmt::format("{}", fmt::join(items, ", "));
}

std::string MappingSql::unfilled(const std::string& row) const {
  std::vector<std::string> items;
  for (const MappedColumn& column : mapping_.news)
    items.push_back(at(row, column.name) + " IS NULL");
  return fmt::format("{}", fmt::join(items, " AND "));
}

std::string MappingSql::has_value(const std::string& row) const {
  std::vector<std::string> items;
  for (const MappedColumn& column : mapping_.news)
    items.push_back(mapped(column, row) + " IS NOT NULL");
  return fmt::format("{}", fmt::join(items, " OR "));
}

std::string MappingSql::differs() const {
  const std::string or_fails = total_ ? std::string{} : " OR " + fails();
  if (!mapping_.two_way())
    return fmt::format("{} AND ({}{})", unfilled(""), has_value(""), or_fails);
  const std::string new_differs = image_differs(list(mapping_.news, ""), all_mapped(""));
  return fmt::format("({}{}) AND {}", new_differs, or_fails,
                     image_differs(list(mapping_.olds, ""), all_back("")));
}

std::string MappingSql::fails_where_it_counts() const {
  // What the new release wrote stands, whatever the old column held.
  if (!mapping_.two_way()) return fmt::format("{} AND {}", fails(), unfilled(""));
  return fmt::format("{} AND {}", fails(), image_differs(list(mapping_.olds, ""), all_back("")));
}

std::string MappingSql::promise() const {
  if (!mapping_.two_way())
    return fmt::format("{} is filled from {}", in_words(mapping_.news), in_words(mapping_.olds));
  return fmt::format("{} and {} say the same", in_words(mapping_.olds), in_words(mapping_.news));
}

// Several splits of a table may each have one.
std::string MappingSql::fails_function() const {
  return "fails for " + old_list();
}

std::string MappingSql::fails() const {
  return call(fails_function(), mapping_.olds, "");
}

std::string MappingSql::old_list() const {
  return list(mapping_.olds, "");
}

// ---- The trigger
// ---------------------------------------------------------------------------------------

std::string MappingSql::setting(const MappedColumn& column) const {
  return "segue." + function_name(context_, *mapping_.table, column.name + " null");
}

std::string MappingSql::fill_new(const std::string& indent) const {
  std::string text;
  for (const MappedColumn& column : mapping_.news)
    text += fmt::format("{}NEW.{} := {};\n", indent, quote_identifier(column.name),
                        mapped(column, "NEW"));
  return text;
}

std::string MappingSql::write_back(const std::string& indent) const {
  std::string text;
  for (const MappedColumn& column : mapping_.news) {
    if (!column.fallback) continue;
    text += fmt::format("{0}NEW.{1} := {2};\n", indent, quote_identifier(column.name),
                        with_fallback(column, at("NEW", column.name), "NEW"));
  }
  if (!mapping_.two_way()) {
    // The old column would bring its value back otherwise.
    for (const MappedColumn& old : mapping_.olds) {
      if (!old.base->not_null)
        text += fmt::format("{0}IF {1} THEN\n{0}  NEW.{2} := NULL;\n{0}END IF;\n", indent,
                            unfilled("NEW"), quote_identifier(old.name));
    }
    return text;
  }
  std::vector<std::string> values;
  for (const MappedColumn& old : mapping_.olds) values.push_back(given(old, "NEW"));
  if (values.size() == 1)
    return text + fmt::format("{}{} := {};\n", indent, list(mapping_.olds, "NEW"), values.front());
  // All at once: each may read what the others were.
  return text + fmt::format("{}SELECT {} INTO {};\n", indent, fmt::join(values, ", "),
                            list(mapping_.olds, "NEW"));
}

std::string MappingSql::new_side_written() const {
  std::string changed = image_differs(list(mapping_.news, "OLD"), list(mapping_.news, "NEW"));
  if (!mapping_.two_way()) return changed;
  std::string marks;
  for (const MappedColumn& column : mapping_.news) {
    marks += fmt::format("{}pg_catalog.current_setting({}, true) IS NOT DISTINCT FROM OLD::text",
                         marks.empty() ? "" : "\n          OR ", quote_literal(setting(column)));
  }
  return fmt::format("{}\n      OR ({} AND NOT {}\n        AND ({}))", changed, unfilled("OLD"),
                     image_differs(list(mapping_.olds, "OLD"), list(mapping_.olds, "NEW")), marks);
}

// A row that an UPDATE moves to another partition is inserted there: what its old side says stands
// where the two agree. A mapping that cannot fail asks that in its WHEN clause already.
std::string MappingSql::back_of_an_insert() const {
  if (write_back("").empty()) return "";
  const bool moves = mapping_.table->kind == TableKind::partitioned;
  if (total_ || !moves || !mapping_.two_way()) return "      ELSE\n" + write_back("        ");
  std::string disagree = fmt::format("({}\n        AND {})",
                                     image_differs(list(mapping_.news, "NEW"), all_mapped("NEW")),
                                     image_differs(list(mapping_.olds, "NEW"), all_back("NEW")));
  for (const MappedColumn& old : mapping_.olds) {
    if (old.base->not_null) disagree += fmt::format("\n        OR {} IS NULL", at("NEW", old.name));
  }
  return fmt::format("      ELSIF {} THEN\n{}", disagree, write_back("        "));
}

TriggerRule MappingSql::rule() const {
  TriggerRule rule;
  rule.copies = true;
  rule.source = context_.here();
  rule.comment = mapping_.two_way()
                     ? fmt::format("{}; where both changed, the new side wins", promise())
                     : promise();
  if (!total_) {
    // What may fail cannot stand in a WHEN clause: every write asks the function.
    rule.when = "pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM 'on'";
  } else {
    rule.when = image_differs(list(mapping_.news, "NEW"), all_mapped("NEW"));
    if (mapping_.two_way()) {
      rule.when +=
          fmt::format("\n    AND ({}", image_differs(list(mapping_.olds, "NEW"), all_back("NEW")));
      for (const MappedColumn& column : mapping_.news) {
        rule.when += fmt::format("\n      OR ({} IS NULL AND {} IS NOT NULL)",
                                 at("NEW", column.name), mapped(column, "NEW"));
      }
      rule.when = fmt::format("({}))", rule.when);
      // A NULL may map to what is there: nobody wrote it, and the column would refuse it.
      for (const MappedColumn& old : mapping_.olds) {
        if (old.base->not_null)
          rule.when += fmt::format("\n    OR {} IS NULL", at("NEW", old.name));
      }
    }
  }
  std::string partial;
  for (const MappedColumn& column : mapping_.news) {
    std::string untouched = at("NEW", column.name) + " IS NULL";
    if (mapping_.two_way()) {
      untouched +=
          fmt::format(" AND pg_catalog.current_setting({}, true) IS DISTINCT FROM OLD::text",
                      quote_literal(setting(column)));
    }
    partial += fmt::format("        IF {} THEN\n          NEW.{} := {};\n        END IF;\n",
                           untouched, quote_identifier(column.name), mapped(column, "OLD"));
  }
  std::string disagree;
  if (mapping_.two_way()) {
    disagree = fmt::format(
        "      IF {} THEN\n        PERFORM segue.note_disagreement({}, {}, {});\n      END IF;\n",
        image_differs(list(mapping_.olds, "OLD"), list(mapping_.olds, "NEW")),
        quote_literal(context_.change_name()), quote_literal(quoted(mapping_.table->name)),
        quote_literal(list(both_, "")));
  }
  rule.body = fmt::format(
      "    IF TG_OP = 'INSERT' THEN\n"
      "      IF {unfilled} THEN\n{fill8}"
      "{else_back}"
      "      END IF;\n"
      "    ELSIF {written} THEN\n{disagree}"
      "      -- a row that is not filled yet: what this write leaves out comes from the old side\n"
      "      IF {old_unfilled} THEN\n{partial}      END IF;\n{back6}"
      "    ELSIF {old_written}\n      OR ({unfilled}) THEN\n{fill6}"
      "    END IF;\n",
      fmt::arg("unfilled", unfilled("NEW")), fmt::arg("fill8", fill_new("        ")),
      fmt::arg("else_back", back_of_an_insert()), fmt::arg("written", new_side_written()),
      fmt::arg("disagree", disagree), fmt::arg("old_unfilled", unfilled("OLD")),
      fmt::arg("partial", partial), fmt::arg("back6", write_back("      ")),
      fmt::arg("old_written",
               image_differs(list(mapping_.olds, "OLD"), list(mapping_.olds, "NEW"))),
      fmt::arg("fill6", fill_new("      ")));
  return rule;
}

// ---- Functions and marks
// ---------------------------------------------------------------------------------

void MappingSql::add_functions(TableDraft& draft) const {
  if (total_) return;
  const auto make = [&](const std::string& what, const std::vector<MappedColumn>& arguments) {
    FunctionDraft function;
    function.name = function_name(context_, *mapping_.table, what);
    std::vector<std::string> typed;
    std::vector<std::string> types;
    for (const MappedColumn& argument : arguments) {
      typed.push_back(fmt::format("{} {}", quote_identifier(argument.name), argument.type));
      types.push_back(argument.type);
    }
    function.arguments = fmt::format("{}", fmt::join(typed, ", "));
    function.types = fmt::format("{}", fmt::join(types, ", "));
    return function;
  };
  const auto value_function = [&](const std::string& what,
                                  const std::vector<MappedColumn>& arguments,
                                  const MappedColumn& column) {
    FunctionDraft function = make(what, arguments);
    const std::string row = quote_identifier(function.name);
    function.returns = column.type;
    function.settings = settings_of(column);
    function.declarations = fmt::format("  segue_value {};\n", column.type);
    function.body = fmt::format(
        "  BEGIN\n    segue_value := {};\n  EXCEPTION WHEN OTHERS THEN\n    segue_value := NULL;\n "
        " END;\n  RETURN {};\n",
        over(row, column.value->text), with_fallback(column, "segue_value", row));
    draft.functions.push_back(std::move(function));
  };
  FunctionDraft fails = make(fails_function(), mapping_.olds);
  fails.returns = "boolean";
  for (const MappedColumn& column : mapping_.news) {
    const std::string settings = settings_of(column);  // the longer one has the shorter one in it
    if (settings.size() > fails.settings.size()) fails.settings = settings;
  }
  for (std::size_t i = 0; i < mapping_.news.size(); ++i) {
    fails.declarations += fmt::format("  segue_value_{} {};\n", i + 1, mapping_.news[i].type);
    fails.body += fmt::format("  segue_value_{} := {};\n", i + 1,
                              over(quote_identifier(fails.name), mapping_.news[i].value->text));
  }
  fails.body += "  RETURN false;\nEXCEPTION WHEN OTHERS THEN\n  RETURN true;\n";
  draft.functions.push_back(std::move(fails));
  for (const MappedColumn& column : mapping_.news)
    value_function("to " + column.name, mapping_.olds, column);
  if (!mapping_.two_way()) return;
  for (const MappedColumn& old : mapping_.olds) {
    value_function("back to " + old.name, both_, old);
    if (settings_of(old).empty()) continue;
    FunctionDraft given = make("given to " + old.name, both_);
    given.returns = old.type;
    given.settings = settings_of(old);
    given.body = fmt::format("  RETURN {};\n", over(quote_identifier(given.name), old.value->text));
    draft.functions.push_back(std::move(given));
  }
}

void MappingSql::add_null_marks(TableDraft& draft) const {
  std::vector<std::string> given;
  for (const MappedColumn& old : mapping_.olds)
    given.push_back(at("OLD", old.name) + " IS NOT NULL");
  for (const MappedColumn& column : mapping_.news) {
    NullMark mark;
    mark.column = column.name;
    mark.setting = setting(column);
    mark.when = fmt::format("{} IS NULL AND {} AND ({})\n    AND NOT {}", at("NEW", column.name),
                            unfilled("OLD"), fmt::join(given, " OR "),
                            image_differs(list(mapping_.olds, "OLD"), list(mapping_.olds, "NEW")));
    mark.source = context_.here();
    draft.null_marks.push_back(std::move(mark));
  }
}

}  // namespace segue::planner
