// Running a program as a user would, for tests.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace segue::test {

struct Finished {
  int exit_code = -1;  // 128 + signal where one ended it
  std::string out;
  std::string err;

  std::string both() const { return out + err; }
};

// One started program; its output goes to files, so that it never waits for a reader.
class Process {
 public:
  // `directory` is its working directory; empty: ours.
  explicit Process(const std::vector<std::string>& command,
                   const std::filesystem::path& directory = {});
  ~Process();  // kills it if it still runs
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  bool running();
  pid_t pid() const { return pid_; }
  void kill();  // SIGKILL
  void send(int signal);
  Finished wait();

 private:
  void finish(int status);

  pid_t pid_ = -1;
  std::filesystem::path outputs_;
  Finished finished_;
};

Finished run(const std::vector<std::string>& command, const std::filesystem::path& directory = {});

// A directory that goes with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string read_text(const std::filesystem::path& file);
void write_text(const std::filesystem::path& file, const std::string& text);

}  // namespace segue::test
