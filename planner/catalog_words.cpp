#include "planner/catalog_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "dsl/sql.hpp"

namespace segue::planner {

using dsl::sql::quote_identifier;

std::string shown(const std::string& text) {
  return text.empty() ? "none" : text;
}
std::string shown(bool value) {
  return value ? "yes" : "no";
}
std::string shown(std::int32_t value) {
  return value < 0 ? "default" : std::to_string(value);
}
std::string shown(const QualifiedName& name) {
  return name.name.empty() ? "none" : quoted(name);
}
std::string shown(const std::optional<QualifiedName>& name) {
  return name ? shown(*name) : "none";
}
std::string shown(const std::vector<std::string>& list) {
  return list.empty() ? "none" : fmt::format("{}", fmt::join(list, ", "));
}
std::string shown(const std::vector<QualifiedName>& list) {
  std::vector<std::string> names;
  for (const QualifiedName& name : list) names.push_back(quoted(name));
  return shown(names);
}

std::string shown(const std::vector<ColumnUse>& uses) {
  std::vector<std::string> names;
  for (const ColumnUse& use : uses) {
    const std::string column = use.column.empty() ? "" : '.' + quote_identifier(use.column);
    names.push_back(quoted(use.table) + column);
  }
  return shown(names);
}

std::string shown(const std::optional<OwnedSequence>& sequence) {
  if (!sequence) return "none";
  std::string text =
      fmt::format("{} ({}, from {} by {}, {} to {}, cache {}{})", quoted(sequence->name),
                  sequence->type, sequence->start, sequence->increment, sequence->minimum,
                  sequence->maximum, sequence->cache, sequence->cycle ? ", cycle" : "");
  if (!sequence->grants.empty()) text += ", granted " + shown(sequence->grants);
  if (!sequence->comment.empty()) text += ", with the comment " + shown(sequence->comment);
  return text;
}

std::string shown(const std::vector<ColumnGrant>& grants) {
  std::vector<std::string> words;
  for (const ColumnGrant& grant : grants) {
    words.push_back(fmt::format("{} to {}{}", grant.privilege,
                                grant.grantee.empty() ? "PUBLIC" : quote_identifier(grant.grantee),
                                grant.grantable ? " with grant option" : ""));
  }
  return shown(words);
}

std::string shown(const std::vector<IndexKeyPart>& keys) {
  std::vector<std::string> words;
  for (const IndexKeyPart& key : keys) {
    std::string word = key.column.empty() ? key.expression : quote_identifier(key.column);
    if (!key.collation.empty()) word += " COLLATE " + key.collation;
    if (!key.opclass.empty()) word += ' ' + key.opclass;
    if (key.descending) word += " DESC";
    if (key.nulls_first != key.descending) {
      word += key.nulls_first ? " NULLS FIRST" : " NULLS LAST";
    }
    if (key.statistics >= 0) word += fmt::format(" (statistics target {})", key.statistics);
    words.push_back(std::move(word));
  }
  return shown(words);
}

std::string shown(ConstraintKind kind) {
  switch (kind) {
    case ConstraintKind::check:
      return "CHECK";
    case ConstraintKind::unique:
      return "UNIQUE";
    case ConstraintKind::primary_key:
      return "PRIMARY KEY";
    case ConstraintKind::foreign_key:
      return "FOREIGN KEY";
    case ConstraintKind::exclude:
      return "EXCLUDE";
    case ConstraintKind::not_null:
      return "NOT NULL";
  }
  return {};
}

std::string shown(TableKind kind) {
  switch (kind) {
    case TableKind::plain:
      return "plain";
    case TableKind::partitioned:
      return "partitioned";
    case TableKind::foreign:
      return "foreign";
  }
  return {};
}

std::string shown(TypeKind kind) {
  switch (kind) {
    case TypeKind::base:
      return "base";
    case TypeKind::enumeration:
      return "enumeration";
    case TypeKind::domain:
      return "domain";
    case TypeKind::composite:
      return "composite";
    case TypeKind::range:
      return "range";
  }
  return {};
}

}  // namespace segue::planner
