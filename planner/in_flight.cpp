#include "planner/in_flight.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "dsl/sql.hpp"
#include "planner/catalog_index.hpp"
#include "planner/renamed_tables.hpp"

namespace segue::planner {

namespace {

class Claims {
 public:
  explicit Claims(const Plan& plan) : plan_(plan), baseline_(plan.baseline) {}

  std::vector<ColumnUse> take() {
    for (const std::string& statement : plan_.meaning.plain) plain(statement);
    for (const Pairing& pairing : plan_.meaning.pairings) {
      for (const auto* columns : {&pairing.old_columns, &pairing.new_columns}) {
        for (const std::string& column : *columns) claims_.push_back({pairing.table, column});
      }
    }
    for (const OldColumn& old : plan_.old_columns) {
      claims_.push_back({old.table, old.column});
      if (!old.replaced_by.empty()) claims_.push_back({old.table, old.replaced_by});
    }
    for (const OwnedObject& object : plan_.owned) owned(object);
    // A table that a view stands in for is the change's as a whole, under either name.
    for (const auto& [from, to] : moved_tables(plan_.owned)) {
      claims_.push_back({from, ""});
      claims_.push_back({to, ""});
    }
    std::sort(claims_.begin(), claims_.end());
    claims_.erase(std::unique(claims_.begin(), claims_.end()), claims_.end());
    return std::move(claims_);
  }

 private:
  void plain(const std::string& statement) {
    const dsl::sql::StatementNames names = dsl::sql::names_in_statement(statement);
    for (const auto& [schema, name] : names.dropped)
      if (const Table* table = named(schema, name)) claims_.push_back({table->name, ""});
    for (const auto& [schema, name] : names.relations) {
      const Table* table = named(schema, name);
      if (table == nullptr) continue;
      for (const std::string& column : names.columns) claims_.push_back({table->name, column});
    }
  }

  void owned(const OwnedObject& object) {
    if (object.kind == ObjectKind::column) claims_.push_back({object.table, object.name});
    const Table* table = baseline_.table(object.table);
    if (table == nullptr) return;
    if (object.kind == ObjectKind::index) {
      if (const Index* index = table->index(object.name)) {
        for (const IndexKeyPart& key : index->keys)
          if (!key.column.empty()) claims_.push_back({table->name, key.column});
      }
    }
    if (object.kind == ObjectKind::constraint) {
      if (const Constraint* constraint = table->constraint(object.name)) {
        for (const std::string& column : constraint->columns)
          claims_.push_back({table->name, column});
      }
    }
  }

  const Table* named(const std::string& schema, const std::string& name) const {
    return schema.empty() ? baseline_.table_by_search_path(name) : baseline_.table({schema, name});
  }

  const Plan& plan_;
  CatalogIndex baseline_;
  std::vector<ColumnUse> claims_;
};

}  // namespace

std::vector<ColumnUse> claims_of(const Plan& plan) {
  return Claims(plan).take();
}

InFlight in_flight_of(const Plan& plan, int phase) {
  return {plan.name, phase, claims_of(plan)};
}

std::vector<ColumnUse> both_claim(const std::vector<ColumnUse>& one,
                                  const std::vector<ColumnUse>& other) {
  std::vector<ColumnUse> common;
  for (const ColumnUse& claim : one) {
    const bool taken = std::any_of(other.begin(), other.end(), [&](const ColumnUse& theirs) {
      return claim.table == theirs.table &&
             (claim.column == theirs.column || claim.column.empty() || theirs.column.empty());
    });
    if (taken) common.push_back(claim);
  }
  return common;
}

std::string describe(const ColumnUse& claim) {
  return claim.column.empty()
             ? quoted(claim.table)
             : fmt::format("{}.{}", quoted(claim.table), dsl::sql::quote_identifier(claim.column));
}

std::vector<Collision> collisions(const Plan& plan, const std::vector<InFlight>& others) {
  std::vector<Collision> found;
  if (others.empty()) return found;
  const std::vector<ColumnUse> own = claims_of(plan);
  for (const InFlight& other : others) {
    if (other.change == plan.name) continue;
    std::string objects;
    for (const ColumnUse& claim : both_claim(own, other.claims))
      objects += (objects.empty() ? "" : ", ") + describe(claim);
    if (objects.empty()) continue;
    const std::string stands = other.phase == 0
                                   ? "is planned"
                                   : fmt::format("stands in phase {} ({})", other.phase,
                                                 name_of(static_cast<Phase>(other.phase)));
    found.push_back(
        {other.change, objects,
         fmt::format("Change {} touches this too; it {} and is not contracted.", other.change,
                     stands),
         fmt::format(
             "Take {0} through its phase 4 first, then plan this change (`after {0}` in its "
             "header says so); or undo {0}.",
             other.change)});
  }
  return found;
}

}  // namespace segue::planner
