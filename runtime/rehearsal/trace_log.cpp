#include "runtime/rehearsal/trace_log.hpp"

#include <algorithm>

namespace segue::runtime::rehearsal {

namespace {

void add_once(std::vector<std::string>& list, std::string text) {
  if (!text.empty() && std::find(list.begin(), list.end(), text) == list.end()) {
    list.push_back(std::move(text));
  }
}

}  // namespace

void TraceLog::add(const Sighting& sighting) {
  for (const SeenLock& lock : sighting.locks) {
    const auto [place, is_new] = locks_.try_emplace(lock.oid);
    Held& held = place->second;
    if (is_new || lock.mode > held.lock.mode) {
      held = {lock, sighting.held_ms, sighting.from_outside};
    } else if (lock.mode == held.lock.mode) {
      held.ms = std::max(held.ms, sighting.held_ms);
    }
  }
  messages_.insert(messages_.end(), sighting.messages.begin(), sighting.messages.end());
  scanned_.insert(scanned_.end(), sighting.scanned.begin(), sighting.scanned.end());
  milliseconds_ += sighting.milliseconds;
}

const Relation* TraceLog::named(Oid oid, const RelationMap& after) const {
  if (const auto found = before_.find(oid); found != before_.end()) return &found->second;
  if (const auto found = after.find(oid); found != after.end()) return &found->second;
  return nullptr;
}

// Messages give a table's name without its schema: of several it is the one that is locked more.
std::string TraceLog::table_called(const std::string& name, const RelationMap& after) const {
  const Relation* found = nullptr;
  planner::LockMode mode = planner::LockMode::access_share;
  for (const auto* relations : {&before_, &after}) {
    for (const auto& [oid, relation] : *relations) {
      if (relation.name.name != name || relation.index_of) continue;
      const auto held = locks_.find(oid);
      const auto here =
          held == locks_.end() ? planner::LockMode::access_share : held->second.lock.mode;
      if (found == nullptr || here > mode) {
        found = &relation;
        mode = here;
      }
    }
  }
  return found == nullptr ? "" : planner::quoted(found->name);
}

std::vector<std::string> TraceLog::validated_keys() const {
  std::vector<std::string> names;
  for (const WorkMessage& message : messages_) {
    if (message.kind == WorkMessage::Kind::validates_key) add_once(names, message.name);
  }
  return names;
}

Trace TraceLog::finish(const RelationMap& after,
                       const std::map<std::string, std::vector<Oid>>& constraints) const {
  using Kind = WorkMessage::Kind;
  Trace trace;
  trace.milliseconds = milliseconds_;
  for (const auto& [oid, relation] : after) {
    const auto was = before_.find(oid);
    if (was == before_.end()) {
      // REINDEX CONCURRENTLY gives the name to a new index; a change in the catalogue alone may
      // make an index anew over the old file.
      const bool replaces = std::any_of(before_.begin(), before_.end(), [&](const auto& one) {
        return relation.index_of && relation.file != 0 && one.second.file != relation.file &&
               one.second.name == relation.name;
      });
      add_once(replaces ? trace.rewrites : trace.made, planner::quoted(relation.name));
    } else if (was->second.file != relation.file && was->second.file != 0) {
      add_once(trace.rewrites, planner::quoted(was->second.name));
      if (relation.kind == 'S') add_once(trace.sequences, planner::quoted(was->second.name));
    }
  }
  const auto has = [](const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  for (const WorkMessage& message : messages_) {
    if (message.name.starts_with("pg_toast_")) continue;
    add_once(trace.messages, message.text);
    if (message.kind == Kind::is_proven) add_once(trace.proofs, message.text);
    if (message.kind == Kind::verifies) add_once(trace.scans, table_called(message.name, after));
    // A table that is rewritten and dropped again leaves nothing to compare.
    if (message.kind == Kind::rewrites) {
      add_once(trace.rewrites, table_called(message.name, after));
    }
    if (message.kind == Kind::validates_key) {
      const auto tables = constraints.find(message.name);
      if (tables == constraints.end()) continue;
      for (const Oid oid : tables->second) {
        const auto held = locks_.find(oid);
        const bool at_work = held != locks_.end() &&
                             held->second.lock.mode >= planner::LockMode::share_update_exclusive;
        if (const Relation* table = at_work ? named(oid, after) : nullptr) {
          add_once(trace.scans, planner::quoted(table->name));
        }
      }
    }
    if (message.kind == Kind::builds) {
      const std::string table = table_called(message.table, after);
      if (has(trace.made, table)) continue;
      for (const auto& [oid, relation] : after) {
        const bool is_it = relation.index_of && relation.name.name == message.name &&
                           planner::quoted(*relation.index_of) == table;
        // What was there before has got a new file, and stands among the rewrites.
        if (is_it && !before_.contains(oid)) {
          add_once(trace.index_builds, planner::quoted(relation.name));
        }
      }
    }
  }
  for (const Oid oid : scanned_) {
    const Relation* table = named(oid, after);
    if (table == nullptr) continue;
    const std::string name = planner::quoted(table->name);
    const bool for_an_index =
        std::any_of(messages_.begin(), messages_.end(), [&](const WorkMessage& message) {
          return message.kind == Kind::builds && table_called(message.table, after) == name;
        });
    if (for_an_index || has(trace.rewrites, name) || has(trace.made, name)) continue;
    add_once(trace.scans, name);
  }
  for (const auto& [oid, held] : locks_) {
    const Relation* relation = named(oid, after);
    if (relation == nullptr) relation = &held.lock.relation;
    if (relation->name.name.empty()) continue;
    // An index that was dropped CONCURRENTLY is dead before anything stronger is taken on it; what
    // is made CONCURRENTLY is seen or not seen, as it happens.
    const bool was_there = before_.contains(oid) && after.contains(oid);
    if (held.from_outside && !was_there) continue;
    std::vector<planner::QualifiedName> within;
    for (Oid owner = relation->owner; owner != 0;) {
      const Relation* of = named(owner, after);
      if (of == nullptr) break;
      within.push_back(of->name);
      owner = of->owner;
    }
    trace.locks.push_back({{relation->name, held.lock.mode}, held.ms, std::move(within)});
  }
  std::sort(trace.locks.begin(), trace.locks.end(),
            [](const HeldLock& left, const HeldLock& right) {
              return left.use.relation < right.use.relation;
            });
  for (auto* list : {&trace.rewrites, &trace.scans, &trace.index_builds, &trace.made}) {
    std::sort(list->begin(), list->end());
  }
  return trace;
}

std::map<std::string, std::vector<Oid>> tables_of_keys(Session& session,
                                                       const std::vector<std::string>& names) {
  std::map<std::string, std::vector<Oid>> found;
  for (const std::string& name : names) {
    const Rows rows = session.exec(
        "SELECT conrelid FROM pg_catalog.pg_constraint WHERE contype = 'f' AND conname = $1",
        {name});
    for (const auto& row : rows.rows) found[name].push_back(std::stoull(row[0].value_or("0")));
  }
  return found;
}

}  // namespace segue::runtime::rehearsal
