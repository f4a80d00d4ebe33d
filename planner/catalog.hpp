// What a database looks like, as a value: the planner's whole knowledge of PostgreSQL's side.
//
// A catalogue comes from a live database, from a schema file by way of a throwaway server, or from
// a snapshot file; all three give the same value. Expressions and definitions are PostgreSQL's own
// deparsed text (pg_get_expr, pg_get_constraintdef, …), read with search_path = '' so that every
// relation in them is qualified. Lists are sorted by name, keys and columns by position.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace segue::planner {

// A schema-qualified name, unquoted.
struct QualifiedName {
  std::string schema;
  std::string name;

  friend auto operator<=>(const QualifiedName&, const QualifiedName&) = default;
};

// On a column or a sequence; of a sequence, without what its owner has anyway.
struct ColumnGrant {
  std::string grantee;    // "" is PUBLIC
  std::string privilege;  // SELECT, INSERT, UPDATE, REFERENCES; USAGE of a sequence
  bool grantable = false;

  friend bool operator==(const ColumnGrant&, const ColumnGrant&) = default;
};

// A sequence that a column owns (serial) or is (identity).
struct OwnedSequence {
  QualifiedName name;
  std::string type;  // smallint, integer, bigint
  std::int64_t start = 1;
  std::int64_t increment = 1;
  std::int64_t minimum = 1;
  std::int64_t maximum = 0;
  std::int64_t cache = 1;
  bool cycle = false;
  std::string comment;
  std::vector<ColumnGrant> grants;

  friend bool operator==(const OwnedSequence&, const OwnedSequence&) = default;
};

// How far the sequence is that a column takes its values from: its own, its identity's, or one that
// its default asks.
struct SequencePlace {
  QualifiedName name;
  std::int64_t last = 0;
  std::int64_t increment = 1;
  std::int64_t minimum = 1;
  std::int64_t maximum = 0;
  bool cycle = false;

  friend bool operator==(const SequencePlace&, const SequencePlace&) = default;
};

struct Column {
  std::string name;
  std::string type;       // format_type, schema-qualified where user-made: "character varying(20)"
  std::string collation;  // quoted and qualified; empty where it is the type's own
  bool not_null = false;
  std::string default_value;  // pg_get_expr; empty: none
  std::string identity;       // "", "always", "by default"
  std::string generated;      // expression of a generated column; empty: plain
  std::string storage;      // PLAIN, EXTERNAL, EXTENDED, MAIN where not the type's own; else empty
  std::string compression;  // "pglz", "lz4"; empty: default
  std::int32_t statistics = -1;      // ALTER COLUMN SET STATISTICS; -1: default
  std::vector<std::string> options;  // "n_distinct=-0.5"
  std::string comment;
  std::vector<ColumnGrant> grants;
  std::optional<OwnedSequence> sequence;
  bool constrained_domain = false;  // the type is a domain with NOT NULL or CHECK, or has a default
  bool comparable = true;           // the type has a default btree equality (json, point have none)
  bool in_partition_key = false;    // named by the partition key of this table
  bool inherited = false;           // from an inheritance or partition parent
  // A statistic, not structure, as a table's are; none for a sequence that gave no value yet.
  std::optional<SequencePlace> drawn_from;

  friend bool operator==(const Column&, const Column&) = default;
};

struct IndexKeyPart {
  std::string column;      // empty for an expression
  std::string expression;  // pg_get_indexdef(…, n, false): as it would stand in CREATE INDEX
  std::string collation;   // quoted and qualified; empty: the column's own
  std::string opclass;     // quoted and qualified, with parameters; empty: the type's default
  bool descending = false;
  bool nulls_first = false;      // as stored; the default is the direction's (DESC: first)
  std::int32_t statistics = -1;  // of an expression: ALTER INDEX … SET STATISTICS; -1: default

  friend bool operator==(const IndexKeyPart&, const IndexKeyPart&) = default;
};

struct Index {
  std::string name;
  std::string method = "btree";
  bool unique = false;
  bool primary = false;
  bool valid = true;
  bool nulls_not_distinct = false;
  bool replica_identity = false;
  bool clustered = false;
  std::vector<IndexKeyPart> keys;
  std::vector<std::string> include;
  std::string predicate;             // pg_get_expr of the WHERE clause; empty: none
  std::vector<std::string> options;  // "fillfactor=70"
  std::string tablespace;            // empty: the database's
  std::string constraint;            // the constraint that owns it; empty: none
  std::string comment;
  std::string partition_of;                     // the parent index's name, on a partition
  std::vector<std::string> expression_columns;  // columns that expressions and predicate name

  friend bool operator==(const Index&, const Index&) = default;
};

enum class ConstraintKind { check, unique, primary_key, foreign_key, exclude, not_null };

struct Constraint {
  std::string name;
  ConstraintKind kind = ConstraintKind::check;
  std::vector<std::string> columns;  // of this table, in the constraint's order
  std::string definition;            // pg_get_constraintdef
  std::string expression;            // CHECK only: pg_get_expr, without the word CHECK
  bool validated = true;
  bool no_inherit = false;
  bool deferrable = false;
  bool initially_deferred = false;
  std::string comment;
  // Foreign keys.
  QualifiedName target;
  std::vector<std::string> target_columns;
  std::string on_delete;  // "NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"
  std::string on_update;
  std::vector<std::string> on_delete_columns;  // ON DELETE SET NULL (a, b); empty: all
  bool match_full = false;
  std::string inherited_from;  // a partition's copy: the parent's constraint; empty: its own

  friend bool operator==(const Constraint&, const Constraint&) = default;
};

struct Trigger {
  std::string name;
  std::string definition;  // pg_get_triggerdef
  std::string timing;      // BEFORE, AFTER, INSTEAD OF
  bool for_each_row = true;
  bool on_insert = false;
  bool on_update = false;
  bool on_delete = false;
  bool on_truncate = false;
  std::vector<std::string> update_of;  // UPDATE OF columns
  std::vector<std::string> when_columns;
  QualifiedName function;
  std::string enabled = "origin";  // origin, always, replica, disabled
  bool inherited = false;          // cloned from a partitioned parent

  friend bool operator==(const Trigger&, const Trigger&) = default;
};

// A column that a view, or another object outside the table, needs.
struct ColumnUse {
  QualifiedName table;
  std::string column;  // empty: the table as a whole, as in count(*)

  friend auto operator<=>(const ColumnUse&, const ColumnUse&) = default;
};

struct Policy {
  std::string name;
  std::string command;     // ALL, SELECT, …
  std::string using_expr;  // empty: none
  std::string check_expr;
  std::vector<std::string> columns;  // of its table, that the expressions name
  std::vector<ColumnUse> uses;       // of other relations, by its subqueries; sorted

  friend bool operator==(const Policy&, const Policy&) = default;
};

struct Rule {
  std::string name;
  std::string definition;
  std::vector<std::string> columns;  // of its table, that it names
  std::vector<ColumnUse> uses;       // of other relations; sorted

  friend bool operator==(const Rule&, const Rule&) = default;
};

struct ExtendedStatistics {
  QualifiedName name;
  std::string definition;            // pg_get_statisticsobjdef
  std::vector<std::string> kinds;    // ndistinct, dependencies, mcv
  std::vector<std::string> columns;  // plain key columns
  std::vector<std::string> expressions;
  std::vector<std::string> expression_columns;
  std::int32_t target = -1;

  friend bool operator==(const ExtendedStatistics&, const ExtendedStatistics&) = default;
};

struct PublicationUse {
  std::string publication;
  bool all_tables = false;
  std::vector<std::string> columns;  // empty: all
  std::string row_filter;
  std::vector<std::string> filter_columns;

  friend bool operator==(const PublicationUse&, const PublicationUse&) = default;
};

enum class TableKind { plain, partitioned, foreign };

struct Table {
  QualifiedName name;
  TableKind kind = TableKind::plain;
  std::vector<Column> columns;  // by attnum, dropped ones left out
  std::vector<Index> indexes;
  std::vector<Constraint> constraints;
  std::vector<Trigger> triggers;  // user triggers only
  std::vector<Policy> policies;
  std::vector<Rule> rules;  // without view rules
  std::vector<ExtendedStatistics> statistics;
  std::vector<PublicationUse> publications;
  bool row_security = false;
  bool force_row_security = false;
  std::string replica_identity = "default";  // default, full, nothing, index
  std::vector<std::string> options;          // reloptions
  std::string comment;
  std::string owner;
  bool unlogged = false;
  std::string extension;                      // the extension that owns it; empty: none
  std::optional<QualifiedName> partition_of;  // direct partition parent
  std::vector<QualifiedName> partitions;      // direct partitions
  std::vector<QualifiedName> inherits;        // plain inheritance parents
  std::vector<QualifiedName> inherited_by;    // plain inheritance children
  // How to make it again, not structure: left out of fingerprints and of drift.
  std::string partition_key;  // pg_get_partkeydef: "RANGE (at)"
  std::string partition_bound;  // as ATTACH PARTITION takes it: "FOR VALUES FROM … TO …", "DEFAULT"
  // A typed table's, CREATE TABLE … OF; empty: none. Made again as a table of its own, so left out
  // as well.
  std::string of_type;
  // Statistics, not structure: left out of fingerprints and, unless asked for, of snapshots.
  double estimated_rows = -1;  // pg_class.reltuples; -1: unknown
  std::int64_t bytes = 0;      // pg_total_relation_size

  const Column* column(std::string_view column_name) const;
  const Index* index(std::string_view index_name) const;
  const Constraint* constraint(std::string_view constraint_name) const;
  const Constraint* primary_key() const;

  friend bool operator==(const Table&, const Table&) = default;
};

struct View {
  QualifiedName name;
  bool materialized = false;
  std::string definition;            // pg_get_viewdef, without the final semicolon
  std::vector<std::string> columns;  // output names
  std::vector<ColumnUse> uses;       // from pg_depend; sorted
  std::vector<std::string> options;  // security_barrier=true, …
  std::string extension;

  friend bool operator==(const View&, const View&) = default;
};

struct Function {
  QualifiedName name;
  std::string arguments;        // pg_get_function_identity_arguments
  std::string language;         // sql, plpgsql, c, internal, …
  std::string kind;             // function, procedure, aggregate, window
  std::string returns;          // format_type; "trigger"
  std::string volatility;       // immutable, stable, volatile
  std::string body;             // prosrc; for BEGIN ATOMIC its deparsed text
  std::string definition;       // pg_get_functiondef; empty for aggregates
  bool atomic = false;          // BEGIN ATOMIC
  std::vector<ColumnUse> uses;  // of BEGIN ATOMIC bodies, from pg_depend
  std::string extension;

  friend bool operator==(const Function&, const Function&) = default;
};

enum class TypeKind { base, enumeration, domain, composite, range };

struct Type {
  QualifiedName name;
  TypeKind kind = TypeKind::base;
  std::vector<std::string> labels;  // enumeration, in order
  std::string base;                 // domain: its base type
  bool constrained = false;         // domain: NOT NULL, CHECK or DEFAULT (its base's too)
  std::string extension;
  // How to make it again, not structure: what follows AS in CREATE TYPE or CREATE DOMAIN; empty for
  // base types, and for enumerations, whose labels say it.
  std::string made_as;

  friend bool operator==(const Type&, const Type&) = default;
};

struct Sequence {
  QualifiedName name;
  std::string type;

  friend bool operator==(const Sequence&, const Sequence&) = default;
};

struct Subscription {
  std::string name;

  friend bool operator==(const Subscription&, const Subscription&) = default;
};

struct Extension {
  std::string name;
  std::string schema;

  friend bool operator==(const Extension&, const Extension&) = default;
};

// A change that is applied to the database and not contracted.
struct InFlight {
  std::string change;
  std::int32_t phase = 0;         // the last that is complete; 0: none, or only planned
  std::vector<ColumnUse> claims;  // what it reads or changes; without a column: the whole table

  friend bool operator==(const InFlight&, const InFlight&) = default;
};

// The whole. Lookups go through CatalogIndex, so that this stays a plain value.
struct Catalog {
  std::int32_t server_version = 0;       // server_version_num: 150018
  std::vector<std::string> search_path;  // as it resolves for the connecting role: "public"
  std::vector<std::string> schemas;
  std::vector<Table> tables;
  std::vector<View> views;
  std::vector<Function> functions;  // user functions only
  std::vector<Type> types;          // user types; those of tables left out
  std::vector<Sequence> sequences;
  std::vector<Subscription> subscriptions;
  std::vector<InFlight> in_flight;         // what the ledger says; sorted by name
  std::vector<std::string> builtin_types;  // names in pg_catalog that a column may have
  std::vector<Extension> extensions;       // not structure; without those that every database has

  int major() const { return server_version / 10000; }

  friend bool operator==(const Catalog&, const Catalog&) = default;
};

// The one way a qualified name is printed: quoted where needed, "public.users".
std::string quoted(const QualifiedName& name);
// Whom a grant names, as it stands behind TO, its option with it.
std::string to_whom(const ColumnGrant& grant);

// The part of a catalogue that a plan rests on: the named tables whole, with all that depends on
// them (views, incoming keys' tables by name and constraint, function bodies that mention them).
Catalog excerpt(const Catalog& catalog, const std::vector<QualifiedName>& tables);

// What an excerpt needs besides, to be made again somewhere else: the tables that its views read,
// cut down to what they name, the functions that its expressions call, the types of both.
Catalog surroundings(const Catalog& catalog, const Catalog& excerpt);
// Both in one; where a table is in both, it has the columns of both.
Catalog with_surroundings(const Catalog& excerpt, const Catalog& surroundings);

// What differs between two catalogues, one readable sentence each, structure only; empty when
// equal. Objects in `ignore` (see plan.hpp) are left out of both sides.
struct OwnedObject;
std::vector<std::string> differences(const Catalog& planned, const Catalog& found,
                                     const std::vector<OwnedObject>& ignore);

}  // namespace segue::planner
