#include "runtime/rehearsal/statement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "dsl/sql.hpp"

namespace segue::runtime::rehearsal {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
}

// An identity column that is always generated takes a value only when it is told to.
std::string overriding(const Statement& statement, const Side& side) {
  for (const std::string& name : statement.columns) {
    const planner::Column* column = side.table.column(name);
    if (column != nullptr && column->identity == "always") return " OVERRIDING SYSTEM VALUE";
  }
  return "";
}

// Prints a statement; how a value is printed is the caller's: as itself, or as $n.
template <typename Print>
class Printer {
 public:
  Printer(const Statement& statement, const Side& side, const Print& print)
      : statement_(statement), side_(side), print_(print) {}

  std::string text() const {
    switch (statement_.kind) {
      case StatementKind::insert:
      case StatementKind::insert_many:
      case StatementKind::copy:
        return insert() + returning();
      case StatementKind::insert_select:
        return insert_select();
      case StatementKind::upsert:
        return upsert();
      case StatementKind::update:
      case StatementKind::update_key:
        return update();
      case StatementKind::lock_and_update:
        return fmt::format("BEGIN; SELECT {} FROM {} WHERE {} FOR UPDATE; {}; COMMIT",
                           column_list(side_.key), table(), keys(), update());
      case StatementKind::remove:
        return fmt::format("DELETE FROM {} WHERE {}", table(), keys());
      case StatementKind::merge:
        return merge();
    }
    return {};
  }

 private:
  std::string table() const { return planner::quoted(side_.table.name); }
  std::string keys() const {
    std::string text;
    for (const Key& key : statement_.keys) {
      text += text.empty() ? "" : " OR ";
      for (std::size_t i = 0; i < key.size(); ++i) {
        text += fmt::format("{}{} = {}", i == 0 ? "" : " AND ", quote_identifier(side_.key[i]),
                            print_(quote_literal(key[i])));
      }
    }
    return text.empty() ? "false" : text;
  }
  std::string insert() const {
    if (statement_.columns.empty()) return fmt::format("INSERT INTO {} DEFAULT VALUES", table());
    std::string values;
    for (const Literals& row : statement_.rows) {
      std::string one;
      for (const std::string& value : row) one += (one.empty() ? "" : ", ") + print_(value);
      values += fmt::format("{}({})", values.empty() ? "" : ", ", one);
    }
    return fmt::format("INSERT INTO {} ({}){} VALUES {}", table(), column_list(statement_.columns),
                       overriding(statement_, side_), values);
  }
  std::string returning() const {
    return statement_.key_left_out ? " RETURNING " + column_list(side_.key) : "";
  }
  // The columns that have a value in `rows` are given, the others are read from the row.
  std::string insert_select() const {
    std::vector<std::string> items;
    for (std::size_t i = 0; i < statement_.columns.size(); ++i) {
      const std::string& value = statement_.rows.front()[i];
      items.push_back(value.empty() ? quote_identifier(statement_.columns[i]) : print_(value));
    }
    std::string where;
    for (std::size_t i = 0; i < statement_.source.size(); ++i) {
      where += fmt::format("{}{} = {}", i == 0 ? "" : " AND ", quote_identifier(side_.key[i]),
                           print_(quote_literal(statement_.source[i])));
    }
    return fmt::format("INSERT INTO {} ({}){} SELECT {} FROM {} WHERE {}", table(),
                       column_list(statement_.columns), overriding(statement_, side_),
                       joined(items), table(), where);
  }
  std::string upsert() const {
    std::vector<std::string> sets;
    for (const std::string& column : statement_.columns) {
      const planner::Column* known = side_.table.column(column);
      const bool key = std::find(side_.key.begin(), side_.key.end(), column) != side_.key.end();
      const bool named = std::find(statement_.conflict.begin(), statement_.conflict.end(),
                                   column) != statement_.conflict.end();
      if (key || named || (known != nullptr && known->identity == "always")) continue;
      sets.push_back(fmt::format("{0} = EXCLUDED.{0}", quote_identifier(column)));
    }
    return fmt::format("{} ON CONFLICT ({}) DO {}", insert(), column_list(statement_.conflict),
                       sets.empty() ? "NOTHING" : "UPDATE SET " + joined(sets));
  }
  std::string merge() const {
    std::vector<std::string> values;
    std::vector<std::string> same;
    std::vector<std::string> sets;
    std::vector<std::string> given;
    for (std::size_t i = 0; i < statement_.columns.size(); ++i) {
      const std::string& column = statement_.columns[i];
      const std::string name = quote_identifier(column);
      const planner::Column* known = side_.table.column(column);
      // Nothing else tells what type a column of the source has.
      values.push_back(fmt::format("CAST({} AS {})", print_(statement_.rows.front()[i]),
                                   known == nullptr ? "text" : known->type));
      given.push_back("s." + name);
      if (std::find(side_.key.begin(), side_.key.end(), column) != side_.key.end()) {
        same.push_back(fmt::format("t.{0} = s.{0}", name));
      } else if (known == nullptr || known->identity != "always") {
        sets.push_back(fmt::format("{0} = s.{0}", name));
      }
    }
    std::string on;
    for (const std::string& one : same) on += (on.empty() ? "" : " AND ") + one;
    return fmt::format(
        "MERGE INTO {} t USING (VALUES ({})) s ({}) ON {} WHEN MATCHED THEN {} WHEN NOT MATCHED "
        "THEN INSERT ({}){} VALUES ({})",
        table(), joined(values), column_list(statement_.columns), on,
        sets.empty() ? "DO NOTHING" : "UPDATE SET " + joined(sets), column_list(statement_.columns),
        overriding(statement_, side_), joined(given));
  }
  std::string update() const {
    std::string sets;
    for (std::size_t i = 0; i < statement_.columns.size(); ++i) {
      sets +=
          fmt::format("{}{} = {}", sets.empty() ? "" : ", ",
                      quote_identifier(statement_.columns[i]), print_(statement_.rows.front()[i]));
    }
    return fmt::format("UPDATE {} SET {} WHERE {}", table(), sets, keys());
  }

  const Statement& statement_;
  const Side& side_;
  const Print& print_;
};

}  // namespace

std::string_view name_of(StatementKind kind) {
  constexpr std::array<std::string_view, 10> names{
      "insert", "insert of many rows", "insert from a select", "upsert", "copy",
      "update", "update of the key",   "select for update",    "delete", "merge"};
  return names.at(static_cast<std::size_t>(kind));
}

Statement whole(Statement statement) {
  for (std::size_t i = 0; i < statement.beside.size(); ++i) {
    const std::string& column = statement.beside[i];
    const auto place = std::find(statement.columns.begin(), statement.columns.end(), column);
    const auto at = static_cast<std::size_t>(place - statement.columns.begin());
    if (place == statement.columns.end()) statement.columns.push_back(column);
    for (std::size_t row = 0; row < statement.rows.size(); ++row) {
      Literals& values = statement.rows[row];
      values.resize(statement.columns.size());
      values[at] = statement.beside_rows[row][i];
    }
  }
  statement.beside.clear();
  return statement;
}

Statement with_key(Statement statement, const Side& side) {
  for (std::size_t i = 0; i < side.key.size(); ++i) {
    statement.columns.push_back(side.key[i]);
    statement.rows.front().push_back(literal(statement.new_keys.front()[i]));
  }
  return statement;
}

std::string literal(const Value& value) {
  return value ? quote_literal(*value) : "NULL";
}

std::string column_list(const std::vector<std::string>& columns) {
  std::string text;
  for (const std::string& column : columns)
    text += (text.empty() ? "" : ", ") + quote_identifier(column);
  return text;
}

std::string where_key(const Side& side, const Key& key) {
  return where_keys(side, {key});
}

std::string where_keys(const Side& side, const std::vector<Key>& keys) {
  std::string text;
  for (const Key& key : keys) {
    text += text.empty() ? "" : " OR ";
    for (std::size_t i = 0; i < key.size(); ++i) {
      const std::string part = quote_identifier(side.key[i]);
      text += i == 0 ? "" : " AND ";
      text += key[i] == no_value ? part + " IS NULL"
                                 : fmt::format("{} = {}", part, quote_literal(key[i]));
    }
  }
  return text.empty() ? "false" : text;
}

std::string to_sql(const Statement& statement, const Side& side) {
  const auto as_it_is = [](const std::string& value) { return value; };
  return Printer(statement, side, as_it_is).text();
}

PreparedShape to_prepared(const Statement& statement, const Side& side) {
  PreparedShape shape;
  const auto numbered = [&](const std::string& value) {
    shape.arguments.push_back(value);
    return fmt::format("${}", shape.arguments.size());
  };
  shape.sql = Printer(statement, side, numbered).text();
  return shape;
}

bool can_be_prepared(const Statement& statement) {
  if (statement.kind == StatementKind::lock_and_update || statement.kind == StatementKind::copy)
    return false;
  for (const Literals& row : statement.rows) {
    for (const std::string& value : row) {
      if (value == "DEFAULT") return false;
    }
  }
  // $1 in the list of a SELECT would be text, whatever column it goes to.
  return statement.kind != StatementKind::insert_select;
}

std::string copy_line(const std::vector<Value>& values) {
  std::string line;
  bool first = true;
  for (const Value& value : values) {
    if (!std::exchange(first, false)) line += '\t';
    if (!value) {
      line += "\\N";
      continue;
    }
    for (const char c : *value) {
      switch (c) {
        case '\\':
          line += "\\\\";
          break;
        case '\n':
          line += "\\n";
          break;
        case '\r':
          line += "\\r";
          break;
        case '\t':
          line += "\\t";
          break;
        default:
          line += c;
      }
    }
  }
  return line + '\n';
}

}  // namespace segue::runtime::rehearsal
