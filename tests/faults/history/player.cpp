#include "history/player.hpp"

#include <fmt/format.h>

#include <chrono>

#include "support/process.hpp"

namespace segue::test::history {
namespace {

using namespace std::chrono_literals;

// A statement that nobody holds up takes far less than a millisecond.
constexpr const char* patience = "SET statement_timeout = '20s'";

std::string text_of(const Values& values) {
  std::string text;
  for (const Value& value : values) text += (text.empty() ? "" : ", ") + quoted(value);
  return "(" + text + ")";
}

}  // namespace

Player::Player(const Subject& subject, Table table)
    : subject_(subject),
      table_(std::move(table)),
      wording_{subject, [this](int key) { return id(key); }, table_.file.string(), table_.fill},
      watcher_(runtime::connect(table_.conninfo, "watcher")) {
  constexpr int merge_since = 150000;
  wording_.has_merge = watcher_->server_version() >= merge_since;
  for (int number = 0; number < sessions; ++number) {
    sessions_.push_back(runtime::connect(table_.conninfo, "app"));
    sessions_.back()->exec(patience);
  }
  write_text(table_.file, "");
  std::filesystem::permissions(table_.file, std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
}

// Rows that no trigger has seen, as before phase 2; after phase 3, rows like any others.
void Player::make_stock() {
  constexpr int at_once = 200;
  const long long first = stock_ + 1;
  stock_ += at_once;
  std::string disable;
  std::string enable;
  std::string insert;
  for (const std::string& name : subject_.other_table
                                     ? std::vector{subject_.name, subject_.new_table()}
                                     : std::vector{subject_.name}) {
    disable += fmt::format("ALTER TABLE {} DISABLE TRIGGER USER; ", name);
    // Each trigger is given back as it was.
    for (const auto& row : watcher_
                               ->exec("SELECT quote_ident(tgname), tgenabled FROM pg_trigger WHERE "
                                      "tgrelid = $1::regclass AND NOT tgisinternal",
                                      {name})
                               .rows) {
      enable += fmt::format("ALTER TABLE {} {} TRIGGER {}; ", name,
                            *row[1] == "A"   ? "ENABLE ALWAYS"
                            : *row[1] == "D" ? "DISABLE"
                                             : "ENABLE",
                            *row[0]);
    }
  }
  for (int key = 0; key < keys / 2; ++key) {
    std::string values;
    for (const Value& value : subject_.written(Release::old_one, first_number(key)))
      values += ", " + quoted(value);
    const auto rows = [&](const std::string& table, const std::string& columns,
                          const std::string& given) {
      insert +=
          fmt::format("INSERT INTO {} (id{}) SELECT g + {}{} FROM generate_series({}, {}) g; ",
                      table, columns, key * key_distance, given, first, stock_);
    };
    rows(subject_.name, ", " + list_of(subject_.old_columns), values);
    if (subject_.other_table) rows(subject_.new_table(), "", "");
  }
  session(0).exec(table_.filled ? "BEGIN; " + insert + "COMMIT"
                                : "BEGIN; " + disable + insert + enable + "COMMIT");
}

std::string Player::exec(int number, const std::string& sql) {
  ++statements_;
  try {
    session(number).exec(sql);
    return "";
  } catch (const runtime::DatabaseError& error) {
    return fmt::format("{}: {}", sql, error.what());
  }
}

std::string Player::read(const Step& step, const Model& model) {
  ++statements_;
  const auto rows = session(step.session).exec(sql_of(step, wording_)).rows;
  const auto wanted = model.row(step.session, step.key);
  const std::string found = rows.empty() ? "no row" : text_of(rows.front());
  const std::string right =
      !wanted ? "no row"
              : text_of(step.release == Release::old_one ? wanted->old_side : wanted->now);
  return found == right ? "" : fmt::format("{}: found {}, and it is {}", step.text(), found, right);
}

std::string Player::run(const Step& step, const Model& model) {
  if (step.verb == Verb::read) return read(step, model);
  if (step.verb == Verb::copy) write_text(table_.file, copied_rows(step, wording_));
  return exec(step.session, sql_of(step, wording_));
}

void Player::start(const Step& step) {
  ++waits_;
  ++statements_;
  auto& started = started_[static_cast<std::size_t>(step.session)];
  runtime::Session& waiting = session(step.session);
  const std::string sql = sql_of(step, wording_);
  started = std::async(std::launch::async, [&waiting, sql]() -> std::string {
    try {
      waiting.exec(sql);
      return "";
    } catch (const runtime::DatabaseError& error) {
      return fmt::format("{}: {}", sql, error.what());
    }
  });
  const std::string stands =
      fmt::format("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = {}",
                  waiting.backend_pid());
  // One that finds in the row as it was that it has nothing to do is over at once.
  while (started.wait_for(0s) != std::future_status::ready) {
    const auto rows = watcher_->exec(stands).rows;
    if (!rows.empty() && rows.front().front() == "t") return;
  }
}

std::string Player::finish(int number) {
  return started_[static_cast<std::size_t>(number)].get();
}

std::string Player::play_step(const Step& step, Model& model, std::deque<Step>& rest) {
  const Verdict verdict = model.verdict(step);
  if (verdict == Verdict::impossible) return "";
  if (verdict == Verdict::waits) {
    start(step);
    model.wait(step);
    return "";
  }
  std::string problem = run(step, model);
  if (!problem.empty()) return problem;
  const std::vector<Step> released =
      step.ends_transaction() ? model.waiting_for(step.session) : std::vector<Step>();
  model.play(step);
  for (const Step& one : released) {
    problem = finish(one.session);
    if (!problem.empty()) return problem;
    model.go_on(one.session);
    auto& later = later_[static_cast<std::size_t>(one.session)];
    rest.insert(rest.begin(), later.begin(), later.end());
    later.clear();
  }
  return "";
}

std::string Player::play_all(const Schedule& schedule, Model& model) {
  std::deque<Step> rest(schedule.begin(), schedule.end());
  while (true) {
    while (!rest.empty()) {
      const Step step = rest.front();
      rest.pop_front();
      if (model.waits(step.session)) {
        later_[static_cast<std::size_t>(step.session)].push_back(step);
        continue;
      }
      std::string problem = play_step(step, model, rest);
      if (!problem.empty()) return problem;
    }
    for (int number = 0; number < sessions && rest.empty(); ++number) {
      if (model.in_transaction(number) && !model.waits(number))
        rest.push_back({number, Verb::commit});
    }
    if (rest.empty()) return compare(model);
  }
}

// Leaves no transaction and no statement behind, whatever has gone wrong.
void Player::give_up() {
  const auto running = [&](int number) {
    return started_[static_cast<std::size_t>(number)].valid();
  };
  for (int number = 0; number < sessions; ++number) {
    if (!running(number)) exec(number, "ROLLBACK");
  }
  for (int number = 0; number < sessions; ++number) {
    if (running(number)) finish(number);
    exec(number, "ROLLBACK");
    later_[static_cast<std::size_t>(number)].clear();
  }
}

std::string Player::compare(const Model& model) {
  std::string wanted_ids;
  for (int key = 0; key < keys; ++key)
    wanted_ids += (key == 0 ? "" : ", ") + std::to_string(id(key));
  const bool two = subject_.other_table;
  ++statements_;
  std::map<long long, std::string> found;
  for (auto row :
       session(0)
           .exec(fmt::format("SELECT id, {}, {} FROM {} o{} WHERE id IN ({})",
                             list_of(subject_.old_columns, "o."),
                             list_of(subject_.new_columns, two ? "n." : "o."), subject_.name,
                             two ? " LEFT JOIN " + subject_.new_table() + " n USING (id)" : "",
                             wanted_ids))
           .rows) {
    const long long number = std::stoll(*row[0]);
    row.erase(row.begin());
    found[number] = text_of(row);
  }
  for (int key = 0; key < keys; ++key) {
    const auto wanted = model.rows().find(key);
    std::string right = "no row";
    if (wanted != model.rows().end()) {
      Values both = wanted->second.old_side;
      both.insert(both.end(), wanted->second.now.begin(), wanted->second.now.end());
      right = text_of(both);
    }
    const auto place = found.find(id(key));
    const std::string is = place == found.end() ? "no row" : place->second;
    if (is != right)
      return fmt::format("row {} is {} (old side, new side), and should be {}", key, is, right);
  }
  return "";
}

std::string Player::play(const Schedule& schedule) {
  if (++base_ > stock_) make_stock();
  Model model(subject_, table_.filled);
  std::string problem = play_all(schedule, model);
  if (!problem.empty()) give_up();
  return problem;
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
