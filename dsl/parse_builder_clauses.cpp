// Clauses and whole statements, once their parts are read.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "dsl/parse_builder.hpp"
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

}  // namespace

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

void ParseBuilder::via(Span span) {
  options_.via_span = span;
  if (form_ != "rename") {
    options_.via = Via::app;  // the one way that the others have
    return;
  }
  const auto way = sql::fold(source_.slice(word_));
  for (const Via via : {Via::copy, Via::view, Via::app}) {
    if (way == word_of(via)) options_.via = via;
  }
  if (options_.via) return;
  error(word_, fmt::format("there is no `via {}`", way),
        "a rename goes `via copy`, which may be left out, `via view` or `via app`");
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
    case Clause::conversion:
      conversion_ = std::exchange(fragment_, {});
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
    case Clause::undo:
      run_.undo = std::exchange(script_, {});
      break;
    case Clause::because:
      run_.because = text_;
      break;
    case Clause::via:
      via(span);
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
    case Clause::tripwire:
      header.tripwire = true;
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

ExtendType ParseBuilder::extend_type() {
  ExtendType extend;
  extend.type = std::move(table_);
  if (enum_labels_.size() > 1) {
    extend.neighbour = std::move(enum_labels_.back());
    extend.before = sql::fold(source_.slice(word_)) == "before";
  }
  if (!enum_labels_.empty()) extend.label = std::move(enum_labels_.front());
  return extend;
}

Intent ParseBuilder::intent() {
  if (form_ == "rename") return RenameColumn{std::move(column_), take_name()};
  if (form_ == "rename table") return RenameTable{std::move(table_), take_name()};
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
  if (form_ == "retype") {
    return RetypeColumn{std::move(column_), std::exchange(type_, {}).value_or(TypeName{}),
                        std::move(conversion_), std::move(back_), std::move(as_)};
  }
  if (form_ == "widen")
    return WidenKey{std::move(column_), std::exchange(type_, {}).value_or(TypeName{})};
  if (form_ == "move") {
    return MoveColumn{std::move(moved_), std::move(column_),
                      std::exchange(condition_, {}).value_or(Fragment{})};
  }
  if (form_ == "drop index") return DropIndex{std::move(table_)};
  if (form_ == "drop constraint") return DropConstraint{std::move(column_)};
  if (form_ == "drop table") return DropTable{std::move(table_)};
  if (form_ == "primary key") return AddPrimaryKey{std::move(table_), std::move(columns_)};
  if (form_ == "sql") return std::move(run_);
  if (form_ == "create") return CreateObject{std::move(sql_)};
  if (form_ == "extend type") return extend_type();
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
  if (form_ == "split") {
    return SplitColumn{std::move(column_), std::move(computed_), std::move(back_)};
  }
  if (form_ == "merge") {
    auto into = computed_.empty() ? ComputedColumn{} : std::move(computed_.front());
    return MergeColumns{std::move(source_table_), std::move(source_columns_), std::move(into),
                        std::move(back_values_)};
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
