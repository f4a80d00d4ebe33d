// Child processes of the throwaway server; inside the runtime only.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace segue::runtime {

// Who a child process runs as.
struct Account {
  uid_t uid = 0;
  gid_t gid = 0;
  bool change = false;  // we are root and have to become it
};

// Starts a program with standard input from nowhere and both outputs appended to `log`, in a
// process group of its own, so that Ctrl-C at a terminal reaches only us. Throws
// std::runtime_error.
pid_t spawn(const std::vector<std::string>& command, const Account& account,
            const std::filesystem::path& log);

// Exit code; 128 + signal number when a signal ended it.
int wait_for(pid_t child);

// The major version that `postgres --version` prints; 0 where it does not run.
int server_major(const std::filesystem::path& postgres);

// A small shell process that outlives us by a moment: when this process is gone, however it went,
// our end of the line closes, and it ends the server and removes the directories. A death signal
// from the kernel (PR_SET_PDEATHSIG) would do half of that, and would also fire when the one
// *thread* ends that started the server.
class Caretaker {
 public:
  explicit Caretaker(const std::vector<std::filesystem::path>& directories);
  ~Caretaker();
  Caretaker(const Caretaker&) = delete;
  Caretaker& operator=(const Caretaker&) = delete;

  // The process to end; 0: none.
  void watch(pid_t process) const;

 private:
  int line_ = -1;
  pid_t process_ = 0;
};

}  // namespace segue::runtime
