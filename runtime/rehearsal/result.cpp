#include "runtime/rehearsal/result.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace segue::runtime::rehearsal {

std::string_view name_of(Promise promise) {
  constexpr std::array<std::string_view, promises> names{
      "executable", "no lost write", "complete",    "stall",
      "reversible", "re-runnable",   "as declared", "end state"};
  return names.at(static_cast<std::size_t>(promise));
}

std::vector<std::string> Trace::rewritten_tables() const {
  std::vector<std::string> tables;
  std::copy_if(rewrites.begin(), rewrites.end(), std::back_inserter(tables),
               [&](const std::string& name) {
                 return std::find(sequences.begin(), sequences.end(), name) == sequences.end();
               });
  return tables;
}

}  // namespace segue::runtime::rehearsal
