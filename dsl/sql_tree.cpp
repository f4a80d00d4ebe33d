#include "dsl/sql_tree.hpp"

extern "C" {
#include <pg_query.h>
}

#include <algorithm>
#include <cstdint>
#include <memory>

namespace segue::dsl::sql {
namespace {

// libpg_query writes its tree by recursion, and a chain such as 1+1+1… is as deep as it is long:
// 100,000 levels overflow an 8 MB stack. Far more than a person writes, far less than that.
constexpr std::size_t max_operators = 2'000;
constexpr std::size_t max_brackets = 500;

struct ResultDeleter {
  void operator()(PgQueryParseResult* result) const { pg_query_free_parse_result(*result); }
};

// libpg_query counts characters from 1; 0 means that it does not know.
std::size_t byte_of_character(std::string_view text, int character) {
  std::size_t at = 0;
  for (int seen = 1; seen < character && at < text.size(); ++seen) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  }
  return at;
}

}  // namespace

std::optional<ParseError> refuse_text(std::string_view text) {
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    return ParseError{"a NUL byte cannot stand in SQL", nul};
  }
  if (!is_valid_utf8(text)) return ParseError{"not UTF-8 text", 0};
  std::size_t operators = 0;
  std::size_t depth = 0;
  for (Token token = next_token(text, 0); token.kind != TokenKind::end;
       token = next_token(text, token.end)) {
    if (token.kind == TokenKind::unterminated) break;  // PostgreSQL's own words are better
    if (token.kind == TokenKind::unicode_identifier) {
      return ParseError{R"(U&"…" names are not read; write the name itself in double quotes)",
                        token.begin};
    }
    const char first = text[token.begin];
    if (first == '(' || first == '[') ++depth;
    if ((first == ')' || first == ']') && depth > 0) --depth;
    const bool word_operator = token.kind == TokenKind::identifier &&
                               fold(text.substr(token.begin, token.end - token.begin)) == "not";
    if (token.kind == TokenKind::operator_ || word_operator) ++operators;
    if (operators > max_operators) return ParseError{"more than 2000 operators", token.begin};
    if (depth > max_brackets) return ParseError{"more than 500 nested brackets", token.begin};
  }
  return std::nullopt;
}

std::variant<Tree, ParseError> parse_statements(std::string_view text, std::string_view prefix,
                                                std::string_view suffix) {
  if (auto refused = refuse_text(text)) return *refused;
  std::string whole;
  whole.reserve(prefix.size() + text.size() + suffix.size());
  whole.append(prefix).append(text).append(suffix);

  PgQueryParseResult result = pg_query_parse(whole.c_str());
  const std::unique_ptr<PgQueryParseResult, ResultDeleter> guard(&result);
  if (result.error != nullptr) {
    ParseError error{result.error->message, byte_of_character(whole, result.error->cursorpos)};
    error.offset = error.offset < prefix.size() ? 0 : error.offset - prefix.size();
    if (error.offset >= text.size()) {
      error.offset = text.size();
      // What PostgreSQL tripped over there is ours, not the author's.
      if (error.message.starts_with("syntax error at or near")) {
        error.message = "syntax error at end of input";
      }
    }
    return error;
  }
  const auto tree = read_tree(result.parse_tree);
  if (!tree) return ParseError{"PostgreSQL's parser gave an unreadable tree", 0};
  return child(*tree, "stmts");
}

std::size_t location_of(const Tree& node) {
  return static_cast<std::size_t>(std::max<std::int64_t>(child(node, "location").number(), 0));
}

const Tree& child(const Tree& node, const char* key) {
  static const Tree none;
  const auto* found = node.find(key);
  return found == nullptr ? none : *found;
}

std::vector<std::string> names_of(const Tree& list) {
  std::vector<std::string> names;
  for (const auto& item : list) {
    if (item.contains("A_Star")) names.emplace_back("*");
    if (const auto& string = child(item, "String"); !string.is_null()) {
      names.push_back(string.value("sval", ""));
    }
  }
  return names;
}

std::vector<Token> dotted_tokens(std::string_view text, std::size_t offset, std::size_t count) {
  std::vector<Token> tokens;
  while (tokens.size() < count) {
    const Token name = next_token(text, offset);
    const bool star = name.kind == TokenKind::operator_ && text[name.begin] == '*';
    if (name.kind != TokenKind::identifier && name.kind != TokenKind::quoted_identifier && !star) {
      break;
    }
    tokens.push_back(star ? Token{name.kind, name.begin, name.begin + 1} : name);
    const Token dot = next_token(text, tokens.back().end);
    if (dot.kind != TokenKind::punctuation || text[dot.begin] != '.') break;
    offset = dot.end;
  }
  return tokens;
}

std::string apply_splices(std::string_view text, std::vector<Splice> splices) {
  std::ranges::sort(splices, {}, &Splice::begin);
  std::string out;
  std::size_t at = 0;
  for (const auto& splice : splices) {
    if (splice.begin < at) continue;  // the same token seen twice
    out.append(text.substr(at, splice.begin - at)).append(splice.text);
    at = splice.end;
  }
  out.append(text.substr(at));
  return out;
}

}  // namespace segue::dsl::sql
