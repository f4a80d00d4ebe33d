#include "app_session.hpp"

namespace shop {

namespace {

const char* parameter(const Text& text) {
  return text ? text->c_str() : nullptr;
}

}  // namespace

void AppSession::prepare() {
  auto& c = *connection_;
  if (is_new()) {
    c.prepare("read", "SELECT display_name, phone FROM users WHERE id = $1");
    c.prepare("update", "UPDATE users SET display_name = $2 WHERE id = $1");
    c.prepare("update_phone", "UPDATE users SET phone = $2 WHERE id = $1");
    c.prepare("update_both", "UPDATE users SET display_name = $2, phone = $3 WHERE id = $1");
    c.prepare("insert",
              "INSERT INTO users (email, display_name, phone) VALUES ($1, $2, $3) RETURNING id");
    c.prepare(
        "upsert",
        "INSERT INTO users (email, display_name, phone) VALUES ($1, $2, $3) ON CONFLICT (email) DO "
        "UPDATE SET display_name = excluded.display_name, phone = excluded.phone RETURNING id");
  } else {
    c.prepare("read", "SELECT full_name FROM users WHERE id = $1");
    c.prepare("update", "UPDATE users SET full_name = $2 WHERE id = $1");
    c.prepare("insert", "INSERT INTO users (email, full_name) VALUES ($1, $2) RETURNING id");
    c.prepare(
        "upsert",
        "INSERT INTO users (email, full_name) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET "
        "full_name = excluded.full_name RETURNING id");
  }
  c.prepare("insert_email", "INSERT INTO users (email) VALUES ($1) RETURNING id");
  c.prepare("unrelated", "UPDATE users SET country = $2 WHERE id = $1");
  c.prepare("delete", "DELETE FROM users WHERE id = $1");
}

// Mostly rows that were there before, now and then one that this run inserted.
std::size_t AppSession::pick_row() {
  const auto inserted =
      std::min<std::size_t>(next_insert_.load(), model_.rows.size() - model_.existing);
  return inserted > 0 && pick(4) == 0 ? model_.existing + pick(inserted) : pick(model_.existing);
}

Text AppSession::new_name() {
  if (pick(8) == 0) return std::nullopt;
  return fmt::format("{} name {} of {}", is_new() ? "New" : "Old", ++name_counter_,
                     random_() % 100'000);
}

void AppSession::read(std::size_t index, ModelRow& row) {
  const auto result = run("read", row.id);
  if (row.uncertain) return;
  if (result.empty() != !row.exists) {
    outcome_.lost.push_back(
        fmt::format("row {} ({}) is {}", row.id, index, result.empty() ? "gone" : "there"));
    return;
  }
  if (result.empty()) return;
  const auto name = value_of(result[0][0]);
  if (name != row.name) {
    outcome_.lost.push_back(fmt::format("{} of row {} is {}, was acknowledged as {}", column(),
                                        row.id, text_of(name), text_of(row.name)));
  }
  if (is_new() && value_of(result[0][1]) != row.phone) {
    outcome_.lost.push_back(fmt::format("phone of row {} is {}, was acknowledged as '{}'", row.id,
                                        text_of(value_of(result[0][1])), row.phone));
  }
}

void AppSession::update(ModelRow& row) {
  const auto name = new_name();
  const auto kind = is_new() ? pick(3) : 0;
  if (kind == 0) {
    run("update", row.id, parameter(name));
    row.name = name;
    return;
  }
  const auto phone = new_phone();
  if (kind == 1) {
    run("update_phone", row.id, phone);
  } else {
    run("update_both", row.id, parameter(name), phone);
    row.name = name;
  }
  row.phone = phone;
}

void AppSession::update_unrelated(ModelRow& row) {
  run("unrelated", row.id, pick(2) == 0 ? "DE" : "FR");
}

void AppSession::insert(std::size_t index, ModelRow& row) {
  const auto email = email_of(index);
  const auto name = new_name();
  const auto phone = new_phone();
  pqxx::result result;
  if (!is_new() && !name && pick(2) == 0) {
    result = run("insert_email", email);
  } else if (is_new()) {
    result = run("insert", email, parameter(name), phone);
  } else {
    result = run("insert", email, parameter(name));
  }
  row.id = result[0][0].as<std::int64_t>();
  row.exists = true;
  row.name = name;
  row.phone = is_new() ? phone : backfilled_phone;
}

void AppSession::upsert(std::size_t index, ModelRow& row) {
  const auto email = email_of(index);
  const auto name = new_name();
  const auto phone = new_phone();
  const auto result = is_new() ? run("upsert", email, parameter(name), phone)
                               : run("upsert", email, parameter(name));
  const auto id = result[0][0].as<std::int64_t>();
  if (row.exists && !row.uncertain && id != row.id) {
    outcome_.lost.push_back(fmt::format("an upsert of row {} made row {}", row.id, id));
  }
  if (is_new()) {
    row.phone = phone;
  } else if (!row.exists) {
    row.phone = backfilled_phone;
  }
  row.id = id;
  row.exists = true;
  row.name = name;
}

void AppSession::remove(ModelRow& row) {
  run("delete", row.id);
  row.exists = false;
  row.phone = backfilled_phone;
}

// Two rows in one transaction, in no order: against a backfill batch this is the way to a deadlock.
void AppSession::update_two(int phase) {
  auto first = pick_row();
  auto second = pick_row();
  if (Model::stripe_of(first) == Model::stripe_of(second)) return;
  const std::scoped_lock lock(model_.stripe(first), model_.stripe(second));
  auto& a = model_.rows[first];
  auto& b = model_.rows[second];
  if (!a.exists || !b.exists || a.uncertain || b.uncertain) return;
  const auto name_a = new_name();
  const auto name_b = new_name();
  try {
    pqxx::work both(connection());
    run(both, "update", a.id, parameter(name_a));
    if (phase != 2 || !is_new()) {
      const auto seen = run(both, "read", b.id);
      if (seen.empty() || value_of(seen[0][0]) != b.name) {
        outcome_.lost.push_back(
            fmt::format("{} of row {} is {}, was acknowledged as {}", column(), b.id,
                        seen.empty() ? "gone" : text_of(value_of(seen[0][0])), text_of(b.name)));
      }
    }
    run(both, "update", b.id, parameter(name_b));
    if (pick(10) == 0) {
      both.abort();
      return;
    }
    both.commit();
    a.name = name_a;
    b.name = name_b;
  } catch (const pqxx::broken_connection&) {
    a.uncertain = b.uncertain = true;
    throw;
  } catch (const pqxx::in_doubt_error&) {
    a.uncertain = b.uncertain = true;
    throw;
  }
}

void AppSession::touch_hot(int phase) {
  if (model_.hot_count == 0) return;
  auto& row = model_.hot[pick(model_.hot_count)];
  if (pick(3) == 0 && (phase != 2 || !is_new())) {
    const auto result = run("read", row.id);
    const std::lock_guard lock(row.mutex);
    if (result.empty() || row.names.count(value_of(result[0][0])) == 0) {
      outcome_.lost.push_back(
          fmt::format("{} of row {} was never written: {}", column(), row.id,
                      result.empty() ? "gone" : text_of(value_of(result[0][0]))));
    }
    return;
  }
  const auto name = new_name();
  const auto phone = new_phone();
  {
    const std::lock_guard lock(row.mutex);
    row.names.insert(name);
    if (is_new()) row.phones.insert(phone);
  }
  if (is_new()) {
    run("update_both", row.id, parameter(name), phone);
  } else {
    run("update", row.id, parameter(name));
  }
}

void AppSession::count_error(const std::exception& error, bool lost_connection) {
  ++outcome_.errors;
  outcome_.errors_seen.push_back(fmt::format("{} app: {}", is_new() ? "new" : "old", error.what()));
  if (lost_connection) connection_.reset();
}

AppSession::Outcome AppSession::act(int phase) {
  outcome_ = {};
  try {
    const auto choice = pick(100);
    const bool may_read = !is_new() || phase >= 3;
    if (choice < 6) {
      touch_hot(phase);
    } else if (choice < 14) {
      update_two(phase);
    } else if (choice < 22) {
      const auto index = model_.existing + next_insert_.fetch_add(1);
      if (index < model_.rows.size()) {
        const std::lock_guard lock(model_.stripe(index));
        insert(index, model_.rows[index]);
      }
    } else {
      const auto index = pick_row();
      const std::lock_guard lock(model_.stripe(index));
      auto& row = model_.rows[index];
      const bool ours = index >= model_.existing && row.id != 0;
      try {
        if (row.id == 0) {
          // Somebody took this place and has not inserted yet.
        } else if (choice < 55 && may_read) {
          read(index, row);
        } else if (choice < 62) {
          if (row.exists) update_unrelated(row);
        } else if (choice < 74 && ours) {
          upsert(index, row);
        } else if (choice < 80 && ours) {
          if (row.exists) remove(row);
        } else if (row.exists) {
          update(row);
        }
      } catch (const pqxx::broken_connection&) {
        row.uncertain = true;
        throw;
      }
    }
  } catch (const pqxx::broken_connection& error) {
    count_error(error, true);
  } catch (const std::exception& error) {
    count_error(error, false);
  }
  return std::move(outcome_);
}

}  // namespace shop
