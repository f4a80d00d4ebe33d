#include "planner/recipes/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "planner/names.hpp"
#include "planner/probe.hpp"

namespace segue::planner {

using dsl::sql::quote_identifier;

namespace {

constexpr std::array<std::string_view, 6> system_columns{"tableoid", "xmin", "cmin",
                                                         "xmax",     "cmax", "ctid"};

// A row may hold megabytes, and a person reads the message.
constexpr int characters_shown = 60;

}  // namespace

bool name_is_free(Context& context, const Table& table, const dsl::Identifier& name) {
  if (table.column(name.name) != nullptr) {
    context.error(
        name.span, fmt::format("{} has a column \"{}\" already", quoted(table.name), name.name),
        "both columns live side by side for a while: the new name has to be free from the start");
    return false;
  }
  if (std::find(system_columns.begin(), system_columns.end(), name.name) != system_columns.end()) {
    context.error(name.span, fmt::format("\"{}\" is the name of a system column", name.name));
    return false;
  }
  return true;
}

std::string over_new_row(const Table& table, const dsl::Fragment& fragment,
                         const dsl::sql::Expression& expression) {
  const bool whole_row =
      std::any_of(expression.columns.begin(), expression.columns.end(),
                  [](const dsl::sql::ColumnUse& use) { return use.name == "*"; });
  if (expression.has_subquery || whole_row) {
    return fmt::format("(SELECT {} FROM (SELECT NEW.*) AS {})", fragment.text,
                       quote_identifier(table.name.name));
  }
  return dsl::sql::bind_columns(fragment.text, "NEW", table.name.name);
}

std::vector<const Function*> functions_naming(Context& context, const QualifiedName& table) {
  std::vector<const Function*> found;
  for (const Function& function : context.catalog.catalog().functions) {
    if (!function.extension.empty() || function.atomic) continue;
    if (function.language != "sql" && function.language != "plpgsql") continue;
    const dsl::sql::BodyNames& names = context.body_names(function);
    const bool speaks = names.parsed ? names.relations.contains(table.name)
                                     : function.body.find(table.name) != std::string::npos;
    if (speaks) found.push_back(&function);
  }
  return found;
}

std::string image_differs(const std::string& a, const std::string& b) {
  return fmt::format("pg_catalog.record_image_ne(ROW({}), ROW({}))", a, b);
}

std::string values_differ(const TypeShape& type, const std::string& collation, const std::string& a,
                          const std::string& b) {
  if (!collation.empty() || !equal_is_same(type)) return image_differs(a, b);
  return fmt::format(
      "({0} OPERATOR(pg_catalog.=) {1}\n      OR ({0} IS NULL AND {1} IS NULL)) IS NOT TRUE", a, b);
}

std::string parenthesised(const std::string& expression) {
  if (expression.empty() || expression.front() != '(' || expression.back() != ')')
    return "(" + expression + ")";
  // "(a) + (b)" begins and ends with parentheses that do not belong together.
  int depth = 0;
  for (std::size_t i = 0; i + 1 < expression.size(); ++i) {
    if (expression[i] == '(') ++depth;
    if (expression[i] == ')' && --depth == 0) return "(" + expression + ")";
  }
  return expression;
}

void prove_not_null(Context& context, const Table& table, const std::string& column,
                    AddedAt added_at, const std::string& end_name, TableDraft* whole) {
  TableDraft& draft = context.draft_of(table);
  TableDraft& contracted = whole == nullptr ? draft : *whole;
  const std::string proof = context.own_constraint_name(table, fmt::format("{}_not_null", column));
  const SourceLine source = context.here();
  const std::string& at_end = end_name.empty() ? column : end_name;
  draft.constraints.push_back({proof,
                               fmt::format("CHECK ({} IS NOT NULL)", quote_identifier(column)),
                               added_at,
                               false,
                               true,
                               {},
                               fmt::format("{} may not be NULL any more", quote_identifier(column)),
                               source,
                               probe::column_not_null(table.name, at_end)});
  context.own(ObjectKind::constraint, table.name, proof);
  const std::string name = quoted(table.name);
  contracted.contract.push_back({ContractSlot::not_null, "proven by the validated CHECK: no scan",
                                 fmt::format("ALTER TABLE {} ALTER COLUMN {} SET NOT NULL;\n", name,
                                             quote_identifier(at_end)),
                                 probe::column_not_null(table.name, at_end), source});
  // In one ALTER with SET NOT NULL it would scan the table again.
  contracted.contract.push_back(
      {ContractSlot::drop_proof, "",
       fmt::format("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {};\n", name, quote_identifier(proof)),
       probe::constraint_missing(table.name, proof), source});
}

std::vector<std::string> key_or_ctid(const Table& table) {
  std::vector<std::string> key = row_key(table);
  if (key.empty()) key.emplace_back("ctid");
  return key;
}

std::string select_key(const Table& table, const std::string& extra) {
  std::string list;
  for (const std::string& column : key_or_ctid(table)) {
    list += fmt::format("{}{}::text", list.empty() ? "" : ", ", quote_identifier(column));
  }
  return list + extra;
}

Step look_at_rows(const Table& table, const RowLook& sought) {
  NoRows check;
  check.table = table.name;
  check.columns = key_or_ctid(table);
  std::string values;
  for (const std::string& column : sought.shown) {
    values +=
        fmt::format(", pg_catalog.left({}::text, {})", quote_identifier(column), characters_shown);
    check.columns.push_back(column);
  }
  check.condition = sought.condition;
  check.violators = fmt::format("SELECT {} FROM {} WHERE {}", select_key(table, values),
                                quoted(table.name), sought.condition);
  check.message = sought.message;
  check.hint = sought.hint;
  check.gate = sought.phase == Phase::contract;
  Step step;
  step.phase = sought.phase;
  step.title = sought.title;
  step.why = sought.why;
  step.locks = {{table.name, LockMode::access_share}};
  step.scan = Scan::reads;
  step.done = sought.done;
  step.undo_note = "nothing: it only reads";
  step.action = std::move(check);
  return step;
}

void list_nulls(Context& context, const Table& table, const std::string& column, int order,
                Phase phase) {
  const std::string name = quote_identifier(column);
  RowLook sought;
  sought.phase = phase;
  sought.title = fmt::format("Look for rows without {}.{}", quoted(table.name), name);
  sought.why = "they are listed here, before anything is built";
  sought.condition = fmt::format("{} IS NULL", name);
  sought.message = fmt::format("rows of {} have no {}", quoted(table.name), name);
  sought.hint = "give them a value, or say `backfill …` in the change; then run the phase again";
  if (phase == Phase::contract) {
    sought.hint = "give them a value; then run the phase again";
    sought.done = probe::column_not_null(table.name, column);
  }
  context.add_step(order, look_at_rows(table, sought));
}

void verify(Context& context, const Table& table, std::string differs, std::string promise) {
  context.draft.verifications.push_back({table.name, leaves_of(context.catalog, table),
                                         key_or_ctid(table), std::move(differs), std::move(promise),
                                         Phase::backfill});
}

void list_duplicates(Context& context, const Table& table, const std::vector<std::string>& keys,
                     const std::string& predicate, const std::string& name,
                     bool nulls_not_distinct) {
  std::string columns;
  std::string groups;
  std::string not_null = predicate.empty() ? std::string{} : fmt::format("({})", predicate);
  NoRows check;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    columns += fmt::format("({})::text, ", keys[i]);
    groups += fmt::format("{}{}", i == 0 ? "" : ", ", i + 1);
    check.columns.push_back(keys[i]);
    if (!nulls_not_distinct) {
      not_null += fmt::format("{}({}) IS NOT NULL", not_null.empty() ? "" : " AND ", keys[i]);
    }
  }
  check.columns.emplace_back("rows");
  check.table = table.name;
  // Grouped by the value itself, not by its text: equality is the type's.
  std::string by;
  for (const std::string& key : keys) by += fmt::format("{}({})", by.empty() ? "" : ", ", key);
  check.violators =
      fmt::format("SELECT {}count(*)::text FROM {}{}{} GROUP BY {} HAVING count(*) > 1", columns,
                  quoted(table.name), not_null.empty() ? "" : " WHERE ", not_null, by);
  check.message = fmt::format("{} holds duplicates that {} does not allow", quoted(table.name),
                              quote_identifier(name));
  check.hint = "make them differ, or remove them; then run the phase again";
  Step step;
  step.phase = Phase::backfill;
  step.title = fmt::format("Look for duplicates under {}", quote_identifier(name));
  step.why = "they are listed here, before an index build would fail on the first of them";
  step.locks = {{table.name, LockMode::access_share}};
  step.scan = Scan::reads;
  step.done = probe::index_valid({table.name.schema, name});
  step.undo_note = "nothing: it only reads";
  step.action = std::move(check);
  context.add_step(order::check_filled, std::move(step));
}

std::map<QualifiedName, std::string> partition_index_names(Context& context, const Table& table,
                                                           const std::vector<std::string>& columns,
                                                           std::string_view label) {
  std::map<QualifiedName, std::string> names;
  if (table.kind != TableKind::partitioned) return names;
  for (const Table* one : tree_of(context.catalog, table)) {
    if (one == &table) continue;
    names[one->name] = context.index_name(*one, std::nullopt, columns, label);
    context.own(ObjectKind::index, one->name, names[one->name]);
  }
  return names;
}

std::string default_as(const std::string& text, const std::string& type) {
  // 'new'::text is 'new' of another type as well.
  std::size_t end = text.starts_with('\'') ? 1 : std::string::npos;
  while (end < text.size() && (text[end] != '\'' || text.compare(end, 2, "\'\'") == 0))
    end += text[end] == '\'' ? 2 : 1;
  if (end < text.size() && text.compare(end + 1, 2, "::") == 0)
    return fmt::format("{}::{}", text.substr(0, end + 1), type);
  return fmt::format("{}::{}", parenthesised(text), type);
}

std::string joined(const std::vector<std::string>& identifiers) {
  std::string list;
  for (const std::string& one : identifiers)
    list += fmt::format("{}{}", list.empty() ? "" : ", ", quote_identifier(one));
  return list;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string foreign_key_definition(const std::vector<std::string>& columns,
                                   const QualifiedName& target,
                                   const std::vector<std::string>& target_columns,
                                   const std::string& on_delete, const std::string& on_update,
                                   bool deferrable, bool initially_deferred) {
  std::string text = fmt::format("FOREIGN KEY ({}) REFERENCES {} ({})", joined(columns),
                                 quoted(target), joined(target_columns));
  if (!on_update.empty() && upper(on_update) != "NO ACTION")
    text += " ON UPDATE " + upper(on_update);
  if (!on_delete.empty() && upper(on_delete) != "NO ACTION")
    text += " ON DELETE " + upper(on_delete);
  if (deferrable) text += " DEFERRABLE";
  if (initially_deferred) text += " INITIALLY DEFERRED";
  return text;
}

std::optional<ResolvedTarget> resolve_target(Context& context, const dsl::ForeignKeyTarget& target,
                                             std::size_t count, dsl::Span span) {
  ResolvedTarget resolved;
  resolved.table = context.table(target.table);
  if (resolved.table == nullptr) return std::nullopt;
  std::vector<std::string> before;  // as the catalogue names them
  if (target.columns.empty()) {
    const Constraint* key = resolved.table->primary_key();
    if (key == nullptr) {
      context.error(target.table.span,
                    fmt::format("{} has no primary key", quoted(resolved.table->name)),
                    "name the columns: references table(column)");
      return std::nullopt;
    }
    before = key->columns;
    for (const std::string& column : before) {
      resolved.now.push_back(context.new_name(resolved.table->name, column));
      const bool keeps_name =
          context.until_contract(resolved.table->name, column) == resolved.now.back();
      resolved.columns.push_back(keeps_name ? column : resolved.now.back());
    }
  } else {
    const auto columns = context.columns(*resolved.table, target.columns);
    if (!columns) return std::nullopt;
    for (const ResolvedColumn& column : *columns) {
      resolved.columns.push_back(column.name);
      resolved.now.push_back(context.until_contract(resolved.table->name, column.name));
      before.push_back(column.renamed() ? column.old_name : column.name);
    }
  }
  if (resolved.columns.size() != count) {
    context.error(span, fmt::format("{} columns reference {}", count, resolved.columns.size()),
                  "a foreign key pairs them one by one");
    return std::nullopt;
  }
  resolved.copied = resolved.now != resolved.columns;
  std::vector<std::string> wanted = before;
  std::sort(wanted.begin(), wanted.end());
  const bool unique = std::any_of(
      resolved.table->indexes.begin(), resolved.table->indexes.end(), [&](const Index& index) {
        if (!index.unique || !index.valid || !index.predicate.empty()) return false;
        if (const Constraint* owner = resolved.table->constraint(index.constraint);
            owner != nullptr && owner->deferrable)
          return false;
        std::vector<std::string> keys;
        for (const IndexKeyPart& part : index.keys) keys.push_back(part.column);
        std::sort(keys.begin(), keys.end());
        return keys == wanted;
      });
  if (!unique) {
    context.error(target.table.span,
                  fmt::format("{} ({}) is not unique", quoted(resolved.table->name),
                              joined(resolved.columns)),
                  "a foreign key needs a primary key or a unique constraint there; add one in a "
                  "change before this one");
    return std::nullopt;
  }
  return resolved;
}

bool may_reference(Context& context, const Table& table, dsl::Span span) {
  if (table.kind != TableKind::partitioned || context.catalog.catalog().major() >= 18) return true;
  context.error(span,
                fmt::format("{} is partitioned: before PostgreSQL 18 a foreign key on it cannot be "
                            "added without a scan under lock",
                            quoted(table.name)),
                "reference from each partition instead, or upgrade first");
  return false;
}

std::string not_itself(const Table& table, const std::vector<std::string>& columns,
                       const ResolvedTarget& target, const std::string& row) {
  if (target.table != &table) return {};
  std::string same;
  for (std::size_t i = 0; i < columns.size(); ++i)
    same += fmt::format("{0}{1}.{2} = {1}.{3}", i == 0 ? "" : " AND ", row,
                        quote_identifier(target.now[i]), quote_identifier(columns[i]));
  return fmt::format("({}) IS NOT TRUE AND ", same);
}

std::string orphan_condition(const Table& table, const std::vector<std::string>& columns,
                             const ResolvedTarget& target) {
  const std::string row = quote_identifier(table.name.name);
  std::string not_null;
  std::string match;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string column = fmt::format("{}.{}", row, quote_identifier(columns[i]));
    not_null += column + " IS NOT NULL AND ";
    match += fmt::format("{}segue_target.{} = {}", i == 0 ? "" : " AND ",
                         quote_identifier(target.now[i]), column);
  }
  return fmt::format("{}{}NOT EXISTS (SELECT FROM {} AS segue_target WHERE {})", not_null,
                     not_itself(table, columns, target, row), quoted(target.table->name), match);
}

}  // namespace segue::planner
