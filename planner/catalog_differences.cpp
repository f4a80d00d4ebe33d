// What changed between the catalogue that a plan was made for and the one that is found.
#include <fmt/format.h>

#include <map>
#include <set>
#include <string>

#include "dsl/sql.hpp"
#include "planner/alias_lists.hpp"
#include "planner/catalog_index.hpp"
#include "planner/catalog_owned.hpp"
#include "planner/catalog_words.hpp"
#include "planner/plan.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

// From 14 on a procedure's arguments say IN.
std::string without_in(std::string arguments) {
  constexpr std::string_view in = "IN ";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool begins = i == 0 || (i >= 2 && arguments.compare(i - 2, 2, ", ") == 0);
    if (begins && arguments.compare(i, in.size(), in) == 0) arguments.erase(i, in.size());
  }
  return arguments;
}

class Differences {
 public:
  Differences(const Catalog& planned, const Catalog& found, const std::vector<OwnedObject>& ignore)
      : planned_index_(planned),
        found_index_(found),
        planned_owned_(ignore, planned_index_),
        found_owned_(ignore, found_index_),
        same_printer_(planned.major() == found.major()) {
    for (const OwnedObject& object : ignore) {
      if (object.kind == ObjectKind::column) own_columns_.insert(object.name);
    }
    pair_up(planned.tables, found.tables, by_name,
            [](const Table& table) { return fmt::format("table {}", quoted(table.name)); });
    pair_up(planned.views, found.views, by_name,
            [](const View& view) { return fmt::format("view {}", quoted(view.name)); });
    pair_up(
        planned.functions, found.functions,
        [](const Function& function) {
          return std::pair(function.name, without_in(function.arguments));
        },
        [](const Function& function) {
          return fmt::format("function {}({})", quoted(function.name), function.arguments);
        });
    pair_up(planned.types, found.types, by_name,
            [](const Type& type) { return fmt::format("type {}", quoted(type.name)); });
    pair_up(planned.sequences, found.sequences, by_name, [](const Sequence& sequence) {
      return fmt::format("sequence {}", quoted(sequence.name));
    });
    pair_up(planned.subscriptions, found.subscriptions, by_name,
            [](const Subscription& subscription) {
              return fmt::format("subscription {}", quote_identifier(subscription.name));
            });
  }

  std::vector<std::string> take() { return std::move(sentences_); }

 private:
  static constexpr auto by_name = [](const auto& item) { return item.name; };

  bool ignored(const Owned& owned, const View& view) const {
    return owned.has(ObjectKind::view, view.name);
  }
  bool ignored(const Owned& owned, const Function& function) const {
    return owned.has(ObjectKind::function, function.name);
  }
  bool ignored(const Owned& owned, const Table& table) const {
    return owned.has(ObjectKind::table, table.name);
  }
  bool ignored(const Owned& owned, const Type& type) const {
    return owned.has(ObjectKind::type, type.name);
  }
  template <typename Other>
  bool ignored(const Owned&, const Other&) const {
    return false;
  }

  // Compares two lists item by item: what is new, gone, or not the same.
  template <typename Item, typename Key, typename Label>
  void pair_up(const std::vector<Item>& planned, const std::vector<Item>& found, const Key& key,
               const Label& label) {
    pair_up(
        planned, found, key, label, [&](const Item& item) { return ignored(planned_owned_, item); },
        [&](const Item& item) { return ignored(found_owned_, item); });
  }

  template <typename Item, typename Key, typename Label, typename Left, typename Right>
  void pair_up(const std::vector<Item>& planned, const std::vector<Item>& found, const Key& key,
               const Label& label, const Left& left_ignored, const Right& right_ignored) {
    using Name = decltype(key(planned.front()));
    std::map<Name, std::pair<const Item*, const Item*>> pairs;
    for (const Item& item : planned) {
      if (!left_ignored(item)) pairs[key(item)].first = &item;
    }
    for (const Item& item : found) {
      if (!right_ignored(item)) pairs[key(item)].second = &item;
    }
    for (const auto& [name, pair] : pairs) {
      const auto [before, after] = pair;
      if (before == nullptr) {
        sentences_.push_back(label(*after) + " is new");
      } else if (after == nullptr) {
        sentences_.push_back(label(*before) + " is gone");
      } else {
        subject_ = label(*before);
        compare(*before, *after);
      }
    }
  }

  // One property of the subject.
  template <typename T>
  void property(std::string_view name, const T& before, const T& after) {
    if (before == after) return;
    sentences_.push_back(
        fmt::format("{}: {} was {}, is {}", subject_, name, shown(before), shown(after)));
  }
  // A property that is too long for a sentence.
  template <typename T>
  void text(std::string_view name, const T& before, const T& after) {
    if (before != after) sentences_.push_back(fmt::format("{}: {} changed", subject_, name));
  }

  // Columns that an expression names. One that takes the whole row names the plan's own too.
  void named_columns(std::string_view name, const std::vector<std::string>& before,
                     const std::vector<std::string>& after) {
    property(name, without_own(planned_owned_, planned_table_, before),
             without_own(found_owned_, found_table_, after));
  }
  static std::vector<std::string> without_own(const Owned& owned, const Table* table,
                                              std::vector<std::string> names) {
    std::erase_if(names, [&](const std::string& name) {
      const Column* column = table == nullptr ? nullptr : table->column(name);
      return column != nullptr && owned.has(*table, *column);
    });
    return names;
  }

  template <typename Item>
  void parts(const Table& planned, const Table& found, std::vector<Item> Table::*list,
             std::string_view what, bool dotted = false) {
    pair_up(
        planned.*list, found.*list, by_name,
        [&](const Item& item) {
          if constexpr (std::is_same_v<Item, ExtendedStatistics>) {
            return fmt::format("{} {}", what, quoted(item.name));
          } else if (dotted) {
            return fmt::format("{} {}.{}", what, quoted(planned.name), quote_identifier(item.name));
          } else {
            return fmt::format("{} {} on {}", what, quote_identifier(item.name),
                               quoted(planned.name));
          }
        },
        [&](const Item& item) { return planned_owned_.has(planned, item); },
        [&](const Item& item) { return found_owned_.has(found, item); });
  }

  void column_order(const Table& planned, const Table& found) {
    const auto order = [](const Table& table, const Table& other, const Owned& owned) {
      std::vector<std::string> names;
      for (const Column& column : table.columns) {
        if (!owned.has(table, column) && other.column(column.name) != nullptr) {
          names.push_back(column.name);
        }
      }
      return names;
    };
    property("the order of columns", order(planned, found, planned_owned_),
             order(found, planned, found_owned_));
  }

  void compare(const Table& planned, const Table& found) {
    planned_table_ = &planned;
    found_table_ = &found;
    property("kind", planned.kind, found.kind);
    property("row security", planned.row_security, found.row_security);
    property("forced row security", planned.force_row_security, found.force_row_security);
    property("replica identity", planned.replica_identity, found.replica_identity);
    property("storage options", planned.options, found.options);
    text("comment", planned.comment, found.comment);
    property("unlogged", planned.unlogged, found.unlogged);
    property("extension", planned.extension, found.extension);
    property("partitioned parent", planned.partition_of, found.partition_of);
    property("partitions", planned.partitions, found.partitions);
    property("inheritance parents", planned.inherits, found.inherits);
    property("inheriting tables", planned.inherited_by, found.inherited_by);
    column_order(planned, found);
    parts(planned, found, &Table::columns, "column", true);
    parts(planned, found, &Table::indexes, "index");
    parts(planned, found, &Table::constraints, "constraint");
    parts(planned, found, &Table::triggers, "trigger");
    parts(planned, found, &Table::policies, "policy");
    parts(planned, found, &Table::rules, "rule");
    parts(planned, found, &Table::statistics, "statistics");
    pair_up(
        planned.publications, found.publications,
        [](const PublicationUse& use) { return std::pair(use.publication, use.all_tables); },
        [&](const PublicationUse& use) {
          return fmt::format("publication {} of {}", quote_identifier(use.publication),
                             quoted(planned.name));
        },
        [](const PublicationUse&) { return false; }, [](const PublicationUse&) { return false; });
  }

  void compare(const Column& before, const Column& after) {
    property("type", before.type, after.type);
    property("collation", before.collation, after.collation);
    property("NOT NULL", before.not_null, after.not_null);
    property("default", before.default_value, after.default_value);
    property("identity", before.identity, after.identity);
    property("generation expression", before.generated, after.generated);
    property("storage", before.storage, after.storage);
    property("compression", before.compression, after.compression);
    property("statistics target", before.statistics, after.statistics);
    property("options", before.options, after.options);
    text("comment", before.comment, after.comment);
    property("grants", before.grants, after.grants);
    property("sequence", before.sequence, after.sequence);
    property("constrained domain", before.constrained_domain, after.constrained_domain);
    property("comparable", before.comparable, after.comparable);
    property("in the partition key", before.in_partition_key, after.in_partition_key);
    property("inherited", before.inherited, after.inherited);
  }

  void compare(const Index& before, const Index& after) {
    property("method", before.method, after.method);
    property("unique", before.unique, after.unique);
    property("primary", before.primary, after.primary);
    property("valid", before.valid, after.valid);
    property("NULLS NOT DISTINCT", before.nulls_not_distinct, after.nulls_not_distinct);
    property("replica identity", before.replica_identity, after.replica_identity);
    property("clustered", before.clustered, after.clustered);
    property("key", before.keys, after.keys);
    property("included columns", before.include, after.include);
    property("predicate", before.predicate, after.predicate);
    property("storage options", before.options, after.options);
    property("tablespace", before.tablespace, after.tablespace);
    property("constraint", before.constraint, after.constraint);
    text("comment", before.comment, after.comment);
    property("partitioned parent", before.partition_of, after.partition_of);
    named_columns("columns in expressions", before.expression_columns, after.expression_columns);
  }

  void compare(const Constraint& before, const Constraint& after) {
    property("kind", before.kind, after.kind);
    property("columns", before.columns, after.columns);
    property("definition", before.definition, after.definition);
    if (before.definition == after.definition) {
      property("expression", before.expression, after.expression);
    }
    property("validated", before.validated, after.validated);
    property("NO INHERIT", before.no_inherit, after.no_inherit);
    property("deferrable", before.deferrable, after.deferrable);
    property("initially deferred", before.initially_deferred, after.initially_deferred);
    text("comment", before.comment, after.comment);
    property("referenced table", before.target, after.target);
    property("referenced columns", before.target_columns, after.target_columns);
    property("ON DELETE", before.on_delete, after.on_delete);
    property("ON UPDATE", before.on_update, after.on_update);
    property("columns of ON DELETE", before.on_delete_columns, after.on_delete_columns);
    property("MATCH FULL", before.match_full, after.match_full);
    property("inherited from", before.inherited_from, after.inherited_from);
  }

  void compare(const Trigger& before, const Trigger& after) {
    property("definition", before.definition, after.definition);
    property("timing", before.timing, after.timing);
    property("for each row", before.for_each_row, after.for_each_row);
    property("on INSERT", before.on_insert, after.on_insert);
    property("on UPDATE", before.on_update, after.on_update);
    property("on DELETE", before.on_delete, after.on_delete);
    property("on TRUNCATE", before.on_truncate, after.on_truncate);
    property("UPDATE OF", before.update_of, after.update_of);
    named_columns("columns in WHEN", before.when_columns, after.when_columns);
    property("function", before.function, after.function);
    property("enabled", before.enabled, after.enabled);
    property("inherited", before.inherited, after.inherited);
  }

  void compare(const Policy& before, const Policy& after) {
    property("command", before.command, after.command);
    property("USING", before.using_expr, after.using_expr);
    property("WITH CHECK", before.check_expr, after.check_expr);
    property("columns", before.columns, after.columns);
    property("what it reads", before.uses, after.uses);
  }

  void compare(const Rule& before, const Rule& after) {
    query("definition", before.definition, after.definition);
    property("columns", before.columns, after.columns);
    property("what it reads", before.uses, after.uses);
  }

  void compare(const ExtendedStatistics& before, const ExtendedStatistics& after) {
    property("definition", before.definition, after.definition);
    property("kinds", before.kinds, after.kinds);
    property("columns", before.columns, after.columns);
    property("expressions", before.expressions, after.expressions);
    named_columns("columns in expressions", before.expression_columns, after.expression_columns);
    property("target", before.target, after.target);
  }

  void compare(const PublicationUse& before, const PublicationUse& after) {
    property("columns", before.columns, after.columns);
    property("row filter", before.row_filter, after.row_filter);
    property("columns in the row filter", before.filter_columns, after.filter_columns);
  }

  void compare(const View& before, const View& after) {
    property("materialized", before.materialized, after.materialized);
    query("definition", before.definition, after.definition);
    property("columns", before.columns, after.columns);
    property("what it reads", before.uses, after.uses);
    property("options", before.options, after.options);
    property("extension", before.extension, after.extension);
  }

  void compare(const Function& before, const Function& after) {
    property("language", before.language, after.language);
    property("kind", before.kind, after.kind);
    property("result", before.returns, after.returns);
    property("volatility", before.volatility, after.volatility);
    if (before.atomic && after.atomic) {
      query("body", before.body, after.body);
    } else {
      text("body", before.body, after.body);
    }
    // The definition holds the body; one sentence is enough.
    if (before.body == after.body) query("definition", before.definition, after.definition);
    property("BEGIN ATOMIC", before.atomic, after.atomic);
    property("what it reads", before.uses, after.uses);
    property("extension", before.extension, after.extension);
  }

  void compare(const Type& before, const Type& after) {
    property("kind", before.kind, after.kind);
    property("labels", before.labels, after.labels);
    property("base type", before.base, after.base);
    property("constrained", before.constrained, after.constrained);
    property("extension", before.extension, after.extension);
  }

  void compare(const Sequence& before, const Sequence& after) {
    property("type", before.type, after.type);
  }

  void compare(const Subscription&, const Subscription&) {}

  // The query of a view, a rule or a BEGIN ATOMIC function, as the server prints it.
  void query(std::string_view name, const std::string& before, const std::string& after) {
    if (!same_printer_ || before == after) return;
    text(name, without_aliases_of(before, own_columns_), without_aliases_of(after, own_columns_));
  }

  CatalogIndex planned_index_;
  CatalogIndex found_index_;
  Owned planned_owned_;
  Owned found_owned_;
  // From one major to the next PostgreSQL prints the same query in other words (16 leaves out
  // needless qualifiers); what a view reads is compared in any case.
  bool same_printer_;
  std::set<std::string> own_columns_;
  const Table* planned_table_ = nullptr;  // whose parts are compared
  const Table* found_table_ = nullptr;
  std::string subject_;
  std::vector<std::string> sentences_;
};

}  // namespace

std::vector<std::string> differences(const Catalog& planned, const Catalog& found,
                                     const std::vector<OwnedObject>& ignore) {
  return Differences(planned, found, ignore).take();
}

}  // namespace segue::planner
