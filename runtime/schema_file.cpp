// A schema file, loaded into a throwaway server.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "dsl/sql.hpp"
#include "dsl/sql_split.hpp"
#include "runtime/introspect.hpp"
#include "runtime/server.hpp"
#include "runtime/tablespaces.hpp"

namespace segue::runtime {

namespace {

using dsl::sql::StatementText;

constexpr std::string_view plain_dump =
    "write the file with pg_dump --schema-only, or plan from a database (--db) instead";

std::string read_file(const std::string& path) {
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  // A directory opens, and fails only when it is read.
  if (!stream || (text.str().empty() && errno != 0)) {
    throw SchemaLoadError(fmt::format("{}: {}", path, std::strerror(errno == 0 ? EIO : errno)), 0);
  }
  return text.str();
}

std::string_view line_of(std::string_view text, std::uint32_t number) {
  for (std::uint32_t line = 1; line < number; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  return text.ends_with('\r') ? text.substr(0, text.size() - 1) : text;
}

// The first words of a statement, in lower case: "create database".
std::string first_words(std::string_view statement, std::size_t count) {
  std::string words;
  for (std::size_t i = 0; i < statement.size() && count > 0; ++i) {
    const auto c = static_cast<unsigned char>(statement[i]);
    if (std::isspace(c) == 0) {
      if (std::isalpha(c) == 0) break;
      words += static_cast<char>(std::tolower(c));
    } else if (!words.empty() && words.back() != ' ') {
      if (--count > 0) words += ' ';
    }
  }
  if (words.ends_with(' ')) words.pop_back();
  return words;
}

bool is_any(std::string_view text, std::initializer_list<std::string_view> options) {
  return std::find(options.begin(), options.end(), text) != options.end();
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return result;
}

// What PostgreSQL's message says between `before` and the next quotation mark.
std::optional<std::string> named_in(std::string_view message, std::string_view before) {
  const std::size_t begin = message.find(before);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t end = message.find('"', begin + before.size());
  if (end == std::string_view::npos) return std::nullopt;
  return std::string(message.substr(begin + before.size(), end - begin - before.size()));
}

class SchemaLoader {
 public:
  SchemaLoader(Session& session, const std::string& path, std::string_view text)
      : session_(session), path_(path), text_(text) {}

  void load() {
    if (text_.find('\0') != std::string_view::npos) {
      throw SchemaLoadError(fmt::format("{}: not a text file", path_), 0);
    }
    const std::vector<StatementText> statements = dsl::sql::split_statements(text_);
    for (const StatementText& statement : statements) refuse_data(statement);
    for (const StatementText& statement : statements) {
      if (statement.is_meta) {
        check_meta(statement);
      } else if (!belongs_to_cluster(statement)) {
        run(statement);
      }
    }
  }

 private:
  [[noreturn]] void fail(std::uint32_t line, std::string_view message,
                         std::string_view hint = {}) const {
    std::string text = fmt::format("{}:{}: {}", path_, line, message);
    const std::string_view source = line_of(text_, line);
    const std::size_t begin = source.find_first_not_of(" \t");
    if (begin != std::string_view::npos) text += fmt::format("\n  {}", source.substr(begin));
    if (!hint.empty()) text += fmt::format("\n  hint: {}", hint);
    throw SchemaLoadError(text, line);
  }

  void refuse_data(const StatementText& statement) const {
    if (statement.is_meta || first_words(statement.text, 1) != "copy") return;
    std::string words = lower(statement.text);
    std::replace(words.begin(), words.end(), '\n', ' ');
    if (words.find(" from stdin") != std::string::npos) {
      fail(statement.line, "a schema file with data (COPY … FROM stdin)", plain_dump);
    }
  }

  void check_meta(const StatementText& statement) const {
    const std::string_view command = statement.text.substr(0, statement.text.find_first_of(" \t"));
    if (is_any(command, {"\\restrict", "\\unrestrict", "\\connect", "\\c", "\\set", "\\echo",
                         "\\qecho", "\\encoding", "\\pset", "\\timing"})) {
      return;  // they change nothing about the schema
    }
    fail(statement.line, fmt::format("psql's {} is not SQL", command), plain_dump);
  }

  // Roles and tablespaces are made when they are needed, and the database is already there.
  static bool belongs_to_cluster(const StatementText& statement) {
    const std::string words = first_words(statement.text, 3);
    for (const std::string_view start :
         {"create database", "alter database", "drop database", "comment on database",
          "create tablespace", "alter tablespace", "drop tablespace", "comment on tablespace"}) {
      if (words.starts_with(start)) return true;
    }
    return false;
  }

  void run(const StatementText& statement) {
    const std::string words = first_words(statement.text, 2);
    const std::string_view first = std::string_view(words).substr(0, words.find(' '));
    // Within a transaction of the file's own, an error that we can mend must not end it.
    const bool guarded = in_transaction_ && !is_any(first, {"commit", "end", "rollback", "abort"});
    constexpr int most_names_in_one_statement = 100;
    for (int attempt = 0;; ++attempt) {
      try {
        if (guarded) session_.exec("SAVEPOINT segue_load");
        session_.exec(std::string(statement.text));
        if (guarded) session_.exec("RELEASE SAVEPOINT segue_load");
        break;
      } catch (const DatabaseError& error) {
        if (error.connection_lost()) fail(statement.line, error.what());
        if (guarded) session_.exec("ROLLBACK TO SAVEPOINT segue_load");
        if (may_pass(statement, words, error)) break;
        if (attempt < most_names_in_one_statement &&
            (make_missing_role(error) ||
             (!in_transaction_ && make_missing_tablespace(session_, error))))
          continue;
        explain(statement, error);
      }
    }
    if (is_any(first, {"begin", "start"})) in_transaction_ = true;
    if (is_any(first, {"commit", "end", "rollback", "abort"}) && words != "rollback to") {
      in_transaction_ = false;
    }
  }

  static bool may_pass(const StatementText& statement, const std::string& words,
                       const DatabaseError& error) {
    // Settings that only a newer server knows, such as transaction_timeout of pg_dump 17.
    if (words.starts_with("set ") && error.sqlstate() == "42704") return true;
    // A dump that names schema public: every database has it.
    if (words == "create schema" && error.sqlstate() == "42P06") {
      return statement.text.find("public") != std::string_view::npos;
    }
    // A role that an earlier statement made us create.
    return is_any(words, {"create role", "create user"}) && error.sqlstate() == "42710";
  }

  bool make_missing_role(const DatabaseError& error) {
    if (error.sqlstate() != "42704") return false;
    const std::optional<std::string> role = named_in(error.what(), "role \"");
    if (!role) return false;
    session_.exec("CREATE ROLE " + dsl::sql::quote_identifier(*role));
    return true;
  }

  [[noreturn]] void explain(const StatementText& statement, const DatabaseError& error) const {
    std::string message = error.what();
    std::uint32_t line = statement.line;
    // "LINE 3: …" and its caret count from the statement's beginning; ours counts from the file's.
    if (const std::size_t place = message.find("\nLINE "); place != std::string::npos) {
      std::uint32_t number = 1;
      std::from_chars(message.data() + place + 6, message.data() + message.size(), number);
      line += number - 1;
      std::size_t end = message.find('\n', place + 1);
      if (end != std::string::npos) end = message.find('\n', end + 1);
      message.erase(place, end == std::string::npos ? end : end - place);
    }
    std::string hint;
    // 14 and before tell of the file that they miss instead of the extension.
    if (const auto file = named_in(message, "could not open extension control file \"");
        file && error.sqlstate() == "58P01") {
      message = fmt::format("extension \"{}\" is not available",
                            std::filesystem::path(*file).stem().string());
    }
    if (message.starts_with("extension \"") && message.find("is not available") != message.npos) {
      hint = fmt::format(
          "install the extension for PostgreSQL {} on this machine, or plan from a database (--db) "
          "or a snapshot (--snapshot)",
          session_.server_version() / 10000);
    }
    fail(line, message, hint);
  }

  Session& session_;
  const std::string& path_;
  std::string_view text_;
  bool in_transaction_ = false;
};

}  // namespace

void load_schema(Session& session, const std::string& path, const std::string& text) {
  std::string_view sql = text;
  if (sql.starts_with("\xEF\xBB\xBF")) sql.remove_prefix(3);  // a byte order mark
  SchemaLoader(session, path, sql).load();
}

planner::Catalog read_schema_file(const std::string& path) {
  const std::string text = read_file(path);
  ThrowawayServer server;
  const std::string conninfo = server.create_database("schema");
  load_schema(*connect(conninfo), path, text);
  // Another session: the file may have left this one with its own search_path.
  return read_catalog(*connect(conninfo));
}

}  // namespace segue::runtime
