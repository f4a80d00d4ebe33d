#include "runtime/rehearsal/relation_map.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace segue::runtime::rehearsal {

namespace {

// What a person would call a relation of theirs. Nothing of this reads a user's table.
constexpr const char* ours =
    "c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', "
    "'segue')";

constexpr const char* described = R"sql(
       n.nspname, c.relname, c.relkind, c.relfilenode, tn.nspname, tc.relname,
       coalesce(i.indrelid, (SELECT h.inhparent FROM pg_catalog.pg_inherits h
                              WHERE h.inhrelid = c.oid AND c.relispartition),
                (SELECT d.refobjid FROM pg_catalog.pg_depend d
                  WHERE c.relkind = 'S' AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    AND d.objid = c.oid AND d.deptype IN ('a', 'i')
                    AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass LIMIT 1)))sql";

constexpr const char* with_its_table = R"sql(
  LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
  LEFT JOIN pg_catalog.pg_class tc ON tc.oid = i.indrelid
  LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = tc.relnamespace)sql";

std::uint64_t number(const Value& value) {
  return value ? std::stoull(*value) : 0;
}

Relation relation_of(const std::vector<Value>& row, std::size_t at) {
  Relation relation;
  if (!row[at]) return relation;
  relation.name = {*row[at], row[at + 1].value_or("")};
  relation.kind = row[at + 2].value_or("r").front();
  relation.file = number(row[at + 3]);
  if (row[at + 5]) relation.index_of = planner::QualifiedName{*row[at + 4], *row[at + 5]};
  relation.owner = number(row[at + 6]);
  return relation;
}

planner::LockMode mode_of(const std::string& name) {
  using planner::LockMode;
  constexpr std::array<std::pair<const char*, LockMode>, 8> modes{
      {{"AccessShareLock", LockMode::access_share},
       {"RowShareLock", LockMode::row_share},
       {"RowExclusiveLock", LockMode::row_exclusive},
       {"ShareUpdateExclusiveLock", LockMode::share_update_exclusive},
       {"ShareLock", LockMode::share},
       {"ShareRowExclusiveLock", LockMode::share_row_exclusive},
       {"ExclusiveLock", LockMode::exclusive},
       {"AccessExclusiveLock", LockMode::access_exclusive}}};
  for (const auto& [text, mode] : modes) {
    if (name == text) return mode;
  }
  return LockMode::access_share;
}

}  // namespace

RelationMap read_relations(Session& session) {
  RelationMap found;
  const Rows rows = session.exec(fmt::format(
      "SELECT c.oid,{} FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = "
      "c.relnamespace{} WHERE c.relkind IN ('r', 'p', 'v', 'm', 'i', 'I', 'S', 'f') AND {}",
      described, with_its_table, ours));
  for (const auto& row : rows.rows) found.emplace(number(row[0]), relation_of(row, 1));
  return found;
}

std::vector<SeenLock> read_locks(Session& session, int pid) {
  // OIDs below 16384 are the system's. A relation that is gone has no row in pg_class any more.
  const Rows rows = session.exec(fmt::format(
      "SELECT l.relation, l.mode,{} FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_class c ON "
      "c.oid = l.relation LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace{} WHERE "
      "l.locktype = 'relation' AND l.granted AND l.pid = {} AND l.relation >= 16384 AND l.database "
      "= (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = "
      "pg_catalog.current_database()) AND (c.oid IS NULL OR c.relkind NOT IN ('t', 'c') AND {}) "
      "ORDER BY "
      "l.relation",
      described, with_its_table, pid, ours));
  std::vector<SeenLock> found;
  for (const auto& row : rows.rows) {
    found.push_back({number(row[0]), mode_of(row[1].value_or("")), relation_of(row, 2)});
  }
  return found;
}

std::map<Oid, std::uint64_t> rows_read_through(Session& session) {
  const Rows rows = session.exec(fmt::format(
      "SELECT c.oid, pg_catalog.pg_stat_get_xact_tuples_returned(c.oid) FROM pg_catalog.pg_class c "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm') AND "
      "{} AND pg_catalog.pg_stat_get_xact_tuples_returned(c.oid) > 0",
      ours));
  std::map<Oid, std::uint64_t> found;
  for (const auto& row : rows.rows) found[number(row[0])] = number(row[1]);
  return found;
}

std::uint64_t wal_position(Session& session) {
  return number(
      session
          .exec("SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), "
                "'0/0')::numeric(30, 0)")
          .rows.at(0)
          .at(0));
}

}  // namespace segue::runtime::rehearsal
