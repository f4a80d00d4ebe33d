// One session of one release of the shop's application.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <pqxx/pqxx>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "model.hpp"
#include "workload.hpp"

namespace shop {

using Clock = std::chrono::steady_clock;

enum class Release { old_app, new_app };

// One session of one release: its statements are prepared once and kept for as long as it runs, as
// connection pools do, so that a plan from an earlier phase meets the schema of a later one.
class AppSession {
 public:
  AppSession(Release release, std::uint64_t seed, const WorkloadOptions& options, Model& model,
             std::atomic<std::size_t>& next_insert, std::string run_name)
      : release_(release),
        options_(options),
        model_(model),
        next_insert_(next_insert),
        run_name_(std::move(run_name)),
        random_(seed) {}

  struct Outcome {
    std::uint64_t statements = 0;
    std::uint64_t errors = 0;
    double longest_ms = 0;
    std::vector<std::string> errors_seen;
    std::vector<std::string> lost;
  };

  Outcome act(int phase);
  double next_pause() { return std::uniform_real_distribution<>(0.5, 1.5)(random_); }

 private:
  bool is_new() const { return release_ == Release::new_app; }
  const char* column() const { return is_new() ? "display_name" : "full_name"; }

  pqxx::connection& connection() {
    if (!connection_) {
      connection_ = std::make_unique<pqxx::connection>(
          options_.conninfo + " application_name=shop_" + (is_new() ? "new" : "old"));
      prepare();
    }
    return *connection_;
  }
  void prepare();

  // Runs a prepared statement in the given transaction and times it.
  template <typename... Arguments>
  pqxx::result run(pqxx::transaction_base& transaction, const char* name, Arguments... arguments) {
    ++outcome_.statements;
    const auto start = Clock::now();
    const auto measure = [&] {
      const std::chrono::duration<double, std::milli> took = Clock::now() - start;
      outcome_.longest_ms = std::max(outcome_.longest_ms, took.count());
    };
    try {
      auto result = transaction.exec_prepared(name, arguments...);
      measure();
      return result;
    } catch (...) {
      measure();
      throw;
    }
  }
  template <typename... Arguments>
  pqxx::result run(const char* name, Arguments... arguments) {
    pqxx::nontransaction alone(connection());
    return run(alone, name, arguments...);
  }

  std::uint64_t pick(std::uint64_t below) {
    return std::uniform_int_distribution<std::uint64_t>(0, below - 1)(random_);
  }
  std::size_t pick_row();
  Text new_name();
  std::string new_phone() { return fmt::format("+49-{:07}", pick(10'000'000)); }
  std::string email_of(std::size_t index) const {
    return fmt::format("app{}-{}@example.com", run_name_, index);
  }

  void read(std::size_t index, ModelRow& row);
  void update(ModelRow& row);
  void update_unrelated(ModelRow& row);
  void insert(std::size_t index, ModelRow& row);
  void upsert(std::size_t index, ModelRow& row);
  void remove(ModelRow& row);
  void update_two(int phase);
  void touch_hot(int phase);
  void count_error(const std::exception& error, bool lost_connection);

  Release release_;
  const WorkloadOptions& options_;
  Model& model_;
  std::atomic<std::size_t>& next_insert_;
  std::string run_name_;
  std::mt19937_64 random_;
  std::unique_ptr<pqxx::connection> connection_;
  Outcome outcome_;
  std::uint64_t name_counter_ = 0;
};

}  // namespace shop
