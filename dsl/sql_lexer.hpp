// PostgreSQL's tokens, as far as places in a text are concerned.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace segue::dsl::sql {

enum class TokenKind {
  end,
  identifier,          // unquoted, keywords too
  quoted_identifier,   // "…"
  unicode_identifier,  // U&"…"
  number,
  string,         // '…', E'…', B'…', X'…', N'…', U&'…'
  dollar_string,  // $tag$…$tag$
  parameter,      // $1
  operator_,      // one run of operator characters, and :: := =>
  punctuation,    // one of ( ) [ ] , ; . :
  unterminated,   // a string, quoted name or comment that never ends; reaches to the end
  other,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The token at or after `offset`, white space and comments skipped (`--` and nested `/* */`).
Token next_token(std::string_view text, std::size_t offset);

// Where white space and comments that begin at `offset` end; none if a comment never ends.
std::optional<std::size_t> skip_blank(std::string_view text, std::size_t offset);

// The end of a block comment, of a `$tag$` string, of a quoted thing that begin at `offset`;
// none if it never ends. `skip_dollar` answers `offset` where no dollar quote begins.
std::optional<std::size_t> skip_block_comment(std::string_view text, std::size_t offset);
std::optional<std::size_t> skip_dollar(std::string_view text, std::size_t offset);
std::optional<std::size_t> skip_quoted(std::string_view text, std::size_t offset, bool backslashes);

bool is_identifier_start(char c);
bool is_identifier_part(char c);

// The name that an identifier token stands for: quotes off, or ASCII letters folded.
std::string identifier_name(std::string_view token);
std::string fold(std::string_view text);

bool is_valid_utf8(std::string_view text);

}  // namespace segue::dsl::sql
