// A relay between a client and a throwaway server that understands enough of PostgreSQL's protocol
// to cut a connection at a chosen request: before the server gets it, or after the server has
// carried it out and before its answer gets back.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "support/descriptor.hpp"

namespace segue::test {

// What a client sends and waits for: one simple query, or one Parse … Sync.
struct Request {
  std::size_t number = 0;      // of all connections together, from 1
  std::size_t connection = 0;  // which one it came over, from 1 in the order of their coming
  std::string sql;
};

enum class Fate {
  pass,
  cut_before,  // the server never gets it
  cut_after,   // the server carries it out; its answer is lost
  vanish,      // carried out, answer lost, and the server is not told that its client is gone
};

class Relay {
 public:
  using Watcher = std::function<Fate(const Request&)>;

  // `watcher` is asked for each request, in the relay's own thread.
  explicit Relay(const std::filesystem::path& server_socket, Watcher watcher = {});
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  std::string conninfo(const std::string& database) const;
  std::size_t requests() const { return requests_; }

  void watch(Watcher watcher);
  void stall();  // bytes stay where they are; nobody is told
  void resume();
  void cut();  // all connections, now

 private:
  struct Loop;
  void run();
  void wake();

  Descriptor listener_;
  Descriptor wake_reader_;
  Descriptor wake_writer_;
  std::filesystem::path server_socket_;
  int port_ = 0;
  std::mutex mutex_;
  Watcher watcher_;
  std::atomic<std::size_t> requests_{0};
  std::atomic<bool> stop_{false};
  std::atomic<bool> stalled_{false};
  std::atomic<bool> cut_{false};
  std::thread thread_;
};

}  // namespace segue::test
