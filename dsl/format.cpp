// The canonical form of a change: one paragraph for each statement, what concerns rows on lines of
// its own, the author's SQL and comments as they are.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "dsl/parse_builder.hpp"
#include "dsl/parser.hpp"
#include "dsl/sql.hpp"
#include "dsl/sql_lexer.hpp"

namespace segue::dsl {
namespace {

constexpr std::size_t max_columns = 90;

template <typename... Visitors>
struct overloaded : Visitors... {
  using Visitors::operator()...;
};
template <typename... Visitors>
overloaded(Visitors...) -> overloaded<Visitors...>;  // clang 14 does not deduce it

std::string name(const Identifier& identifier) {
  return sql::quote_identifier(identifier.name);
}

std::string name(const TableName& table) {
  return (table.schema ? name(*table.schema) + '.' : "") + name(table.name);
}

std::string name(const ColumnName& column) {
  return name(column.table) + '.' + name(column.column);
}

std::string list(const std::vector<Identifier>& columns) {
  std::string out;
  for (const auto& column : columns) out += (out.empty() ? "" : ", ") + name(column);
  return '(' + out + ')';
}

std::string text_of(const std::optional<Fragment>& fragment) {
  return fragment ? fragment->text : "";
}

std::string index_key(const IndexKey& key) {
  std::string out = key.column ? name(*key.column) : text_of(key.expression);
  if (!key.collation.empty()) out += " collate " + key.collation;
  if (!key.opclass.empty()) out += ' ' + key.opclass;
  if (key.descending) out += " desc";
  if (key.nulls_first) out += *key.nulls_first ? " nulls first" : " nulls last";
  return out;
}

std::string index_keys(const std::vector<IndexKey>& keys) {
  std::string out;
  for (const auto& key : keys) out += (out.empty() ? "" : ", ") + index_key(key);
  return '(' + out + ')';
}

std::string parameters(const std::vector<StorageParameter>& all) {
  std::string out;
  for (const auto& one : all) {
    out += (out.empty() ? "" : ", ") + one.name;
    if (!one.value.empty()) out += " = " + one.value;
  }
  return '(' + out + ')';
}

std::string computed(const ComputedColumn& column) {
  return name(column.name) + ' ' + column.type.text + " = " + column.value.text;
}

// On one line if that is short enough, else each new column on its own.
std::string into_columns(const std::string& head, const std::vector<ComputedColumn>& columns) {
  std::string line = head + " ->";
  std::string lines = line;
  for (const auto& column : columns) {
    const bool last = &column == &columns.back();
    line += ' ' + computed(column) + (last ? "" : ",");
    lines += "\n  " + computed(column) + (last ? "" : ",");
  }
  const bool fits = line.find('\n') == std::string::npos && display_width(line) <= max_columns;
  return fits ? line : lines;
}

std::string phase_word(SqlPhase phase) {
  switch (phase) {
    case SqlPhase::expand:
      return "expand";
    case SqlPhase::backfill:
      return "backfill";
    case SqlPhase::contract:
      break;
  }
  return "contract";
}

// In dollar quotes whose tag the text does not hold.
std::string script(const SqlText& sql) {
  std::string tag;
  while ((sql.text + '$').find('$' + tag + '$') != std::string::npos) tag += 'q';
  return '$' + tag + '$' + sql.text + '$' + tag + '$';
}

std::string head(const Intent& intent) {
  return std::visit(
      overloaded{
          [](const RenameColumn& i) { return "rename " + name(i.column) + " -> " + name(i.to); },
          [](const RenameTable& i) {
            return "rename table " + name(i.table) + " -> " + name(i.to);
          },
          [](const AddColumn& i) { return "add " + name(i.column) + ' ' + i.type.text; },
          [](const RequireColumn& i) { return "require " + name(i.column); },
          [](const RelaxColumn& i) { return "relax " + name(i.column); },
          [](const DropColumn& i) { return "drop " + name(i.column); },
          [](const RetypeColumn& i) { return "retype " + name(i.column) + " -> " + i.type.text; },
          [](const WidenKey& i) { return "widen " + name(i.column) + " -> " + i.type.text; },
          [](const MoveColumn& i) {
            return "move " + name(i.column) + " -> " + name(i.to) + " on " + i.on.text;
          },
          [](const DropIndex& i) { return "drop index " + name(i.index); },
          [](const DropConstraint& i) { return "drop constraint " + name(i.constraint); },
          [](const DropTable& i) { return "drop table " + name(i.table); },
          [](const SetDefault& i) {
            return "default " + name(i.column) + ' ' + (i.value ? i.value->text : "none");
          },
          [](const AddIndex& i) {
            return (i.unique ? "unique index " : "index ") + name(i.table) + index_keys(i.keys);
          },
          [](const AddUnique& i) { return "unique " + name(i.table) + list(i.columns); },
          [](const AddPrimaryKey& i) { return "primary key " + name(i.table) + list(i.columns); },
          [](const AddCheck& i) { return "check " + name(i.table) + ' ' + i.condition.text; },
          [](const AddReference& i) {
            return "reference " + name(i.table) + list(i.columns) + " -> " + name(i.target.table) +
                   (i.target.columns.empty() ? "" : list(i.target.columns));
          },
          [](const RunSql& i) { return "sql " + phase_word(i.phase) + ' ' + script(i.body); },
          [](const CreateObject& i) { return i.sql.text; },
          [](const ExtendType& i) {
            std::string out =
                "extend type " + name(i.type) + " with " + sql::quote_literal(i.label.text);
            if (!i.neighbour) return out;
            return out + (i.before ? " before " : " after ") +
                   sql::quote_literal(i.neighbour->text);
          },
          [](const SplitColumn& i) { return into_columns("split " + name(i.column), i.into); },
          [](const MergeColumns& i) {
            return into_columns("merge " + name(i.table) + list(i.columns), {i.into});
          },
      },
      intent);
}

const ForeignKeyTarget* target_of(const Intent& intent) {
  if (const auto* add = std::get_if<AddColumn>(&intent)) {
    return add->references ? &*add->references : nullptr;
  }
  const auto* reference = std::get_if<AddReference>(&intent);
  return reference == nullptr ? nullptr : &reference->target;
}

std::string constraint_name(const Intent& intent) {
  return std::visit(
      [](const auto& i) -> std::string {
        if constexpr (requires { i.name; }) return i.name ? name(*i.name) : "";
        if constexpr (requires { i.as; }) return i.as ? name(*i.as) : "";
        return "";
      },
      intent);
}

std::string repair(const Intent& intent) {
  return std::visit(
      [](const auto& i) -> std::string {
        if constexpr (requires { i.repair; }) {
          if (i.repair) return name(i.repair->column) + " = " + i.repair->value.text;
        }
        return "";
      },
      intent);
}

std::string backfill(const Intent& intent) {
  return std::visit(
      [](const auto& i) -> std::string {
        if constexpr (requires { i.backfill; }) return text_of(i.backfill);
        return "";
      },
      intent);
}

std::string back(const Intent& intent) {
  if (const auto* merge = std::get_if<MergeColumns>(&intent)) {
    std::string out;
    for (const auto& value : merge->back) {
      out += (out.empty() ? "" : ", ") + name(value.column) + " = " + value.value.text;
    }
    return out;
  }
  return std::visit(
      [](const auto& i) -> std::string {
        if constexpr (requires { i.back->text; }) return text_of(i.back);
        return "";
      },
      intent);
}

// What follows the keyword of a clause; empty for a bare keyword.
std::string argument(Clause clause, const Statement& statement) {
  const auto& intent = statement.intent;
  const auto* add = std::get_if<AddColumn>(&intent);
  const auto* index = std::get_if<AddIndex>(&intent);
  const auto* target = target_of(intent);
  switch (clause) {
    case Clause::default_value:
      return add != nullptr ? text_of(add->default_value) : "";
    case Clause::check:
      return add != nullptr ? text_of(add->check) : "";
    case Clause::references:
      return name(target->table) + (target->columns.empty() ? "" : list(target->columns));
    case Clause::on_delete:
      return target->on_delete;
    case Clause::on_update:
      return target->on_update;
    case Clause::deferrable:
      return target->initially_deferred ? "initially deferred" : "";
    case Clause::as:
      return constraint_name(intent);
    case Clause::using_method:
      return name(*index->method);
    case Clause::include:
      return list(index->include);
    case Clause::where:
      return text_of(index->where);
    case Clause::with:
      return parameters(index->with);
    case Clause::comment:
      return sql::quote_literal(*add->comment);
    case Clause::backfill:
      return backfill(intent);
    case Clause::back:
      return back(intent);
    case Clause::conversion:
      return text_of(std::get<RetypeColumn>(intent).conversion);
    case Clause::repair:
      return repair(intent);
    case Clause::undo:
      return script(*std::get<RunSql>(intent).undo);
    case Clause::because:
      return sql::quote_literal(*std::get<RunSql>(intent).because);
    case Clause::via:
      return std::string(word_of(*statement.options.via));
    case Clause::batch:
      return fmt::format("{}", *statement.options.batch);
    case Clause::workers:
      return fmt::format("{}", *statement.options.workers);
    default:
      return "";
  }
}

std::string with_argument(std::string_view keyword, const std::string& argument) {
  return argument.empty() ? std::string(keyword) : fmt::format("{} {}", keyword, argument);
}

std::string duration(std::chrono::seconds time) {
  struct Unit {
    std::int64_t seconds;
    const char* name;
  };
  for (const auto& [seconds, unit] :
       {Unit{86'400, "day"}, Unit{3'600, "hour"}, Unit{60, "minute"}}) {
    if (time.count() % seconds != 0 || time.count() == 0) continue;
    const auto count = time.count() / seconds;
    return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
  }
  return fmt::format("{} second{}", time.count(), time.count() == 1 ? "" : "s");
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
        {head(statement.intent),
         {statement.span.begin, token_end(statement.span.begin, head_until)},
         true,
         {},
         {}}};
    std::vector<ClausePlace> sorted = places;
    std::ranges::stable_sort(sorted, {}, &ClausePlace::clause);
    for (const auto& place : sorted) {
      pieces.push_back({with_argument(keyword_of(place.clause), argument(place.clause, statement)),
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
    if (plain && columns <= max_columns + 1) return;
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
        return duration(*header.soak);
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
