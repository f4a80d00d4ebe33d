// The grammar's smallest parts: blanks, words, and SQL's own tokens. Private to dsl/*.cpp.
//
// Strings, dollar quotes, comments and brackets nest in ways that PEGTL's combinators would only
// repeat badly, so these rules ask the one SQL lexer. Each carries analyze_traits.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/analyze_traits.hpp>
#include <utility>
#include <vector>

#include "dsl/source.hpp"
#include "dsl/sql_lexer.hpp"
#include "dsl/statement_forms.hpp"

namespace segue::dsl::grammar {

namespace peg = tao::pegtl;

// A mistake whose place is not where the parser stands, such as a bracket that is never closed.
struct Failure {
  Span span;
  std::string message;
  std::string hint;
};

template <std::size_t N>
struct Letters {
  char text[N]{};
  constexpr Letters(const char (&letters)[N]) { std::copy_n(letters, N, text); }
  constexpr std::string_view view() const { return {text, N - 1}; }
};

template <typename ParseInput>
std::string_view rest_of(const ParseInput& in) {
  return {in.current(), in.size(0)};
}

template <typename ParseInput>
Span span_at(const ParseInput& in, std::size_t begin, std::size_t end) {
  const auto here = in.byte();
  return {static_cast<std::uint32_t>(here + begin), static_cast<std::uint32_t>(here + end)};
}

// A keyword in any case, whole: `require` does not match in `required`.
template <Letters Word>
struct keyword {
  using rule_t = keyword;
  using subs_t = peg::empty_list;
  static constexpr std::string_view word = Word.view();

  template <typename ParseInput>
  static bool match(ParseInput& in) {
    const auto rest = rest_of(in);
    if (rest.size() < word.size()) return false;
    for (std::size_t at = 0; at < word.size(); ++at) {
      const char c = rest[at];
      const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      if (lower != word[at]) return false;
    }
    if (rest.size() > word.size() && sql::is_identifier_part(rest[word.size()])) return false;
    in.bump(word.size());
    return true;
  }
};

// One token of SQL, without blanks before it.
template <sql::TokenKind Kind>
struct sql_token {
  using rule_t = sql_token;
  using subs_t = peg::empty_list;

  template <typename ParseInput>
  static bool match(ParseInput& in) {
    const auto rest = rest_of(in);
    if (rest.empty() || !may_begin(rest.front())) return false;
    const auto token = sql::next_token(rest, 0);
    if (token.begin != 0) return false;
    if (token.kind == sql::TokenKind::unterminated) throw unterminated(in, rest);
    if (token.kind != Kind) return false;
    in.bump(token.end);
    return true;
  }

  // Whether a token of this kind can begin so; spares the lexer most wrong guesses.
  static bool may_begin(char c) {
    using enum sql::TokenKind;
    const bool digit = c >= '0' && c <= '9';
    switch (Kind) {
      case identifier:
      case unicode_identifier:
        return sql::is_identifier_start(c);
      case quoted_identifier:
        return c == '"';
      case number:
        return digit || c == '.';
      case string:
        return c == '\'' || sql::is_identifier_start(c);
      case dollar_string:
        return c == '$';
      default:
        return true;
    }
  }

  template <typename ParseInput>
  static Failure unterminated(const ParseInput& in, std::string_view rest) {
    const auto opening = std::min(rest.find_first_of("'\"$"), rest.size());
    const bool name = rest.substr(opening, 1) == "\"";
    return {span_at(in, opening, opening + 1),
            name ? "this quoted name is never closed" : "this string is never closed", ""};
  }
};

// Everything from an opening bracket to its closing one.
template <char Open>
struct bracketed {
  using rule_t = bracketed;
  using subs_t = peg::empty_list;

  template <typename ParseInput>
  static bool match(ParseInput& in) {
    const auto rest = rest_of(in);
    if (rest.empty() || rest.front() != Open) return false;
    std::string open;
    std::vector<std::size_t> places;
    std::size_t at = 0;
    std::optional<Failure> likely;
    while (true) {
      const auto token = sql::next_token(rest, at);
      if (token.kind == sql::TokenKind::end) break;
      // If all goes wrong further down, this is where: a statement begins inside the bracket.
      if (!likely && token.begin > 0 && rest[token.begin - 1] == '\n' &&
          begins_form(sql::fold(rest.substr(token.begin, token.end - token.begin)))) {
        likely = never_closed(in, open, places);
      }
      if (token.kind == sql::TokenKind::unterminated) throw unterminated(in, rest, token.begin);
      const char c = token.kind == sql::TokenKind::punctuation ? rest[token.begin] : '\0';
      if (c == '(' || c == '[') {
        open += c;
        places.push_back(token.begin);
      } else if (c == ')' || c == ']') {
        if ((open.back() == '(') != (c == ')')) {
          if (likely) throw *likely;
          throw Failure{span_at(in, places.back(), places.back() + 1),
                        std::string("this `") + open.back() + "` meets a `" + c + "`", ""};
        }
        open.pop_back();
        places.pop_back();
        if (open.empty()) {
          in.bump(token.end);
          return true;
        }
      }
      at = token.end;
    }
    throw likely ? *likely : never_closed(in, open, places);
  }

 private:
  template <typename ParseInput>
  static Failure never_closed(const ParseInput& in, const std::string& open,
                              const std::vector<std::size_t>& places) {
    return {span_at(in, places.back(), places.back() + 1),
            std::string("this `") + open.back() + "` is never closed", ""};
  }

  template <typename ParseInput>
  static Failure unterminated(const ParseInput& in, std::string_view rest, std::size_t begin) {
    const auto start = sql::skip_blank(rest, begin);
    if (!start) {
      const auto comment = rest.find("/*", begin);
      return {span_at(in, comment, comment + 2), "this comment is never closed", ""};
    }
    const auto opening = std::min(rest.find_first_of("'\"$", *start), rest.size() - 1);
    const bool name = rest[opening] == '"';
    return {span_at(in, opening, opening + 1),
            name ? "this quoted name is never closed" : "this string is never closed", ""};
  }
};

// One token of a statement in SQL: no bracket, and no `;`, which ends the statement.
struct plain_sql_token {
  using rule_t = plain_sql_token;
  using subs_t = peg::empty_list;

  template <typename ParseInput>
  static bool match(ParseInput& in) {
    const auto rest = rest_of(in);
    const auto token = sql::next_token(rest, 0);
    if (token.kind == sql::TokenKind::unterminated) {
      throw sql_token<sql::TokenKind::string>::unterminated(in, rest);
    }
    if (token.begin != 0 || token.kind == sql::TokenKind::end) return false;
    if (std::string_view(";([").find(rest.front()) != std::string_view::npos) return false;
    in.bump(token.end);
    return true;
  }
};
struct sql_word : peg::sor<bracketed<'('>, bracketed<'['>, plain_sql_token> {};

struct line_comment : peg::seq<peg::two<'-'>, peg::star<peg::not_one<'\n'>>> {};

struct block_comment {
  using rule_t = block_comment;
  using subs_t = peg::empty_list;

  template <typename ParseInput>
  static bool match(ParseInput& in) {
    const auto rest = rest_of(in);
    if (!rest.starts_with("/*")) return false;
    const auto end = sql::skip_block_comment(rest, 0);
    if (!end) throw Failure{span_at(in, 0, 2), "this comment is never closed", ""};
    in.bump(*end);
    return true;
  }
};

struct space : peg::one<' ', '\t', '\f', '\v', '\r'> {};

// An end of line after which the statement goes on: the next line that holds more than blanks and
// comments is indented.
struct continued_line {
  using rule_t = continued_line;
  using subs_t = peg::empty_list;

  template <typename ParseInput>
  static bool match(ParseInput& in) {
    const auto rest = rest_of(in);
    if (rest.empty() || rest.front() != '\n' || !goes_on(rest)) return false;
    in.bump(1);
    return true;
  }

 private:
  static bool goes_on(std::string_view rest) {
    std::size_t at = 0;
    bool indented = false;
    while (at < rest.size()) {
      const char c = rest[at];
      const auto two = rest.substr(at, 2);
      if (c == '\n') {
        ++at;
        indented = at < rest.size() && (rest[at] == ' ' || rest[at] == '\t');
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v') {
        ++at;
      } else if (two == "--") {
        at = std::min(rest.find('\n', at), rest.size());
      } else if (two == "/*") {
        const auto end = sql::skip_block_comment(rest, at);
        if (!end) return false;
        at = *end;
      } else {
        return indented;
      }
    }
    return false;
  }
};

// Between the words of a statement, and between brackets, where any line goes on.
struct blank : peg::star<peg::sor<space, continued_line, line_comment, block_comment>> {};
struct inner_blank : peg::star<peg::sor<space, peg::one<'\n'>, line_comment, block_comment>> {};
// Between statements.
struct gap : peg::star<peg::sor<space, peg::one<'\n', ';'>, line_comment, block_comment>> {};

}  // namespace segue::dsl::grammar

namespace TAO_PEGTL_NAMESPACE {

template <typename Name, segue::dsl::grammar::Letters Word>
struct analyze_traits<Name, segue::dsl::grammar::keyword<Word>> : analyze_any_traits<> {};
template <typename Name, segue::dsl::sql::TokenKind Kind>
struct analyze_traits<Name, segue::dsl::grammar::sql_token<Kind>> : analyze_any_traits<> {};
template <typename Name, char Open>
struct analyze_traits<Name, segue::dsl::grammar::bracketed<Open>> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, segue::dsl::grammar::plain_sql_token> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, segue::dsl::grammar::block_comment> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, segue::dsl::grammar::continued_line> : analyze_any_traits<> {};

}  // namespace TAO_PEGTL_NAMESPACE
