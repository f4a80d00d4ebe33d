#include "runtime/rehearsal/result.hpp"

#include <array>

namespace segue::runtime::rehearsal {

std::string_view name_of(Promise promise) {
  constexpr std::array<std::string_view, promises> names{
      "executable", "no lost write", "complete",    "stall",
      "reversible", "re-runnable",   "as declared", "end state"};
  return names.at(static_cast<std::size_t>(promise));
}

}  // namespace segue::runtime::rehearsal
