// As much of UTF-8 as it takes to cut a text.
#pragma once

#include <cstddef>
#include <string_view>

namespace segue::dsl {

// Whether a byte is not the first one of its character.
inline bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// The longest prefix of at most `bytes` bytes that does not end inside a character.
inline std::string_view clip(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t end = bytes;
  while (end > 0 && continues_character(text[end])) --end;
  return text.substr(0, end);
}

}  // namespace segue::dsl
