// A catalogue as JSON and back: snapshot files, the plan's baseline, and what the runtime reads.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "planner/catalog.hpp"

namespace segue::codegen {

// Bumped when a field changes its meaning; a reader refuses what it does not know.
inline constexpr int snapshot_version = 1;

struct SnapshotError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Deterministic and indented, ends with a newline. Row counts and sizes only with `statistics`.
std::string write_snapshot(const planner::Catalog& catalog, bool statistics = false);
// Throws SnapshotError: not JSON, another version, a field of the wrong kind.
planner::Catalog read_snapshot(std::string_view json);

// SHA-256 over the structure (no statistics, no search_path) of a catalogue.
std::string fingerprint(const planner::Catalog& catalog);

}  // namespace segue::codegen
