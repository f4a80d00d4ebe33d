// What every row of users must be, as the application was told.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <pqxx/pqxx>
#include <set>
#include <string>
#include <vector>

namespace shop {

using Text = std::optional<std::string>;  // none: NULL

inline std::string text_of(const Text& text) {
  return text ? "'" + *text + "'" : "NULL";
}
inline Text value_of(const pqxx::field& field) {
  return field.is_null() ? Text() : Text(field.as<std::string>());
}

// What change 0001 fills users.phone with.
inline constexpr const char* backfilled_phone = "unknown";

struct ModelRow {
  std::int64_t id = 0;
  bool exists = false;
  bool uncertain = false;  // a statement's outcome is unknown: nothing is held against the row
  Text name;
  std::string phone = backfilled_phone;
};

// A row that sessions write without waiting for each other: any value that was ever sent may stand.
struct HotRow {
  std::int64_t id = 0;
  std::mutex mutex;
  std::set<Text> names;
  std::set<std::string> phones{backfilled_phone};
};

// Rows by index: first those that were there, then those that the application may insert. A
// stripe's mutex is held from before a statement until its answer is in the model: then the model
// is exact.
class Model {
 public:
  static constexpr std::size_t hot_rows = 16;

  void add_existing(std::int64_t id, Text name) {
    if (hot_count < hot_rows) {
      auto& row = hot[hot_count++];
      row.id = id;
      row.names.insert(std::move(name));
      return;
    }
    rows.push_back({id, true, false, std::move(name), backfilled_phone});
  }

  void reserve_inserts(std::size_t count) {
    existing = rows.size();
    rows.resize(existing + count);
  }

  std::mutex& stripe(std::size_t index) { return stripes[index % stripes.size()]; }
  static std::size_t stripe_of(std::size_t index) { return index % stripe_count; }

  static constexpr std::size_t stripe_count = 4096;
  std::array<std::mutex, stripe_count> stripes;
  std::array<HotRow, hot_rows> hot;
  std::size_t hot_count = 0;
  std::vector<ModelRow> rows;
  std::size_t existing = 0;
};

}  // namespace shop
