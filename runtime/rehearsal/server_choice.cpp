#include "runtime/rehearsal/server_choice.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "runtime/server.hpp"
#include "runtime/server_binaries.hpp"

namespace segue::runtime::rehearsal {

ServerChoice choose_major(std::optional<int> asked, int target_major) {
  const int wanted = asked.value_or(target_major);
  if (wanted == 0) return {choose_server(std::nullopt).major, ""};
  int best = 0;
  for (const ServerBinaries& candidate : installed_servers()) {
    const int distance = std::abs(candidate.major - wanted);
    const int best_distance = std::abs(best - wanted);
    // Newest first: of two that are equally near the newer one stays.
    if (best == 0 || distance < best_distance) best = candidate.major;
  }
  if (best == 0) best = choose_server(std::nullopt).major;  // says what to install
  if (best == wanted) return {best, ""};
  return {best, fmt::format("PostgreSQL {} is not installed here; PostgreSQL {} stands in for it",
                            wanted, best)};
}

}  // namespace segue::runtime::rehearsal
