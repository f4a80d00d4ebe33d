// What is expected where a rule has to match and does not: the words after "expected", and a hint
// after a line break. Private to parser.cpp.
#pragma once

#include <tao/pegtl/must_if.hpp>

#include "dsl/grammar.hpp"

namespace segue::dsl::grammar {

inline constexpr const char* unexpected = "unexpected";
inline constexpr const char* want_column_message = "a column, as `table.column`";
inline constexpr const char* want_list_end = "`,` or `)`";

template <typename>
inline constexpr const char* message_of = nullptr;
// clang-format off
template <> inline constexpr auto message_of<want<rules::label>> = "a name\nletters, digits, `_`, `-` and `.` make the name of a change or a flag";
template <> inline constexpr auto message_of<want<rules::text>> = "a text in quotes";
template <> inline constexpr auto message_of<want<rules::integer>> = "a whole number";
template <> inline constexpr auto message_of<want<rules::unit>> = "a unit of time\nseconds, minutes, hours, days or weeks";
template <> inline constexpr auto message_of<want<rules::identifier>> = "a name";
template <> inline constexpr auto message_of<inner_want<rules::identifier>> = "a column's name";
template <> inline constexpr auto message_of<rules::identifier> = "a name after `.`";
template <> inline constexpr auto message_of<dot> = want_column_message;
template <> inline constexpr auto message_of<want<rules::column>> = want_column_message;
template <> inline constexpr auto message_of<want<rules::table>> = "a table";
template <> inline constexpr auto message_of<want<rules::index_name>> = "an index";
template <> inline constexpr auto message_of<want<rules::type_name>> = "a type's name";
template <> inline constexpr auto message_of<want<rules::constraint_name>> = "a constraint, as `table.constraint`";
template <> inline constexpr auto message_of<want<rules::sql_phase>> = "`expand`, `backfill` or `contract`";
template <> inline constexpr auto message_of<want<rules::sql_script>> = "SQL between dollar quotes, as `$$ … $$`";
template <> inline constexpr auto message_of<want<rules::sql_text>> = "`table`, `type` or `view`, in PostgreSQL's own syntax";
template <> inline constexpr auto message_of<want<rules::enum_label>> = "a value in quotes, as `'shipped'`";
template <> inline constexpr auto message_of<want<keyword<"key">>> = "`key`";
template <> inline constexpr auto message_of<want<keyword<"type">>> = "`type`";
template <> inline constexpr auto message_of<want<keyword<"with">>> = "`with` and the new value";
template <> inline constexpr auto message_of<want<rules::columns>> = "a list of columns in parentheses";
template <> inline constexpr auto message_of<want<rules::type>> = "a type";
template <> inline constexpr auto message_of<want<cast_type>> = "a type after `::`";
template <> inline constexpr auto message_of<want<rules::fragment>> = "an SQL expression\na literal, a name, a call, or anything in one pair of parentheses";
template <> inline constexpr auto message_of<want<rules::condition>> = "a condition in parentheses";
template <> inline constexpr auto message_of<want<rules::action>> = "an action\ncascade, restrict, set null, set default or no action";
template <> inline constexpr auto message_of<want<keyword<"deferred">>> = "`deferred`";
template <> inline constexpr auto message_of<want<rules::parameters>> = "parameters in parentheses, as `(fillfactor = 90)`";
template <> inline constexpr auto message_of<inner_want<rules::parameter>> = "a storage parameter, as `fillfactor = 90`";
template <> inline constexpr auto message_of<inner_want<rules::parameter_value>> = "a value after `=`";
template <> inline constexpr auto message_of<want<equals>> = "`=` and the value";
template <> inline constexpr auto message_of<want<keyword<"app">>> = "`app`";
template <> inline constexpr auto message_of<want<rules::way>> = "`copy`, `view` or `app`";
template <> inline constexpr auto message_of<want<arrow>> = "`->`";
template <> inline constexpr auto message_of<want<rules::new_default>> = "the new default, or `none`\na literal, a name, a call, or anything in one pair of parentheses";
template <> inline constexpr auto message_of<inner_want<rules::collation>> = "a collation";
template <> inline constexpr auto message_of<inner_want<rules::nulls_order>> = "`first` or `last`";
template <> inline constexpr auto message_of<want<rules::index_keys>> = "a list of columns in parentheses";
template <> inline constexpr auto message_of<inner_want<rules::index_key>> = "a column, or an expression in parentheses";
template <> inline constexpr auto message_of<want<rules::reference_source>> = "a table and its columns, as `orders(user_id)`";
template <> inline constexpr auto message_of<want<rules::reference_target>> = "the table that is referenced";
template <> inline constexpr auto message_of<want<rules::computed_column>> = "a new column, as `name TYPE = (…)`";
template <> inline constexpr auto message_of<want<rules::merge_source>> = "a table and its columns, as `users(first, last)`";
template <> inline constexpr auto message_of<want<rules::move_source>> = want_column_message;
template <> inline constexpr auto message_of<want<keyword<"on">>> = "`on` and how the rows pair, as `on (profiles.user_id = users.id)`";
template <> inline constexpr auto message_of<want<rules::back_value>> = "an old column and its value, as `first = (…)`";
template <> inline constexpr auto message_of<inner_want<comma_or_close>> = want_list_end;
template <> inline constexpr auto message_of<inner_want<close_list>> = want_list_end;
template <> inline constexpr auto message_of<want<statement_end>> = unexpected;
// clang-format on

struct Messages {
  template <typename Rule>
  static constexpr const char* message = message_of<Rule>;
  // A rule that fails is no error by itself: only where it must match.
  template <typename Rule>
  static constexpr bool raise_on_failure = false;
};

template <typename Rule>
using control = peg::must_if<Messages>::control<Rule>;

}  // namespace segue::dsl::grammar
