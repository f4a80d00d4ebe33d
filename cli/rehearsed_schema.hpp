// Where the schema of a rehearsal comes from, as people may say it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "planner/plan.hpp"
#include "runtime/rehearsal/statistics.hpp"
#include "runtime/session.hpp"

namespace CLI {
class App;
}

namespace segue::cli {

// None of the three: the plan itself keeps what it was made for.
struct RehearsedSchema {
  std::string schema_file;
  std::string snapshot_file;
  std::string like;  // a live database
  std::uint64_t sample = 0;
};

// Adds --schema, --snapshot and --like, which exclude each other, and --sample.
void add_rehearsed_schema(CLI::App& app, RehearsedSchema& schema);

class SchemaSource {
 public:
  // Reads files and the live database at once; nothing of either is read later. Throws what they
  // throw. The plan must outlive it.
  SchemaSource(const RehearsedSchema& from, const planner::Plan& plan);

  // Makes the schema in an empty database; what was left out of it, in sentences. Throws Refused
  // where it is not the one that the plan was made for.
  std::vector<std::string> load(runtime::Session& session) const;
  const runtime::rehearsal::Statistics* statistics() const {
    return statistics_ ? &*statistics_ : nullptr;
  }

 private:
  std::string from_;  // for messages: "db/schema.sql", "plan.json"
  std::string advice_;
  const planner::Plan& plan_;
  std::string sql_;  // a schema file's text
  planner::Catalog catalog_;
  std::optional<runtime::rehearsal::Statistics> statistics_;
};

}  // namespace segue::cli
