#include "support/pooler.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "runtime/session.hpp"

namespace segue::test {
namespace {

namespace fs = std::filesystem;

fs::path program() {
  for (const char* place :
       {"/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer"}) {
    if (fs::exists(place)) return place;
  }
  return {};
}

}  // namespace

bool Pooler::installed() {
  return !program().empty();
}

Pooler::Pooler(const runtime::ThrowawayServer& server) {
  const auto& place = directory_.path();
  const auto users = place / "users";
  write_text(users, "\"postgres\" \"\"\n");
  write_text(place / "pgbouncer.ini",
             fmt::format("[databases]\n* = host={0} port=5432 user=postgres\n[pgbouncer]\n"
                         "listen_addr =\nunix_socket_dir = {1}\nlisten_port = 6432\n"
                         "auth_type = trust\nauth_file = {1}/users\npool_mode = transaction\n"
                         "ignore_startup_parameters = extra_float_digits\n",
                         server.directory().string(), place.string()));
  std::vector<std::string> command{program().string(), (place / "pgbouncer.ini").string()};
  if (geteuid() == 0) {
    // It refuses root, as the server does; so it runs as the server's user.
    struct stat owner {};
    stat((server.directory() / "data" / "PG_VERSION").c_str(), &owner);
    for (const auto& path : {place, users, place / "pgbouncer.ini"}) {
      if (chown(path.c_str(), owner.st_uid, owner.st_gid) != 0)
        throw std::runtime_error("the pooler's directory cannot be given to the server's user");
    }
    command.insert(command.begin(), {"setpriv", "--reuid", std::to_string(owner.st_uid), "--regid",
                                     std::to_string(owner.st_gid), "--clear-groups"});
  }
  process_ = std::make_unique<Process>(command);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (true) {
    try {
      runtime::connect(conninfo("postgres"));
      return;
    } catch (const runtime::DatabaseError& error) {
      if (!process_->running()) throw std::runtime_error(process_->wait().both());
      if (std::chrono::steady_clock::now() > deadline) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

std::string Pooler::conninfo(const std::string& database) const {
  return fmt::format("host={} port=6432 user=postgres dbname={}", directory_.path().string(),
                     database);
}

}  // namespace segue::test
