// The members of each catalogue struct by name: the one list that writing and reading share.
#pragma once

#include <array>
#include <string_view>
#include <tuple>
#include <utility>

#include "planner/catalog.hpp"

namespace segue::codegen {

template <typename Struct, typename Member>
struct Field {
  std::string_view name;
  Member Struct::*member;
  bool statistic = false;  // not structure: written only on request
};

template <typename Struct, typename Member>
constexpr Field<Struct, Member> field(std::string_view name, Member Struct::*member,
                                      bool statistic = false) {
  return {name, member, statistic};
}

template <typename Struct>
struct Fields;  // has a tuple `list`

#define SEGUE_FIELDS(STRUCT, ...)                              \
  template <>                                                  \
  struct Fields<planner::STRUCT> {                             \
    using S = planner::STRUCT;                                 \
    static constexpr auto list = std::make_tuple(__VA_ARGS__); \
  };

SEGUE_FIELDS(ColumnGrant, field("grantee", &S::grantee), field("privilege", &S::privilege),
             field("grantable", &S::grantable))
SEGUE_FIELDS(OwnedSequence, field("name", &S::name), field("type", &S::type),
             field("start", &S::start), field("increment", &S::increment),
             field("minimum", &S::minimum), field("maximum", &S::maximum),
             field("cache", &S::cache), field("cycle", &S::cycle), field("comment", &S::comment),
             field("grants", &S::grants))
SEGUE_FIELDS(SequencePlace, field("name", &S::name), field("last", &S::last),
             field("increment", &S::increment), field("minimum", &S::minimum),
             field("maximum", &S::maximum), field("cycle", &S::cycle))
SEGUE_FIELDS(Column, field("name", &S::name), field("type", &S::type),
             field("collation", &S::collation), field("not_null", &S::not_null),
             field("default_value", &S::default_value), field("identity", &S::identity),
             field("generated", &S::generated), field("storage", &S::storage),
             field("compression", &S::compression), field("statistics", &S::statistics),
             field("options", &S::options), field("comment", &S::comment),
             field("grants", &S::grants), field("sequence", &S::sequence),
             field("constrained_domain", &S::constrained_domain),
             field("comparable", &S::comparable), field("in_partition_key", &S::in_partition_key),
             field("inherited", &S::inherited), field("drawn_from", &S::drawn_from, true))
SEGUE_FIELDS(IndexKeyPart, field("column", &S::column), field("expression", &S::expression),
             field("collation", &S::collation), field("opclass", &S::opclass),
             field("descending", &S::descending), field("nulls_first", &S::nulls_first),
             field("statistics", &S::statistics))
SEGUE_FIELDS(Index, field("name", &S::name), field("method", &S::method),
             field("unique", &S::unique), field("primary", &S::primary), field("valid", &S::valid),
             field("nulls_not_distinct", &S::nulls_not_distinct),
             field("replica_identity", &S::replica_identity), field("clustered", &S::clustered),
             field("keys", &S::keys), field("include", &S::include),
             field("predicate", &S::predicate), field("options", &S::options),
             field("tablespace", &S::tablespace), field("constraint", &S::constraint),
             field("comment", &S::comment), field("partition_of", &S::partition_of),
             field("expression_columns", &S::expression_columns))
SEGUE_FIELDS(Constraint, field("name", &S::name), field("kind", &S::kind),
             field("columns", &S::columns), field("definition", &S::definition),
             field("expression", &S::expression), field("validated", &S::validated),
             field("no_inherit", &S::no_inherit), field("deferrable", &S::deferrable),
             field("initially_deferred", &S::initially_deferred), field("comment", &S::comment),
             field("target", &S::target), field("target_columns", &S::target_columns),
             field("on_delete", &S::on_delete), field("on_update", &S::on_update),
             field("on_delete_columns", &S::on_delete_columns), field("match_full", &S::match_full),
             field("inherited_from", &S::inherited_from))
SEGUE_FIELDS(Trigger, field("name", &S::name), field("definition", &S::definition),
             field("timing", &S::timing), field("for_each_row", &S::for_each_row),
             field("on_insert", &S::on_insert), field("on_update", &S::on_update),
             field("on_delete", &S::on_delete), field("on_truncate", &S::on_truncate),
             field("update_of", &S::update_of), field("when_columns", &S::when_columns),
             field("function", &S::function), field("enabled", &S::enabled),
             field("inherited", &S::inherited))
SEGUE_FIELDS(ColumnUse, field("table", &S::table), field("column", &S::column))
SEGUE_FIELDS(Policy, field("name", &S::name), field("command", &S::command),
             field("using_expr", &S::using_expr), field("check_expr", &S::check_expr),
             field("columns", &S::columns), field("uses", &S::uses))
SEGUE_FIELDS(Rule, field("name", &S::name), field("definition", &S::definition),
             field("columns", &S::columns), field("uses", &S::uses))
SEGUE_FIELDS(ExtendedStatistics, field("name", &S::name), field("definition", &S::definition),
             field("kinds", &S::kinds), field("columns", &S::columns),
             field("expressions", &S::expressions),
             field("expression_columns", &S::expression_columns), field("target", &S::target))
SEGUE_FIELDS(PublicationUse, field("publication", &S::publication),
             field("all_tables", &S::all_tables), field("columns", &S::columns),
             field("row_filter", &S::row_filter), field("filter_columns", &S::filter_columns))
SEGUE_FIELDS(Table, field("name", &S::name), field("kind", &S::kind), field("columns", &S::columns),
             field("indexes", &S::indexes), field("constraints", &S::constraints),
             field("triggers", &S::triggers), field("policies", &S::policies),
             field("rules", &S::rules), field("statistics", &S::statistics),
             field("publications", &S::publications), field("row_security", &S::row_security),
             field("force_row_security", &S::force_row_security),
             field("replica_identity", &S::replica_identity), field("options", &S::options),
             field("comment", &S::comment), field("owner", &S::owner),
             field("unlogged", &S::unlogged), field("extension", &S::extension),
             field("of_type", &S::of_type), field("partition_of", &S::partition_of),
             field("partitions", &S::partitions), field("inherits", &S::inherits),
             field("inherited_by", &S::inherited_by), field("partition_key", &S::partition_key),
             field("partition_bound", &S::partition_bound),
             field("estimated_rows", &S::estimated_rows, true), field("bytes", &S::bytes, true))
SEGUE_FIELDS(View, field("name", &S::name), field("materialized", &S::materialized),
             field("definition", &S::definition), field("columns", &S::columns),
             field("uses", &S::uses), field("options", &S::options),
             field("extension", &S::extension))
SEGUE_FIELDS(Function, field("name", &S::name), field("arguments", &S::arguments),
             field("language", &S::language), field("kind", &S::kind),
             field("returns", &S::returns), field("volatility", &S::volatility),
             field("body", &S::body), field("definition", &S::definition),
             field("atomic", &S::atomic), field("uses", &S::uses),
             field("extension", &S::extension))
SEGUE_FIELDS(Type, field("name", &S::name), field("kind", &S::kind), field("labels", &S::labels),
             field("base", &S::base), field("constrained", &S::constrained),
             field("extension", &S::extension), field("made_as", &S::made_as))
SEGUE_FIELDS(Extension, field("name", &S::name), field("schema", &S::schema))
SEGUE_FIELDS(Sequence, field("name", &S::name), field("type", &S::type))
SEGUE_FIELDS(Subscription, field("name", &S::name))
SEGUE_FIELDS(InFlight, field("change", &S::change), field("phase", &S::phase),
             field("claims", &S::claims))
SEGUE_FIELDS(Catalog, field("server_version", &S::server_version),
             field("search_path", &S::search_path), field("schemas", &S::schemas),
             field("tables", &S::tables), field("views", &S::views),
             field("functions", &S::functions), field("types", &S::types),
             field("sequences", &S::sequences), field("subscriptions", &S::subscriptions),
             field("in_flight", &S::in_flight), field("builtin_types", &S::builtin_types),
             field("extensions", &S::extensions))

#undef SEGUE_FIELDS

template <typename Enum>
struct Words;  // the enumerators' names, in order

template <>
struct Words<planner::ConstraintKind> {
  static constexpr std::array<std::string_view, 6> list{"check",       "unique",  "primary key",
                                                        "foreign key", "exclude", "not null"};
};
template <>
struct Words<planner::TableKind> {
  static constexpr std::array<std::string_view, 3> list{"plain", "partitioned", "foreign"};
};
template <>
struct Words<planner::TypeKind> {
  static constexpr std::array<std::string_view, 5> list{"base", "enumeration", "domain",
                                                        "composite", "range"};
};

}  // namespace segue::codegen
