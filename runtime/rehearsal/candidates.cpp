#include "runtime/rehearsal/candidates.hpp"

namespace segue::runtime::rehearsal {

void Candidates::add(Release view, std::size_t table, const Key& key, const std::string& column,
                     const Value& value) {
  const std::lock_guard guard(mutex_);
  note({view, table, key, column});
  known_[{view, table, key, column}].values.insert(value);
}

void Candidates::settle(Release view, std::size_t table, const Key& key,
                        const std::string& column) {
  const std::lock_guard guard(mutex_);
  note({view, table, key, column});
  known_[{view, table, key, column}].told = true;
}

void Candidates::forget(Release view, std::size_t table, const Key& key,
                        const std::string& column) {
  const std::lock_guard guard(mutex_);
  note({view, table, key, column});
  known_.erase({view, table, key, column});
}

void Candidates::move(std::size_t table, const Key& from, const Key& to) {
  const std::lock_guard guard(mutex_);
  std::map<Place, Known> moved;
  std::erase_if(known_, [&](const auto& entry) {
    if (std::get<1>(entry.first) != table || std::get<2>(entry.first) != from) return false;
    note(entry.first);
    Place place = entry.first;
    std::get<2>(place) = to;
    if (!known_.contains(place)) note(place);
    moved.emplace(std::move(place), entry.second);
    return true;
  });
  known_.merge(moved);
}

void Candidates::note(const Place& place) {
  const auto known = known_.find(place);
  was_.emplace_back(place, known == known_.end() ? std::nullopt : std::optional(known->second));
}

std::size_t Candidates::mark() const {
  const std::lock_guard guard(mutex_);
  return was_.size();
}

void Candidates::take_back(std::size_t mark) {
  const std::lock_guard guard(mutex_);
  for (; was_.size() > mark; was_.pop_back()) {
    const auto& [place, known] = was_.back();
    known_.erase(place);
    if (known) known_.emplace(place, *known);
  }
}

bool Candidates::told(std::size_t table, const Key& key, const std::string& column) const {
  const std::lock_guard guard(mutex_);
  const auto place = known_.find({Release::after, table, key, column});
  return place != known_.end() && place->second.told;
}

bool Candidates::open(Release view, std::size_t table, const Key& key,
                      const std::string& column) const {
  const std::lock_guard guard(mutex_);
  const auto place = known_.find({view, table, key, column});
  return place != known_.end() && !place->second.told && place->second.values.size() > 1;
}

bool Candidates::allow(Release view, std::size_t table, const Key& key, const std::string& column,
                       const Value& value) const {
  const std::lock_guard guard(mutex_);
  const auto place = known_.find({view, table, key, column});
  return place != known_.end() && !place->second.told && place->second.values.contains(value);
}

}  // namespace segue::runtime::rehearsal
