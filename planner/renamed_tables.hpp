// A catalogue in which tables bear other names.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "dsl/change.hpp"
#include "dsl/diagnostic.hpp"
#include "planner/catalog.hpp"

namespace segue::planner {

struct OwnedObject;

// The catalogue as it reads once the table `from` is called `to`, as ALTER TABLE … RENAME leaves
// it: foreign keys, views, triggers and the like follow, and keep their own names.
void rename_in_catalog(Catalog& catalog, const QualifiedName& from, const QualifiedName& to);

// What the `rename table` statements of a file make of a catalogue, so that any other statement may
// name the new tables, in any order of lines.
struct WithRenamed {
  Catalog catalog;
  struct Old {
    QualifiedName name;
    dsl::Span span;  // of the statement
  };
  std::map<QualifiedName, Old> tables;  // by their new names
  std::vector<dsl::Diagnostic> diagnostics;
};

bool renames_any_table(const dsl::Change& change);
WithRenamed with_renamed(const Catalog& catalog, const dsl::Change& change);

// The tables that bear another name while a change runs, from what it owns: old name -> new name.
std::map<QualifiedName, QualifiedName> moved_tables(const std::vector<OwnedObject>& owned);

}  // namespace segue::planner
