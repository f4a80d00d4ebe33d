#include "runtime/server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include "runtime/child_process.hpp"
#include "runtime/server_binaries.hpp"
#include "runtime/session.hpp"

namespace segue::runtime {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// initdb and a start take about half a second; a loaded CI machine may need much longer.
constexpr auto start_timeout = 60s;
constexpr auto stop_timeout = 20s;
constexpr auto poll_interval = 5ms;
// sockaddr_un::sun_path, with its final NUL (macOS has 104).
constexpr std::size_t longest_socket_path = 103;
constexpr std::string_view socket_file = "/.s.PGSQL.5432";

// The user that a server started by root runs as: PostgreSQL refuses to run as root.
Account server_account() {
  Account account{.uid = geteuid(), .gid = getegid(), .change = false};
  if (account.uid != 0) return account;
  for (const char* name : {"postgres", "nobody"}) {
    if (const passwd* entry = getpwnam(name)) {
      return {.uid = entry->pw_uid, .gid = entry->pw_gid, .change = true};
    }
  }
  throw std::runtime_error(
      "PostgreSQL does not run as root, and this system has neither a user postgres nor nobody");
}

// Whether another user can get through every directory on the way.
bool reachable_by_others(const fs::path& directory) {
  for (fs::path part = fs::absolute(directory);; part = part.parent_path()) {
    struct stat status {};
    if (stat(part.c_str(), &status) != 0 || (status.st_mode & S_IXOTH) == 0) return false;
    if (part == part.root_path()) return true;
  }
}

fs::path make_directory(const fs::path& parent, const Account& account) {
  std::string name = (parent / "segue-pg-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error(
        fmt::format("no directory can be made in {}: {}", parent.string(), std::strerror(errno)));
  }
  if (account.change && chown(name.c_str(), account.uid, account.gid) != 0) {
    throw std::runtime_error(
        fmt::format("{} cannot be given to the server's user: {}", name, std::strerror(errno)));
  }
  return name;
}

fs::path temporary_directory(const Account& account) {
  std::error_code error;
  fs::path usual = fs::temp_directory_path(error);
  // root's own TMPDIR may be closed to the user that the server runs as.
  if (error || (account.change && !reachable_by_others(usual))) return "/tmp";
  return usual;
}

// Making and dropping databases is mostly the file system's work. Where the machine has no room to
// spare in memory, the usual place does.
fs::path fast_directory(const Account& account) {
  constexpr std::uint64_t room = std::uint64_t{4} << 30U;  // a rehearsal takes a tenth of it
  constexpr const char* memory = "/dev/shm";
  struct statvfs status {};
  if (access(memory, W_OK) != 0 || statvfs(memory, &status) != 0 ||
      std::uint64_t{status.f_bavail} * status.f_frsize < room)
    return temporary_directory(account);
  return memory;
}

// A value of postgresql.conf: quotes are doubled.
std::string setting(const std::string& value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += c;
    text += c;
  }
  return text + '\'';
}

// A value of a conninfo: quotes bear a backslash.
std::string conninfo_value(const std::string& value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + '\'';
}

std::map<std::string, std::string> settings_for(const ServerOptions& options,
                                                const fs::path& socket_directory) {
  std::map<std::string, std::string> settings{
      {"listen_addresses", ""},   {"unix_socket_directories", socket_directory.string()},
      {"max_connections", "100"}, {"timezone", "UTC"},
      {"log_timezone", "UTC"},    {"lc_messages", "C"},
      {"port", "5432"},  // else PGPORT's
  };
  if (!options.durable) {
    // What a power cut would need; nothing in here outlives this process anyway.
    settings.merge(std::map<std::string, std::string>{{"fsync", "off"},
                                                      {"synchronous_commit", "off"},
                                                      {"full_page_writes", "off"},
                                                      {"jit", "off"}});
  }
  for (const auto& [name, value] : options.settings) settings[name] = value;
  return settings;
}

// Whether a server listens there. libpq is not asked: each try would be a line in the server's log.
bool accepts(const fs::path& socket_directory) {
  const std::string path = socket_directory.string() + std::string(socket_file);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return false;
  path.copy(address.sun_path, path.size());
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return false;
  const bool connected =
      ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(descriptor);
  return connected;
}

std::string tail_of(const fs::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  constexpr std::size_t enough = 2000;
  const std::string all = text.str();
  return all.size() <= enough ? all : all.substr(all.size() - enough);
}

}  // namespace

struct ThrowawayServer::Impl {
  ServerBinaries binaries;
  Account account;
  fs::path directory;
  fs::path socket_directory;
  std::optional<Caretaker> caretaker;
  pid_t server = 0;

  fs::path data() const { return directory / "data"; }
  fs::path log() const { return directory / "log"; }

  explicit Impl(const ServerOptions& options)
      : binaries(choose_server(options.major)), account(server_account()) {
    directory = make_directory(
        options.in_memory ? fast_directory(account) : temporary_directory(account), account);
    try {
      socket_directory = directory;
      if (directory.string().size() + socket_file.size() > longest_socket_path) {
        socket_directory = make_directory("/tmp", account);
      }
      caretaker.emplace(std::vector<fs::path>{directory, socket_directory});
      initialise(options);
      start();
    } catch (...) {
      clean_up();
      throw;
    }
  }
  ~Impl() { clean_up(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void initialise(const ServerOptions& options) {
    if (options.make_data) {
      options.make_data(data());
    } else {
      initdb(options);
    }
    std::ofstream configuration(data() / "postgresql.conf", std::ios::app);
    for (const auto& [name, value] : settings_for(options, socket_directory)) {
      configuration << name << " = " << setting(value) << '\n';
    }
    configuration.close();
    if (!configuration) throw std::runtime_error("the server's settings cannot be written");
  }

  void initdb(const ServerOptions& options) const {
    std::vector<std::string> command{(binaries.bin / "initdb").string(),
                                     "-D",
                                     data().string(),
                                     "-U",
                                     "postgres",
                                     "-A",
                                     "trust",
                                     "-E",
                                     "UTF8",
                                     "--locale=C",
                                     "--no-sync"};
    // Small segments halve what an initdb writes; a fault test wants the real size.
    if (!options.durable) command.emplace_back("--wal-segsize=1");
    const pid_t child = spawn(command, account, log());
    caretaker->watch(child);
    if (wait_for(child) != 0) {
      throw std::runtime_error(fmt::format("{} failed:\n{}", command.front(), tail_of(log())));
    }
  }

  void start() {
    server = spawn({(binaries.bin / "postgres").string(), "-D", data().string()}, account, log());
    caretaker->watch(server);
    const auto deadline = std::chrono::steady_clock::now() + start_timeout;
    while (!accepts(socket_directory) || !answers()) {
      if (!is_running()) {
        throw std::runtime_error(
            fmt::format("the throwaway server did not start:\n{}", tail_of(log())));
      }
      if (std::chrono::steady_clock::now() > deadline) {
        throw std::runtime_error(fmt::format("the throwaway server did not start within {} s:\n{}",
                                             start_timeout.count(), tail_of(log())));
      }
      std::this_thread::sleep_for(poll_interval);
    }
  }

  // A server that is still recovering listens, and refuses.
  bool answers() const {
    try {
      connect(conninfo("postgres"));
      return true;
    } catch (const DatabaseError&) {
      return false;
    }
  }

  bool is_running() {
    if (server > 0 && waitpid(server, nullptr, WNOHANG) == server) {
      server = 0;
      caretaker->watch(0);
    }
    return server > 0;
  }

  void stop() {
    if (!is_running()) return;
    // Immediate: there is nothing to keep, and no client may hold it up.
    kill(server, SIGQUIT);
    const auto deadline = std::chrono::steady_clock::now() + stop_timeout;
    while (is_running()) {
      if (std::chrono::steady_clock::now() > deadline) kill(server, SIGKILL);
      std::this_thread::sleep_for(poll_interval);
    }
  }

  void clean_up() noexcept {
    try {
      stop();
    } catch (const std::exception&) {
      // The caretaker's turn, when we let go of it below.
    }
    std::error_code ignored;
    fs::remove_all(directory, ignored);
    if (!socket_directory.empty()) fs::remove_all(socket_directory, ignored);
    caretaker.reset();
  }

  // Says what PGHOSTADDR, PGOPTIONS and the like would say otherwise: those are for another server.
  std::string conninfo(const std::string& database) const {
    return fmt::format(
        "host={} hostaddr='' port=5432 user=postgres dbname={} options='' target_session_attrs=any "
        "requirepeer='' channel_binding=prefer gssencmode=disable",
        conninfo_value(socket_directory.string()), conninfo_value(database));
  }
};

ThrowawayServer::ThrowawayServer(const ServerOptions& options)
    : impl_(std::make_unique<Impl>(options)) {}
ThrowawayServer::~ThrowawayServer() = default;
ThrowawayServer::ThrowawayServer(ThrowawayServer&&) noexcept = default;
ThrowawayServer& ThrowawayServer::operator=(ThrowawayServer&&) noexcept = default;

std::string ThrowawayServer::conninfo(const std::string& database) const {
  return impl_->conninfo(database);
}

std::string ThrowawayServer::url(const std::string& database) const {
  const auto encoded = [](const std::string& text) {
    std::string result;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (std::isalnum(byte) != 0 || c == '_' || c == '-' || c == '.') {
        result += c;
      } else {
        result += fmt::format("%{:02X}", byte);
      }
    }
    return result;
  };
  return fmt::format("postgresql://postgres@/{}?host={}&port=5432", encoded(database),
                     encoded(impl_->socket_directory.string()));
}

std::string ThrowawayServer::create_database(const std::string& name) {
  const std::unique_ptr<Session> session = connect(conninfo());
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += c;
    quoted += c;
  }
  session->exec("CREATE DATABASE " + quoted + '"');
  return conninfo(name);
}

int ThrowawayServer::major() const {
  return impl_->binaries.major;
}
int ThrowawayServer::pid() const {
  return impl_->server;
}
const std::filesystem::path& ThrowawayServer::directory() const {
  return impl_->directory;
}

bool ThrowawayServer::running() {
  return impl_->is_running();
}

void ThrowawayServer::crash() {
  impl_->stop();
}

void ThrowawayServer::restart() {
  impl_->stop();
  impl_->start();
}

}  // namespace segue::runtime
