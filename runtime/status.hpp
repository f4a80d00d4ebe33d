// Where every change stands in a database, for people and for machines.
#pragma once

#include <string>
#include <vector>

#include "runtime/ledger.hpp"
#include "runtime/pacing/control.hpp"

namespace segue::runtime {

// Works in a database without a ledger, and for a role that may read only the view segue.status.
struct DatabaseStatus {
  bool ledger = false;
  std::vector<ChangeRecord> changes;
  pacing::LiveState live;  // what a run that is at work tells, and what was asked of it
};
DatabaseStatus read_status(Session& session);

// A table, one change a line, ends with a newline.
std::string status_text(const DatabaseStatus& status);
// One object, with every phase and release of every change, ends with a newline.
std::string status_json(const DatabaseStatus& status);

// The columns as wide as their widest cell, two spaces between; the first row is the head.
std::string table_text(const std::vector<std::vector<std::string>>& rows);

}  // namespace segue::runtime
