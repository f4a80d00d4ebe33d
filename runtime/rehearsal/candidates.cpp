#include "runtime/rehearsal/candidates.hpp"

namespace segue::runtime::rehearsal {

void Candidates::add(Release view, std::size_t table, const Key& key, const std::string& column,
                     const Value& value) {
  const std::lock_guard guard(mutex_);
  known_[{view, table, key, column}].values.insert(value);
}

void Candidates::settle(Release view, std::size_t table, const Key& key,
                        const std::string& column) {
  const std::lock_guard guard(mutex_);
  known_[{view, table, key, column}].told = true;
}

void Candidates::forget(Release view, std::size_t table, const Key& key,
                        const std::string& column) {
  const std::lock_guard guard(mutex_);
  known_.erase({view, table, key, column});
}

void Candidates::move(std::size_t table, const Key& from, const Key& to) {
  const std::lock_guard guard(mutex_);
  std::map<Place, Known> moved;
  std::erase_if(known_, [&](const auto& entry) {
    if (std::get<1>(entry.first) != table || std::get<2>(entry.first) != from) return false;
    Place place = entry.first;
    std::get<2>(place) = to;
    moved.emplace(std::move(place), entry.second);
    return true;
  });
  known_.merge(moved);
}

bool Candidates::told(std::size_t table, const Key& key, const std::string& column) const {
  const std::lock_guard guard(mutex_);
  const auto place = known_.find({Release::after, table, key, column});
  return place != known_.end() && place->second.told;
}

bool Candidates::allow(Release view, std::size_t table, const Key& key, const std::string& column,
                       const Value& value) const {
  const std::lock_guard guard(mutex_);
  const auto place = known_.find({view, table, key, column});
  return place != known_.end() && !place->second.told && place->second.values.contains(value);
}

}  // namespace segue::runtime::rehearsal
