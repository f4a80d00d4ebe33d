// A plan as a directory that people review and machines apply, and back.
//
//   1_expand.sql 2_dual_write.sql 3_backfill.sql 4_contract.sql DEPLOY.md plan.json
#pragma once

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "planner/plan.hpp"

namespace segue::codegen {

std::string file_name(planner::Phase phase);  // "1_expand.sql"

// File name -> bytes, all six. Deterministic.
std::map<std::string, std::string> render(const planner::Plan& plan);

// Writes the six files: into a temporary directory beside `directory`, then renamed. An existing
// plan directory is replaced only with `overwrite`, or when it holds the same bytes already.
// Throws std::filesystem::filesystem_error, or PlanDirectoryError when it exists.
void write(const std::map<std::string, std::string>& files, const std::filesystem::path& directory,
           bool overwrite);

// A directory that cannot be used: incomplete, not JSON, of another version (`refused` false, exit
// 2), or a file that differs from its checksum (`refused` true, exit 3).
struct PlanDirectoryError : std::runtime_error {
  PlanDirectoryError(const std::string& what, bool refused_)
      : std::runtime_error(what), refused(refused_) {}
  bool refused;
};

// A plan as it was reviewed. The SQL of every step was found, to the byte, in the phase's file, and
// every file agrees with the checksum that plan.json holds for it.
struct ReviewedPlan {
  planner::Plan plan;
  std::filesystem::path directory;
  std::string digest;                            // SHA-256 of plan.json
  std::map<std::string, std::string> checksums;  // file name -> SHA-256
  std::string fingerprint;                       // of plan.baseline

  const std::string& checksum(planner::Phase phase) const;
};

ReviewedPlan read(const std::filesystem::path& directory);

// Hash of what one step does, for the ledger: its SQL and its kind.
std::string step_hash(const planner::Step& step);

// The steps of a phase, in order.
std::vector<const planner::Step*> steps_of(const planner::Plan& plan, planner::Phase phase);

}  // namespace segue::codegen
