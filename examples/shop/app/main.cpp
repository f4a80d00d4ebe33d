// shop_app: the shop's old and new release against a live database, told by lines on standard input
// which phase the change has reached. Prints one line of JSON for each answer.
//
//   phase N   what runs from now on (see workload.hpp); answers {"phase": N}
//   report    what happened since the last report
//   check     every row against what was acknowledged
//   stop      (or the end of input, or SIGTERM) the totals of the whole run
//
// Exit code: 0, or 1 when there was an error or a lost write.
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <iostream>
#include <stdexcept>

#include "workload.hpp"

namespace {

std::atomic<bool> terminated{false};

// The next line of standard input; false at its end or when a signal asked to stop.
bool next_line(std::string& line) {
  static std::string buffer;
  while (true) {
    if (const auto end = buffer.find('\n'); end != std::string::npos) {
      line = buffer.substr(0, end);
      buffer.erase(0, end + 1);
      return true;
    }
    if (terminated) return false;
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (poll(&input, 1, 200) <= 0) continue;
    char chunk[256];
    const auto got = read(STDIN_FILENO, chunk, sizeof chunk);
    if (got <= 0) return false;
    buffer.append(chunk, static_cast<std::size_t>(got));
  }
}

void say(const std::string& line) {
  std::cout << line << std::endl;
}

int serve(const shop::WorkloadOptions& options, int phase) {
  shop::Workload workload(options);
  workload.enter(phase);
  shop::Report total;
  const auto take = [&] {
    auto report = workload.take_report();
    total.add(report);
    return report;
  };
  say(fmt::format(R"({{"phase": {}, "rows": {}}})", phase, workload.rows()));
  std::string line;
  while (next_line(line)) {
    if (line == "report") {
      say(take().json());
    } else if (line == "check") {
      const auto report = workload.check_all();
      total.add(report);
      say(report.json());
    } else if (line.rfind("phase ", 0) == 0 && line.size() == 7 && line[6] >= '0' &&
               line[6] <= '4') {
      phase = line[6] - '0';
      workload.enter(phase);
      say(fmt::format(R"({{"phase": {}}})", phase));
    } else if (line == "stop") {
      break;
    } else if (!line.empty()) {
      say(R"({"error": "expected phase 0 to 4, report, check or stop"})");
    }
  }
  take();
  say(total.json());
  return total.clean() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The shop's old and new release, at work on the table users.");
  shop::WorkloadOptions options;
  std::string release = "both";
  int sessions = 2;
  int phase = 0;
  app.add_option("--db", options.conninfo, "connection string")->required();
  app.add_option("--release", release, "old, new or both")
      ->check(CLI::IsMember({"old", "new", "both"}));
  app.add_option("--sessions", sessions, "connections of each release")->check(CLI::Range(1, 64));
  app.add_option("--rate", options.rate, "statements per second and connection; 0: no limit");
  app.add_option("--seed", options.seed, "of the random choices");
  app.add_option("--phase", phase, "to begin with")->check(CLI::Range(0, 4));
  CLI11_PARSE(app, argc, argv);
  options.old_sessions = release == "new" ? 0 : sessions;
  options.new_sessions = release == "old" ? 0 : sessions;

  std::signal(SIGTERM, [](int) { terminated = true; });
  std::signal(SIGINT, [](int) { terminated = true; });
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return serve(options, phase);
  } catch (const std::exception& error) {
    std::cerr << "shop_app: " << error.what() << '\n';
    return 1;
  }
}
