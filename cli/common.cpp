#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#include "cli/command.hpp"
#include "planner/wording.hpp"
#include "runtime/session.hpp"

namespace segue::cli {

namespace {

std::string value_of(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? "" : value;
}

}  // namespace

std::set<std::string> allowed_codes(const std::vector<std::string>& words,
                                    const std::vector<std::string>& known) {
  for (const std::string& word : words) {
    if (std::find(known.begin(), known.end(), word) != known.end()) continue;
    const std::string meant = planner::did_you_mean(word, known);
    throw BadInput(fmt::format("--allow {}: nothing that refuses has this code; {}", word,
                               meant.empty() ? "a refusal names its own, in brackets" : meant));
  }
  return {words.begin(), words.end()};
}

std::string read_text(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    throw BadInput(fmt::format("{}: {}", path, std::strerror(errno)));
  }
  if (S_ISDIR(status.st_mode)) throw BadInput(fmt::format("{}: a directory, not a file", path));
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream.is_open() || stream.bad()) {
    throw BadInput(fmt::format("{}: {}", path, std::strerror(errno == 0 ? EIO : errno)));
  }
  if (text.str().find('\0') != std::string::npos) {
    throw BadInput(fmt::format("{}: not a text file", path));
  }
  return text.str();
}

void write_text(const std::string& path, std::string_view text) {
  const std::string temporary = fmt::format("{}.{}.tmp", path, getpid());
  errno = 0;
  {
    std::ofstream stream(temporary, std::ios::binary | std::ios::trunc);
    stream << text;
    stream.close();
    if (!stream) {
      const int error = errno;
      std::remove(temporary.c_str());
      throw std::runtime_error(
          fmt::format("{} cannot be written: {}", path, std::strerror(error == 0 ? EIO : error)));
    }
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    std::remove(temporary.c_str());
    throw std::runtime_error(fmt::format("{} cannot be written: {}", path, std::strerror(error)));
  }
}

std::string conninfo_or_default(const std::string& option) {
  std::string conninfo = option.empty() ? value_of("DATABASE_URL") : option;
  if (const auto mistake = runtime::mistake_in_conninfo(conninfo)) throw BadInput(*mistake);
  return conninfo;
}

bool environment_names_database() {
  constexpr std::array variables{"DATABASE_URL", "PGHOST",    "PGHOSTADDR",
                                 "PGPORT",       "PGSERVICE", "PGDATABASE"};
  return std::any_of(variables.begin(), variables.end(),
                     [](const char* variable) { return !value_of(variable).empty(); });
}

}  // namespace segue::cli
