#include "runtime/server_binaries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <string>

#include "runtime/child_process.hpp"

namespace segue::runtime {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view how_to_install =
    "install PostgreSQL's server programs (Debian, Ubuntu: apt-get install postgresql; macOS: brew "
    "install postgresql@17), or name their directory in SEGUE_PG_BIN";

}  // namespace

std::vector<ServerBinaries> installed_servers() {
  std::vector<fs::path> places;
  const auto add_list = [&](const char* variable) {
    const char* list = std::getenv(variable);
    if (list == nullptr) return;
    std::istringstream stream(list);
    for (std::string part; std::getline(stream, part, ':');) {
      if (!part.empty()) places.emplace_back(part);
    }
  };
  const auto add_below = [&](const fs::path& parent, std::string_view prefix) {
    std::error_code error;
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(parent, error)) {
      if (entry.path().filename().string().starts_with(prefix)) {
        found.push_back(entry.path() / "bin");
      }
    }
    std::sort(found.begin(), found.end());
    places.insert(places.end(), found.begin(), found.end());
  };
  add_list("SEGUE_PG_BIN");
  const std::size_t named = places.size();
  add_list("PATH");
  add_below("/usr/lib/postgresql", "");
  add_below("/usr", "pgsql-");
  add_below("/opt/homebrew/opt", "postgresql");
  add_below("/usr/local/opt", "postgresql");

  std::vector<ServerBinaries> found;
  std::size_t chosen = 0;  // how many of those somebody named
  for (std::size_t i = 0; i < places.size(); ++i) {
    const fs::path& place = places[i];
    std::error_code error;
    // Debian's /usr/bin and the like hold clients alone.
    if (!fs::exists(place / "initdb", error) || !fs::exists(place / "postgres", error)) continue;
    const fs::path real = fs::canonical(place, error);
    const bool known = std::any_of(found.begin(), found.end(),
                                   [&](const ServerBinaries& other) { return other.bin == real; });
    if (error || known) continue;
    if (const int major = server_major(real / "postgres"); major > 0) {
      found.push_back({real, major});
      if (i < named) chosen = found.size();
    }
  }
  const auto newer = [](const auto& left, const auto& right) { return left.major > right.major; };
  const auto rest = found.begin() + static_cast<std::ptrdiff_t>(chosen);
  std::stable_sort(found.begin(), rest, newer);
  std::stable_sort(rest, found.end(), newer);
  return found;
}

ServerBinaries choose_server(const std::optional<int>& major) {
  const std::vector<ServerBinaries> found = installed_servers();
  for (const ServerBinaries& candidate : found) {
    if (!major || candidate.major == *major) return candidate;
  }
  if (found.empty()) {
    throw std::runtime_error(
        fmt::format("no PostgreSQL server is installed here: {}", how_to_install));
  }
  std::string majors;
  for (const ServerBinaries& candidate : found) {
    majors += fmt::format("{}{}", majors.empty() ? "" : ", ", candidate.major);
  }
  throw std::runtime_error(fmt::format("PostgreSQL {} is not installed here (found: {}): {}",
                                       *major, majors, how_to_install));
}

}  // namespace segue::runtime
