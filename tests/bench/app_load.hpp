// An app at a steady rate, and what it felt.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace segue::bench {

struct Felt {
  std::uint64_t statements = 0;
  std::uint64_t errors = 0;
  double seconds = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double longest_ms = 0;

  double rate() const { return seconds > 0 ? static_cast<double>(statements) / seconds : 0; }
};

// Some clients that read, update and insert rows of `items`. With a rate each statement has its
// time, and how long it took counts from then: a client that is held up does not hide what waited
// behind it.
class AppLoad {
 public:
  static constexpr int clients = 4;

  // `rate`: statements per second, all clients together; 0: as many as they can.
  AppLoad(std::string conninfo, std::uint64_t rows, double rate);
  ~AppLoad();
  AppLoad(const AppLoad&) = delete;
  AppLoad& operator=(const AppLoad&) = delete;

  // Every statement that was due by now is still made.
  Felt stop();

 private:
  void work(int client);

  std::string conninfo_;
  std::uint64_t rows_;
  double rate_;
  std::chrono::steady_clock::time_point end_;  // written before `stop_`
  std::atomic<bool> stop_ = false;
  std::atomic<std::uint64_t> errors_ = 0;
  std::chrono::steady_clock::time_point start_;
  std::vector<std::vector<double>> latencies_;
  std::vector<std::jthread> threads_;
};

// Runs for that long.
Felt app_alone(const std::string& conninfo, std::uint64_t rows, double rate, double seconds);

}  // namespace segue::bench
