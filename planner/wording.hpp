// How messages show names and guess what was meant.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "dsl/diagnostic.hpp"

namespace segue::planner {

inline std::string in_quotes(std::string_view name) {
  return fmt::format("\"{}\"", name);
}

inline std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const auto best = dsl::nearest(word, candidates);
  return best ? fmt::format("did you mean {}?", in_quotes(*best)) : std::string{};
}

}  // namespace segue::planner
