#include "runtime/pacing/stop.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <array>
#include <atomic>

#include "runtime/errors.hpp"

namespace segue::runtime::pacing {

namespace {

std::atomic<int> stop_signal = 0;
std::atomic<bool> paused = false;

constexpr std::array handled{SIGINT, SIGTERM, SIGUSR1, SIGUSR2};

extern "C" void on_signal(int number) {
  if (number == SIGUSR1 || number == SIGUSR2) {
    paused = number == SIGUSR1;
    return;
  }
  stop_signal = number;
}

void handle(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  // Calls that wait for the server go on. The second SIGINT or SIGTERM finds the default.
  action.sa_flags = SA_RESTART;
  if (number == SIGINT || number == SIGTERM) action.sa_flags |= static_cast<int>(SA_RESETHAND);
  sigaction(number, &action, nullptr);
}

}  // namespace

SignalScope::SignalScope() {
  stop_signal = 0;
  paused = false;
  for (const int number : handled) handle(number, on_signal);
}

SignalScope::~SignalScope() {
  for (const int number : handled) handle(number, SIG_DFL);
  stop_signal = 0;
  paused = false;
}

std::string stop_asked() {
  const int number = stop_signal;
  if (number == 0) return "";
  return number == SIGINT ? "SIGINT" : "SIGTERM";
}

bool paused_by_signal() {
  return paused;
}

void stop_if_asked(const std::string& step) {
  const std::string signal = stop_asked();
  if (signal.empty()) return;
  throw Failed(step,
               fmt::format("{}ended by {}; what was begun is committed or rolled back",
                           step.empty() ? "" : fmt::format("step {}: ", step), signal),
               "", "Run the same command again: it goes on from here.");
}

}  // namespace segue::runtime::pacing
