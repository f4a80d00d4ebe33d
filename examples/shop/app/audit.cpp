#include "audit.hpp"

#include <fmt/format.h>

#include <string>
#include <unordered_map>

namespace shop {

namespace {

// Before phase 3 nobody may read the new columns; after it, old and new have to agree.
std::string columns_in(int phase) {
  if (phase == 3) return "id, full_name, display_name, phone";
  return phase == 4 ? "id, display_name, phone" : "id, full_name";
}

class Audit {
 public:
  Audit(const pqxx::result& users, int phase) : phase_(phase) {
    for (const auto& user : users) found_.emplace(user[0].as<std::int64_t>(), user);
    report_.statements = 1;
  }

  Report run(const Model& model) {
    for (const ModelRow& row : model.rows) check(row);
    for (std::size_t n = 0; n < model.hot_count; ++n) check(model.hot[n]);
    if (expected_ != found_.size()) {
      lost(fmt::format("the table has {} rows, {} were acknowledged", found_.size(), expected_));
    }
    return std::move(report_);
  }

 private:
  void lost(const std::string& message) {
    ++report_.lost_writes;
    report_.keep("lost write: " + message);
  }
  std::vector<Text> names_in(const pqxx::row& user) const {
    std::vector<Text> names{value_of(user[1])};
    if (phase_ == 3) names.push_back(value_of(user[2]));
    return names;
  }
  Text phone_in(const pqxx::row& user) const { return value_of(user[phase_ == 3 ? 3 : 2]); }

  // A row that has to be there; null if it is not.
  const pqxx::row* find(std::int64_t id) {
    ++expected_;
    const auto place = found_.find(id);
    if (place != found_.end()) return &place->second;
    lost(fmt::format("row {} is gone", id));
    return nullptr;
  }

  void check(const ModelRow& row) {
    const bool there = found_.contains(row.id);
    if (row.uncertain) {
      expected_ += there ? 1 : 0;
      return;
    }
    if (!row.exists) {
      if (row.id != 0 && there) lost(fmt::format("deleted row {} is there", row.id));
      return;
    }
    const pqxx::row* user = find(row.id);
    if (user == nullptr) return;
    for (const Text& name : names_in(*user)) {
      if (name == row.name) continue;
      lost(fmt::format("the name of row {} is {}, was acknowledged as {}", row.id, text_of(name),
                       text_of(row.name)));
    }
    if (phase_ >= 3 && phone_in(*user) != row.phone) {
      lost(fmt::format("the phone of row {} is {}, was acknowledged as '{}'", row.id,
                       text_of(phone_in(*user)), row.phone));
    }
  }

  void check(const HotRow& row) {
    const pqxx::row* user = find(row.id);
    if (user == nullptr) return;
    const auto names = names_in(*user);
    for (const Text& name : names) {
      if (row.names.contains(name)) continue;
      lost(fmt::format("the name of row {} was never written: {}", row.id, text_of(name)));
    }
    if (names.size() == 2 && names[0] != names[1]) {
      lost(fmt::format("row {} is {} to the old app and {} to the new one", row.id,
                       text_of(names[0]), text_of(names[1])));
    }
    if (phase_ >= 3 && !row.phones.contains(phone_in(*user).value_or("NULL"))) {
      lost(fmt::format("the phone of row {} was never written: {}", row.id,
                       text_of(phone_in(*user))));
    }
  }

  int phase_;
  std::unordered_map<std::int64_t, pqxx::row> found_;
  std::size_t expected_ = 0;
  Report report_;
};

}  // namespace

Report audit(pqxx::connection& connection, const Model& model, int phase) {
  pqxx::work work(connection);
  const pqxx::result users = work.exec("SELECT " + columns_in(phase) + " FROM users");
  return Audit(users, phase).run(model);
}

}  // namespace shop
