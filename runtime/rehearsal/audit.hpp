// What a release reads, held against the model.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runtime/rehearsal/app.hpp"
#include "runtime/rehearsal/oracle.hpp"
#include "runtime/rehearsal/shape.hpp"

namespace segue::runtime::rehearsal {

// How far the change has come, as far as the apps are concerned.
struct Progressed {
  int complete = 0;   // the last phase that is complete
  int under_way = 0;  // the phase that is being applied; 0: none
  bool undoing = false;

  // What has the new form where it stands: has the swap of `phase` been made? Neither nor while it
  // is under way.
  bool may_be_old(planner::Phase phase) const;
  bool may_be_new(planner::Phase phase) const;
  bool filled() const { return complete >= 3 && !undoing; }
};

struct Mismatch {
  std::size_t table = 0;
  Key key;
  std::string column;  // empty: the row as a whole
  std::string saw;
  std::string should_see;
};

class Audit {
 public:
  Audit(const Shapes& shapes, Oracle& oracle) : shapes_(shapes), oracle_(oracle) {}

  // Columns that a release reads just now; none: it does not read the table.
  std::vector<std::string> columns(Release view, std::size_t table, const Progressed& at) const;
  std::optional<Mismatch> rows(App& app, Release view, std::size_t table,
                               const std::vector<Key>& keys, const Progressed& at);
  // Every row of a table; the first that differs.
  std::optional<Mismatch> table(App& app, Release view, std::size_t table, const Progressed& at);

 private:
  using Lines = std::vector<std::vector<Value>>;
  std::optional<Mismatch> compare(Release view, std::size_t table,
                                  const std::vector<std::string>& columns, const Lines& expected,
                                  const Lines& found, const Progressed& at);
  using ByKey = std::multimap<Key, std::vector<Value>>;
  using Group = std::pair<ByKey::const_iterator, ByKey::const_iterator>;
  std::optional<Mismatch> pair_up(Release view, std::size_t table,
                                  const std::vector<std::string>& columns, const Group& expected,
                                  const Group& found, const Progressed& at);
  bool acceptable(Release view, std::size_t table, const Key& key, const std::string& column,
                  const Value& expected, const Value& found, const Progressed& at);
  // What the other release's model has in that row; where nothing is unique, in those with its key.
  std::set<Value> twins(Release view, std::size_t table, const Key& key, const std::string& column);

  const Shapes& shapes_;
  Oracle& oracle_;
};

}  // namespace segue::runtime::rehearsal
