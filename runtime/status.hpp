// Where every change stands in a database, for people and for machines.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/errors.hpp"
#include "runtime/ledger.hpp"

namespace segue::runtime {

// Works in a database without a ledger, and for a role that may read only the view segue.status.
struct DatabaseStatus {
  bool ledger = false;
  std::vector<ChangeRecord> changes;
};
DatabaseStatus read_status(Session& session);

// "display_name:3": the least that an app needs; a phase that is half done does not count.
struct Expectation {
  std::string change;
  int phase = 0;
};
// None for a text that is none.
std::optional<Expectation> read_expectation(const std::string& text);
// One for each that is not met.
std::vector<Objection> not_met(const DatabaseStatus& status,
                               const std::vector<Expectation>& expectations);

// A table, one change a line, ends with a newline.
std::string status_text(const DatabaseStatus& status);
// One object, with every phase and release of every change, ends with a newline.
std::string status_json(const DatabaseStatus& status,
                        const std::vector<Expectation>& expectations = {});

// The columns as wide as their widest cell, two spaces between; the first row is the head.
std::string table_text(const std::vector<std::vector<std::string>>& rows);

}  // namespace segue::runtime
