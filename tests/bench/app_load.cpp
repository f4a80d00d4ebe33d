#include "app_load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <random>

#include "runtime/session.hpp"

namespace segue::bench {

namespace {

using Time = std::chrono::steady_clock::time_point;

double quantile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto place = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return sorted[place];
}

class Client {
 public:
  Client(const std::string& conninfo, std::uint64_t rows, int number)
      : session_(runtime::connect(conninfo, "app")),
        rows_(rows),
        random_(static_cast<std::uint64_t>(number)),
        next_(rows + 1 + static_cast<std::uint64_t>(number)) {}

  // Half reads, two fifths updates of one or the other column, one tenth inserts.
  void statement() {
    const auto id = std::to_string(random_() % rows_ + 1);
    const auto kind = random_() % 10;
    if (kind < 5) {
      session_->exec("SELECT label, amount FROM items WHERE id = $1", {id});
    } else if (kind < 7) {
      session_->exec("UPDATE items SET label = $2 WHERE id = $1",
                     {id, "label " + std::to_string(random_())});
    } else if (kind < 9) {
      session_->exec("UPDATE items SET amount = $2 WHERE id = $1",
                     {id, std::to_string(random_() % 1000000)});
    } else {
      session_->exec(
          "INSERT INTO items (id, nr, made, label, amount, payload) VALUES ($1, $1, now(), 'new', "
          "7, "
          "'x')",
          {std::to_string(next_)});
      next_ += AppLoad::clients;
    }
  }

 private:
  std::unique_ptr<runtime::Session> session_;
  std::uint64_t rows_;
  std::mt19937_64 random_;
  std::uint64_t next_;
};

}  // namespace

AppLoad::AppLoad(std::string conninfo, std::uint64_t rows, double rate)
    : conninfo_(std::move(conninfo)),
      rows_(rows),
      rate_(rate),
      start_(std::chrono::steady_clock::now()),
      latencies_(clients) {
  for (int client = 0; client < clients; ++client)
    threads_.emplace_back([this, client] { work(client); });
}

AppLoad::~AppLoad() {
  stop_ = true;
}

void AppLoad::work(int number) {
  Client client(conninfo_, rows_, number);
  std::mt19937_64 random(static_cast<std::uint64_t>(number) + 100);
  // Arrivals of a Poisson process: an app's statements do not come evenly.
  std::exponential_distribution<double> pause(rate_ > 0 ? rate_ / clients : 1);
  Time due = std::chrono::steady_clock::now();
  for (;;) {
    if (rate_ > 0) {
      due += std::chrono::duration_cast<std::chrono::steady_clock::duration>(
          std::chrono::duration<double>(pause(random)));
      std::this_thread::sleep_until(due);
    } else {
      due = std::chrono::steady_clock::now();
    }
    if (stop_ && due >= end_) return;
    try {
      client.statement();
    } catch (const runtime::DatabaseError&) {
      ++errors_;
    }
    latencies_[static_cast<std::size_t>(number)].push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - due).count());
  }
}

Felt AppLoad::stop() {
  end_ = std::chrono::steady_clock::now();
  stop_ = true;
  Felt felt;
  felt.seconds = std::chrono::duration<double>(end_ - start_).count();
  threads_.clear();
  std::vector<double> all;
  for (const auto& some : latencies_) all.insert(all.end(), some.begin(), some.end());
  std::sort(all.begin(), all.end());
  felt.statements = all.size();
  felt.errors = errors_;
  felt.p50_ms = quantile(all, 0.5);
  felt.p99_ms = quantile(all, 0.99);
  felt.longest_ms = all.empty() ? 0 : all.back();
  return felt;
}

Felt app_alone(const std::string& conninfo, std::uint64_t rows, double rate, double seconds) {
  AppLoad app(conninfo, rows, rate);
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  return app.stop();
}

}  // namespace segue::bench
