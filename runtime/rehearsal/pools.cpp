// What statements are made from: values by column, rows by key.
#include "runtime/rehearsal/rows.hpp"
#include "runtime/rehearsal/writer.hpp"

namespace segue::runtime::rehearsal {

namespace {

constexpr std::size_t values_per_column = 24;

}  // namespace

Pools::Pools(const Shapes& shapes, std::uint64_t seed) {
  for (std::size_t i = 0; i < shapes.tables.size(); ++i) {
    for (const Release release : {Release::before, Release::after}) {
      const auto& side = shapes.tables[i].side(release);
      if (!side) continue;
      const auto& catalog = release == Release::before ? shapes.before : shapes.after;
      for (const planner::Column& column : side->table.columns) {
        pools_[{release, i, column.name}] =
            value_pool(catalog, side->table, column, seed, values_per_column);
      }
    }
  }
}

const Literals& Pools::of(Release release, std::size_t table, const std::string& column) const {
  static const Literals none;
  const auto place = pools_.find({release, table, column});
  return place == pools_.end() ? none : place->second;
}

void LiveKeys::add(std::size_t table, const Key& key, bool own) {
  const std::lock_guard guard(mutex_);
  keys_[table].all.push_back(key);
  if (own) keys_[table].own.push_back(key);
}

std::optional<Key> LiveKeys::lease(std::size_t table, std::mt19937_64& random, bool own) {
  const std::lock_guard guard(mutex_);
  Table& place = keys_[table];
  const std::vector<Key>& from = own ? place.own : place.all;
  if (from.empty()) return std::nullopt;
  // A few rows are met again and again: most mistakes need two writes of one row.
  const std::size_t favourites = std::min<std::size_t>(from.size(), 12);
  for (int tries = 0; tries < 8; ++tries) {
    const std::size_t span = random() % 2 == 0 ? favourites : from.size();
    const std::size_t offset = span == from.size() ? 0 : from.size() - span;
    const Key& key = from[offset + random() % span];
    if (place.leased.insert(key).second) return key;
  }
  return std::nullopt;
}

void LiveKeys::give_back(std::size_t table, const std::vector<Key>& keys) {
  const std::lock_guard guard(mutex_);
  for (const Key& key : keys) keys_[table].leased.erase(key);
}

}  // namespace segue::runtime::rehearsal
