#include "dsl/parser.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "dsl/grammar_actions.hpp"
#include "dsl/grammar_messages.hpp"
#include "dsl/parse_builder.hpp"
#include "dsl/statement_forms.hpp"

namespace segue::dsl {
namespace {

using namespace grammar;  // NOLINT(google-build-using-namespace): this file is the grammar's
                          // meaning

// More errors than this help nobody, and a binary file must not print a thousand.
constexpr std::size_t max_errors = 100;
// A change file is written by people; spans count bytes in 32 bits.
constexpr std::size_t max_file_bytes = std::size_t{64} << 20U;

// ---- the file, statement by statement ----------------------------------------------------------

std::string in_ticks(std::string_view text) {
  return fmt::format("`{}`", text);
}

std::string did_you_mean(const std::string& word) {
  return fmt::format("did you mean `{}`?", word);
}

class FileParser {
 public:
  FileParser(const Source& source, ParsedFile& out)
      : text_(source.text()), out_(out), builder_(source, out) {}

  void run() {
    if (!readable()) return;
    peg::memory_input<peg::tracking_mode::lazy> in(text_.data(), text_.data() + text_.size(), "");
    if (text_.starts_with("\xEF\xBB\xBF")) in.bump(3);
    while (out_.diagnostics.size() < max_errors && skip_gap(in) && !in.empty()) {
      const auto begin = static_cast<std::uint32_t>(in.byte());
      if (!read_line(in, begin)) in.bump(recover(begin) - in.byte());
    }
    if (out_.change.statements.empty() && !has_errors(out_.diagnostics)) {
      builder_.error({0, 0}, "the file holds no statement",
                     fmt::format("there are: {}", fmt::join(statement_keywords(), ", ")));
    }
    std::ranges::stable_sort(out_.diagnostics, {},
                             [](const Diagnostic& diagnostic) { return diagnostic.span.begin; });
  }

 private:
  using Input = peg::memory_input<peg::tracking_mode::lazy>;

  bool readable() {
    if (text_.size() > max_file_bytes) {
      builder_.error({0, 0}, "the file is larger than 64 MiB");
    } else if (const auto nul = text_.find('\0'); nul != std::string_view::npos) {
      const auto at = static_cast<std::uint32_t>(nul);
      builder_.error({at, at + 1}, "this is not a text: it holds a NUL byte");
    } else if (!sql::is_valid_utf8(text_)) {
      builder_.error(first_bad_byte(), "this is not UTF-8 text");
    } else {
      return true;
    }
    return false;
  }

  Span first_bad_byte() const {
    std::size_t good = 0;
    for (std::size_t end = text_.find('\n'); end != std::string_view::npos;
         end = text_.find('\n', end + 1)) {
      if (!sql::is_valid_utf8(text_.substr(good, end - good))) break;
      good = end + 1;
    }
    std::size_t at = good;
    for (std::size_t length = 1; at < text_.size(); length = 1) {
      while (length < 4 && !sql::is_valid_utf8(text_.substr(at, length))) ++length;
      if (!sql::is_valid_utf8(text_.substr(at, length))) break;
      at += length;
    }
    return {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + 1)};
  }

  bool skip_gap(Input& in) {
    try {
      return peg::parse<gap, act, control>(in, builder_);
    } catch (const Failure& failure) {
      builder_.error(failure.span, failure.message, failure.hint);
      return false;
    }
  }

  std::string_view word(const sql::Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }

  static Span span(const sql::Token& token) {
    return {static_cast<std::uint32_t>(token.begin), static_cast<std::uint32_t>(token.end)};
  }

  // Answers false where the rest of the statement has to be skipped.
  bool read_line(Input& in, std::uint32_t begin) {
    const auto first = sql::next_token(text_, begin);
    auto form = sql::fold(word(first));
    const auto second = sql::next_token(text_, first.end);
    if (second.kind == sql::TokenKind::identifier && text_.substr(second.end, 1) != ".") {
      const auto both = fmt::format("{} {}", form, sql::fold(word(second)));
      if (both == "unique index") form = "index";
      if (find_form(both) != nullptr) form = both;
    }
    builder_.begin_statement(span(first), form);
    if (refuse(first, form)) return false;
    try {
      if (peg::parse<line, act, control>(in, builder_)) return true;
      unknown_statement(first, form);
    } catch (const peg::parse_error& error) {
      missing_part(error.message(), error.positions().front().byte);
    } catch (const Failure& failure) {
      builder_.error(failure.span, failure.message, failure.hint);
    }
    return false;
  }

  // ---- statements that segue does not have ----

  bool refuse(const sql::Token& first, const std::string& form) {
    const auto second = sql::next_token(text_, first.end);
    const auto what = sql::fold(word(second));
    const auto third = sql::next_token(text_, second.end);
    const bool name_follows =
        third.kind == sql::TokenKind::identifier || third.kind == sql::TokenKind::quoted_identifier;
    const bool two_words = name_follows && second.kind == sql::TokenKind::identifier &&
                           text_.substr(second.end, 1) != ".";
    const Span both = {static_cast<std::uint32_t>(first.begin),
                       static_cast<std::uint32_t>(second.end)};
    const bool takes_column = form == "rename" || form == "drop" || form == "add" ||
                              form == "default" || form == "require" || form == "relax" ||
                              form == "retype" || form == "widen" || form == "move";
    if (two_words && takes_column && what == "column") {
      builder_.error(span(second), fmt::format("`{}` takes the column itself", form),
                     "leave out `column` and write table.column");
      return true;
    }
    const bool object = what == "table" || what == "index" || what == "constraint";
    if (two_words && object && (form == "rename" || form == "add")) {
      builder_.error(both, fmt::format("segue has no statement `{} {}`", form, what), available());
      return true;
    }
    return false;
  }

  static std::string available() {
    return fmt::format("there are: {}", fmt::join(statement_keywords(), ", "));
  }

  void unknown_statement(const sql::Token& first, const std::string& form) {
    if (first.kind != sql::TokenKind::identifier) {
      builder_.error(span(first), "expected a statement, found " + in_ticks(word(first)),
                     available());
      return;
    }
    const auto refused = refused_keywords();
    if (std::ranges::find(refused, form) != refused.end()) {
      const auto reason = refusal_of(form);
      builder_.error(
          span(first),
          fmt::format("segue {} `{}`", reason.empty() ? "has no statement" : "refuses", form),
          reason.empty() ? available() : std::string(reason));
      return;
    }
    if (is_clause(form)) {
      builder_.error(span(first), fmt::format("`{}` does not begin a statement", form),
                     "to go on with the statement before it, indent this line");
      return;
    }
    auto words = statement_keywords();
    for (const auto clause : statement_forms().front().clauses)
      words.emplace_back(keyword_of(clause));
    words.insert(words.end(), refused.begin(), refused.end());
    const auto meant = nearest(form, words);
    builder_.error(span(first), "unknown statement " + in_ticks(word(first)),
                   meant ? did_you_mean(*meant) : available());
  }

  static std::vector<std::string> clause_words(const StatementForm& form) {
    std::vector<std::string> words;
    for (const auto clause : form.clauses) {
      const auto keyword = keyword_of(clause);
      words.emplace_back(keyword.substr(0, keyword.find(' ')));
    }
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
  }

  static std::string clause_list(const StatementForm& form) {
    std::vector<std::string_view> words;
    for (const auto clause : form.clauses) words.push_back(keyword_of(clause));
    return fmt::format("{}", fmt::join(words, ", "));
  }

  // Words that go on with an SQL expression.
  static bool is_operator_word(const std::string& word) {
    static const std::vector<std::string> words = {
        "and",     "or",   "is",     "in", "like",   "not",     "ilike",   "between", "when",
        "collate", "over", "filter", "at", "isnull", "notnull", "similar", "overlaps"};
    return std::ranges::find(words, word) != words.end();
  }

  static bool is_clause(const std::string& word) {
    return std::ranges::any_of(statement_forms().subspan(1), [&](const StatementForm& form) {
      const auto words = clause_words(form);
      return std::ranges::find(words, word) != words.end();
    });
  }

  // ---- errors inside a statement ----

  // The end of the last token before `at`.
  std::uint32_t last_end(std::size_t at) const {
    std::size_t end = builder_.statement_begin();
    for (auto token = sql::next_token(text_, end); token.begin < at && token.end > end;
         token = sql::next_token(text_, end)) {
      end = token.end;
    }
    return static_cast<std::uint32_t>(end);
  }

  bool on_later_line(std::size_t end, std::size_t begin) const {
    return text_.substr(end, begin - end).find('\n') != std::string_view::npos;
  }

  void missing_part(std::string_view message, std::size_t at) {
    const auto end = last_end(at);
    const auto token = sql::next_token(text_, std::max<std::size_t>(at, end));
    const bool later = token.kind == sql::TokenKind::end || on_later_line(end, token.begin);
    if (token.kind == sql::TokenKind::unterminated && !later) {
      builder_.error({span(token).begin, span(token).begin + 1}, "this is never closed");
      return;
    }
    if (message == unexpected) {
      unexpected_token(token, end);
      return;
    }
    const auto cut = message.find('\n');
    auto hint = cut == std::string_view::npos ? "" : std::string(message.substr(cut + 1));
    const auto expected = std::string(message.substr(0, cut));
    const bool first_column =
        later && (token.kind == sql::TokenKind::end || text_.substr(token.begin - 1, 1) == "\n");
    if (first_column && expected == want_list_end) {
      const auto open = builder_.open_list();
      builder_.error({open, open + 1}, "this `(` is never closed");
    } else if (later) {
      const auto place = place_after(end);
      builder_.error(place, "expected " + expected, std::move(hint));
    } else {
      builder_.error(
          span(token),
          fmt::format("expected {}, found {}", expected, in_ticks(shortened(word(token)))),
          std::move(hint));
    }
  }

  static Span place_after(std::uint32_t end) { return {end, end}; }

  static std::string shortened(std::string_view token) {
    constexpr std::size_t enough = 40;
    auto line = token.substr(0, token.find_first_of("\r\n"));
    std::size_t length = std::min(line.size(), enough);
    while (length < line.size() && (static_cast<unsigned char>(line[length]) & 0xC0U) == 0x80U) {
      ++length;
    }
    line = line.substr(0, length);
    return std::string(line) + (line.size() < token.size() ? "…" : "");
  }

  void unexpected_token(const sql::Token& token, std::uint32_t end) {
    const auto found = std::string(word(token));
    const auto lower = sql::fold(found);
    const auto* form = find_form(builder_.form());
    if (form == nullptr) form = &statement_forms().front();
    const auto words = clause_words(*form);
    std::string hint;
    const bool identifier = token.kind == sql::TokenKind::identifier;
    const auto statements = statement_keywords();
    const auto near = identifier ? nearest(found, words) : std::nullopt;
    if (identifier && near && *near != lower) {
      hint = did_you_mean(*near);
    } else if (identifier && std::ranges::find(statements, lower) != statements.end() &&
               std::ranges::find(words, lower) == words.end()) {
      hint =
          fmt::format("`{}` begins a statement: write it in the first column, or after `;`", lower);
    } else if (token.kind == sql::TokenKind::operator_ || token.kind == sql::TokenKind::string ||
               found == "(" || found == "[" || (identifier && is_operator_word(lower))) {
      builder_.forget_fragment_error(end);
      hint = "an expression of several parts stands in one pair of parentheses";
    } else if (found == ")") {
      hint = "it closes nothing";
    } else if (lower == "on" && std::ranges::find(words, lower) != words.end()) {
      hint = "it is `on delete` or `on update`";
    } else if (identifier && is_clause(lower)) {
      hint =
          fmt::format("`{}` has no such clause; it takes: {}", form->keyword, clause_list(*form));
    } else if (identifier) {
      hint = fmt::format("`{}` takes: {}", form->keyword, clause_list(*form));
    }
    builder_.error(span(token), "unexpected " + in_ticks(shortened(found)), std::move(hint));
  }

  // Where reading goes on after an error: past a `;`, or at the next line that is not indented.
  std::size_t recover(std::size_t begin) const {
    const auto& error = out_.diagnostics.back().span;
    const std::size_t from = last_end(std::max<std::size_t>(error.begin, begin));
    std::size_t at = from;
    int depth = 0;
    while (true) {
      const auto token = sql::next_token(text_, at);
      if (token.kind == sql::TokenKind::end) return text_.size();
      if (token.kind == sql::TokenKind::unterminated) return next_line(std::max(token.begin, from));
      const bool first_column = token.begin > begin && text_[token.begin - 1] == '\n';
      if (first_column && (depth <= 0 || begins_statement(token))) {
        if (word(token) != ")" && word(token) != "]") return token.begin;
      }
      if (word(token) == "(" || word(token) == "[") ++depth;
      if (word(token) == ")" || word(token) == "]") --depth;
      if (word(token) == ";" && depth <= 0) return token.end;
      at = std::max(token.end, at + 1);
    }
  }

  bool begins_statement(const sql::Token& token) const {
    return begins_form(sql::fold(word(token)));
  }

  // The next line that begins in the first column; strings and comments are not looked at, since
  // one of them never ends.
  std::size_t next_line(std::size_t at) const {
    while (true) {
      at = text_.find('\n', at);
      if (at == std::string_view::npos || at + 1 >= text_.size()) return text_.size();
      ++at;
      if (sql::is_identifier_start(text_[at])) return at;
    }
  }

  std::string_view text_;
  ParsedFile& out_;
  ParseBuilder builder_;
};

}  // namespace

ParsedFile parse_file(const Source& source) {
  ParsedFile out;
  FileParser(source, out).run();
  return out;
}

ParseResult parse(const Source& source) {
  auto file = parse_file(source);
  ParseResult result;
  if (!has_errors(file.diagnostics)) result.change = std::move(file.change);
  result.diagnostics = std::move(file.diagnostics);
  return result;
}

std::string name_from_path(std::string_view path) {
  const auto slash = path.find_last_of('/');
  auto name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const auto dot = name.find_last_of('.');
  if (dot != std::string_view::npos && dot > 0) name = name.substr(0, dot);
  return std::string(name);
}

}  // namespace segue::dsl
