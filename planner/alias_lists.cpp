#include "planner/alias_lists.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include "dsl/sql_lexer.hpp"

namespace segue::planner {

namespace {

using dsl::sql::Token;
using dsl::sql::TokenKind;

bool is_name(const Token& token) {
  return token.kind == TokenKind::identifier || token.kind == TokenKind::quoted_identifier;
}

// PostgreSQL puts _1, _2, … behind a name that the list has already.
bool stands_for(const std::string& alias, const std::set<std::string>& columns) {
  if (columns.contains(alias)) return true;
  const std::size_t end = alias.find_last_not_of("0123456789");
  return end != std::string::npos && end + 1 < alias.size() && alias[end] == '_' &&
         columns.contains(alias.substr(0, end));
}

}  // namespace

std::string without_aliases_of(std::string_view query, const std::set<std::string>& columns) {
  std::vector<Token> tokens;
  for (Token token = dsl::sql::next_token(query, 0); token.kind != TokenKind::end;
       token = dsl::sql::next_token(query, token.end))
    tokens.push_back(token);
  const auto is = [&](std::size_t at, char sign) {
    return at < tokens.size() && tokens[at].kind == TokenKind::punctuation &&
           query[tokens[at].begin] == sign;
  };
  std::string text;
  std::size_t copied = 0;
  // A relation or a bracket, its alias, the list.
  for (std::size_t at = 2; at < tokens.size(); ++at) {
    if (!is(at, '(') || !is_name(tokens[at - 1]) || (!is_name(tokens[at - 2]) && !is(at - 2, ')')))
      continue;
    std::size_t end = at;
    while (end + 2 < tokens.size() && is_name(tokens[end + 1]) &&
           (is(end + 2, ',') || is(end + 2, ')'))) {
      end += 2;
      if (is(end, ')')) break;
    }
    if (!is(end, ')')) continue;
    for (std::size_t name = at + 1; name < end; name += 2) {
      const Token& token = tokens[name];
      const auto alias =
          dsl::sql::identifier_name(query.substr(token.begin, token.end - token.begin));
      if (!stands_for(alias, columns)) continue;
      // With the comma before it; the first goes without one.
      const std::size_t begin = name == at + 1 ? token.begin : tokens[name - 1].begin;
      text += query.substr(copied, begin - copied);
      copied = token.end;
    }
    at = end;
  }
  text += query.substr(copied);
  return text;
}

}  // namespace segue::planner
