// What each rule of the grammar tells the builder. Private to parser.cpp.
#pragma once

#include "dsl/grammar.hpp"
#include "dsl/parse_builder.hpp"
#include "dsl/statement_forms.hpp"

namespace segue::dsl::grammar {

template <typename Rule>
struct act : peg::nothing<Rule> {};

template <typename Input>
Span span_of(const Input& in) {
  const auto begin = in.begin() - in.input().begin();
  return {static_cast<std::uint32_t>(begin),
          static_cast<std::uint32_t>(begin + static_cast<std::ptrdiff_t>(in.size()))};
}

template <void (ParseBuilder::*Method)(Span)>
struct tell {
  template <typename Input>
  static void apply(const Input& in, ParseBuilder& builder) {
    (builder.*Method)(span_of(in));
  }
};

template <void (ParseBuilder::*Method)()>
struct tell_that {
  static void apply0(ParseBuilder& builder) { (builder.*Method)(); }
};

template <Clause Which>
struct tell_clause {
  template <typename Input>
  static void apply(const Input& in, ParseBuilder& builder) {
    builder.clause(Which, span_of(in));
  }
};

template <Clause Which>
struct tell_header {
  template <typename Input>
  static void apply(const Input& in, ParseBuilder& builder) {
    builder.header_clause(Which, span_of(in));
  }
};

// clang-format off
template <> struct act<line_comment> : tell<&ParseBuilder::comment> {};
template <> struct act<block_comment> : tell<&ParseBuilder::comment> {};
template <> struct act<open_list> : tell<&ParseBuilder::list_opened> {};
template <> struct act<rules::identifier> : tell<&ParseBuilder::identifier> {};
template <> struct act<rules::label> : tell<&ParseBuilder::label> {};
template <> struct act<rules::table> : tell<&ParseBuilder::table> {};
template <> struct act<rules::column> : tell<&ParseBuilder::column> {};
template <> struct act<rules::index_name> : tell<&ParseBuilder::table> {};
template <> struct act<rules::type_name> : tell<&ParseBuilder::table> {};
template <> struct act<rules::constraint_name> : tell<&ParseBuilder::column> {};
template <> struct act<rules::sql_phase> : tell<&ParseBuilder::sql_phase> {};
template <> struct act<rules::sql_script> : tell<&ParseBuilder::sql_script> {};
template <> struct act<rules::undo_clause> : tell_clause<Clause::undo> {};
template <> struct act<rules::because_clause> : tell_clause<Clause::because> {};
template <> struct act<rules::sql_text> : tell<&ParseBuilder::sql_text> {};
template <> struct act<rules::enum_label> : tell<&ParseBuilder::enum_label> {};
template <> struct act<rules::side> : tell<&ParseBuilder::side> {};
template <> struct act<rules::columns> : tell_that<&ParseBuilder::columns> {};
template <> struct act<rules::text> : tell<&ParseBuilder::text> {};
template <> struct act<rules::integer> : tell<&ParseBuilder::integer> {};
template <> struct act<rules::unit> : tell<&ParseBuilder::unit> {};
template <> struct act<rules::way> : tell<&ParseBuilder::way> {};
template <> struct act<rules::action> : tell<&ParseBuilder::action> {};
template <> struct act<rules::type> : tell<&ParseBuilder::type> {};
template <> struct act<rules::fragment> : tell<&ParseBuilder::fragment> {};
template <> struct act<rules::condition> : tell<&ParseBuilder::condition> {};
template <> struct act<rules::no_default> : tell_that<&ParseBuilder::no_default> {};
template <> struct act<rules::key_expression> : tell<&ParseBuilder::key_expression> {};
template <> struct act<rules::collation> : tell<&ParseBuilder::collation> {};
template <> struct act<rules::operator_class> : tell<&ParseBuilder::operator_class> {};
template <> struct act<rules::direction> : tell<&ParseBuilder::direction> {};
template <> struct act<rules::nulls_order> : tell<&ParseBuilder::nulls_order> {};
template <> struct act<rules::index_key> : tell_that<&ParseBuilder::index_key> {};
template <> struct act<rules::parameter_name> : tell<&ParseBuilder::parameter_name> {};
template <> struct act<rules::parameter_value> : tell<&ParseBuilder::parameter_value> {};
template <> struct act<rules::reference_source> : tell_that<&ParseBuilder::reference_source> {};

template <> struct act<rules::move_source> : tell_that<&ParseBuilder::move_source> {};
template <> struct act<rules::computed_column> : tell_that<&ParseBuilder::computed_column> {};
template <> struct act<rules::merge_source> : tell_that<&ParseBuilder::reference_source> {};
template <> struct act<rules::back_value> : tell_that<&ParseBuilder::back_value> {};
template <> struct act<rules::back_values_clause> : tell_clause<Clause::back> {};

template <> struct act<rules::required_clause> : tell_clause<Clause::required> {};
template <> struct act<rules::default_clause> : tell_clause<Clause::default_value> {};
template <> struct act<rules::backfill_clause> : tell_clause<Clause::backfill> {};
template <> struct act<rules::unique_clause> : tell_clause<Clause::unique> {};
template <> struct act<rules::check_clause> : tell_clause<Clause::check> {};
template <> struct act<rules::references_clause> : tell_clause<Clause::references> {};
template <> struct act<rules::on_delete_clause> : tell_clause<Clause::on_delete> {};
template <> struct act<rules::on_update_clause> : tell_clause<Clause::on_update> {};
template <> struct act<rules::deferrable_clause> : tell_clause<Clause::deferrable> {};
template <> struct act<rules::comment_clause> : tell_clause<Clause::comment> {};
template <> struct act<rules::back_clause> : tell_clause<Clause::back> {};
template <> struct act<rules::as_clause> : tell_clause<Clause::as> {};
template <> struct act<rules::using_clause> : tell_clause<Clause::using_method> {};
template <> struct act<rules::conversion_clause> : tell_clause<Clause::conversion> {};
template <> struct act<rules::include_clause> : tell_clause<Clause::include> {};
template <> struct act<rules::where_clause> : tell_clause<Clause::where> {};
template <> struct act<rules::with_clause> : tell_clause<Clause::with> {};
template <> struct act<rules::repair_clause> : tell_clause<Clause::repair> {};
template <> struct act<rules::via_clause> : tell_clause<Clause::via> {};
template <> struct act<rules::app_clause> : tell_clause<Clause::via> {};
template <> struct act<rules::batch_clause> : tell_clause<Clause::batch> {};
template <> struct act<rules::workers_clause> : tell_clause<Clause::workers> {};

template <> struct act<rules::change_clause> : tell_header<Clause::change> {};
template <> struct act<rules::title_clause> : tell_header<Clause::title> {};
template <> struct act<rules::flag_clause> : tell_header<Clause::flag> {};
template <> struct act<rules::soak_clause> : tell_header<Clause::soak> {};
template <> struct act<rules::tripwire_clause> : tell_header<Clause::tripwire> {};
template <> struct act<rules::after_clause> : tell_header<Clause::after> {};

template <> struct act<rules::statement> : tell<&ParseBuilder::finish> {};
// clang-format on

}  // namespace segue::dsl::grammar
