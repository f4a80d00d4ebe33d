#include "dsl/parse_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "dsl/sql.hpp"
#include "dsl/sql_create.hpp"
#include "dsl/sql_keywords.hpp"
#include "dsl/sql_lexer.hpp"

namespace segue::dsl {
namespace {

// The text without comments, each gap one space.
std::string without_comments(std::string_view text) {
  std::string out;
  std::size_t end = 0;
  for (auto token = sql::next_token(text, 0); token.kind != sql::TokenKind::end;
       token = sql::next_token(text, token.end)) {
    if (!out.empty() && token.begin > end) out += ' ';
    out += text.substr(token.begin, token.end - token.begin);
    end = token.end;
  }
  return out;
}

// The value of a string in any of SQL's spellings, or in double quotes.
std::string string_value(std::string_view token) {
  if (token.front() == '"') return sql::identifier_name(token);
  if (token.front() == '$') {
    const auto tag = token.find('$', 1) + 1;
    return std::string(token.substr(tag, token.size() - 2 * tag));
  }
  const auto quote = token.find('\'');
  const bool escapes = quote == 1 && (token[0] == 'e' || token[0] == 'E');
  const auto inner = token.substr(quote + 1, token.size() - quote - 2);
  std::string out;
  for (std::size_t at = 0; at < inner.size(); ++at) {
    char c = inner[at];
    if (c == '\'') ++at;
    if (c == '\\' && escapes && at + 1 < inner.size()) {
      c = inner[++at];
      if (c == 'n') c = '\n';
      if (c == 't') c = '\t';
      if (c == 'r') c = '\r';
    }
    out += c;
  }
  return out;
}

// Texts of which PostgreSQL's parser need not be asked: a number, a plain string, a plain name.
bool plainly_an_expression(std::string_view text) {
  const auto token = sql::next_token(text, 0);
  if (token.begin != 0 || token.end != text.size()) return false;
  switch (token.kind) {
    case sql::TokenKind::number:
      return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    case sql::TokenKind::string:
      return text.front() == '\'';
    case sql::TokenKind::identifier:
      return sql::keyword_kind(sql::fold(text)) == sql::KeywordKind::none;
    default:
      return false;
  }
}

}  // namespace

void ParseBuilder::begin_statement(Span keyword, std::string form) {
  begin_ = keyword.begin;
  form_ = std::move(form);
  keyword_ = keyword;
  places_.clear();
  names_.clear();
  labels_.clear();
  table_ = {};
  columns_.clear();
  fragment_.reset();
  condition_.reset();
  key_ = {};
  parameters_.clear();
  type_.reset();
  keys_.clear();
  source_columns_.clear();
  add_ = {};
  index_ = {};
  target_.reset();
  backfill_.reset();
  back_.reset();
  conversion_.reset();
  as_.reset();
  repair_.reset();
  options_ = {};
  enum_labels_.clear();
  fragment_error_ = SIZE_MAX;
}

void ParseBuilder::error(Span span, std::string message, std::string hint,
                         std::vector<Related> related) {
  out_.diagnostics.push_back(
      {Severity::error, span, std::move(message), std::move(hint), std::move(related)});
}

void ParseBuilder::forget_fragment_error(std::uint32_t end) {
  if (fragment_error_ + 1 == out_.diagnostics.size() && fragment_error_end_ == end) {
    out_.diagnostics.pop_back();
  }
}

// A rule that is tried twice reports its comments twice.
void ParseBuilder::comment(Span span) {
  auto& comments = out_.change.comments;
  if (comments.empty() || comments.back().span.begin < span.begin) comments.push_back({span});
}

// ---- names -------------------------------------------------------------------------------------

void ParseBuilder::check_name(const Identifier& identifier, bool quoted) {
  const auto& name = identifier.name;
  if (name.empty()) error(identifier.span, "a name must not be empty");
  if (name.size() > sql::max_identifier_bytes) {
    error(identifier.span,
          fmt::format("this name is {} bytes long; PostgreSQL keeps {}", name.size(),
                      sql::max_identifier_bytes),
          "choose a shorter one: PostgreSQL would cut it off silently");
  }
  const auto kind = quoted ? sql::KeywordKind::none : sql::keyword_kind(name);
  if (kind == sql::KeywordKind::reserved || kind == sql::KeywordKind::type_or_function) {
    error(identifier.span, fmt::format("`{}` is a reserved word of SQL", name),
          fmt::format("as a name it needs double quotes: \"{}\"", name));
  }
}

void ParseBuilder::identifier(Span span) {
  const auto token = source_.slice(span);
  if (token.size() > 2 && token[1] == '&') {
    error(span, "U&\"…\" names are not read", "write the name itself in double quotes");
  }
  const bool quoted = token.front() == '"';
  names_.push_back({sql::identifier_name(token), span});
  check_name(names_.back(), quoted);
}

void ParseBuilder::label(Span span) {
  labels_.push_back({std::string(source_.slice(span)), span});
  check_name(labels_.back(), true);
}

Identifier ParseBuilder::take_name() {
  auto name = names_.empty() ? Identifier{} : std::move(names_.back());
  names_.clear();
  return name;
}

void ParseBuilder::table(Span span) {
  table_ = {};
  table_.span = span;
  if (names_.size() > 1) table_.schema = std::move(names_[names_.size() - 2]);
  table_.name = take_name();
}

void ParseBuilder::column(Span span) {
  column_ = {};
  column_.span = span;
  if (names_.size() < 2) return;
  column_.column = std::move(names_.back());
  names_.pop_back();
  auto& table = column_.table;
  table.name = std::move(names_.back());
  table.span = {span.begin, table.name.span.end};
  if (names_.size() > 1) table.schema = std::move(names_.front());
  names_.clear();
}

void ParseBuilder::columns() {
  columns_ = std::exchange(names_, {});
  for (std::size_t at = 1; at < columns_.size(); ++at) {
    const auto same =
        std::find_if(columns_.begin(), columns_.begin() + static_cast<std::ptrdiff_t>(at),
                     [&](const auto& other) { return other.name == columns_[at].name; });
    if (same == columns_.begin() + static_cast<std::ptrdiff_t>(at)) continue;
    error(columns_[at].span, fmt::format("column \"{}\" is listed twice", columns_[at].name), "",
          {{same->span, "the first time"}});
  }
}

// ---- values ------------------------------------------------------------------------------------

void ParseBuilder::text(Span span) {
  text_ = string_value(source_.slice(span));
}

void ParseBuilder::enum_label(Span span) {
  enum_labels_.push_back({string_value(source_.slice(span)), span});
  const auto bytes = enum_labels_.back().text.size();
  if (bytes == 0 || bytes > sql::max_identifier_bytes) {
    error(span, fmt::format("this value is {} bytes long; an enum's have 1 to {}", bytes,
                            sql::max_identifier_bytes));
  }
}

// The whole statement is SQL, its first word too.
void ParseBuilder::sql_text(Span span) {
  const Span whole{begin_, span.end};
  std::erase_if(out_.change.comments,
                [&](const Comment& inside) { return inside.span.begin >= whole.begin; });
  sql_ = {std::string(source_.slice(whole)), whole};
  const auto parsed = sql::parse_create(sql_.text);
  const auto* failure = std::get_if<sql::ParseError>(&parsed);
  if (failure == nullptr) return;
  const auto token = sql::next_token(sql_.text, failure->offset);
  const auto place = [&](std::size_t at) {
    return whole.begin + static_cast<std::uint32_t>(std::min(at, sql_.text.size()));
  };
  error({place(failure->offset), place(token.end)}, failure->message);
}

void ParseBuilder::integer(Span span) {
  const auto digits = source_.slice(span);
  integer_span_ = span;
  const auto [end, failure] =
      std::from_chars(digits.data(), digits.data() + digits.size(), integer_);
  if (failure != std::errc{} || end != digits.data() + digits.size()) integer_ = UINT64_MAX;
}

void ParseBuilder::type(Span span) {
  auto text = without_comments(source_.slice(span));
  auto [known, is_new] = known_types_.try_emplace(text);
  if (is_new) {
    const auto parsed = sql::parse_type(text);
    if (const auto* failure = std::get_if<sql::ParseError>(&parsed)) {
      known->second = Diagnostic{Severity::error, span, "not a type: " + failure->message, "", {}};
    } else if (std::get<sql::Type>(parsed).is_serial) {
      const bool big = std::get<sql::Type>(parsed).name.starts_with("big");
      known->second = Diagnostic{
          Severity::error,
          span,
          fmt::format("`{}` is not a type but a habit of CREATE TABLE", text),
          fmt::format("create the sequence first and write `{} required default (nextval('…'))`",
                      big ? "bigint" : "integer"),
          {}};
    }
  }
  if (known->second) error(span, known->second->message, known->second->hint);
  type_ = TypeName{std::move(text), span};
}

void ParseBuilder::check_list(const Fragment& fragment) {
  const auto& text = fragment.text;
  if (text.front() != '(') return;
  const auto first = sql::next_token(text, 1);
  const auto word = sql::fold(std::string_view(text).substr(first.begin, first.end - first.begin));
  if (word == "select" || word == "with" || word == "values" || word == "table") return;
  int depth = 0;
  for (auto token = sql::next_token(text, 0); token.kind != sql::TokenKind::end;
       token = sql::next_token(text, token.end)) {
    if (token.kind != sql::TokenKind::punctuation) continue;
    const char c = text[token.begin];
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if (depth == 0 && token.end < text.size()) return;  // a cast follows
    if (c == ',' && depth == 1) {
      const auto at = fragment.span.begin + static_cast<std::uint32_t>(token.begin);
      error({at, at + 1}, "one expression is wanted here, not a list");
      return;
    }
  }
}

std::optional<Fragment> ParseBuilder::checked_fragment(Span span) {
  Fragment fragment{std::string(source_.slice(span)), span};
  // Comments inside it belong to its text.
  std::erase_if(out_.change.comments,
                [&](const Comment& inside) { return inside.span.begin >= span.begin; });
  if (plainly_an_expression(fragment.text)) return fragment;
  const auto parsed = sql::parse_expression(fragment.text);
  if (const auto* failure = std::get_if<sql::ParseError>(&parsed)) {
    const auto token = sql::next_token(fragment.text, failure->offset);
    const auto place = [&](std::size_t at) {
      return span.begin + static_cast<std::uint32_t>(std::min(at, fragment.text.size()));
    };
    fragment_error_ = out_.diagnostics.size();
    fragment_error_end_ = span.end;
    error({place(failure->offset), place(token.end)},
          "PostgreSQL cannot read this expression: " + failure->message);
  } else {
    check_list(fragment);
  }
  return fragment;
}

void ParseBuilder::fragment(Span span) {
  fragment_ = checked_fragment(span);
}
void ParseBuilder::condition(Span span) {
  condition_ = checked_fragment(span);
}
void ParseBuilder::key_expression(Span span) {
  key_.expression = checked_fragment(span);
}

// ---- indexes -----------------------------------------------------------------------------------

void ParseBuilder::operator_class(Span span) {
  key_.opclass = without_comments(source_.slice(span));
}

void ParseBuilder::direction(Span span) {
  key_.descending = sql::fold(source_.slice(span)) == "desc";
}

void ParseBuilder::nulls_order(Span span) {
  key_.nulls_first = sql::fold(source_.slice(span)) == "first";
}

void ParseBuilder::index_key() {
  if (!key_.expression) key_.column = take_name();
  keys_.push_back(std::exchange(key_, {}));
}

void ParseBuilder::parameter_name(Span span) {
  parameters_.push_back({sql::fold(source_.slice(span)), ""});
}

void ParseBuilder::parameter_value(Span span) {
  auto& value = parameters_.back().value;
  const auto text = source_.slice(span);
  for (auto token = sql::next_token(text, 0); token.kind != sql::TokenKind::end;
       token = sql::next_token(text, token.end)) {
    value += text.substr(token.begin, token.end - token.begin);
  }
}

void ParseBuilder::reference_source() {
  source_table_ = std::exchange(table_, {});
  source_columns_ = std::exchange(columns_, {});
}

}  // namespace segue::dsl
