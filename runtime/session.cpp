#include "runtime/session.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <array>
#include <cstdlib>
#include <pqxx/pqxx>

namespace segue::runtime {

namespace {

// A server that does not answer must not hold a deploy for the minutes of a TCP time-out.
constexpr const char* connect_timeout_seconds = "10";
// Nor one that went away without a word, for the two hours of a system's own keepalive: seconds,
// tries, milliseconds. Sockets of the same machine pass over it.
constexpr std::array<std::pair<const char*, const char*>, 4> notice_a_dead_line{
    {{"keepalives_idle", "10"},
     {"keepalives_interval", "5"},
     {"keepalives_count", "3"},
     {"tcp_user_timeout", "30000"}}};
constexpr const char* lost = "08006";           // connection_failure
constexpr const char* not_connected = "08001";  // sqlclient_unable_to_establish_sqlconnection

using Options = std::vector<std::pair<std::string, std::string>>;

// A password with a character that a URL has to write as %… ends too early, and libpq takes what is
// left of it for a host or a port, which it then names. Of the URL "scheme://authority/database?…".
bool has_bare_password(std::string_view conninfo) {
  const std::size_t scheme = conninfo.find("://");
  if (!conninfo.starts_with("postgres") || scheme == std::string_view::npos) return false;
  const std::string_view place = conninfo.substr(scheme + 3, conninfo.find('?') - scheme - 3);
  const std::string_view authority = place.substr(0, place.find('/'));
  const std::size_t at = authority.find('@');
  if (at != place.rfind('@')) return true;
  std::string_view hosts = at == std::string_view::npos ? authority : authority.substr(at + 1);
  while (!hosts.empty()) {
    const std::string_view host = hosts.substr(0, hosts.find(','));
    const std::size_t address = host.rfind(']');  // of IPv6, which holds colons
    const std::size_t port = host.find(':', address == std::string_view::npos ? 0 : address);
    if (port != std::string_view::npos &&
        host.find_first_not_of("0123456789", port + 1) != std::string_view::npos)
      return true;
    hosts.remove_prefix(std::min(host.size() + 1, hosts.size()));
  }
  return false;
}

// What the conninfo itself says, without libpq's defaults; none where it does not parse.
std::optional<Options> parse_conninfo(const std::string& conninfo, std::string& error) {
  if (has_bare_password(conninfo)) {
    error =
        "a port is no number, or there is more than one @: in a URL, @ within a name or a "
        "password is %40, / is %2F, : is %3A, # is %23, ? is %3F";
    return std::nullopt;
  }
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(
      PQconninfoParse(conninfo.c_str(), &message), &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> owned_message(message, &PQfreemem);
  if (!parsed) {
    error = message == nullptr ? "out of memory" : message;
    return std::nullopt;
  }
  Options options;
  for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) options.emplace_back(option->keyword, option->val);
  }
  return options;
}

bool has(const Options& options, std::string_view keyword) {
  for (const auto& [key, value] : options) {
    if (key == keyword) return true;
  }
  return false;
}

bool is_secret(std::string_view keyword) {
  return keyword.ends_with("password");
}

std::string print(const Options& options) {
  std::string text;
  for (const auto& [key, value] : options) {
    if (!text.empty()) text += ' ';
    text += key + '=';
    const bool plain = !value.empty() && value.find_first_of(" '\\\t\n\r\f\v") == std::string::npos;
    if (!plain) text += '\'';
    for (const char c : value) {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    }
    if (!plain) text += '\'';
  }
  return text;
}

std::string without_trailing_space(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

// libpq quotes pieces of a string that it cannot parse, and such a piece may be the password.
std::string without_quotations(const std::string& message) {
  std::string text;
  bool inside = false;
  for (const char c : message) {
    if (c == '"') {
      if (!inside) text += "\"…\"";
      inside = !inside;
    } else if (!inside) {
      text += c;
    }
  }
  return text;
}

std::string unreadable_conninfo(const std::string& conninfo, const std::string& libpq_message) {
  const bool may_hold_secret =
      conninfo.find("password") != std::string::npos || conninfo.find('@') != std::string::npos;
  return "the connection string cannot be read: " +
         without_trailing_space(may_hold_secret ? without_quotations(libpq_message)
                                                : libpq_message);
}

// "ERROR:  relation …" -> "relation …"; the severity's word is in the server's language.
std::string without_severity(const std::string& message) {
  const std::size_t colon = message.find(":  ");
  const std::size_t space = message.find_first_of(" \n");
  const bool one_word = colon != std::string::npos && (space == std::string::npos || colon < space);
  return without_trailing_space(one_word ? message.substr(colon + 3) : message);
}

// libpqxx hands notices to its error handlers, newest first; this one keeps them.
class NoticeCollector final : public pqxx::errorhandler {
 public:
  explicit NoticeCollector(pqxx::connection& connection) : pqxx::errorhandler(connection) {}
  bool operator()(const char* message) noexcept override {
    try {
      notices_.push_back(without_trailing_space(message));
    } catch (const std::bad_alloc&) {
      return false;  // a notice is not worth more
    }
    return false;  // no other handler
  }
  std::vector<std::string> take() { return std::exchange(notices_, {}); }

 private:
  std::vector<std::string> notices_;
};

Rows rows_of(const pqxx::result& result) {
  Rows answer;
  answer.affected = static_cast<std::uint64_t>(result.affected_rows());
  const auto columns = result.columns();
  answer.columns.reserve(columns);
  for (auto column = decltype(columns){0}; column < columns; ++column) {
    answer.columns.emplace_back(result.column_name(column));
  }
  answer.rows.reserve(static_cast<std::size_t>(result.size()));
  for (const auto& row : result) {
    auto& values = answer.rows.emplace_back();
    values.reserve(columns);
    for (const auto& field : row) {
      if (field.is_null()) {
        values.emplace_back();
      } else {
        values.emplace_back(std::in_place, field.c_str(), field.size());
      }
    }
  }
  return answer;
}

class PqxxSession final : public Session {
 public:
  explicit PqxxSession(const std::string& conninfo)
      : connection_(conninfo), notices_(connection_) {}

  Rows exec(const std::string& sql) override {
    return guarded([&](pqxx::nontransaction& work) { return work.exec(sql); });
  }

  Rows exec(const std::string& sql, const std::vector<Value>& parameters) override {
    return guarded([&](pqxx::nontransaction& work) {
#if PQXX_VERSION_MAJOR >= 7
      pqxx::params dynamic;
      for (const Value& parameter : parameters) {
        if (parameter) {
          dynamic.append(*parameter);
        } else {
          dynamic.append();
        }
      }
      return work.exec_params(sql, dynamic);
#else
      std::vector<const char*> values;
      values.reserve(parameters.size());
      for (const Value& parameter : parameters) {
        values.push_back(parameter ? parameter->c_str() : nullptr);
      }
      return work.exec_params(sql, pqxx::prepare::make_dynamic_params(values));
#endif
    });
  }

  std::vector<std::string> take_notices() override {
    return notices_.take();
  }
  int backend_pid() const override {
    return connection_.backendpid();
  }
  int server_version() const override {
    return connection_.server_version();
  }

 private:
  // libpqxx 6 connects again by itself, to a session that has none of our locks and settings. A
  // session that was lost once therefore stays lost.
  template <typename Use>
  Rows guarded(const Use& use) {
    if (lost_) throw DatabaseError("the connection to the server was lost", lost, true);
    try {
      pqxx::nontransaction work(connection_);
      Rows rows = rows_of(use(work));
      work.commit();
      return rows;
    } catch (const pqxx::insufficient_privilege& error) {
      fail(error.what(), "42501");  // libpqxx 6.4 throws it without its SQLSTATE
    } catch (const pqxx::sql_error& error) {
      fail(error.what(), error.sqlstate());
    } catch (const pqxx::deadlock_detected& error) {
      fail(error.what(), "40P01");
    } catch (const pqxx::serialization_failure& error) {
      fail(error.what(), "40001");
    } catch (const pqxx::statement_completion_unknown& error) {
      fail(error.what(), "40003");
    } catch (const pqxx::transaction_rollback& error) {
      fail(error.what(), "40000");
    } catch (const pqxx::broken_connection& error) {
      lost_ = true;
      fail(error.what(), lost);
    } catch (const pqxx::failure& error) {
      fail(error.what(), "XX000");
    }
  }

  [[noreturn]] void fail(const std::string& message, std::string sqlstate) {
    // After a server's FATAL the answer is an ordinary error, but nobody is there any more.
    if (!connection_.is_open()) lost_ = true;
    if (lost_ && sqlstate.empty()) sqlstate = lost;
    throw DatabaseError(without_severity(message), std::move(sqlstate), lost_);
  }

  pqxx::connection connection_;
  NoticeCollector notices_;
  bool lost_ = false;
};

}  // namespace

double number_in(const Value& value) {
  return value ? std::strtod(value->c_str(), nullptr) : 0;
}

const std::string& Rows::scalar() const {
  if (rows.size() != 1 || rows.front().empty() || !rows.front().front()) {
    throw std::logic_error("a query was expected to give one row with one value");
  }
  return *rows.front().front();
}

TransactionScope::TransactionScope(Session& session, const std::string& settings)
    : session_(session) {
  try {
    session_.exec("BEGIN; " + settings);
  } catch (...) {
    roll_back();
    throw;
  }
}

TransactionScope::~TransactionScope() {
  if (open_) roll_back();
}

void TransactionScope::roll_back() {
  try {
    session_.exec("ROLLBACK");
  } catch (const std::exception&) {
    // The connection is lost, and with it the transaction; whoever unwinds here knows why.
    open_ = false;
  }
}

void TransactionScope::commit() {
  open_ = false;  // a COMMIT that fails has ended the transaction too
  session_.exec("COMMIT");
}

std::unique_ptr<Session> connect(const std::string& conninfo, const std::string& application_name) {
  std::string error;
  std::optional<Options> options = parse_conninfo(conninfo, error);
  if (!options) throw DatabaseError(unreadable_conninfo(conninfo, error), not_connected, true);
  if (!has(*options, "application_name")) {
    options->emplace_back("application_name", application_name);
  }
  for (const auto& [keyword, value] : notice_a_dead_line) {
    if (!has(*options, keyword)) options->emplace_back(keyword, value);
  }
  if (!has(*options, "connect_timeout") && std::getenv("PGCONNECT_TIMEOUT") == nullptr) {
    options->emplace_back("connect_timeout", connect_timeout_seconds);
  }
  std::erase_if(*options, [](const auto& option) { return option.first == "client_encoding"; });
  options->emplace_back("client_encoding", "UTF8");
  try {
    return std::make_unique<PqxxSession>(print(*options));
  } catch (const pqxx::failure& failure) {
    throw DatabaseError(without_trailing_space(failure.what()), not_connected, true);
  }
}

std::optional<std::string> mistake_in_conninfo(const std::string& conninfo) {
  std::string error;
  if (parse_conninfo(conninfo, error)) return std::nullopt;
  return unreadable_conninfo(conninfo, error);
}

std::string without_password(const std::string& conninfo) {
  std::string error;
  std::optional<Options> options = parse_conninfo(conninfo, error);
  if (!options) return "(a connection string that cannot be read)";
  std::erase_if(*options, [](const auto& option) { return is_secret(option.first); });
  return print(*options);
}

}  // namespace segue::runtime
