#include "driver/app.hpp"

#include <fmt/format.h>

#include <chrono>

namespace segue::test {

using runtime::DatabaseError;
using std::chrono::milliseconds;

namespace {

// So that a writer is busy, and neither the machine is nor the table full of dead rows: the
// backfill rests for most of the time beside those, and a trial took half a minute.
constexpr milliseconds between_statements{10};
constexpr const char* disk_full = "53100";

}  // namespace

Writer::Writer(std::function<std::string()> conninfo, Release release, bool reads, int number,
               std::uint64_t seed)
    : conninfo_(std::move(conninfo)),
      release_(release),
      reads_(reads),
      number_(number),
      random_(seed + static_cast<std::uint64_t>(number)) {}

bool Writer::connect(const std::atomic<bool>& stop) {
  while (!stop || open_) {
    try {
      session_ = runtime::connect(conninfo_(), "app");
      if (open_) {
        // Either is right; what it is has to stay.
        const Open open = *open_;
        const Name found = read(open.id);
        if (found != open.before && found != open.after)
          misread_.push_back(fmt::format("row {} is '{}'", open.id, found.value_or("(gone)")));
        model_[open.id] = found;
        open_.reset();
      }
      return true;
    } catch (const DatabaseError&) {
      std::this_thread::sleep_for(milliseconds(20));
    }
  }
  return false;
}

void Writer::run(const std::atomic<bool>& stop) {
  while (!stop) {
    if (!session_ && !connect(stop)) return;
    try {
      step();
      ++statements_;
    } catch (const DatabaseError& error) {
      if (error.connection_lost()) {
        session_.reset();
      } else {
        open_.reset();
        // Of a disk that is full the application hears from the disk, whatever segue does.
        if (error.sqlstate() != disk_full && errors_.size() < 5) errors_.emplace_back(error.what());
      }
    } catch (const std::exception& error) {
      errors_.emplace_back(error.what());
      return;
    }
    std::this_thread::sleep_for(between_statements);
  }
  if (open_) connect(stop);
}

Writer::Name Writer::read(int id) {
  const char* from = reads_ ? column() : "full_name";
  const auto rows =
      session_->exec(fmt::format("SELECT {} FROM users WHERE id = {}", from, id)).rows;
  return rows.empty() ? std::nullopt : rows.front().front();
}

int Writer::own_row() {
  // One of the first rows, of which each writer has its share, or one that it made itself.
  constexpr int shared = 2000;
  constexpr int writers = 4;
  if (made_ == 0 || random_() % 2 == 0)
    return 1 + static_cast<int>(random_() % (shared / writers)) * writers + number_;
  return number_ * first_id + 1 + static_cast<int>(random_() % static_cast<std::uint64_t>(made_));
}

void Writer::write(int id, const std::string& sql, const Name& now) {
  open_ = Open{id, model_[id], now};
  session_->exec(sql);
  model_[id] = now;
  open_.reset();
}

void Writer::step() {
  const std::string name = fmt::format("w{} {}", number_, random_());
  const bool inserts = random_() % 4 == 0;
  const int id = inserts ? number_ * first_id + ++made_ : own_row();
  if (!inserts && !model_.contains(id)) model_[id] = read(id);
  const char* phone = release_ == Release::new_one ? ", phone" : "";
  const char* number = release_ == Release::new_one ? ", '555'" : "";
  if (inserts) {
    write(id,
          fmt::format("INSERT INTO users (id, {}{}) VALUES ({}, '{}'{})", column(), phone, id, name,
                      number),
          name);
  } else if (!model_[id]) {
    write(id,
          fmt::format("INSERT INTO users (id, {0}{1}) VALUES ({2}, '{3}'{4}) ON CONFLICT (id) DO "
                      "UPDATE SET {0} = excluded.{0}",
                      column(), phone, id, name, number),
          name);
  } else if (random_() % 8 == 0) {
    write(id, fmt::format("DELETE FROM users WHERE id = {}", id), std::nullopt);
  } else if (reads_ && random_() % 4 == 0) {
    const Name found = read(id);
    if (found != model_[id])
      misread_.push_back(fmt::format("row {} is '{}'", id, found.value_or("(gone)")));
  } else {
    write(id, fmt::format("UPDATE users SET {} = '{}' WHERE id = {}", column(), name, id), name);
  }
}

std::vector<std::string> Writer::lost(runtime::Session& session, const std::string& column) const {
  std::map<int, Name> found;
  for (const auto& row : session.exec(fmt::format("SELECT id, {} FROM users", column)).rows)
    found[std::stoi(*row[0])] = row[1];
  std::vector<std::string> sentences = misread_;
  for (const auto& [id, name] : model_) {
    const auto place = found.find(id);
    const Name now = place == found.end() ? std::nullopt : place->second;
    if (now != name)
      sentences.push_back(fmt::format("{} of row {} is '{}', acknowledged was '{}'", column, id,
                                      now.value_or("(gone)"), name.value_or("(gone)")));
  }
  return sentences;
}

App::App(std::function<std::string()> conninfo, int phase, std::uint64_t seed) {
  // While phase 3 runs the new release writes and does not read; phase 4 comes when the old is out.
  if (phase <= 3) {
    writers_.push_back(std::make_unique<Writer>(conninfo, Release::old_one, true, 1, seed));
    writers_.push_back(std::make_unique<Writer>(conninfo, Release::old_one, true, 2, seed));
  }
  if (phase >= 3)
    writers_.push_back(std::make_unique<Writer>(conninfo, Release::new_one, phase == 4, 3, seed));
  for (auto& writer : writers_)
    threads_.emplace_back([this, one = writer.get()] { one->run(stop_); });
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  for (auto& writer : writers_) {
    while (writer->statements() == 0 && std::chrono::steady_clock::now() < patience)
      std::this_thread::sleep_for(milliseconds(1));
  }
}

App::~App() {
  stop();
}

void App::stop() {
  stop_ = true;
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

std::vector<std::string> App::lost(runtime::Session& session, int phase) const {
  std::vector<std::string> columns;
  if (phase <= 3) columns.emplace_back("full_name");
  if (phase >= 3) columns.emplace_back("display_name");
  std::vector<std::string> sentences;
  for (const auto& writer : writers_) {
    for (const auto& column : columns) {
      const auto more = writer->lost(session, column);
      sentences.insert(sentences.end(), more.begin(), more.end());
    }
  }
  return sentences;
}

std::vector<std::string> App::errors() const {
  std::vector<std::string> all;
  for (const auto& writer : writers_)
    all.insert(all.end(), writer->errors().begin(), writer->errors().end());
  return all;
}

}  // namespace segue::test
