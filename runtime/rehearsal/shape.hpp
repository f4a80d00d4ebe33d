// What the two releases of an app know of the tables that a plan touches.
//
// Taken from two catalogues, the one before the change and the one that plain DDL leaves, and from
// the plan's meaning; the plan's steps are not asked.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "planner/plan.hpp"

namespace segue::runtime::rehearsal {

// The app before the change, and the app that knows what is new.
enum class Release : std::uint8_t { before, after };
std::string_view name_of(Release release);  // "old app", "new app"
inline Release other(Release release) {
  return release == Release::before ? Release::after : Release::before;
}

// One table as one release sees it.
struct Side {
  planner::Table table;
  std::vector<std::string> key;      // what tells its rows from each other
  std::vector<std::string> columns;  // all of them, in the table's order
};

struct TableShape {
  std::optional<Side> before;  // none: made by the change
  std::optional<Side> after;   // none: dropped by it
  // As the release sees it that writes both by itself, under the old names; none: triggers do it.
  std::optional<Side> both;
  bool keyless = false;  // nothing unique: apps address only rows that they inserted
  // Nothing else tells its rows apart than what they refer to: apps insert one where there is none.
  bool told_by_references = false;
  bool moves = false;  // a column of it goes to another table, or comes from one
  // Columns that are the same to both releases: the old name (and the new one).
  std::map<std::string, std::string> shared;
  std::vector<planner::Pairing> pairings;
  std::vector<planner::Mend> mends;
  // Columns whose values differ from run to run, or that nobody can tell.
  std::set<std::string> untold_before;
  std::set<std::string> untold_after;

  const std::optional<Side>& side(Release release) const {
    return release == Release::before ? before : after;
  }
  const std::set<std::string>& untold(Release release) const {
    return release == Release::before ? untold_before : untold_after;
  }
  // The side whose names a statement uses.
  const Side& side_of(Release schema, bool writes_both) const {
    return writes_both ? *both : *side(schema);
  }
  std::string name() const;  // "public.users"
  // A column of the new release is one of the old one's under this name; empty: it is not.
  std::string old_name_of(const std::string& new_column) const;
  // Old columns that are NULL in rows of the new release although they may not be.
  std::vector<std::string> left_out_by_new() const;
  bool mended(const std::string& new_column) const;
  // When a column takes its new form where it stands; none: it does not.
  std::optional<planner::Phase> swap_phase(const std::string& column) const;
  bool swaps_in(planner::Phase phase) const;
};

// A column that goes from one table to another.
struct Moved {
  planner::QualifiedName from;
  std::string old_column;
  planner::QualifiedName to;
  std::string new_column;
  std::string on;  // SQL over both tables: their rows pair
  // What `on` calls the tables, which may have other names after the change.
  planner::QualifiedName later_from;
  planner::QualifiedName later_to;
  bool required = false;  // the old column may not be NULL

  // For a FROM clause: a table as a release calls it, by the name that `on` knows.
  std::string source(Release release) const;
  std::string target(Release release) const;
};
// From the plain statement that computes the column in its new place.
std::vector<Moved> moves_of(const planner::Plan& plan);

struct MoveShape {
  std::size_t from = 0;  // among Shapes::tables
  std::size_t to = 0;
  Moved move;
};

struct Shapes {
  planner::Catalog before;
  planner::Catalog after;
  std::vector<TableShape> tables;
  std::vector<MoveShape> moves;
  // What the old release reads is not what the new one wrote: they must not write side by side.
  bool one_way = false;
  bool views = false;   // one stands in a table's place for a while: nothing can be copied into it
  bool by_app = false;  // one release writes both sides by itself
  bool gone_by_app = false;  // … and there is a side that it has to stop writing
};

Shapes shapes_of(const planner::Plan& plan, planner::Catalog before, planner::Catalog after);

}  // namespace segue::runtime::rehearsal
