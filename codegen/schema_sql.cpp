#include "codegen/schema_sql.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "codegen/schema_sql_tables.hpp"
#include "dsl/sql.hpp"

namespace segue::codegen {

namespace {

using dsl::sql::quote_identifier;
using dsl::sql::quote_literal;
using planner::Catalog;
using planner::quoted;
using planner::Table;

class SchemaWriter {
 public:
  explicit SchemaWriter(const Catalog& catalog) : catalog_(catalog) {}

  SchemaSql write() {
    roles();
    for (const std::string& schema : schemas())
      add("schema " + schema, "CREATE SCHEMA IF NOT EXISTS " + quote_identifier(schema));
    for (const planner::Extension& extension : catalog_.extensions) {
      add("extension " + extension.name,
          fmt::format("CREATE EXTENSION IF NOT EXISTS {} WITH SCHEMA {} CASCADE",
                      quote_identifier(extension.name), quote_identifier(extension.schema)));
    }
    // Bodies are looked into when they are called.
    add("a setting", "SET check_function_bodies = off");
    types();
    sequences();
    functions(false);
    write_tables(catalog_, out_);
    views();
    functions(true);
    write_table_objects(catalog_, out_);
    publications();
    for (const planner::Subscription& subscription : catalog_.subscriptions) {
      add("subscription " + subscription.name,
          fmt::format("CREATE SUBSCRIPTION {} CONNECTION 'host=nowhere' PUBLICATION nothing WITH "
                      "(connect = false, slot_name = NONE)",
                      quote_identifier(subscription.name)));
    }
    return std::move(out_);
  }

 private:
  void add(std::string object, std::string sql) {
    out_.statements.push_back({std::move(object), std::move(sql)});
  }

  // Roles are the whole server's: one that is there already is as good.
  void roles() {
    std::set<std::string> names;
    for (const Table& table : catalog_.tables) {
      for (const planner::Column& column : table.columns) {
        for (const planner::ColumnGrant& grant : column.grants) names.insert(grant.grantee);
      }
    }
    names.erase("");
    for (const std::string& name : names) {
      add("role " + name,
          fmt::format("DO {}",
                      quote_literal(fmt::format(
                          "BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = "
                          "{}) THEN CREATE ROLE {}; END IF; END",
                          quote_literal(name), quote_identifier(name)))));
    }
  }

  std::set<std::string> schemas() const {
    std::set<std::string> names(catalog_.schemas.begin(), catalog_.schemas.end());
    for (const Table& table : catalog_.tables) names.insert(table.name.schema);
    for (const planner::View& view : catalog_.views) names.insert(view.name.schema);
    for (const planner::Type& type : catalog_.types) names.insert(type.name.schema);
    return names;
  }

  void types() {
    for (const planner::Type& type : catalog_.types) {
      if (!type.extension.empty()) continue;
      const std::string name = quoted(type.name);
      const std::string object = "type " + name;
      switch (type.kind) {
        case planner::TypeKind::enumeration: {
          std::string labels;
          for (const std::string& label : type.labels)
            labels += (labels.empty() ? "" : ", ") + quote_literal(label);
          add(object, fmt::format("CREATE TYPE {} AS ENUM ({})", name, labels));
          break;
        }
        case planner::TypeKind::domain:
          if (type.made_as.empty() && type.constrained)
            out_.notes.push_back(fmt::format("{}: its checks are not known", object));
          add(object, fmt::format("CREATE DOMAIN {} AS {}", name,
                                  type.made_as.empty() ? type.base : type.made_as));
          break;
        case planner::TypeKind::composite:
        case planner::TypeKind::range:
          if (type.made_as.empty()) {
            out_.notes.push_back(fmt::format("{}: what it is made of is not known", object));
          } else {
            add(object, fmt::format("CREATE TYPE {} AS {}", name, type.made_as));
          }
          break;
        case planner::TypeKind::base:
          out_.notes.push_back(fmt::format("{}: a base type is more than its catalogue", object));
          break;
      }
    }
  }

  // Those that a column is, come with the column.
  void sequences() {
    std::set<planner::QualifiedName> identities;
    std::map<planner::QualifiedName, const planner::OwnedSequence*> owned;
    for (const Table& table : catalog_.tables) {
      for (const planner::Column& column : table.columns) {
        if (!column.sequence) continue;
        if (!column.identity.empty()) identities.insert(column.sequence->name);
        owned.emplace(column.sequence->name, &*column.sequence);
      }
    }
    std::set<planner::QualifiedName> made;
    const auto make = [&](const planner::QualifiedName& name, const std::string& type) {
      if (identities.contains(name) || !made.insert(name).second) return;
      const auto known = owned.find(name);
      add("sequence " + quoted(name),
          fmt::format("CREATE SEQUENCE {} AS {}{}", quoted(name), type,
                      known == owned.end() ? "" : " " + sequence_options(*known->second)));
    };
    for (const auto& [name, sequence] : owned) make(name, sequence->type);
    for (const planner::Sequence& sequence : catalog_.sequences) make(sequence.name, sequence.type);
  }

  // Bodies that PostgreSQL has understood need their tables first.
  void functions(bool atomic) {
    for (const planner::Function& function : catalog_.functions) {
      if (!function.extension.empty() || function.atomic != atomic) continue;
      const std::string object =
          fmt::format("{} {}({})", function.kind, quoted(function.name), function.arguments);
      if (function.definition.empty()) {
        out_.notes.push_back(fmt::format("{}: left out, a catalogue does not say it all", object));
      } else {
        add(object, function.definition);
      }
    }
  }

  void views() {
    for (const planner::View& view : catalog_.views) {
      if (!view.extension.empty()) continue;
      add((view.materialized ? "materialized view " : "view ") + quoted(view.name),
          fmt::format("CREATE {}VIEW {}{} AS {}", view.materialized ? "MATERIALIZED " : "",
                      quoted(view.name), with_options(view.options), view.definition));
    }
  }

  void publications() {
    struct Publication {
      bool all_tables = false;
      std::string tables;
    };
    std::map<std::string, Publication> publications;
    for (const Table& table : catalog_.tables) {
      for (const planner::PublicationUse& use : table.publications) {
        Publication& one = publications[use.publication];
        one.all_tables = one.all_tables || use.all_tables;
        one.tables += fmt::format("{}TABLE {}{}{}", one.tables.empty() ? "" : ", ",
                                  quoted(table.name), column_list(use.columns),
                                  use.row_filter.empty() ? "" : " WHERE (" + use.row_filter + ")");
      }
    }
    for (const auto& [name, publication] : publications) {
      // Before 15 the word TABLE stands once, and there are neither lists nor filters.
      std::string tables = publication.tables;
      if (catalog_.major() < 15) {
        for (auto at = tables.find(", TABLE "); at != std::string::npos;
             at = tables.find(", TABLE ", at))
          tables.erase(at + 2, 6);
      }
      add("publication " + name, fmt::format("CREATE PUBLICATION {} FOR {}", quote_identifier(name),
                                             publication.all_tables ? "ALL TABLES" : tables));
    }
  }

  const Catalog& catalog_;
  SchemaSql out_;
};

}  // namespace

SchemaSql schema_of(const Catalog& catalog) {
  return SchemaWriter(catalog).write();
}

}  // namespace segue::codegen
