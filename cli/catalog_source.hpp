// Where a catalogue comes from, as the commands let people say it.
#pragma once

#include <string>

#include "planner/catalog.hpp"

namespace CLI {
class App;
}

namespace segue::cli {

struct CatalogSource {
  std::string schema_file;
  std::string conninfo;
  std::string snapshot_file;

  // Neither file: a database that --db or the environment names.
  bool is_live() const { return schema_file.empty() && snapshot_file.empty(); }
};

// Adds --schema, --db and, where `with_snapshot`, --snapshot, which exclude each other.
void add_catalog_source(CLI::App& command, CatalogSource& source, bool with_snapshot);

// Throws BadInput where nothing names a source, else what the source throws.
planner::Catalog read_catalog(const CatalogSource& source, bool with_snapshot);

}  // namespace segue::cli
