// Where the canonical form puts lines and comments: one paragraph for each statement, what concerns
// rows on lines of its own, the author's SQL and comments as they are.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "dsl/format_statement.hpp"
#include "dsl/parse_builder.hpp"
#include "dsl/parser.hpp"
#include "dsl/sql.hpp"
#include "dsl/sql_lexer.hpp"

namespace segue::dsl {
namespace {

std::string with_argument(std::string_view keyword, const std::string& argument) {
  return argument.empty() ? std::string(keyword) : fmt::format("{} {}", keyword, argument);
}

// What speaks of rows stands on a line of its own.
bool has_own_line(Clause clause) {
  return clause == Clause::conversion || clause == Clause::backfill || clause == Clause::back ||
         clause == Clause::repair || clause == Clause::undo || clause == Clause::because;
}

// One line of the result with the comments that go with it.
struct Piece {
  std::string text;
  Span span;  // where it stands in the source
  bool own_line = true;
  std::vector<Span> before;  // comments on lines of their own above it
  std::vector<Span> behind;  // comments that follow on its line
};

class Formatter {
 public:
  Formatter(const Source& source, const Change& change)
      : source_(source), change_(change), file_(parse_file(source)) {}

  std::string run() {
    header();
    for (std::size_t at = 0; at < change_.statements.size(); ++at) {
      statement(change_.statements[at], file_.clauses.at(at));
    }
    comments_until(static_cast<std::uint32_t>(source_.text().size()), "", true);
    return std::move(out_);
  }

 private:
  // ---- comments ----

  std::string comment_text(Span span) const {
    std::string text(source_.slice(span));
    text.erase(text.find_last_not_of(" \t\r\f\v") + 1);
    return text;
  }

  bool is_line_comment(Span span) const { return source_.slice(span).starts_with("--"); }

  // Empty lines between two places of the source, at most one counts.
  bool empty_line_between(std::uint32_t begin, std::uint32_t end) const {
    if (begin >= end) return false;
    return std::ranges::count(source_.slice({begin, end}), '\n') > 1;
  }

  // Does nothing but blanks stand between two places, without an end of line?
  bool same_line(std::uint32_t begin, std::uint32_t end) const {
    return begin <= end && source_.slice({begin, end}).find('\n') == std::string_view::npos;
  }

  std::vector<Span> take_comments(std::uint32_t until) {
    std::vector<Span> taken;
    const auto& comments = change_.comments;
    while (next_comment_ < comments.size() && comments[next_comment_].span.begin < until) {
      taken.push_back(comments[next_comment_++].span);
    }
    return taken;
  }

  // Comments above a statement, the first of them set off by an empty line.
  void comments_until(std::uint32_t until, std::string_view indent, bool last) {
    bool first = true;
    for (const auto& comment : take_comments(until)) {
      const bool paragraph = first || empty_line_between(source_end_, comment.begin);
      if (paragraph && !out_.empty()) out_ += '\n';
      out_ += fmt::format("{}{}\n", indent, comment_text(comment));
      source_end_ = comment.end;
      first = false;
    }
    const bool apart = first || empty_line_between(source_end_, until);
    if (!last && apart && !out_.empty()) out_ += '\n';
  }

  // Comments on the same line as the end of a statement.
  std::vector<Span> take_comments_behind(std::uint32_t end) {
    std::vector<Span> taken;
    const auto& comments = change_.comments;
    while (next_comment_ < comments.size() && only_blank(end, comments[next_comment_].span.begin)) {
      taken.push_back(comments[next_comment_++].span);
      end = taken.back().end;
      source_end_ = end;
    }
    return taken;
  }

  // Nothing can follow this comment on its line, or what follows would not be seen as behind.
  bool ends_line(Span comment) const {
    return is_line_comment(comment) || !same_line(comment.begin, comment.end);
  }

  // What does not fit behind a piece goes above the next one; above the first, if there is none.
  void spread_comments(std::vector<Piece>& pieces) const {
    for (std::size_t at = 0; at < pieces.size(); ++at) {
      auto& behind = pieces[at].behind;
      const auto last = std::ranges::find_if(behind, [&](Span span) { return ends_line(span); });
      if (last == behind.end()) continue;
      auto& above = at + 1 < pieces.size() ? pieces[at + 1].before : pieces.front().before;
      const auto place = at + 1 < pieces.size() ? above.begin() : above.end();
      above.insert(place, last + 1, behind.end());
      behind.erase(last + 1, behind.end());
    }
  }

  bool only_blank(std::uint32_t begin, std::uint32_t end) const {
    return begin <= end &&
           source_.slice({begin, end}).find_first_not_of(" \t\r\f\v;") == std::string_view::npos;
  }

  // ---- statements ----

  // Puts the comments inside a statement at the piece before or after them.
  void place_comments(std::vector<Piece>& pieces, std::uint32_t until) {
    std::ranges::sort(pieces, {}, [](const Piece& piece) { return piece.span.begin; });
    for (const auto& comment : take_comments(until)) {
      auto after = std::ranges::find_if(
          pieces, [&](const Piece& piece) { return piece.span.begin > comment.begin; });
      const bool leads = after != pieces.end() && after != pieces.begin() &&
                         !same_line(std::prev(after)->span.end, comment.begin);
      if (leads) {
        after->before.push_back(comment);
      } else if (after == pieces.begin()) {
        pieces.front().before.push_back(comment);
      } else {
        std::prev(after)->behind.push_back(comment);
      }
    }
  }

  // The end of the last token before `until`.
  std::uint32_t token_end(std::uint32_t begin, std::uint32_t until) const {
    std::size_t end = begin;
    for (auto token = sql::next_token(source_.text(), begin);
         token.kind != sql::TokenKind::end && token.begin < until;
         token = sql::next_token(source_.text(), token.end)) {
      end = token.end;
    }
    return static_cast<std::uint32_t>(end);
  }

  void statement(const Statement& statement, const std::vector<ClausePlace>& places) {
    comments_until(statement.span.begin, "", false);
    const auto head_until = places.empty() ? statement.span.end : places.front().span.begin;
    std::vector<Piece> pieces = {
        {statement_head(statement.intent),
         {statement.span.begin, token_end(statement.span.begin, head_until)},
         true,
         {},
         {}}};
    std::vector<ClausePlace> sorted = places;
    std::ranges::stable_sort(sorted, {}, &ClausePlace::clause);
    for (const auto& place : sorted) {
      pieces.push_back(
          {with_argument(keyword_of(place.clause), clause_argument(place.clause, statement)),
           place.span,
           has_own_line(place.clause),
           {},
           {}});
    }
    std::vector<std::uint32_t> canonical;
    canonical.reserve(pieces.size());
    for (const auto& piece : pieces) canonical.push_back(piece.span.begin);
    place_comments(pieces, statement.span.end);
    // Back from the source's order to the canonical one.
    std::ranges::sort(pieces, {}, [&](const Piece& piece) {
      return std::ranges::find(canonical, piece.span.begin) - canonical.begin();
    });
    source_end_ = statement.span.end;
    finish(pieces, statement.span.end);
  }

  void finish(std::vector<Piece>& pieces, std::uint32_t end) {
    const auto behind = take_comments_behind(end);
    pieces.back().behind.insert(pieces.back().behind.end(), behind.begin(), behind.end());
    spread_comments(pieces);
    break_long_lines(pieces);
    write(pieces);
  }

  // All on the head's line if it fits and no comment stands between; else each clause on its own.
  static void break_long_lines(std::vector<Piece>& pieces) {
    std::size_t columns = 0;
    bool plain = true;
    for (std::size_t at = 0; at < pieces.size(); ++at) {
      const auto& piece = pieces[at];
      const bool first = at == 0;
      const bool joined = at + 1 < pieces.size() && !pieces[at + 1].own_line;
      plain = plain && (!joined || (piece.behind.empty() && pieces[at + 1].before.empty()));
      if (piece.own_line && !first) continue;
      plain = plain && (piece.text.find('\n') == std::string::npos || pieces.size() == 1);
      columns += display_width(piece.text) + 1;
    }
    if (plain && columns <= format_columns + 1) return;
    for (auto& piece : pieces) piece.own_line = true;
  }

  void write(const std::vector<Piece>& pieces) {
    std::string line;
    for (const auto& piece : pieces) {
      const bool first = &piece == &pieces.front();
      const auto* indent = first ? "" : "  ";
      if (piece.own_line && !line.empty()) {
        out_ += line + '\n';
        line.clear();
      }
      for (const auto& comment : piece.before) {
        out_ += fmt::format("{}{}\n", indent, comment_text(comment));
      }
      line += (line.empty() ? indent : " ") + piece.text;
      for (const auto& comment : piece.behind) line += ' ' + comment_text(comment);
    }
    out_ += line + '\n';
  }

  // ---- header ----

  std::string header_argument(Clause clause, std::size_t& after) const {
    const auto& header = change_.header;
    switch (clause) {
      case Clause::change:
        return header.name->name;
      case Clause::title:
        return fmt::format("\"{}\"", doubled(*header.title));
      case Clause::flag:
        return header.flag->name;
      case Clause::soak:
        return duration_text(*header.soak);
      case Clause::tripwire:
        return "";
      default:
        return header.after.at(after++).name;
    }
  }

  static std::string doubled(const std::string& text) {
    std::string out;
    for (const char c : text) {
      if (c == '"') out += c;
      out += c;
    }
    return out;
  }

  // All names of one `after` clause.
  std::string after_names(Span span, std::size_t& next) const {
    std::string out;
    const auto& names = change_.header.after;
    while (next < names.size() && names[next].span.end <= span.end) {
      out += (out.empty() ? "" : ", ") + names[next++].name;
    }
    return out;
  }

  void header() {
    const auto& places = file_.header_clauses;
    if (places.empty()) return;
    comments_until(places.front().span.begin, "", false);
    std::size_t width = 0;
    for (const auto& place : places) {
      if (place.clause != Clause::change && place.clause != Clause::tripwire)
        width = std::max(width, keyword_of(place.clause).size());
    }
    std::vector<Piece> pieces;
    std::size_t after = 0;
    for (const auto& place : places) {
      const auto keyword = keyword_of(place.clause);
      auto value = place.clause == Clause::after ? after_names(place.span, after)
                                                 : header_argument(place.clause, after);
      const auto padded = place.clause == Clause::change ? keyword.size() : width;
      pieces.push_back({value.empty() ? std::string(keyword)
                                      : fmt::format("{:<{}} {}", keyword, padded, value),
                        place.span, true, {}, {}});
    }
    const auto end = places.back().span.end;
    place_comments(pieces, end);
    const auto rank = [&](const Piece& piece) {
      const auto found = std::ranges::find(places, piece.span, &ClausePlace::span);
      return std::pair(found->clause, piece.span.begin);
    };
    std::ranges::sort(pieces, {}, rank);
    source_end_ = end;
    finish(pieces, end);
  }

  const Source& source_;
  const Change& change_;
  ParsedFile file_;
  std::string out_;
  std::size_t next_comment_ = 0;
  std::uint32_t source_end_ = 0;  // how far the source is written
};

}  // namespace

std::string format(const Source& source, const Change& change) {
  return Formatter(source, change).run();
}

}  // namespace segue::dsl
