// What an excerpt needs besides, to be made again.
//
// Deparsed text qualifies every name, so whatever it calls or reads is found by its name there. A
// function's own body may call things by any name; there, too much is right and too little is not.
#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "planner/catalog_index.hpp"
#include "planner/words.hpp"

namespace segue::planner {

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return result;
}

// Reads an identifier off the front of `text`, quoted or not; empty: there is none.
std::string take_identifier(std::string_view& text) {
  std::string name;
  if (text.starts_with('"')) {
    std::size_t i = 1;
    for (; i < text.size(); ++i) {
      if (text[i] == '"') {
        if (i + 1 == text.size() || text[i + 1] != '"') break;
        ++i;
      }
      name += text[i];
    }
    text.remove_prefix(std::min(i + 1, text.size()));
    return name;
  }
  std::size_t end = 0;
  while (end < text.size() && is_word(text[end])) ++end;
  name = text.substr(0, end);
  text.remove_prefix(end);
  return name;
}

class Mentioned {
 public:
  // PostgreSQL's own text: names are qualified.
  void add(std::string_view text) {
    while (!text.empty()) {
      const std::string first = take_identifier(text);
      if (first.empty()) {
        text.remove_prefix(1);
        continue;
      }
      if (!text.starts_with('.')) continue;
      text.remove_prefix(1);
      std::string_view rest = text;
      const std::string second = take_identifier(rest);
      if (!second.empty()) names_.insert({first, second});
    }
  }
  // Somebody's own text.
  void add_body(std::string_view text) {
    add(text);
    while (!text.empty()) {
      const std::string word = take_identifier(text);
      if (word.empty()) {
        text.remove_prefix(1);
      } else {
        words_.insert(lower(word));
      }
    }
  }
  void add(const QualifiedName& name) { names_.insert(name); }
  bool has(const QualifiedName& name) const {
    return names_.contains(name) || words_.contains(lower(name.name));
  }
  std::size_t size() const { return names_.size() + words_.size(); }

 private:
  std::set<QualifiedName> names_;
  std::unordered_set<std::string> words_;
};

template <typename Item>
bool has_named(const std::vector<Item>& list, const QualifiedName& name) {
  return std::any_of(list.begin(), list.end(), [&](const Item& one) { return one.name == name; });
}

template <typename Item>
void sort_by_name(std::vector<Item>& list) {
  std::sort(list.begin(), list.end(), [](const Item& a, const Item& b) { return a.name < b.name; });
}

class Surroundings {
 public:
  Surroundings(const Catalog& catalog, const Catalog& excerpt)
      : catalog_(catalog), index_(catalog), excerpt_(excerpt) {
    for (const Table& table : excerpt.tables) read(table);
    for (const View& view : excerpt.views) read(view);
    for (const Type& type : excerpt.types) mentioned_.add(type.made_as);
  }

  Catalog build() {
    for (std::size_t before = 0; before != mentioned_.size();) {
      before = mentioned_.size();
      step();
    }
    for (auto& [name, columns] : columns_) add_columns(name, columns);
    sort_by_name(part_.tables);
    sort_by_name(part_.views);
    sort_by_name(part_.types);
    sort_by_name(part_.sequences);
    std::sort(part_.functions.begin(), part_.functions.end(),
              [](const Function& a, const Function& b) {
                return std::tie(a.name, a.arguments) < std::tie(b.name, b.arguments);
              });
    return std::move(part_);
  }

 private:
  void read(const Table& table) {
    for (const Column& column : table.columns) {
      mentioned_.add(column.type);
      mentioned_.add(column.default_value);
      mentioned_.add(column.generated);
    }
    for (const Constraint& constraint : table.constraints) {
      if (constraint.kind == ConstraintKind::check || constraint.kind == ConstraintKind::exclude)
        mentioned_.add(constraint.definition);
    }
    // A neighbour was cut down to its keys; an index that serves one may hold more than them.
    const auto needs = [&](const std::string& column) {
      if (!column.empty() && table.column(column) == nullptr) columns_[table.name].insert(column);
    };
    for (const Index& index : table.indexes) {
      mentioned_.add(index.predicate);
      for (const IndexKeyPart& key : index.keys) {
        mentioned_.add(key.expression);
        needs(key.column);
      }
      for (const std::string& column : index.include) needs(column);
      for (const std::string& column : index.expression_columns) needs(column);
    }
    for (const Trigger& trigger : table.triggers) {
      mentioned_.add(trigger.function);
      mentioned_.add(trigger.definition);
    }
    for (const Policy& policy : table.policies) {
      mentioned_.add(policy.using_expr);
      mentioned_.add(policy.check_expr);
    }
    for (const Rule& rule : table.rules) mentioned_.add(rule.definition);
    for (const ExtendedStatistics& statistics : table.statistics)
      mentioned_.add(statistics.definition);
  }
  void read(const View& view) {
    mentioned_.add(view.definition);
    for (const ColumnUse& use : view.uses) {
      if (!use.column.empty())
        columns_[use.table].insert(use.column);
      else
        columns_[use.table];
    }
  }
  void read(const Function& function) {
    mentioned_.add_body(function.body);
    mentioned_.add(function.definition.substr(0, function.definition.find("\nAS ")));
    for (const ColumnUse& use : function.uses) {
      if (!use.column.empty()) columns_[use.table].insert(use.column);
    }
  }

  void step() {
    // Of the functions that only speak of a table, none is called.
    for (const Function& function : catalog_.functions) {
      if (!mentioned_.has(function.name) || !seen_.insert(&function).second) continue;
      read(function);
      const bool known = std::any_of(
          excerpt_.functions.begin(), excerpt_.functions.end(), [&](const Function& one) {
            return one.name == function.name && one.arguments == function.arguments;
          });
      if (!known) part_.functions.push_back(function);
    }
    for (const View& view : catalog_.views) {
      const bool read_by_view = columns_.contains(view.name);
      if ((!read_by_view && !mentioned_.has(view.name)) || !seen_.insert(&view).second) continue;
      read(view);
      if (!has_named(excerpt_.views, view.name)) part_.views.push_back(view);
    }
    for (const Type& type : catalog_.types) {
      if (!mentioned_.has(type.name) || !seen_.insert(&type).second) continue;
      mentioned_.add(type.made_as);
      if (!has_named(excerpt_.types, type.name)) part_.types.push_back(type);
    }
    for (const Sequence& sequence : catalog_.sequences) {
      if (!mentioned_.has(sequence.name) || !seen_.insert(&sequence).second) continue;
      if (!has_named(excerpt_.sequences, sequence.name)) part_.sequences.push_back(sequence);
    }
    // What a function reads or writes; all columns, since a body says it too freely.
    for (const Table& table : catalog_.tables) {
      if (!mentioned_.has(table.name) || columns_.contains(table.name)) continue;
      auto& columns = columns_[table.name];
      for (const Column& column : table.columns) columns.insert(column.name);
    }
    for (const auto& [name, columns] : columns_) {
      const Table* table = index_.table(name);
      if (table == nullptr) continue;
      for (const Column& column : table->columns) {
        if (!columns.contains(column.name)) continue;
        mentioned_.add(column.type);
        mentioned_.add(column.default_value);
        mentioned_.add(column.generated);
      }
    }
  }

  // Cut down to those columns, and to what is unique in them.
  void add_columns(const QualifiedName& name, const std::set<std::string>& columns) {
    const Table* table = index_.table(name);
    if (table == nullptr) return;
    const auto known = std::find_if(excerpt_.tables.begin(), excerpt_.tables.end(),
                                    [&](const Table& one) { return one.name == name; });
    Table reduced;
    reduced.name = name;
    reduced.kind = table->kind;
    reduced.partition_key = table->partition_key;
    for (const Column& column : table->columns) {
      const bool there = known != excerpt_.tables.end() && known->column(column.name) != nullptr;
      if (columns.contains(column.name) && !there) reduced.columns.push_back(column);
    }
    if (known != excerpt_.tables.end()) {
      if (!reduced.columns.empty()) part_.tables.push_back(std::move(reduced));
      return;
    }
    for (const Constraint& constraint : table->constraints) {
      const bool unique = constraint.kind == ConstraintKind::unique ||
                          constraint.kind == ConstraintKind::primary_key;
      if (unique && std::all_of(constraint.columns.begin(), constraint.columns.end(),
                                [&](const std::string& one) { return columns.contains(one); }))
        reduced.constraints.push_back(constraint);
    }
    for (const Index& index : table->indexes) {
      if (std::any_of(reduced.constraints.begin(), reduced.constraints.end(),
                      [&](const Constraint& one) { return one.name == index.constraint; }))
        reduced.indexes.push_back(index);
    }
    part_.tables.push_back(std::move(reduced));
  }

  const Catalog& catalog_;
  CatalogIndex index_;
  const Catalog& excerpt_;
  Mentioned mentioned_;
  std::set<const void*> seen_;
  std::map<QualifiedName, std::set<std::string>> columns_;
  Catalog part_;
};

template <typename Item>
void take_in(std::vector<Item>& list, const std::vector<Item>& more) {
  list.insert(list.end(), more.begin(), more.end());
}

}  // namespace

Catalog surroundings(const Catalog& catalog, const Catalog& excerpt) {
  return Surroundings(catalog, excerpt).build();
}

Catalog with_surroundings(const Catalog& excerpt, const Catalog& surroundings) {
  Catalog all = excerpt;
  for (const Table& table : surroundings.tables) {
    const auto known = std::find_if(all.tables.begin(), all.tables.end(),
                                    [&](const Table& one) { return one.name == table.name; });
    if (known == all.tables.end()) {
      all.tables.push_back(table);
    } else {
      take_in(known->columns, table.columns);
    }
  }
  take_in(all.views, surroundings.views);
  take_in(all.functions, surroundings.functions);
  take_in(all.types, surroundings.types);
  take_in(all.sequences, surroundings.sequences);
  sort_by_name(all.tables);
  return all;
}

}  // namespace segue::planner
