// A throwaway PostgreSQL from the installed binaries: started here, gone with the object.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace segue::runtime {

struct ServerOptions {
  std::optional<int> major{};  // none: the newest installed
  bool durable = false;        // fsync and real settings: for fault tests
  bool in_memory = false;      // files in /dev/shm, where it is and has room: for small databases
  std::map<std::string, std::string> settings{};  // postgresql.conf, over the defaults
  // Makes the data directory in initdb's place, as a copy of another server's for one.
  std::function<void(const std::filesystem::path& data)> make_data{};
};

// The directories with initdb and postgres: those that SEGUE_PG_BIN names (a list, ':' between),
// newest major first, then those of PATH, /usr/lib/postgresql/*/bin, Homebrew's and pgdg's places.
struct ServerBinaries {
  std::filesystem::path bin;
  int major = 0;
};
std::vector<ServerBinaries> installed_servers();

// Listens on a socket in its own temporary directory only. As root, the server runs as user
// postgres (or nobody). The kernel ends it when this process dies, however it dies.
class ThrowawayServer {
 public:
  // Throws std::runtime_error that says what is missing and how to install it.
  explicit ThrowawayServer(const ServerOptions& options = {});
  ~ThrowawayServer();
  ThrowawayServer(ThrowawayServer&&) noexcept;
  ThrowawayServer& operator=(ThrowawayServer&&) noexcept;
  ThrowawayServer(const ThrowawayServer&) = delete;
  ThrowawayServer& operator=(const ThrowawayServer&) = delete;

  // For libpq: "host=/tmp/… port=5432 user=postgres dbname=…".
  std::string conninfo(const std::string& database = "postgres") const;
  std::string url(const std::string& database = "postgres") const;
  std::string create_database(const std::string& name);  // returns its conninfo
  int major() const;
  int pid() const;
  const std::filesystem::path& directory() const;

  bool running();
  void crash();    // immediate stop: SIGQUIT, as after a power cut
  void restart();  // after crash(), or instead of it

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace segue::runtime
