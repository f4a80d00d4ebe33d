#include "runtime/rehearsal/app.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <fstream>

#include "dsl/sql.hpp"

namespace segue::runtime::rehearsal {

namespace {

namespace fs = std::filesystem;
using dsl::sql::quote_literal;

}  // namespace

std::string Answer::text() const {
  if (ok) return "ok";
  return fmt::format("ERROR: {}{}", message,
                     sqlstate.empty() ? "" : fmt::format(" ({})", sqlstate));
}

App::App(std::unique_ptr<Session> session, fs::path directory)
    : session_(std::move(session)), directory_(std::move(directory)) {}

Answer App::send(const Statement& statement, const Side& side) {
  Answer answer;
  const auto start = std::chrono::steady_clock::now();
  try {
    const Rows rows = execute(statement, side);
    answer.ok = true;
    if (statement.key_left_out && !rows.empty()) answer.returned = rows.rows.front();
  } catch (const DatabaseError& error) {
    answer.sqlstate = error.sqlstate();
    answer.message = error.what();
    if (!error.connection_lost() && statement.kind == StatementKind::lock_and_update)
      session_->exec("ROLLBACK");
  }
  answer.ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return answer;
}

Rows App::execute(const Statement& statement, const Side& side) {
  if (statement.kind == StatementKind::copy) return copy(statement, side);
  if (!statement.prepared) return session_->exec(to_sql(statement, side));
  const PreparedShape shape = to_prepared(statement, side);
  return run_prepared(statement.schema, shape.sql, shape.arguments);
}

Rows App::run_prepared(Release types, const std::string& sql,
                       const std::vector<std::string>& arguments) {
  const auto [place, is_new] =
      prepared_.emplace(std::pair{types, sql}, fmt::format("app_{}", prepared_.size() + 1));
  const std::string name = place->second;
  if (is_new) {
    try {
      session_->exec(fmt::format("PREPARE {} AS {}", name, sql));
    } catch (...) {
      prepared_.erase(place);
      throw;
    }
  }
  std::string list;
  for (const std::string& argument : arguments) list += (list.empty() ? "" : ", ") + argument;
  return session_->exec(
      fmt::format("EXECUTE {}{}", name, list.empty() ? "" : fmt::format("({})", list)));
}

// The rows go through a file beside the server's data: the same code path as COPY FROM STDIN.
Rows App::copy(const Statement& statement, const Side& side) {
  static std::atomic<int> number{0};
  const fs::path file = directory_ / fmt::format("copy-{}-{}", getpid(), ++number);
  std::string lines;
  for (const Literals& row : statement.rows) {
    std::vector<Value> values;
    std::string items;
    for (std::size_t i = 0; i < row.size(); ++i) {
      items += fmt::format("{}CAST({} AS {})", i == 0 ? "" : ", ", row[i],
                           side.table.column(statement.columns[i])->type);
    }
    lines += copy_line(session_->exec("SELECT " + items).rows.front());
  }
  std::ofstream(file, std::ios::binary) << lines;
  std::error_code ignored;
  fs::permissions(file, fs::perms::others_read | fs::perms::group_read, fs::perm_options::add,
                  ignored);
  try {
    const Rows rows =
        session_->exec(fmt::format("COPY {} ({}) FROM {}", planner::quoted(side.table.name),
                                   column_list(statement.columns), quote_literal(file.string())));
    fs::remove(file, ignored);
    return rows;
  } catch (...) {
    fs::remove(file, ignored);
    throw;
  }
}

std::vector<std::vector<Value>> App::select(const Side& side,
                                            const std::vector<std::string>& columns,
                                            const Key& key) {
  std::string where;
  std::vector<std::string> arguments;
  for (std::size_t i = 0; i < key.size(); ++i) {
    where += fmt::format("{}{} = ${}", i == 0 ? "" : " AND ",
                         dsl::sql::quote_identifier(side.key[i]), i + 1);
    arguments.push_back(quote_literal(key[i]));
  }
  return run_prepared(Release::before,
                      fmt::format("SELECT {} FROM {} WHERE {}", column_list(columns),
                                  planner::quoted(side.table.name), where),
                      arguments)
      .rows;
}

std::vector<std::vector<Value>> App::select_all(const Side& side,
                                                const std::vector<std::string>& columns) {
  return session_
      ->exec(
          fmt::format("SELECT {} FROM {}", column_list(columns), planner::quoted(side.table.name)))
      .rows;
}

void App::forget_plans() {
  session_->exec("DEALLOCATE ALL");
  prepared_.clear();
}

}  // namespace segue::runtime::rehearsal
