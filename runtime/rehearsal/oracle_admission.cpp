// Rows that were there before, into the schema that plain DDL has changed.
#include <fmt/format.h>

#include "runtime/rehearsal/oracle_parts.hpp"

namespace segue::runtime::rehearsal {

namespace {

struct Applicant {
  std::size_t table = 0;
  std::string tableoid;
  std::string ctid;
  Row row;
};

// Rows may hang on others of the same table, or of one that comes later.
constexpr int admission_rounds = 4;

}  // namespace

std::map<std::size_t, std::uint64_t> Oracle::admit_rows() {
  std::vector<Applicant> waiting;
  for (std::size_t table = 0; table < shapes_.tables.size(); ++table) {
    const TableShape& shape = shapes_.tables[table];
    if (!shape.before || !shape.after) continue;
    const std::vector<std::string>& columns = shape.before->columns;
    const Rows found =
        before_->exec(fmt::format("SELECT tableoid, ctid, {} FROM {}", column_list(columns),
                                  planner::quoted(shape.before->table.name)));
    for (const auto& line : found.rows) {
      Applicant one{table, *line[0], *line[1], {}};
      for (std::size_t i = 0; i < columns.size(); ++i) one.row[columns[i]] = line[i + 2];
      waiting.push_back(std::move(one));
    }
  }
  for (int round = 0; round < admission_rounds && !waiting.empty(); ++round) {
    const std::size_t met = waiting.size();
    std::erase_if(waiting, [&](const Applicant& one) { return admit(one.table, one.row); });
    if (waiting.size() == met) break;
  }
  std::map<std::size_t, std::uint64_t> refused;
  for (const Applicant& one : waiting) {
    try {
      refused[one.table] +=
          before_
              ->exec(fmt::format("DELETE FROM {} WHERE tableoid = {} AND ctid = '{}'",
                                 planner::quoted(shapes_.tables[one.table].before->table.name),
                                 one.tableoid, one.ctid))
              .affected;
    } catch (const DatabaseError&) {
      continue;  // other rows hang on it: plain DDL will say what it thinks
    }
  }
  return refused;
}

bool Oracle::admit(std::size_t table, const Row& row) {
  Statement statement;
  statement.table = table;
  after_->exec("BEGIN");
  try {
    write(Release::after, shapes_.tables[table], {},
          carried_to_after(statement, nullptr, row, std::nullopt), false);
    after_->exec("COMMIT");
    return true;
  } catch (const DatabaseError&) {
    after_->exec("ROLLBACK");
    return false;
  }
}

}  // namespace segue::runtime::rehearsal
