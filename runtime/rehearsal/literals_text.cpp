// Strings that migrations stumble over.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "runtime/rehearsal/literals.hpp"

namespace segue::runtime::rehearsal {

namespace {

// Longer than what a page keeps in line, shorter than what an index entry may have (2704 bytes).
constexpr std::size_t very_long = 2500;

constexpr std::array<const char*, 8> first_names{"Ada",     "Grace",  "Alan",  "Edsger",
                                                 "Barbara", "Donald", "Радья", "小野"};
constexpr std::array<const char*, 8> last_names{"Lovelace", "Hopper",  "Turing", "Dijkstra",
                                                "Liskov",   "O'Knuth", "Пермь",  "太郎"};

std::string person(std::uint64_t n) {
  return fmt::format("{} {} {}", first_names.at(n % 8), last_names.at(n / 8 % 8), n);
}

std::vector<std::string> edge_texts() {
  return {"",
          " ",
          "a",
          "A",
          "007",
          "7",
          "1.0",
          "1.00",
          "Ada Lovelace",
          "Prince",
          "Ana María de la Cruz",
          " leading",
          "trailing ",
          "two  blanks",
          "O'Reilly",
          "say \"hi\"",
          "back\\slash",
          "line\nbreak",
          "tab\tbed",
          "caf\u00e9",
          "cafe\u0301",
          "\U0001D49C\U0001F600",
          "\u65e5\u672c\u8a9e",
          "\u00df",
          "\u0130",
          "zero\u200bwidth",
          "100%_",
          "NULL",
          "null",
          "true",
          "-1",
          "0",
          "a,b;c",
          "{a,b}",
          "$1",
          "'; DROP TABLE users; --",
          "someone@example.org",
          std::string(very_long, 'x')};
}

std::vector<Shape> ordinary_texts() {
  return {
      person,
      [](std::uint64_t n) { return fmt::format("person.{}@example.org", n); },
      [](std::uint64_t n) { return fmt::format("{}", n); },
      [](std::uint64_t n) { return fmt::format("item-{}", n); },
      [](std::uint64_t n) { return fmt::format("AB{}", n); },
      [](std::uint64_t n) { return fmt::format("+4930{:07}", n); },
      [](std::uint64_t n) { return fmt::format("https://example.org/{}", n); },
      [](std::uint64_t n) { return fmt::format("2021-{:02}-{:02}", n % 12 + 1, n / 12 % 28 + 1); },
      [](std::uint64_t n) { return fmt::format("{{\"n\": {}}}", n); },
      [](std::uint64_t n) { return fmt::format("{:08x}-0000-4000-8000-{:012x}", n, n); }};
}

}  // namespace

std::string first_characters(const std::string& text, std::size_t characters) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
    if (begins && characters-- == 0) break;
  }
  return text.substr(0, at);
}

std::optional<TypeValues> text_literals(const TypeText& type) {
  const std::string_view base = type.base;
  const bool text = base == "text" || base == "citext" || base.ends_with(".citext");
  if (!text && base != "character varying" && base != "character" && base != "name" &&
      base != "\"char\"" && base != "bpchar") {
    return std::nullopt;
  }
  std::size_t limit = 0;
  if (!type.modifiers.empty()) limit = static_cast<std::size_t>(type.modifiers.front());
  if (base == "character" && limit == 0) limit = 1;
  if (base == "name") limit = 15;  // 63 bytes of at most four each
  if (base == "\"char\"") limit = 1;
  TypeValues literals{edge_texts(), ordinary_texts()};
  if (base == "\"char\"") literals = {{"a", "A", "7", " "}, {}};
  if (limit > 0) {
    for (std::string& edge : literals.edges) edge = first_characters(edge, limit);
    literals.edges.push_back(std::string(std::min(limit, very_long), 'y'));
    std::vector<std::string> kept;
    for (std::string& edge : literals.edges) {
      if (std::find(kept.begin(), kept.end(), edge) == kept.end()) kept.push_back(std::move(edge));
    }
    literals.edges = std::move(kept);
    // Short columns tell values apart by their last characters.
    if (limit < 24) {
      literals.shapes.clear();
      literals.shapes.push_back([limit](std::uint64_t n) {
        constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
        std::string made;
        for (std::size_t i = 0; i < std::min<std::size_t>(limit, 13); ++i, n /= 36) {
          made.insert(made.begin(), digits[n % 36]);
        }
        return made;
      });
      literals.shapes.push_back([limit](std::uint64_t n) {
        std::string digits = fmt::format("{}", n);
        return digits.size() > limit ? digits.substr(digits.size() - limit) : digits;
      });
      literals.shapes.push_back([limit](std::uint64_t n) {
        std::string made;
        for (std::size_t i = 0; i < std::min<std::size_t>(limit, 13); ++i, n /= 26) {
          made.insert(made.begin(), static_cast<char>('A' + static_cast<char>(n % 26)));
        }
        return made;
      });
    }
  }
  return literals;
}

}  // namespace segue::runtime::rehearsal
