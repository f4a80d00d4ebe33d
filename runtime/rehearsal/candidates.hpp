// Values that are as right as the model's own.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "runtime/rehearsal/shape.hpp"
#include "runtime/rehearsal/statement.hpp"

namespace segue::runtime::rehearsal {

// Values that a column which is computed once may have: what it was computed from may have changed
// since. Shared by all sessions of a run.
class Candidates {
 public:
  void add(Release view, std::size_t table, const Key& key, const std::string& column,
           const Value& value);
  void settle(Release view, std::size_t table, const Key& key, const std::string& column);
  void forget(Release view, std::size_t table, const Key& key, const std::string& column);
  void move(std::size_t table, const Key& from, const Key& to);
  // Everything that is said after a mark can be taken back.
  std::size_t mark() const;
  void take_back(std::size_t mark);
  bool told(std::size_t table, const Key& key, const std::string& column) const;
  // Several values may be there, and the new release has not said which.
  bool open(Release view, std::size_t table, const Key& key, const std::string& column) const;
  bool allow(Release view, std::size_t table, const Key& key, const std::string& column,
             const Value& value) const;

 private:
  struct Known {
    std::set<Value> values;
    bool told = false;  // the new release said it itself
  };
  using Place = std::tuple<Release, std::size_t, Key, std::string>;
  void note(const Place& place);

  mutable std::mutex mutex_;
  std::map<Place, Known> known_;
  std::vector<std::pair<Place, std::optional<Known>>> was_;  // before each change; none: unknown
};

}  // namespace segue::runtime::rehearsal
