// Whether a list of names holds one.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace segue::planner {

inline bool holds(const std::vector<std::string>& list, std::string_view one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

}  // namespace segue::planner
