#include "support/relay.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <list>
#include <stdexcept>
#include <vector>

namespace segue::test {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(fmt::format("relay: {}: {}", what, std::strerror(errno)));
}

void make_nonblocking(int descriptor) {
  fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

Descriptor connect_to(const std::filesystem::path& path) {
  Descriptor descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.string().copy(address.sun_path, sizeof(address.sun_path) - 1);
  if (!descriptor || ::connect(descriptor.get(), reinterpret_cast<const sockaddr*>(&address),
                               sizeof(address)) != 0) {
    return {};
  }
  make_nonblocking(descriptor.get());
  return descriptor;
}

// The first whole message of `bytes`; empty: it is not all there yet. A start-up packet has no
// type.
std::string take_message(std::string& bytes, bool typed) {
  const std::size_t header = typed ? 1 : 0;
  if (bytes.size() < header + 4) return "";
  std::uint32_t length = 0;
  std::memcpy(&length, bytes.data() + header, 4);
  const std::size_t whole = header + ntohl(length);
  if (bytes.size() < whole) return "";
  std::string message = bytes.substr(0, whole);
  bytes.erase(0, whole);
  return message;
}

// The text of a Query, or of a Parse, which has the statement's name before it.
std::string sql_of(const std::string& message) {
  constexpr std::size_t header = 5;
  const std::size_t start = message[0] == 'P' ? message.find('\0', header) + 1 : header;
  return message.substr(start, message.find('\0', start) - start);
}

// Whether the peer is still there.
bool receive(int descriptor, std::string& into) {
  std::array<char, 16384> buffer{};
  const ssize_t count = recv(descriptor, buffer.data(), buffer.size(), 0);
  if (count > 0) into.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

bool deliver(int descriptor, std::string& from) {
  const ssize_t count = send(descriptor, from.data(), from.size(), MSG_NOSIGNAL);
  if (count > 0) from.erase(0, static_cast<std::size_t>(count));
  return count >= 0 || errno == EAGAIN || errno == EINTR;
}

struct Link {
  Descriptor client;
  Descriptor server;
  std::string from_client;
  std::string from_server;
  std::string to_server;
  std::string to_client;
  std::string unit;  // of a Parse … Sync, until its Sync
  std::string sql;   // what that unit prepares
  std::size_t number = 0;
  bool started = false;  // the start-up packet is through
  Fate fate = Fate::pass;
  bool over = false;
};

}  // namespace

struct Relay::Loop {
  Relay& relay;
  std::list<Link> links{};
  std::size_t accepted = 0;
  std::vector<Descriptor> vanished{};  // the server's side of connections whose client is gone

  Fate ask(const Link& link) const {
    const std::size_t number = ++relay.requests_;
    const std::lock_guard lock(relay.mutex_);
    return relay.watcher_ ? relay.watcher_(Request{number, link.number, link.sql}) : Fate::pass;
  }

  void from_client(Link& link) const {
    while (link.fate == Fate::pass) {
      const std::string message = take_message(link.from_client, link.started);
      if (message.empty()) return;
      const bool first = !std::exchange(link.started, true);
      // A password, a Terminate, pieces of COPY: not requests.
      if (first || std::string_view("QPBDESCFH").find(message[0]) == std::string_view::npos) {
        link.to_server += message;
        continue;
      }
      link.unit += message;
      if (message[0] == 'Q' || message[0] == 'P') link.sql = sql_of(message);
      if (message[0] != 'Q' && message[0] != 'S') continue;
      link.fate = ask(link);
      if (link.fate == Fate::cut_before) {
        link.over = true;
        return;
      }
      link.to_server += std::exchange(link.unit, {});
    }
  }

  void from_server(Link& link) {
    while (true) {
      const std::string message = take_message(link.from_server, true);
      if (message.empty()) return;
      if (link.fate == Fate::pass) {
        link.to_client += message;
      } else if (message[0] == 'Z') {  // ReadyForQuery: it is carried out
        if (link.fate == Fate::vanish) vanished.push_back(std::move(link.server));
        link.over = true;
        return;
      }
    }
  }

  void accept_all() {
    while (true) {
      Descriptor client(accept(relay.listener_.get(), nullptr, nullptr));
      if (!client) return;
      make_nonblocking(client.get());
      Link link;
      link.server = connect_to(relay.server_socket_);
      link.client = std::move(client);
      link.number = ++accepted;
      if (link.server) links.push_back(std::move(link));
    }
  }

  void serve(Link& link, short client_events, short server_events) {
    constexpr short readable = POLLIN | POLLHUP | POLLERR;
    if ((client_events & readable) != 0 && !receive(link.client.get(), link.from_client))
      link.over = true;
    from_client(link);
    if (link.over) return;
    if ((server_events & readable) != 0 && !receive(link.server.get(), link.from_server)) {
      // What a server says before it leaves is still for the client.
      from_server(link);
      if (!link.to_client.empty()) deliver(link.client.get(), link.to_client);
      link.over = true;
      return;
    }
    from_server(link);
    if (link.over) return;
    if (!link.to_server.empty() && !deliver(link.server.get(), link.to_server)) link.over = true;
    if (!link.to_client.empty() && !deliver(link.client.get(), link.to_client)) link.over = true;
  }

  void turn() {
    std::vector<pollfd> polled{{relay.wake_reader_.get(), POLLIN, 0}};
    const bool stalled = relay.stalled_;
    if (!stalled) {
      polled.push_back({relay.listener_.get(), POLLIN, 0});
      for (const Link& link : links) {
        const auto events = [](const std::string& waiting) {
          return static_cast<short>(POLLIN | (waiting.empty() ? 0 : POLLOUT));
        };
        polled.push_back({link.client.get(), events(link.to_client), 0});
        polled.push_back({link.server.get(), events(link.to_server), 0});
      }
    }
    if (poll(polled.data(), polled.size(), -1) < 0 && errno != EINTR) return;
    std::string ignored;
    if (polled[0].revents != 0) receive_pipe();
    if (relay.cut_.exchange(false)) links.clear();
    // Asked again: what came while it was asleep may have come after the stall was asked for.
    if (stalled || relay.stalled_ || links.size() * 2 + 2 > polled.size()) return accept_all();
    std::size_t place = 2;
    for (Link& link : links) {
      serve(link, polled[place].revents, polled[place + 1].revents);
      place += 2;
    }
    links.remove_if([](const Link& link) { return link.over; });
    if (!relay.stalled_) accept_all();
  }

  void receive_pipe() const {
    std::array<char, 64> buffer{};
    while (read(relay.wake_reader_.get(), buffer.data(), buffer.size()) > 0) {
    }
  }
};

Relay::Relay(const std::filesystem::path& server_socket, Watcher watcher)
    : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      server_socket_(server_socket),
      watcher_(std::move(watcher)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (!listener_ || bind(listener_.get(), generic, size) != 0 || listen(listener_.get(), 16) != 0 ||
      getsockname(listener_.get(), generic, &size) != 0) {
    fail("no port to listen at");
  }
  port_ = ntohs(address.sin_port);
  make_nonblocking(listener_.get());
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) fail("pipe");
  wake_reader_ = Descriptor(ends[0]);
  wake_writer_ = Descriptor(ends[1]);
  thread_ = std::thread([this] { run(); });
}

Relay::~Relay() {
  stop_ = true;
  wake();
  thread_.join();
}

std::string Relay::conninfo(const std::string& database) const {
  // Neither encryption: the relay reads along.
  return fmt::format(
      "host=127.0.0.1 port={} user=postgres dbname={} sslmode=disable gssencmode=disable", port_,
      database);
}

void Relay::run() {
  Loop loop{*this};
  while (!stop_) loop.turn();
}

void Relay::wake() {
  const char byte = 0;
  // A full pipe wakes as well.
  static_cast<void>(write(wake_writer_.get(), &byte, 1) == 1);
}

void Relay::watch(Watcher watcher) {
  const std::lock_guard lock(mutex_);
  watcher_ = std::move(watcher);
}

void Relay::stall() {
  stalled_ = true;
  wake();
}

void Relay::resume() {
  stalled_ = false;
  wake();
}

void Relay::cut() {
  cut_ = true;
  wake();
}

}  // namespace segue::test
