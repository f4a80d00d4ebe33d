// The grammar of a change file, twin of the EBNF in grammar.md: the rules in namespace `rules` bear
// the EBNF's names, and a test holds the two together. Private to dsl/*.cpp.
//
// A statement is committed by its keyword: from there on every missing part is an error with a
// message, and no alternative is tried, so actions may write into the builder as they fire.
#pragma once

#include "dsl/grammar_tokens.hpp"

namespace segue::dsl::grammar {

// A part that has to follow, after blanks.
template <typename Rule>
struct want : peg::seq<blank, Rule> {};
template <typename Rule>
struct inner_want : peg::seq<inner_blank, Rule> {};

template <typename... Rules>
struct spaced;
template <typename Rule>
struct spaced<Rule> : Rule {};
template <typename Rule, typename... Rules>
struct spaced<Rule, Rules...> : peg::seq<Rule, peg::seq<blank, Rules>...> {};

template <typename... Clauses>
struct clauses : peg::star<peg::seq<blank, peg::sor<Clauses...>>> {};

template <typename Rule>
using required = peg::must<want<Rule>>;

using word = sql_token<sql::TokenKind::identifier>;
using quoted_word = sql_token<sql::TokenKind::quoted_identifier>;
using unicode_word = sql_token<sql::TokenKind::unicode_identifier>;
using number = sql_token<sql::TokenKind::number>;
using string = sql_token<sql::TokenKind::string>;
using dollar_string = sql_token<sql::TokenKind::dollar_string>;
using parentheses = bracketed<'('>;
using square_brackets = bracketed<'['>;

struct dot : peg::one<'.'> {};
struct equals : peg::one<'='> {};
struct arrow : peg::string<'-', '>'> {};
struct open_list : peg::one<'('> {};
struct close_list : peg::one<')'> {};
// The word that says what kind of thing is meant; a table may be called so too, and then has a dot.
template <Letters Word>
struct object : peg::seq<keyword<Word>, peg::not_at<dot>> {};
struct comma_or_close : peg::at<peg::one<',', ')'>> {};
struct raw_name : peg::list<peg::sor<quoted_word, word>, dot> {};

template <typename Item>
struct listed
    : peg::seq<open_list, peg::must<inner_want<Item>>, peg::must<inner_want<comma_or_close>>,
               peg::star<peg::seq<inner_blank, peg::one<','>, peg::must<inner_want<Item>>,
                                  peg::must<inner_want<comma_or_close>>>>,
               peg::must<inner_want<close_list>>> {};

// Words that cannot be a bare type or a bare fragment, since they begin what follows one.
struct clause_word
    : peg::sor<keyword<"required">, keyword<"default">, keyword<"backfill">, keyword<"unique">,
               keyword<"check">, keyword<"references">, keyword<"on">, keyword<"deferrable">,
               keyword<"comment">, keyword<"back">, keyword<"as">, keyword<"using">,
               keyword<"include">, keyword<"where">, keyword<"with">, keyword<"repair">,
               keyword<"via">, keyword<"batch">, keyword<"workers">> {};

namespace rules {

// ---- names ----

struct identifier : peg::sor<quoted_word, word, unicode_word> {};
struct table : peg::seq<identifier, peg::opt<dot, peg::must<identifier>>> {};
struct column : peg::seq<identifier, peg::must<dot>, peg::must<identifier>,
                         peg::opt<dot, peg::must<identifier>>> {};
struct columns : listed<identifier> {};
struct index_name : peg::seq<identifier, peg::opt<dot, peg::must<identifier>>> {};
struct type_name : peg::seq<identifier, peg::opt<dot, peg::must<identifier>>> {};
struct constraint_name : peg::seq<identifier, peg::must<dot>, peg::must<identifier>,
                                  peg::opt<dot, peg::must<identifier>>> {};
// The name of a change or a flag: no SQL, so it keeps its spelling and may begin with a digit.
struct label
    : peg::plus<
          peg::sor<peg::alnum, peg::one<'_'>, peg::range<'\x80', '\xFF'>,
                   peg::seq<peg::one<'-', '.'>, peg::at<peg::sor<peg::alnum, peg::one<'_'>>>>>> {};
struct text : peg::sor<string, dollar_string, quoted_word> {};
struct integer
    : peg::seq<peg::plus<peg::digit>, peg::not_at<peg::sor<peg::alnum, peg::one<'_', '.'>>>> {};

// ---- types and fragments ----

struct zone
    : spaced<peg::sor<keyword<"with">, keyword<"without">>, keyword<"time">, keyword<"zone">> {};
struct interval_field : peg::sor<keyword<"year">, keyword<"month">, keyword<"day">, keyword<"hour">,
                                 keyword<"minute">, keyword<"second">> {};
struct arguments : parentheses {};
struct type
    : peg::seq<peg::not_at<clause_word>,
               peg::sor<peg::seq<peg::sor<keyword<"timestamp">, keyword<"time">>,
                                 peg::opt<blank, arguments>, peg::opt<blank, zone>>,
                        peg::seq<keyword<"interval">,
                                 peg::opt<blank, interval_field,
                                          peg::opt<blank, keyword<"to">, blank, interval_field>>,
                                 peg::opt<blank, arguments>>,
                        spaced<keyword<"double">, keyword<"precision">>,
                        peg::seq<peg::opt<keyword<"national">, blank>,
                                 peg::sor<keyword<"character">, keyword<"char">, keyword<"nchar">>,
                                 peg::opt<blank, keyword<"varying">>, peg::opt<blank, arguments>>,
                        peg::seq<keyword<"bit">, peg::opt<blank, keyword<"varying">>,
                                 peg::opt<blank, arguments>>,
                        peg::seq<raw_name, peg::opt<blank, arguments>>>,
               peg::star<blank, square_brackets>> {};

}  // namespace rules

// A type in a cast is part of its fragment, and only PostgreSQL's parser looks at it.
struct cast_type : rules::type {};

namespace rules {

struct literal
    : peg::sor<string, dollar_string, peg::seq<peg::opt<peg::one<'+', '-'>, blank>, number>> {};
// A name, a call, an array or a typed literal: all begin with a word.
struct name_or_call
    : peg::seq<raw_name,
               peg::opt<peg::sor<peg::seq<blank, parentheses>, peg::seq<blank, square_brackets>,
                                 peg::seq<blank, string>>>> {};
struct condition : parentheses {};
struct fragment : peg::seq<peg::not_at<clause_word>, peg::sor<parentheses, literal, name_or_call>,
                           peg::star<blank, peg::two<':'>, peg::must<want<cast_type>>>> {};

// ---- clauses ----

struct action : peg::sor<keyword<"cascade">, keyword<"restrict">,
                         spaced<keyword<"set">, peg::sor<keyword<"null">, keyword<"default">>>,
                         spaced<keyword<"no">, keyword<"action">>> {};

struct required_clause : keyword<"required"> {};
struct default_clause : peg::seq<keyword<"default">, required<fragment>> {};
struct backfill_clause : peg::seq<keyword<"backfill">, required<fragment>> {};
struct unique_clause : keyword<"unique"> {};
struct check_clause : peg::seq<keyword<"check">, required<condition>> {};
struct references_clause
    : peg::seq<keyword<"references">, required<table>, peg::opt<blank, columns>> {};
struct on_delete_clause : peg::seq<spaced<keyword<"on">, keyword<"delete">>, required<action>> {};
struct on_update_clause : peg::seq<spaced<keyword<"on">, keyword<"update">>, required<action>> {};
struct deferrable_clause
    : peg::seq<keyword<"deferrable">,
               peg::opt<blank, keyword<"initially">, required<keyword<"deferred">>>> {};
struct comment_clause : peg::seq<keyword<"comment">, required<text>> {};
struct back_clause : peg::seq<keyword<"back">, required<fragment>> {};
struct as_clause : peg::seq<keyword<"as">, required<identifier>> {};
struct using_clause : peg::seq<keyword<"using">, required<identifier>> {};
struct conversion_clause : peg::seq<keyword<"using">, required<fragment>> {};
struct include_clause : peg::seq<keyword<"include">, required<columns>> {};
struct where_clause : peg::seq<keyword<"where">, required<condition>> {};
struct parameter_value
    : peg::sor<peg::seq<peg::opt<peg::one<'+', '-'>, inner_blank>, number>, string, word> {};
struct parameter_name : raw_name {};
struct parameter
    : peg::seq<parameter_name,
               peg::opt<inner_blank, peg::one<'='>, peg::must<inner_want<parameter_value>>>> {};
struct parameters : listed<parameter> {};
struct with_clause : peg::seq<keyword<"with">, required<parameters>> {};
struct repair_clause
    : peg::seq<keyword<"repair">, required<identifier>, required<equals>, required<fragment>> {};
struct way : peg::sor<keyword<"copy">, keyword<"view">, keyword<"app">, word> {};
struct via_clause : peg::seq<keyword<"via">, required<way>> {};
struct app_clause : peg::seq<keyword<"via">, required<keyword<"app">>> {};
struct batch_clause : peg::seq<keyword<"batch">, required<integer>> {};
struct workers_clause : peg::seq<keyword<"workers">, required<integer>> {};
struct option : peg::sor<batch_clause, workers_clause, app_clause> {};

// ---- header ----

struct unit : peg::sor<keyword<"second">, keyword<"seconds">, keyword<"minute">, keyword<"minutes">,
                       keyword<"hour">, keyword<"hours">, keyword<"day">, keyword<"days">,
                       keyword<"week">, keyword<"weeks">> {};
struct change_clause : peg::seq<keyword<"change">, required<label>> {};
struct title_clause : peg::seq<keyword<"title">, required<text>> {};
struct flag_clause : peg::seq<keyword<"flag">, required<label>> {};
struct soak_clause : peg::seq<keyword<"soak">, required<integer>, required<unit>> {};
struct tripwire_clause : keyword<"tripwire"> {};
struct after_clause : peg::seq<keyword<"after">, required<label>,
                               peg::star<blank, peg::one<','>, required<label>>> {};
struct header_clause
    : peg::sor<change_clause, title_clause, flag_clause, soak_clause, tripwire_clause,
               after_clause> {};
struct header : peg::seq<header_clause, clauses<header_clause>> {};

// ---- statements ----

struct rename_statement : peg::seq<keyword<"rename">, required<column>, required<arrow>,
                                   required<identifier>, clauses<via_clause, option>> {};

struct rename_table_statement
    : peg::seq<keyword<"rename">, blank, object<"table">, required<table>, required<arrow>,
               required<identifier>, clauses<option>> {};

struct add_clause : peg::sor<required_clause, default_clause, backfill_clause, unique_clause,
                             check_clause, references_clause, on_delete_clause, on_update_clause,
                             deferrable_clause, comment_clause, option> {};
struct add_statement
    : peg::seq<keyword<"add">, required<column>, required<type>, clauses<add_clause>> {};

struct require_statement
    : peg::seq<keyword<"require">, required<column>, clauses<backfill_clause, option>> {};
struct relax_statement : peg::seq<keyword<"relax">, required<column>, clauses<option>> {};
struct drop_statement : peg::seq<keyword<"drop">, required<column>, clauses<back_clause, option>> {
};

struct drop_index_statement : peg::seq<keyword<"drop">, blank, object<"index">,
                                       required<index_name>, clauses<option>> {};
struct drop_constraint_statement : peg::seq<keyword<"drop">, blank, object<"constraint">,
                                            required<constraint_name>, clauses<option>> {};
struct drop_table_statement
    : peg::seq<keyword<"drop">, blank, object<"table">, required<table>, clauses<option>> {};

struct retype_clause : peg::sor<conversion_clause, back_clause, as_clause, option> {};
struct retype_statement : peg::seq<keyword<"retype">, required<column>, required<arrow>,
                                   required<type>, clauses<retype_clause>> {};

struct widen_statement
    : peg::seq<keyword<"widen">, required<column>, required<arrow>, required<type>,
               clauses<option>> {};

struct move_source : peg::seq<column> {};
struct move_statement
    : peg::seq<keyword<"move">, required<move_source>, required<arrow>, required<column>,
               required<keyword<"on">>, required<condition>, clauses<option>> {};

struct no_default : peg::seq<keyword<"none">, peg::not_at<blank, peg::one<'('>>> {};
struct new_default : peg::sor<no_default, fragment> {};
struct default_statement
    : peg::seq<keyword<"default">, required<column>, required<new_default>, clauses<option>> {};

struct collation : raw_name {};
struct operator_class
    : peg::seq<peg::not_at<
                   peg::sor<keyword<"collate">, keyword<"asc">, keyword<"desc">, keyword<"nulls">>>,
               raw_name, peg::opt<inner_blank, arguments>> {};
struct direction : peg::sor<keyword<"asc">, keyword<"desc">> {};
struct nulls_order : peg::sor<keyword<"first">, keyword<"last">> {};
struct key_expression
    : peg::sor<parentheses, peg::seq<peg::at<raw_name, inner_blank, peg::one<'('>>, raw_name,
                                     inner_blank, parentheses>> {};
struct index_key
    : peg::seq<peg::sor<key_expression, identifier>,
               peg::opt<inner_blank, keyword<"collate">, peg::must<inner_want<collation>>>,
               peg::opt<inner_blank, operator_class>, peg::opt<inner_blank, direction>,
               peg::opt<inner_blank, keyword<"nulls">, peg::must<inner_want<nulls_order>>>> {};
struct index_keys : listed<index_key> {};
struct index_clause
    : peg::sor<as_clause, using_clause, include_clause, where_clause, with_clause, option> {};
struct index_statement : peg::seq<peg::opt<keyword<"unique">, blank>, keyword<"index">,
                                  required<table>, required<index_keys>, clauses<index_clause>> {};

struct unique_statement
    : peg::seq<keyword<"unique">, required<table>, required<columns>, clauses<as_clause, option>> {
};
struct primary_key_statement : peg::seq<keyword<"primary">, required<keyword<"key">>, required<table>,
                                        required<columns>, clauses<option>> {};
struct check_statement : peg::seq<keyword<"check">, required<table>, required<condition>,
                                  clauses<as_clause, repair_clause, option>> {};

struct reference_source : peg::seq<table, required<columns>> {};
struct reference_target : peg::seq<table, peg::opt<blank, columns>> {};
struct reference_clause : peg::sor<on_delete_clause, on_update_clause, deferrable_clause, as_clause,
                                   repair_clause, option> {};
struct reference_statement
    : peg::seq<keyword<"reference">, required<reference_source>, required<arrow>,
               required<reference_target>, clauses<reference_clause>> {};

struct computed_column
    : peg::seq<identifier, required<type>, required<equals>, required<fragment>> {};
struct split_statement
    : peg::seq<keyword<"split">, required<column>, required<arrow>, required<computed_column>,
               peg::star<blank, peg::one<','>, required<computed_column>>,
               clauses<back_clause, option>> {};

struct merge_source : peg::seq<table, required<columns>> {};
struct back_value : peg::seq<identifier, required<equals>, required<fragment>> {};
struct back_values_clause : peg::seq<keyword<"back">, required<back_value>,
                                     peg::star<blank, peg::one<','>, required<back_value>>> {};
struct merge_statement : peg::seq<keyword<"merge">, required<merge_source>, required<arrow>,
                                  required<computed_column>, clauses<back_values_clause, option>> {
};

struct enum_label : peg::sor<string, dollar_string> {};
struct side : peg::sor<keyword<"before">, keyword<"after">> {};
struct neighbour : peg::seq<side, required<enum_label>> {};
struct extend_type_statement
    : peg::seq<keyword<"extend">, required<keyword<"type">>, required<type_name>,
               required<keyword<"with">>, required<enum_label>, peg::opt<blank, neighbour>,
               clauses<option>> {};

struct sql_text : peg::seq<sql_word, peg::star<peg::seq<blank, sql_word>>> {};
struct create_statement : peg::seq<keyword<"create">, required<sql_text>> {};

struct sql_phase : peg::sor<keyword<"expand">, keyword<"backfill">, keyword<"contract">> {};
struct sql_script : peg::sor<dollar_string, string> {};
struct undo_clause : peg::seq<keyword<"undo">, required<sql_script>> {};
struct because_clause : peg::seq<keyword<"because">, required<text>> {};
struct sql_statement : peg::seq<keyword<"sql">, required<sql_phase>, required<sql_script>,
                                clauses<undo_clause, because_clause, option>> {};

struct statement
    : peg::sor<sql_statement, create_statement, rename_table_statement, rename_statement, add_statement, require_statement, relax_statement,
               drop_index_statement, drop_constraint_statement, drop_table_statement,
               drop_statement, retype_statement, default_statement, index_statement, unique_statement,
               primary_key_statement, check_statement, reference_statement,
               extend_type_statement, split_statement, merge_statement, widen_statement,
               move_statement> {};

}  // namespace rules

struct statement_end : peg::sor<peg::one<';'>, peg::at<peg::one<'\n'>>, peg::eof> {};
// What the parser reads in one step; between two of them it can recover.
struct line : peg::seq<peg::sor<rules::header, rules::statement>, required<statement_end>> {};

namespace rules {
struct change_file : peg::seq<gap, peg::star<line, gap>, peg::eof> {};
}  // namespace rules

}  // namespace segue::dsl::grammar
