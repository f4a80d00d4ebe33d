// Any file of SQL, statement by statement, with what each of them really did.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/rehearsal/result.hpp"
#include "runtime/runner_connection.hpp"

namespace segue::runtime::rehearsal {

struct TracedStatement {
  std::uint32_t line = 0;
  std::string text;
  bool in_transaction = false;  // of the file's own: locks stay until its COMMIT
  Trace trace;
  std::vector<std::string> verdicts;  // what would hurt a table in use; sentences
};

struct StatementFailure {
  std::uint32_t line = 0;
  std::string message;
  std::string sqlstate;
};

struct FileTrace {
  std::vector<TracedStatement> statements;  // up to the one that failed
  std::optional<StatementFailure> failure;
};

// A file that is not SQL alone: "FILE:3: …".
struct TraceFileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Throws TraceFileError for what is not SQL: psql's commands, COPY … FROM stdin.
void require_sql(const std::string& path, const std::string& text);

// Runs the file's statements in one session, as psql would without -1: each by itself, or in the
// file's own BEGIN … COMMIT. For databases that may be changed: `connector` is used for other
// sessions too. What is to stand in messages as the file's name is `path`.
FileTrace trace_file(const Connector& connector, const std::string& path, const std::string& text);

// A statement's milliseconds at another size, as in trace.hpp, by the largest of the tables that it
// locked; rows by quoted name. None where it works on no table whose rows are known in both places.
std::optional<double> projected_ms(const TracedStatement& statement,
                                   const std::map<std::string, std::uint64_t>& rows_here,
                                   const std::map<std::string, std::uint64_t>& rows_there);

}  // namespace segue::runtime::rehearsal
