// A change file's text, and the way from byte offsets to lines and columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace segue::dsl {

// A half-open range of bytes in a Source. Values carry spans; lines and columns are worked out only
// when something is printed.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const Span&, const Span&) = default;
};

// Where a byte is, for people: both numbers start at 1; column counts display columns, so that a
// caret printed under the line stands under the character.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

// One text with its name. Owns the bytes that spans point into.
class Source {
 public:
  Source(std::string name, std::string text);

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }
  std::string_view slice(Span span) const;

  Position position(std::uint32_t offset) const;
  // The line without its end of line (LF or CRLF); empty beyond the last.
  std::string_view line(std::uint32_t number) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<std::uint32_t> line_starts_;
};

// How many terminal columns a UTF-8 text takes: wide characters two, combining marks none, a tab one.
std::size_t display_width(std::string_view utf8);

}  // namespace segue::dsl
