#include "runtime/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace segue::runtime {

namespace {

constexpr int cannot_start = 127;

// Ends process $pid as the last line from the pipe names it, then removes the directories.
constexpr const char* caretaker_script = R"sh(
pid=0
while read -r line; do pid=$line; done
if [ "$pid" -gt 0 ]; then
  kill -QUIT "$pid" 2>/dev/null
  n=0
  while kill -0 "$pid" 2>/dev/null && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done
fi
rm -rf -- "$@"
)sh";

std::vector<char*> arguments_of(std::vector<std::string>& command) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (std::string& argument : command) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  return arguments;
}

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

// Between fork and exec in a program with threads: system calls only, nothing that allocates.
void reset_signals() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGHUP, SIGCHLD}) {
    std::signal(number, SIG_DFL);
  }
}

}  // namespace

pid_t spawn(const std::vector<std::string>& command, const Account& account,
            const std::filesystem::path& log) {
  std::vector<std::string> words = command;
  std::vector<char*> arguments = arguments_of(words);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (nothing < 0 || output < 0) {
    if (nothing >= 0) close(nothing);
    fail(log.c_str());
  }
  const pid_t child = fork();
  if (child == 0) {
    reset_signals();
    setpgid(0, 0);
    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    if (account.change &&
        (setgroups(1, &account.gid) != 0 || setgid(account.gid) != 0 || setuid(account.uid) != 0)) {
      _exit(cannot_start);
    }
    // Our own directory may be closed to the other user.
    if (chdir("/") != 0) _exit(cannot_start);
    execv(arguments.front(), arguments.data());
    _exit(cannot_start);
  }
  const int error = errno;
  close(nothing);
  close(output);
  errno = error;
  if (child < 0) fail("fork");
  return child;
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return cannot_start;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int server_major(const std::filesystem::path& postgres) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return 0;
  const std::string program = postgres.string();
  std::string option = "--version";
  std::string name = program;
  const std::array<char*, 3> arguments{name.data(), option.data(), nullptr};
  const pid_t child = fork();
  if (child == 0) {
    reset_signals();
    dup2(ends[1], STDOUT_FILENO);
    execv(program.c_str(), arguments.data());
    _exit(cannot_start);
  }
  close(ends[1]);
  std::array<char, 256> buffer{};
  std::string text;
  for (ssize_t count = 0; (count = read(ends[0], buffer.data(), buffer.size())) != 0;) {
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  close(ends[0]);
  if (child < 0 || wait_for(child) != 0) return 0;
  // "postgres (PostgreSQL) 15.18 (Debian …)"
  const std::size_t digits = text.find(") ");
  return digits == std::string::npos ? 0 : std::atoi(text.c_str() + digits + 2);
}

Caretaker::Caretaker(const std::vector<std::filesystem::path>& directories) {
  std::vector<std::string> words{"/bin/sh", "-c", caretaker_script, "segue-caretaker"};
  for (const auto& directory : directories) words.push_back(directory.string());
  std::vector<char*> arguments = arguments_of(words);
  // Not a pipe: a write to one whose reader is gone is a SIGPIPE.
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) fail("socketpair");
  process_ = fork();
  if (process_ == 0) {
    reset_signals();
    // A session of its own: what is sent to our process group or terminal does not reach it.
    setsid();
    dup2(ends[0], STDIN_FILENO);
    const int nothing = open("/dev/null", O_WRONLY);
    dup2(nothing, STDOUT_FILENO);
    dup2(nothing, STDERR_FILENO);
    if (chdir("/") != 0) _exit(cannot_start);
    execv(arguments.front(), arguments.data());
    _exit(cannot_start);
  }
  close(ends[0]);
  line_ = ends[1];
  if (process_ < 0) {
    close(line_);
    fail("fork");
  }
}

Caretaker::~Caretaker() {
  close(line_);
  wait_for(process_);
}

void Caretaker::watch(pid_t process) const {
  const std::string line = fmt::format("{}\n", process);
  // A caretaker that somebody killed is no reason to fail: we still clean up ourselves.
  for (std::size_t written = 0; written < line.size();) {
    const ssize_t count = send(line_, line.data() + written, line.size() - written, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return;
    written += static_cast<std::size_t>(count);
  }
}

}  // namespace segue::runtime
