// Both releases of an application that writes while faults happen, and a model of what it was told
// is written.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "runtime/session.hpp"

namespace segue::test {

enum class Release { old_one, new_one };

// Rows of `users` that one writer alone writes: what is acknowledged is in the model.
class Writer {
 public:
  Writer(std::function<std::string()> conninfo, Release release, bool reads, int number,
         std::uint64_t seed);
  // Until told to stop. Never throws.
  void run(const std::atomic<bool>& stop);

  // Sentences: rows that are not as they were acknowledged, by `column` as it is now.
  std::vector<std::string> lost(runtime::Session& session, const std::string& column) const;
  int statements() const { return statements_; }
  const std::vector<std::string>& errors() const { return errors_; }
  const std::vector<std::string>& misread() const { return misread_; }

  static constexpr int first_id = 1'000'000;  // a writer's own rows: from number * first_id on

 private:
  using Name = std::optional<std::string>;  // none: the row is not there

  const char* column() const { return release_ == Release::old_one ? "full_name" : "display_name"; }
  bool connect(const std::atomic<bool>& stop);
  void step();
  void write(int id, const std::string& sql, const Name& now);
  Name read(int id);
  int own_row();

  std::function<std::string()> conninfo_;
  Release release_;
  bool reads_;
  int number_;
  std::mt19937_64 random_;
  std::unique_ptr<runtime::Session> session_;
  std::map<int, Name> model_;
  // The outcome of the statement that a lost connection left open.
  struct Open {
    int id = 0;
    Name before;
    Name after;
  };
  std::optional<Open> open_;
  int made_ = 0;
  std::atomic<int> statements_{0};
  std::vector<std::string> errors_;
  std::vector<std::string> misread_;
};

// The releases that may run while one phase is applied.
class App {
 public:
  // Returns when every writer is at work.
  App(std::function<std::string()> conninfo, int phase, std::uint64_t seed);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  void stop();
  // After stop(): lost writes and errors, a sentence each.
  std::vector<std::string> lost(runtime::Session& session, int phase) const;
  std::vector<std::string> errors() const;

 private:
  std::vector<std::unique_ptr<Writer>> writers_;
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

}  // namespace segue::test
