// SQL questions about a catalogue: when a step counts as done.
//
// Each gives one boolean expression that is false, never an error, where an object is missing.
#pragma once

#include <string>

#include "planner/catalog.hpp"

namespace segue::planner::probe {

// 'public.users' as an oid, or NULL: pg_catalog.to_regclass('…').
std::string relation(const QualifiedName& name);

std::string column_exists(const QualifiedName& table, const std::string& column);
std::string column_missing(const QualifiedName& table, const std::string& column);
std::string column_not_null(const QualifiedName& table, const std::string& column);
std::string column_nullable(const QualifiedName& table, const std::string& column);
std::string column_has_default(const QualifiedName& table, const std::string& column);
std::string constraint_exists(const QualifiedName& table, const std::string& constraint);
std::string constraint_missing(const QualifiedName& table, const std::string& constraint);
std::string constraint_valid(const QualifiedName& table, const std::string& constraint);
std::string index_valid(const QualifiedName& index);
std::string relation_exists(const QualifiedName& name);
std::string view_exists(const QualifiedName& name);
std::string relation_missing(const QualifiedName& name);
std::string enum_has(const QualifiedName& type, const std::string& label);
std::string trigger_enabled_always(const QualifiedName& table, const std::string& trigger);
std::string trigger_exists(const QualifiedName& table, const std::string& trigger);
// A view, policy or statistics object that reads the column.
std::string view_reads(const QualifiedName& view, const QualifiedName& table,
                       const std::string& column);
std::string policy_reads(const QualifiedName& table, const std::string& policy,
                         const std::string& column);
std::string statistics_exist(const QualifiedName& name);

// a AND b, where either may be empty.
std::string both(const std::string& a, const std::string& b);
// a OR b.
std::string either(const std::string& a, const std::string& b);

}  // namespace segue::planner::probe
