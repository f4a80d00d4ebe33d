// The relations of a database at one moment, by OID: what is dropped or renamed later keeps the
// name that it had.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "planner/plan.hpp"
#include "runtime/session.hpp"

namespace segue::runtime::rehearsal {

using Oid = std::uint64_t;

struct Relation {
  planner::QualifiedName name;
  char kind = 'r';         // pg_class.relkind
  std::uint64_t file = 0;  // relfilenode; 0: none of its own
  std::optional<planner::QualifiedName> index_of;
  Oid owner = 0;  // the table of an index or a sequence, the parent of a partition; 0: none
};

// Without the system's relations, temporary ones and those of segue's own schema.
using RelationMap = std::map<Oid, Relation>;
RelationMap read_relations(Session& session);

// A lock on a relation as pg_locks has it.
struct SeenLock {
  Oid oid = 0;
  planner::LockMode mode = planner::LockMode::access_share;
  Relation relation;  // as it is called now; empty: gone
};

// Those that the server process `pid` holds in this database; what belongs to the system, to
// segue's own schema or to a session alone is left out.
std::vector<SeenLock> read_locks(Session& session, int pid);

// How many rows this session has read by going through a table, since it last told the server's
// statistics of it: a difference within one transaction is that transaction's.
std::map<Oid, std::uint64_t> rows_read_through(Session& session);

// The position that the next record of the write-ahead log gets, in bytes.
std::uint64_t wal_position(Session& session);

}  // namespace segue::runtime::rehearsal
