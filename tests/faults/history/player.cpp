#include "history/player.hpp"

#include <fmt/format.h>

#include "support/process.hpp"

namespace segue::test::history {
namespace {

std::string quoted(const Name& name) {
  return name ? "'" + *name + "'" : "NULL";
}

}  // namespace

Player::Player(const std::string& conninfo, std::filesystem::path place) : file_(std::move(place)) {
  for (int session = 0; session < sessions; ++session)
    sessions_.push_back(runtime::connect(conninfo, "app"));
  write_text(file_, "");
  std::filesystem::permissions(file_, std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
}

// Rows that no trigger has seen, as before phase 2.
void Player::make_stock() {
  constexpr int at_once = 2000;
  const long long first = stock_ + 1;
  stock_ += at_once;
  std::string sql = "BEGIN; ALTER TABLE notes DISABLE TRIGGER USER; ";
  std::string enable = "ALTER TABLE notes ENABLE TRIGGER USER; ";
  for (int key = 0; key < keys / 2; ++key) {
    sql += fmt::format(
        "INSERT INTO notes (id, body) SELECT g + {}, '{}' FROM generate_series({}, {}) g; ",
        key * key_distance, initial_value(key), first, stock_);
  }
  // Each trigger is given back as it was.
  for (const auto& row :
       sessions_[0]
           ->exec("SELECT quote_ident(tgname), tgenabled FROM pg_trigger WHERE tgrelid = "
                  "'notes'::regclass AND NOT tgisinternal")
           .rows) {
    enable += fmt::format("ALTER TABLE notes {} TRIGGER {}; ",
                          *row[1] == "A"   ? "ENABLE ALWAYS"
                          : *row[1] == "D" ? "DISABLE"
                                           : "ENABLE",
                          *row[0]);
  }
  sessions_[0]->exec(sql + enable + "COMMIT");
}

std::string Player::exec(int session, const std::string& sql) {
  ++statements_;
  try {
    sessions_[static_cast<std::size_t>(session)]->exec(sql);
    return "";
  } catch (const runtime::DatabaseError& error) {
    return fmt::format("{}: {}", sql, error.what());
  }
}

std::string Player::sql_of(const Step& step) const {
  const bool old = step.release == Release::old_one;
  const char* column = old ? "body" : "text";
  const long long row = id(step.key);
  const std::string value = value_of(step);
  switch (step.verb) {
    case Verb::begin:
      return "BEGIN";
    case Verb::begin_as_replica:
      return "BEGIN; SET LOCAL session_replication_role = replica";
    case Verb::commit:
      return "COMMIT";
    case Verb::rollback:
      return "ROLLBACK";
    case Verb::insert:
      return fmt::format("INSERT INTO notes (id, {}) VALUES ({}, '{}')", column, row, value);
    case Verb::insert_default:
      return fmt::format("INSERT INTO notes (id, {}) VALUES ({}, DEFAULT)", column, row);
    case Verb::copy:
      return fmt::format("COPY notes (id, {}) FROM '{}'", column, file_.string());
    case Verb::upsert:
      return fmt::format(
          "INSERT INTO notes (id, {0}) VALUES ({1}, '{2}') ON CONFLICT (id) DO UPDATE SET {0} = "
          "excluded.{0}",
          column, row, value);
    case Verb::update:
      return fmt::format("UPDATE notes SET {} = '{}' WHERE id = {}", column, value, row);
    case Verb::update_null:
      return fmt::format("UPDATE notes SET {} = NULL WHERE id = {}", column, row);
    case Verb::update_both:
      return fmt::format("UPDATE notes SET body = 'other', text = '{}' WHERE id = {}", value, row);
    case Verb::touch:
      return fmt::format("UPDATE notes SET seen = {} WHERE id = {}", step.value, row);
    case Verb::change_key:
      return fmt::format("UPDATE notes SET id = {} WHERE id = {}", id(other_key(step.key)), row);
    case Verb::remove:
      return fmt::format("DELETE FROM notes WHERE id = {}", row);
    case Verb::fill:
      return fmt::format(
          "UPDATE notes SET text = body WHERE id = {} AND record_image_ne(ROW(body), ROW(text))",
          row);
    case Verb::read:
      return fmt::format("SELECT body FROM notes WHERE id = {}", row);
  }
  return "";
}

std::string Player::run(const Step& step, const Model& model) {
  if (step.verb == Verb::copy)
    write_text(file_, fmt::format("{}\t{}\n", id(step.key), value_of(step)));
  if (step.verb != Verb::read) return exec(step.session, sql_of(step));
  ++statements_;
  const auto rows = sessions_[static_cast<std::size_t>(step.session)]->exec(sql_of(step)).rows;
  const std::optional<Name> found =
      rows.empty() ? std::nullopt : std::optional<Name>(rows.front().front());
  const std::optional<Name> wanted = model.seen(step.session, step.key);
  if (found == wanted) return "";
  return fmt::format("{} read {}, and it is {}", step.text(), found ? quoted(*found) : "no row",
                     wanted ? quoted(*wanted) : "no row");
}

std::string Player::compare(const Model& model) {
  std::string wanted_ids;
  for (int key = 0; key < keys; ++key)
    wanted_ids += (key == 0 ? "" : ", ") + std::to_string(id(key));
  ++statements_;
  std::map<long long, std::pair<Name, Name>> found;
  for (const auto& row :
       sessions_[0]->exec("SELECT id, body, text FROM notes WHERE id IN (" + wanted_ids + ")").rows)
    found[std::stoll(*row[0])] = {row[1], row[2]};
  for (int key = 0; key < keys; ++key) {
    const auto wanted = model.rows().find(key);
    const auto row = found.find(id(key));
    const bool is_there = row != found.end();
    if (is_there != (wanted != model.rows().end()))
      return fmt::format("row {} is {}", key, is_there ? "there" : "gone");
    if (!is_there) continue;
    const Name& value = wanted->second.value;
    const Name in_new = wanted->second.filled ? value : std::nullopt;
    if (row->second != std::pair(value, in_new)) {
      return fmt::format(
          "row {} is {} in the old column and {} in the new one; {} and {} are right", key,
          quoted(row->second.first), quoted(row->second.second), quoted(value), quoted(in_new));
    }
  }
  return "";
}

std::string Player::play(const Schedule& schedule) {
  if (++base_ > stock_) make_stock();
  Model model;
  std::string problem;
  for (const Step& step : schedule) {
    if (!model.possible(step)) continue;
    problem = run(step, model);
    if (!problem.empty()) break;
    model.play(step);
  }
  for (int session = 0; session < sessions; ++session) {
    if (!model.in_transaction(session)) continue;
    const Step end{session, problem.empty() ? Verb::commit : Verb::rollback};
    const std::string ended = run(end, model);
    if (problem.empty()) problem = ended;
    model.play(end);
  }
  return problem.empty() ? compare(model) : problem;
}

Schedule Player::shrink(Schedule schedule) {
  for (std::size_t size = schedule.size(); size > 0;) {
    bool shorter = false;
    for (std::size_t i = 0; i + size <= schedule.size();) {
      Schedule less = schedule;
      const auto begin = less.begin() + static_cast<std::ptrdiff_t>(i);
      less.erase(begin, begin + static_cast<std::ptrdiff_t>(size));
      if (play(less).empty()) {
        ++i;
      } else {
        schedule = less;
        shorter = true;
      }
    }
    if (!shorter || size > schedule.size()) size /= 2;
  }
  return schedule;
}

}  // namespace segue::test::history
