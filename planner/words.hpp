// What a word of SQL consists of.
#pragma once

#include <cctype>

namespace segue::planner {

inline bool is_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || c == '$' || byte >= 0x80U;
}

}  // namespace segue::planner
