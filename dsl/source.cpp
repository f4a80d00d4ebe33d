#include "dsl/source.hpp"

#include <algorithm>
#include <array>

namespace segue::dsl {
namespace {

struct CodePointRange {
  char32_t first;
  char32_t last;
};

// Marks that stand on the character before them, and characters without a place of their own.
constexpr auto zero_width = std::to_array<CodePointRange>({
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},   {0x0610, 0x061A}, {0x064B, 0x065F},
    {0x0670, 0x0670}, {0x06D6, 0x06DC}, {0x0900, 0x0902},   {0x093C, 0x093C}, {0x0941, 0x0948},
    {0x094D, 0x094D}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A},   {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF}, {0x200B, 0x200F}, {0x2060, 0x2064},   {0x20D0, 0x20FF}, {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0100, 0xE01EF},
});

// East Asian wide and fullwidth characters, and emoji.
constexpr auto double_width = std::to_array<CodePointRange>({
    {0x1100, 0x115F},
    {0x2E80, 0x303E},
    {0x3041, 0x33FF},
    {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},
    {0xA000, 0xA4CF},
    {0xA960, 0xA97F},
    {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F},
    {0x1F680, 0x1F6FF},
    {0x1F900, 0x1F9FF},
    {0x1FA70, 0x1FAFF},
    {0x20000, 0x3FFFD},
});

template <std::size_t N>
bool contains(const std::array<CodePointRange, N>& ranges, char32_t point) {
  return std::ranges::any_of(
      ranges, [&](const auto& range) { return point >= range.first && point <= range.last; });
}

// One character; a byte that begins none counts as one.
struct Decoded {
  char32_t point = 0;
  std::size_t length = 1;
};

Decoded decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  std::size_t length = 1;
  char32_t point = lead;
  if (lead >= 0xF0 && lead < 0xF8) {
    length = 4;
    point = lead & 0x07U;
  } else if (lead >= 0xE0 && lead < 0xF0) {
    length = 3;
    point = lead & 0x0FU;
  } else if (lead >= 0xC2 && lead < 0xE0) {
    length = 2;
    point = lead & 0x1FU;
  }
  if (length > text.size()) return {lead, 1};
  for (std::size_t at = 1; at < length; ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte & 0xC0U) != 0x80U) return {lead, 1};
    point = (point << 6U) | (byte & 0x3FU);
  }
  return {point, length};
}

}  // namespace

Source::Source(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)), line_starts_{0} {
  for (std::size_t at = text_.find('\n'); at != std::string::npos; at = text_.find('\n', at + 1)) {
    line_starts_.push_back(static_cast<std::uint32_t>(at + 1));
  }
}

std::string_view Source::slice(Span span) const {
  const auto begin = std::min<std::size_t>(span.begin, text_.size());
  const auto end = std::clamp<std::size_t>(span.end, begin, text_.size());
  return std::string_view(text_).substr(begin, end - begin);
}

Position Source::position(std::uint32_t offset) const {
  const auto at = std::min<std::size_t>(offset, text_.size());
  const auto next = std::ranges::upper_bound(line_starts_, at);
  const auto start = *std::prev(next);
  const auto number = static_cast<std::uint32_t>(next - line_starts_.begin());
  const auto before = std::string_view(text_).substr(start, at - start);
  return {number, static_cast<std::uint32_t>(display_width(before)) + 1};
}

std::string_view Source::line(std::uint32_t number) const {
  if (number == 0 || number > line_starts_.size()) return {};
  const auto start = line_starts_[number - 1];
  auto line = std::string_view(text_).substr(start);
  line = line.substr(0, line.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  while (!utf8.empty()) {
    const auto [point, length] = decode(utf8);
    utf8.remove_prefix(length);
    if (point >= 0x300 && contains(zero_width, point)) continue;
    width += point >= 0x1100 && contains(double_width, point) ? 2 : 1;
  }
  return width;
}

}  // namespace segue::dsl
