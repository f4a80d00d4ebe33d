#include "dsl/sql_lexer.hpp"

#include <algorithm>
#include <cstdint>

namespace segue::dsl::sql {
namespace {

constexpr std::string_view operator_characters = "+-*/<>=~!@#%^&|`?";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

Token quoted(std::string_view text, TokenKind kind, std::size_t begin, std::size_t quote,
             bool backslashes) {
  const auto end = skip_quoted(text, quote, backslashes);
  return end ? Token{kind, begin, *end} : Token{TokenKind::unterminated, begin, text.size()};
}

std::size_t number_end(std::string_view text, std::size_t at) {
  while (at < text.size() && (is_identifier_part(text[at]) || text[at] == '.')) {
    const bool exponent = text[at] == 'e' || text[at] == 'E';
    ++at;
    if (exponent && at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  }
  return at;
}

// An operator ends where a comment begins. PostgreSQL's rule that a trailing + or - belongs to the
// operand is of no concern for places of names.
std::size_t operator_end(std::string_view text, std::size_t at) {
  while (at < text.size() && operator_characters.find(text[at]) != std::string_view::npos) {
    const auto two = text.substr(at, 2);
    if (two == "--" || two == "/*") break;
    ++at;
  }
  return at;
}

Token word(std::string_view text, std::size_t at) {
  const char first = text[at];
  const char second = at + 1 < text.size() ? text[at + 1] : '\0';
  if (second == '\'' && std::string_view("eE").find(first) != std::string_view::npos) {
    return quoted(text, TokenKind::string, at, at + 1, true);
  }
  if (second == '\'' && std::string_view("bBxXnN").find(first) != std::string_view::npos) {
    return quoted(text, TokenKind::string, at, at + 1, false);
  }
  if ((first == 'u' || first == 'U') && second == '&' && at + 2 < text.size()) {
    if (text[at + 2] == '\'') return quoted(text, TokenKind::string, at, at + 2, false);
    if (text[at + 2] == '"') return quoted(text, TokenKind::unicode_identifier, at, at + 2, false);
  }
  std::size_t end = at;
  while (end < text.size() && is_identifier_part(text[end])) ++end;
  return {TokenKind::identifier, at, end};
}

Token dollar(std::string_view text, std::size_t at) {
  const auto end = skip_dollar(text, at);
  if (!end) return {TokenKind::unterminated, at, text.size()};
  if (*end != at) return {TokenKind::dollar_string, at, *end};
  std::size_t digits = at + 1;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  return {digits > at + 1 ? TokenKind::parameter : TokenKind::other, at, digits};
}

}  // namespace

bool is_identifier_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_identifier_part(char c) {
  return is_identifier_start(c) || is_digit(c) || c == '$';
}

std::optional<std::size_t> skip_block_comment(std::string_view text, std::size_t offset) {
  std::size_t depth = 0;
  std::size_t at = offset;
  while (at < text.size()) {
    const auto two = text.substr(at, 2);
    if (two == "/*") {
      ++depth;
      at += 2;
    } else if (two == "*/") {
      at += 2;
      if (--depth == 0) return at;
    } else {
      ++at;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> skip_dollar(std::string_view text, std::size_t offset) {
  std::size_t tag_end = offset + 1;
  if (tag_end < text.size() && is_identifier_start(text[tag_end])) {
    while (tag_end < text.size() && is_identifier_part(text[tag_end]) && text[tag_end] != '$') {
      ++tag_end;
    }
  }
  if (tag_end >= text.size() || text[tag_end] != '$') return offset;
  const auto tag = text.substr(offset, tag_end + 1 - offset);
  const auto close = text.find(tag, tag_end + 1);
  if (close == std::string_view::npos) return std::nullopt;
  return close + tag.size();
}

std::optional<std::size_t> skip_quoted(std::string_view text, std::size_t offset,
                                       bool backslashes) {
  const char quote = text[offset];
  for (std::size_t at = offset + 1; at < text.size(); ++at) {
    if (backslashes && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      if (at + 1 >= text.size() || text[at + 1] != quote) return at + 1;
      ++at;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> skip_blank(std::string_view text, std::size_t offset) {
  while (offset < text.size()) {
    const auto two = text.substr(offset, 2);
    if (is_space(text[offset])) {
      ++offset;
    } else if (two == "--") {
      const auto end = text.find('\n', offset);
      offset = end == std::string_view::npos ? text.size() : end + 1;
    } else if (two == "/*") {
      const auto end = skip_block_comment(text, offset);
      if (!end) return std::nullopt;
      offset = *end;
    } else {
      break;
    }
  }
  return offset;
}

Token next_token(std::string_view text, std::size_t offset) {
  const auto start = skip_blank(text, offset);
  if (!start) return {TokenKind::unterminated, offset, text.size()};
  const std::size_t at = *start;
  if (at >= text.size()) return {TokenKind::end, text.size(), text.size()};
  const char c = text[at];
  if (c == '\'') return quoted(text, TokenKind::string, at, at, false);
  if (c == '"') return quoted(text, TokenKind::quoted_identifier, at, at, false);
  if (c == '$') return dollar(text, at);
  if (is_identifier_start(c)) return word(text, at);
  const bool fraction = c == '.' && at + 1 < text.size() && is_digit(text[at + 1]);
  if (is_digit(c) || fraction) return {TokenKind::number, at, number_end(text, at + 1)};
  const auto two = text.substr(at, 2);
  if (two == "::" || two == ":=") return {TokenKind::operator_, at, at + 2};
  if (std::string_view("()[],;.:").find(c) != std::string_view::npos) {
    return {TokenKind::punctuation, at, at + 1};
  }
  const auto end = operator_end(text, at);
  if (end > at) return {TokenKind::operator_, at, end};
  return {TokenKind::other, at, at + 1};
}

// As downcase_identifier in a UTF-8 database: ASCII letters only.
std::string fold(std::string_view text) {
  std::string folded(text);
  std::ranges::transform(folded, folded.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return folded;
}

std::string identifier_name(std::string_view token) {
  if (token.size() < 2 || token.front() != '"') return fold(token);
  std::string name;
  const auto inner = token.substr(1, token.size() - 2);
  for (std::size_t at = 0; at < inner.size(); ++at) {
    name += inner[at];
    if (inner[at] == '"') ++at;
  }
  return name;
}

bool is_valid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto lead = static_cast<unsigned char>(text[at]);
    std::size_t length = 1;
    std::uint32_t point = lead;
    if (lead >= 0xF0 && lead < 0xF8) {
      length = 4;
      point = lead & 0x07U;
    } else if (lead >= 0xE0 && lead < 0xF0) {
      length = 3;
      point = lead & 0x0FU;
    } else if (lead >= 0xC2 && lead < 0xE0) {
      length = 2;
      point = lead & 0x1FU;
    } else if (lead >= 0x80) {
      return false;
    }
    if (at + length > text.size()) return false;
    for (std::size_t next = 1; next < length; ++next) {
      const auto byte = static_cast<unsigned char>(text[at + next]);
      if ((byte & 0xC0U) != 0x80U) return false;
      point = (point << 6U) | (byte & 0x3FU);
    }
    const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (overlong || surrogate || point > 0x10FFFF) return false;
    at += length;
  }
  return true;
}

}  // namespace segue::dsl::sql
