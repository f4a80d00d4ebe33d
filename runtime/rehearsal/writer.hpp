// Makes up statements as apps send them: random, valid for the most part, the same for a seed.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "runtime/rehearsal/oracle.hpp"
#include "runtime/rehearsal/shape.hpp"
#include "runtime/rehearsal/statement.hpp"

namespace segue::runtime::rehearsal {

// What a release may do at one moment.
struct Permission {
  Release release = Release::before;
  Release schema = Release::before;  // whose names it uses: a column that is swapped at contract
                                     // is the old one until then
  bool reads_new = true;             // false: it writes what is new and must not read it
  bool alone = false;                // the other release is gone for good
  bool both = false;                 // it writes both sides by itself, where no trigger does
};

// Literals by release, table and column, made once and shared.
class Pools {
 public:
  Pools(const Shapes& shapes, std::uint64_t seed);
  const Literals& of(Release release, std::size_t table, const std::string& column) const;

 private:
  std::map<std::tuple<Release, std::size_t, std::string>, Literals> pools_;
};

// The rows that apps address. A leased row belongs to one session until it is given back, so that
// the model's order is the database's.
class LiveKeys {
 public:
  explicit LiveKeys(std::size_t tables) : keys_(tables) {}

  void add(std::size_t table, const Key& key, bool own);
  // A random row that nobody holds; `own`: that an app inserted.
  std::optional<Key> lease(std::size_t table, std::mt19937_64& random, bool own);
  void give_back(std::size_t table, const std::vector<Key>& keys);
  std::uint64_t fresh_number() { return ++fresh_; }

 private:
  struct Table {
    std::vector<Key> all;
    std::vector<Key> own;
    std::set<Key> leased;
  };
  std::mutex mutex_;
  std::vector<Table> keys_;
  std::atomic<std::uint64_t> fresh_{0};
};

class Writer {
 public:
  // `careful`: several sessions write at once, in an order that nobody knows. Then nothing is
  // written that another one's statement could stand in the way of: rows that others may hang on
  // stay, what is unique is new.
  Writer(const Shapes& shapes, const Pools& pools, LiveKeys& keys, std::uint64_t seed, bool careful)
      : shapes_(shapes), pools_(pools), keys_(keys), random_(seed), careful_(careful) {}

  // None: nothing sensible came up this time. Its keys are leased: give them back afterwards.
  std::optional<Statement> next(Oracle& oracle, const Permission& permission);
  std::mt19937_64& random() { return random_; }

 private:
  struct Draft;
  bool chance(double probability);
  std::size_t below(std::size_t limit);
  const std::string& any(const std::vector<std::string>& items) {
    return items[below(items.size())];
  }

  std::optional<std::size_t> pick_table(const Permission& permission);
  StatementKind pick_kind(bool keyless);
  bool insert(Draft& draft);
  bool insert_row(Draft& draft, bool may_omit);
  bool insert_select(Draft& draft);
  bool upsert(Draft& draft);
  bool update(Draft& draft);
  bool update_key(Draft& draft);
  // Literals for a key that no row has, of rows that are there to be referred to.
  std::optional<std::map<std::string, std::string>> free_references(Draft& draft);
  bool lease_key(Draft& draft, bool own);

  bool may_omit(const Draft& draft, const planner::Column& column) const;
  bool is_new(const Draft& draft, const std::string& column) const;
  bool is_paired(const Draft& draft, const std::string& column) const;
  // An index that the change makes is there from phase 3 on.
  bool was_unique(const Draft& draft, std::vector<std::string> columns) const;
  bool null_is_taken(const Draft& draft, const std::string& column) const;
  std::string value_for(const Draft& draft, const planner::Column& column, const Row& donor);
  std::string proposed_value(const Draft& draft, const planner::Column& column, const Row& donor);
  std::string fresh_value(const planner::Column& column, const Value& donor);
  // Gives each unique list of columns a value that was never there; returns those columns.
  std::set<std::string> freshen(const Draft& draft, std::map<std::string, std::string>& values,
                                const Row& donor);
  // Whether no other row can have, or have had, what these values make unique.
  bool meets_nobody(const Draft& draft, const std::map<std::string, std::string>& values,
                    const std::set<std::string>& fresh) const;
  std::vector<std::vector<std::string>> unique_sets(const Draft& draft) const;
  std::string easiest(const Draft& draft, const std::vector<std::string>& columns) const;

  const Shapes& shapes_;
  const Pools& pools_;
  LiveKeys& keys_;
  std::mt19937_64 random_;
  bool careful_;
  std::set<std::map<std::string, std::string>> given_;  // by free_references, when careful
};

}  // namespace segue::runtime::rehearsal
