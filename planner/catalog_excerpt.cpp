// The part of a catalogue that a plan rests on.
#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "planner/catalog_index.hpp"
#include "planner/words.hpp"

namespace segue::planner {

namespace {

using Names = std::set<QualifiedName>;

// "public.mood(3)[]" -> "public.mood"
std::string element_type(std::string_view type) {
  while (type.ends_with("[]")) type.remove_suffix(2);
  bool in_quotes = false;
  for (std::size_t i = 0; i < type.size(); ++i) {
    if (type[i] == '"') in_quotes = !in_quotes;
    if (type[i] == '(' && !in_quotes) return std::string(type.substr(0, i));
  }
  return std::string(type);
}

// Whether a text holds one of the words, in any case. Looks into strings and comments as well: for
// a function that builds its SQL, too much is right and too little is not.
bool mentions(std::string_view text, const std::unordered_set<std::string>& words) {
  std::string word;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_word(text[i])) {
      ++i;
      continue;
    }
    word.clear();
    for (; i < text.size() && is_word(text[i]); ++i) {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
    }
    if (words.contains(word)) return true;
  }
  return false;
}

// The words that a name consists of, as `mentions` sees them: "order lines" is two.
void add_words(std::string_view name, std::unordered_set<std::string>& words) {
  std::string word;
  for (const char c : name) {
    if (is_word(c)) {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!word.empty()) {
      words.insert(std::exchange(word, {}));
    }
  }
  if (!word.empty()) words.insert(word);
}

class Excerpt {
 public:
  Excerpt(const Catalog& catalog, const std::vector<QualifiedName>& tables)
      : catalog_(catalog), index_(catalog), asked_(tables) {
    for (const QualifiedName& name : tables) take_whole(name);
    for (const Table* table : whole_list_) take_neighbours(*table);
  }

  Catalog build() {
    Catalog part;
    // The major version alone: a minor update of the server changes no plan.
    part.server_version = catalog_.major() * 10000;
    part.search_path = catalog_.search_path;
    part.schemas = catalog_.schemas;
    part.subscriptions = catalog_.subscriptions;
    part.extensions = catalog_.extensions;
    for (const QualifiedName& name : all_tables()) add_table(name, part);
    add_views(part);
    add_functions(part);
    add_types(part);
    for (const Sequence& sequence : catalog_.sequences) {
      if (sequences_.contains(sequence.name)) part.sequences.push_back(sequence);
    }
    return part;
  }

 private:
  // A table with its partitions and ancestors, which share its columns.
  void take_whole(const QualifiedName& name) {
    const Table* table = index_.table(name);
    if (table == nullptr || !whole_.insert(name).second) return;
    whole_list_.push_back(table);
    if (table->partition_of) take_whole(*table->partition_of);
    for (const QualifiedName& other : table->partitions) take_whole(other);
    for (const QualifiedName& other : table->inherits) take_whole(other);
    for (const QualifiedName& other : table->inherited_by) take_whole(other);
  }

  void take_neighbours(const Table& table) {
    for (const auto& [other, key] : index_.foreign_keys_to(table.name)) {
      if (!whole_.contains(other->name)) incoming_[other->name].push_back(key);
    }
    for (const Constraint& key : table.constraints) {
      if (key.kind != ConstraintKind::foreign_key || whole_.contains(key.target)) continue;
      referenced_[key.target].insert(key.target_columns.begin(), key.target_columns.end());
    }
    for (const Column& column : table.columns) {
      if (column.sequence) sequences_.insert(column.sequence->name);
    }
    for (const Trigger& trigger : table.triggers) trigger_functions_.insert(trigger.function);
  }

  Names all_tables() const {
    Names names = whole_;
    for (const auto& [name, keys] : incoming_) names.insert(name);
    for (const auto& [name, columns] : referenced_) names.insert(name);
    return names;
  }

  void add_table(const QualifiedName& name, Catalog& part) const {
    const Table* table = index_.table(name);
    if (table == nullptr) return;
    part.tables.push_back(whole_.contains(name) ? *table : reduced(*table));
  }

  // A neighbour: only what ties it to the tables of the plan.
  Table reduced(const Table& table) const {
    Table result;
    result.name = table.name;
    result.kind = table.kind;
    result.partition_key = table.partition_key;
    std::set<std::string> columns;
    std::set<std::string> own_keys;
    if (const auto found = referenced_.find(table.name); found != referenced_.end()) {
      columns = found->second;
    }
    if (const auto found = incoming_.find(table.name); found != incoming_.end()) {
      for (const Constraint* key : found->second) {
        own_keys.insert(key->columns.begin(), key->columns.end());
        result.constraints.push_back(*key);
      }
      columns.insert(own_keys.begin(), own_keys.end());
    }
    for (const Column& column : table.columns) {
      if (columns.contains(column.name)) result.columns.push_back(column);
    }
    for (const Index& index : table.indexes) {
      const bool serves_key =
          std::any_of(index.keys.begin(), index.keys.end(),
                      [&](const IndexKeyPart& part) { return own_keys.contains(part.column); });
      if (serves_key) result.indexes.push_back(index);
    }
    return result;
  }

  void add_views(Catalog& part) const {
    std::set<const View*> users;
    for (const Table* table : whole_list_) {
      const auto& views = index_.views_of(table->name);
      users.insert(views.begin(), views.end());
    }
    for (const View& view : catalog_.views) {
      if (users.contains(&view)) part.views.push_back(view);
    }
  }

  void add_functions(Catalog& part) const {
    std::unordered_set<std::string> words;
    for (const Table* table : whole_list_) add_words(table->name.name, words);
    // A table that is renamed meanwhile is spoken of by either name.
    for (const QualifiedName& name : asked_) add_words(name.name, words);
    for (const Function& function : catalog_.functions) {
      const bool is_trigger = trigger_functions_.contains(function.name);
      const bool uses_table =
          std::any_of(function.uses.begin(), function.uses.end(),
                      [&](const ColumnUse& use) { return whole_.contains(use.table); });
      // The source of C and internal functions is the name of a symbol.
      const bool has_text = function.language != "c" && function.language != "internal";
      if (is_trigger || uses_table || (has_text && mentions(function.body, words))) {
        part.functions.push_back(function);
      }
    }
  }

  void add_types(Catalog& part) const {
    std::unordered_map<std::string, const Type*> by_name;
    for (const Type& type : catalog_.types) by_name.emplace(quoted(type.name), &type);
    std::set<const Type*> used;
    const auto add = [&](std::string name) {
      for (;;) {
        const auto found = by_name.find(element_type(name));
        if (found == by_name.end() || !used.insert(found->second).second) return;
        name = found->second->base;  // a domain over a domain
      }
    };
    for (const Table& table : part.tables) {
      for (const Column& column : table.columns) add(column.type);
    }
    for (const Type& type : catalog_.types) {
      if (used.contains(&type)) part.types.push_back(type);
    }
  }

  const Catalog& catalog_;
  CatalogIndex index_;
  const std::vector<QualifiedName>& asked_;
  Names whole_;
  std::vector<const Table*> whole_list_;
  std::map<QualifiedName, std::vector<const Constraint*>> incoming_;
  std::map<QualifiedName, std::set<std::string>> referenced_;
  Names sequences_;
  Names trigger_functions_;
};

}  // namespace

Catalog excerpt(const Catalog& catalog, const std::vector<QualifiedName>& tables) {
  return Excerpt(catalog, tables).build();
}

}  // namespace segue::planner
