#include "dsl/parse_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "dsl/sql.hpp"
#include "dsl/sql_keywords.hpp"
#include "dsl/sql_lexer.hpp"

namespace segue::dsl {
namespace {

// More rows than this in one transaction hold back vacuum and replicas for too long to be meant.
constexpr std::uint32_t max_batch = 1'000'000;
constexpr std::uint32_t max_workers = 64;
constexpr std::chrono::seconds max_soak = std::chrono::hours(24 * 3660);

std::string lower_words(std::string_view text) {
  std::string out;
  for (auto token = sql::next_token(text, 0); token.kind != sql::TokenKind::end;
       token = sql::next_token(text, token.end)) {
    if (!out.empty()) out += ' ';
    out += sql::fold(text.substr(token.begin, token.end - token.begin));
  }
  return out;
}

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
  as_.reset();
  repair_.reset();
  options_ = {};
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

// ---- clauses -----------------------------------------------------------------------------------

ForeignKeyTarget& ParseBuilder::target() {
  if (!target_) target_.emplace();
  return *target_;
}

std::uint32_t ParseBuilder::option_value(Clause clause, Span span, std::uint32_t most) {
  if (integer_ < 1 || integer_ > most) {
    error(integer_span_.end > span.begin ? integer_span_ : span,
          fmt::format("`{}` takes a number from 1 to {}", keyword_of(clause), most));
    return 1;
  }
  return static_cast<std::uint32_t>(integer_);
}

void ParseBuilder::via() {
  const auto way = sql::fold(source_.slice(word_));
  if (way == "copy") return;
  const bool known = way == "view" || way == "app";
  error(word_, fmt::format("{} `via {}`", known ? "segue has no" : "there is no", way),
        "the one way to rename is `via copy`, which may be left out");
}

void ParseBuilder::clause(Clause clause, Span span) {
  const auto twin = std::ranges::find(places_, clause, &ClausePlace::clause);
  if (twin != places_.end()) {
    error(span, fmt::format("`{}` is given twice", keyword_of(clause)), "",
          {{twin->span, "the first time"}});
  }
  places_.push_back({clause, span});
  switch (clause) {
    case Clause::required:
      add_.required = true;
      break;
    case Clause::default_value:
      add_.default_value = std::exchange(fragment_, {});
      break;
    case Clause::unique:
      add_.unique = true;
      break;
    case Clause::check:
      add_.check = std::exchange(condition_, {});
      break;
    case Clause::references:
      target().table = std::exchange(table_, {});
      target().columns = std::exchange(columns_, {});
      break;
    case Clause::on_delete:
      target().on_delete = lower_words(source_.slice(word_));
      break;
    case Clause::on_update:
      target().on_update = lower_words(source_.slice(word_));
      break;
    case Clause::deferrable:
      target().deferrable = true;
      target().initially_deferred = lower_words(source_.slice(span)) != "deferrable";
      break;
    case Clause::as:
      as_ = take_name();
      break;
    case Clause::using_method:
      index_.method = take_name();
      break;
    case Clause::include:
      index_.include = std::exchange(columns_, {});
      break;
    case Clause::where:
      index_.where = std::exchange(condition_, {});
      break;
    case Clause::with:
      index_.with = std::exchange(parameters_, {});
      break;
    case Clause::comment:
      add_.comment = text_;
      break;
    case Clause::backfill:
      backfill_ = std::exchange(fragment_, {});
      break;
    case Clause::back:
      back_ = std::exchange(fragment_, {});
      break;
    case Clause::repair:
      repair_ = Repair{take_name(), std::exchange(fragment_, {}).value_or(Fragment{})};
      break;
    case Clause::via:
      via();
      break;
    case Clause::batch:
      options_.batch = option_value(clause, span, max_batch);
      break;
    case Clause::workers:
      options_.workers = option_value(clause, span, max_workers);
      break;
    default:
      break;
  }
}

std::chrono::seconds ParseBuilder::soak(Span span) {
  const auto unit = sql::fold(source_.slice(word_));
  std::chrono::seconds one{1};
  if (unit.starts_with("minute")) one = std::chrono::minutes(1);
  if (unit.starts_with("hour")) one = std::chrono::hours(1);
  if (unit.starts_with("day")) one = std::chrono::hours(24);
  if (unit.starts_with("week")) one = std::chrono::hours(24 * 7);
  if (integer_ > static_cast<std::uint64_t>(max_soak / one)) {
    error(span, "a soak of more than ten years");
    return max_soak;
  }
  return one * static_cast<std::int64_t>(integer_);
}

void ParseBuilder::header_clause(Clause clause, Span span) {
  auto& header = out_.change.header;
  if (!out_.change.statements.empty()) {
    error(span, fmt::format("`{}` belongs to the header", keyword_of(clause)),
          "the header comes before the first statement",
          {{out_.change.statements.front().keyword, "the first statement"}});
  }
  auto& places = out_.header_clauses;
  const auto twin = std::ranges::find(places, clause, &ClausePlace::clause);
  if (twin != places.end() && clause != Clause::after) {
    error(span, fmt::format("`{}` is given twice", keyword_of(clause)), "",
          {{twin->span, "the first time"}});
  }
  header.span = places.empty() ? span : Span{header.span.begin, span.end};
  places.push_back({clause, span});
  auto labels = std::exchange(labels_, {});
  switch (clause) {
    case Clause::change:
      header.name = std::move(labels.front());
      break;
    case Clause::title:
      header.title = text_;
      break;
    case Clause::flag:
      header.flag = std::move(labels.front());
      break;
    case Clause::soak:
      header.soak = soak(span);
      break;
    default:
      std::ranges::move(labels, std::back_inserter(header.after));
      break;
  }
}

// ---- whole statements --------------------------------------------------------------------------

void ParseBuilder::check_references_clauses() {
  if (form_ != "add") return;
  const auto has = [&](Clause clause) {
    return std::ranges::find(places_, clause, &ClausePlace::clause) != places_.end();
  };
  if (has(Clause::references)) return;
  for (const auto& place : places_) {
    if (place.clause != Clause::on_delete && place.clause != Clause::on_update &&
        place.clause != Clause::deferrable) {
      continue;
    }
    error(place.span, fmt::format("`{}` needs `references`", keyword_of(place.clause)),
          "name the table first: references other_table(column)");
  }
}

Intent ParseBuilder::intent() {
  if (form_ == "rename") return RenameColumn{std::move(column_), take_name()};
  if (form_ == "add") {
    add_.column = std::move(column_);
    add_.type = std::exchange(type_, {}).value_or(TypeName{});
    add_.backfill = std::move(backfill_);
    add_.references = std::move(target_);
    return std::move(add_);
  }
  if (form_ == "require") return RequireColumn{std::move(column_), std::move(backfill_)};
  if (form_ == "relax") return RelaxColumn{std::move(column_)};
  if (form_ == "drop") return DropColumn{std::move(column_), std::move(back_)};
  if (form_ == "default") return SetDefault{std::move(column_), std::move(fragment_)};
  if (form_ == "index") {
    index_.unique = sql::fold(source_.slice({begin_, begin_ + 1})) == "u";
    index_.table = std::move(table_);
    index_.keys = std::move(keys_);
    index_.name = std::move(as_);
    return std::move(index_);
  }
  if (form_ == "unique") {
    return AddUnique{std::move(table_), std::move(columns_), std::move(as_)};
  }
  if (form_ == "check") {
    return AddCheck{std::move(table_), std::exchange(condition_, {}).value_or(Fragment{}),
                    std::move(as_), std::move(repair_)};
  }
  auto to = target_.value_or(ForeignKeyTarget{});
  to.table = std::move(table_);
  to.columns = std::move(columns_);
  return AddReference{std::move(source_table_), std::move(source_columns_), std::move(to),
                      std::move(as_), std::move(repair_)};
}

void ParseBuilder::finish(Span span) {
  check_references_clauses();
  out_.change.statements.push_back({intent(), options_, span, keyword_});
  out_.clauses.push_back(std::exchange(places_, {}));
}

}  // namespace segue::dsl
