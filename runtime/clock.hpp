// The seam to time, so that a test of five minutes of retries takes none.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace segue::runtime {

using Milliseconds = std::chrono::milliseconds;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::chrono::steady_clock::time_point now() const = 0;
  virtual void sleep(Milliseconds duration) = 0;
};

// The machine's own.
Clock& real_clock();

// How long something took, in seconds.
class Stopwatch {
 public:
  explicit Stopwatch(const Clock& clock) : clock_(clock), start_(clock.now()) {}
  std::chrono::duration<double> elapsed() const { return clock_.now() - start_; }

 private:
  const Clock& clock_;
  std::chrono::steady_clock::time_point start_;
};

// Pauses between tries: full jitter (uniform between 0 and a bound that doubles up to a cap), so
// that tries of several runners or apps never fall into step; given up after a total budget.
class Backoff {
 public:
  struct Limits {
    Milliseconds first{50};       // bound of the first pause: about one short transaction of an app
    Milliseconds cap{3000};       // a lock that is free for a moment is met within seconds
    Milliseconds budget{300000};  // five minutes: a deploy's patience
  };

  Backoff(const Limits& limits, Clock& clock, std::uint64_t seed = std::random_device{}());

  bool exhausted() const;
  // Sleeps; never past the budget.
  void pause();
  int tries() const { return tries_; }

 private:
  Limits limits_;
  Clock& clock_;
  std::mt19937_64 random_;
  std::chrono::steady_clock::time_point start_;
  int tries_ = 0;
};

}  // namespace segue::runtime
