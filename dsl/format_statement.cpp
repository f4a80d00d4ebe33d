#include "dsl/format_statement.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>

#include "dsl/parser.hpp"
#include "dsl/sql.hpp"

namespace segue::dsl {
namespace {

template <typename... Visitors>
struct overloaded : Visitors... {
  using Visitors::operator()...;
};
template <typename... Visitors>
overloaded(Visitors...) -> overloaded<Visitors...>;  // clang 14 does not deduce it

std::string name(const Identifier& identifier) {
  return sql::quote_identifier(identifier.name);
}

std::string name(const TableName& table) {
  return (table.schema ? name(*table.schema) + '.' : "") + name(table.name);
}

std::string name(const ColumnName& column) {
  return name(column.table) + '.' + name(column.column);
}

std::string list(const std::vector<Identifier>& columns) {
  std::string out;
  for (const auto& column : columns) out += (out.empty() ? "" : ", ") + name(column);
  return '(' + out + ')';
}

std::string text_of(const std::optional<Fragment>& fragment) {
  return fragment ? fragment->text : "";
}

std::string index_key(const IndexKey& key) {
  std::string out = key.column ? name(*key.column) : text_of(key.expression);
  if (!key.collation.empty()) out += " collate " + key.collation;
  if (!key.opclass.empty()) out += ' ' + key.opclass;
  if (key.descending) out += " desc";
  if (key.nulls_first) out += *key.nulls_first ? " nulls first" : " nulls last";
  return out;
}

std::string index_keys(const std::vector<IndexKey>& keys) {
  std::string out;
  for (const auto& key : keys) out += (out.empty() ? "" : ", ") + index_key(key);
  return '(' + out + ')';
}

std::string parameters(const std::vector<StorageParameter>& all) {
  std::string out;
  for (const auto& one : all) {
    out += (out.empty() ? "" : ", ") + one.name;
    if (!one.value.empty()) out += " = " + one.value;
  }
  return '(' + out + ')';
}

std::string computed(const ComputedColumn& column) {
  return name(column.name) + ' ' + column.type.text + " = " + column.value.text;
}

// On one line if that is short enough, else each new column on its own.
std::string into_columns(const std::string& head, const std::vector<ComputedColumn>& columns) {
  std::string line = head + " ->";
  std::string lines = line;
  for (const auto& column : columns) {
    const bool last = &column == &columns.back();
    line += ' ' + computed(column) + (last ? "" : ",");
    lines += "\n  " + computed(column) + (last ? "" : ",");
  }
  const bool fits = line.find('\n') == std::string::npos && display_width(line) <= format_columns;
  return fits ? line : lines;
}

std::string phase_word(SqlPhase phase) {
  switch (phase) {
    case SqlPhase::expand:
      return "expand";
    case SqlPhase::backfill:
      return "backfill";
    case SqlPhase::contract:
      break;
  }
  return "contract";
}

// In dollar quotes whose tag the text does not hold.
std::string script(const SqlText& sql) {
  std::string tag;
  while ((sql.text + '$').find('$' + tag + '$') != std::string::npos) tag += 'q';
  return '$' + tag + '$' + sql.text + '$' + tag + '$';
}

}  // namespace

std::string statement_head(const Intent& intent) {
  return std::visit(
      overloaded{
          [](const RenameColumn& i) { return "rename " + name(i.column) + " -> " + name(i.to); },
          [](const RenameTable& i) {
            return "rename table " + name(i.table) + " -> " + name(i.to);
          },
          [](const AddColumn& i) { return "add " + name(i.column) + ' ' + i.type.text; },
          [](const RequireColumn& i) { return "require " + name(i.column); },
          [](const RelaxColumn& i) { return "relax " + name(i.column); },
          [](const DropColumn& i) { return "drop " + name(i.column); },
          [](const RetypeColumn& i) { return "retype " + name(i.column) + " -> " + i.type.text; },
          [](const WidenKey& i) { return "widen " + name(i.column) + " -> " + i.type.text; },
          [](const MoveColumn& i) {
            return "move " + name(i.column) + " -> " + name(i.to) + " on " + i.on.text;
          },
          [](const DropIndex& i) { return "drop index " + name(i.index); },
          [](const DropConstraint& i) { return "drop constraint " + name(i.constraint); },
          [](const DropTable& i) { return "drop table " + name(i.table); },
          [](const SetDefault& i) {
            return "default " + name(i.column) + ' ' + (i.value ? i.value->text : "none");
          },
          [](const AddIndex& i) {
            return (i.unique ? "unique index " : "index ") + name(i.table) + index_keys(i.keys);
          },
          [](const AddUnique& i) { return "unique " + name(i.table) + list(i.columns); },
          [](const AddPrimaryKey& i) { return "primary key " + name(i.table) + list(i.columns); },
          [](const AddCheck& i) { return "check " + name(i.table) + ' ' + i.condition.text; },
          [](const AddReference& i) {
            return "reference " + name(i.table) + list(i.columns) + " -> " + name(i.target.table) +
                   (i.target.columns.empty() ? "" : list(i.target.columns));
          },
          [](const RunSql& i) { return "sql " + phase_word(i.phase) + ' ' + script(i.body); },
          [](const CreateObject& i) { return i.sql.text; },
          [](const ExtendType& i) {
            std::string out =
                "extend type " + name(i.type) + " with " + sql::quote_literal(i.label.text);
            if (!i.neighbour) return out;
            return out + (i.before ? " before " : " after ") +
                   sql::quote_literal(i.neighbour->text);
          },
          [](const SplitColumn& i) { return into_columns("split " + name(i.column), i.into); },
          [](const MergeColumns& i) {
            return into_columns("merge " + name(i.table) + list(i.columns), {i.into});
          },
      },
      intent);
}

namespace {

const ForeignKeyTarget* target_of(const Intent& intent) {
  if (const auto* add = std::get_if<AddColumn>(&intent)) {
    return add->references ? &*add->references : nullptr;
  }
  const auto* reference = std::get_if<AddReference>(&intent);
  return reference == nullptr ? nullptr : &reference->target;
}

std::string constraint_name(const Intent& intent) {
  return std::visit(
      [](const auto& i) -> std::string {
        if constexpr (requires { i.name; }) return i.name ? name(*i.name) : "";
        if constexpr (requires { i.as; }) return i.as ? name(*i.as) : "";
        return "";
      },
      intent);
}

std::string repair(const Intent& intent) {
  return std::visit(
      [](const auto& i) -> std::string {
        if constexpr (requires { i.repair; }) {
          if (i.repair) return name(i.repair->column) + " = " + i.repair->value.text;
        }
        return "";
      },
      intent);
}

std::string backfill(const Intent& intent) {
  return std::visit(
      [](const auto& i) -> std::string {
        if constexpr (requires { i.backfill; }) return text_of(i.backfill);
        return "";
      },
      intent);
}

std::string back(const Intent& intent) {
  if (const auto* merge = std::get_if<MergeColumns>(&intent)) {
    std::string out;
    for (const auto& value : merge->back) {
      out += (out.empty() ? "" : ", ") + name(value.column) + " = " + value.value.text;
    }
    return out;
  }
  return std::visit(
      [](const auto& i) -> std::string {
        if constexpr (requires { i.back->text; }) return text_of(i.back);
        return "";
      },
      intent);
}

}  // namespace

std::string clause_argument(Clause clause, const Statement& statement) {
  const auto& intent = statement.intent;
  const auto* add = std::get_if<AddColumn>(&intent);
  const auto* index = std::get_if<AddIndex>(&intent);
  const auto* target = target_of(intent);
  switch (clause) {
    case Clause::default_value:
      return add != nullptr ? text_of(add->default_value) : "";
    case Clause::check:
      return add != nullptr ? text_of(add->check) : "";
    case Clause::references:
      return name(target->table) + (target->columns.empty() ? "" : list(target->columns));
    case Clause::on_delete:
      return target->on_delete;
    case Clause::on_update:
      return target->on_update;
    case Clause::deferrable:
      return target->initially_deferred ? "initially deferred" : "";
    case Clause::as:
      return constraint_name(intent);
    case Clause::using_method:
      return name(*index->method);
    case Clause::include:
      return list(index->include);
    case Clause::where:
      return text_of(index->where);
    case Clause::with:
      return parameters(index->with);
    case Clause::comment:
      return sql::quote_literal(*add->comment);
    case Clause::backfill:
      return backfill(intent);
    case Clause::back:
      return back(intent);
    case Clause::conversion:
      return text_of(std::get<RetypeColumn>(intent).conversion);
    case Clause::repair:
      return repair(intent);
    case Clause::undo:
      return script(*std::get<RunSql>(intent).undo);
    case Clause::because:
      return sql::quote_literal(*std::get<RunSql>(intent).because);
    case Clause::via:
      return std::string(word_of(*statement.options.via));
    case Clause::batch:
      return fmt::format("{}", *statement.options.batch);
    case Clause::workers:
      return fmt::format("{}", *statement.options.workers);
    default:
      return "";
  }
}

std::string duration_text(std::chrono::seconds time) {
  struct Unit {
    std::int64_t seconds;
    const char* name;
  };
  for (const auto& [seconds, unit] :
       {Unit{86'400, "day"}, Unit{3'600, "hour"}, Unit{60, "minute"}}) {
    if (time.count() % seconds != 0 || time.count() == 0) continue;
    const auto count = time.count() / seconds;
    return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
  }
  return fmt::format("{} second{}", time.count(), time.count() == 1 ? "" : "s");
}

}  // namespace segue::dsl
