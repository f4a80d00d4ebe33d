#include <algorithm>

#include "dsl/sql.hpp"
#include "dsl/sql_keywords.hpp"

namespace segue::dsl::sql {
namespace {

bool is_plain(char c, bool first) {
  return (c >= 'a' && c <= 'z') || c == '_' || (!first && c >= '0' && c <= '9');
}

std::string doubled(std::string_view text, char quote, bool backslashes) {
  std::string out;
  out.reserve(text.size() + 2);
  for (const char c : text) {
    if (c == quote || (backslashes && c == '\\')) out += c;
    out += c;
  }
  return out;
}

}  // namespace

std::string quote_identifier(std::string_view name) {
  const bool plain = !name.empty() && is_plain(name.front(), true) &&
                     std::ranges::all_of(name, [](char c) { return is_plain(c, false); });
  if (plain && keyword_kind(name) == KeywordKind::none) return std::string(name);
  return '"' + doubled(name, '"', false) + '"';
}

std::string dollar_quoted(std::string_view text, std::string_view word) {
  std::string tag = "$" + std::string(word) + "$";
  while (text.find(tag) != std::string_view::npos) tag.insert(1, "x");
  return tag + std::string(text) + tag;
}

std::string quote_literal(std::string_view text) {
  const bool backslashes = text.find('\\') != std::string_view::npos;
  return (backslashes ? "E'" : "'") + doubled(text, '\'', backslashes) + "'";
}

}  // namespace segue::dsl::sql
