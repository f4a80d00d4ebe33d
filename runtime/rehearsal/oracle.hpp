// The reference model: what every row must be, computed by PostgreSQL where no plan was ever
// applied.
//
// Two databases, one with the schema before the change and one that plain DDL has changed. A
// statement runs in its own release's; what it made of its rows is carried over to the other by the
// plan's meaning. Neither knows a trigger, a backfill or a phase.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "runtime/rehearsal/candidates.hpp"
#include "runtime/rehearsal/shape.hpp"
#include "runtime/rehearsal/statement.hpp"
#include "runtime/session.hpp"

namespace segue::runtime::rehearsal {

using Row = std::map<std::string, Value>;  // by column

// What the oracle says of a statement before it is sent.
struct Verdict {
  bool accepted = false;
  bool refused_at_home = false;  // its own release's schema says no
  std::string sqlstate;          // of that refusal; empty: it is left out for another reason
  std::string why;
};

class Oracle {
 public:
  Oracle(const Shapes& shapes, std::unique_ptr<Session> before, std::unique_ptr<Session> after,
         std::shared_ptr<Candidates> candidates);

  // Nothing that it does from here on outlives it.
  void roll_back_at_end();
  // From now on each release is alone: after contract, for one. Nothing is carried over.
  void part() { parted_ = true; }

  // From now on no statement may leave a value that moves without a row to go to.
  void hold_to_pairs() { pairs_hold_ = true; }

  // Runs it in both databases and leaves the transactions open: keep() or forget() follows.
  Verdict attempt(const Statement& statement);
  void keep();
  void forget();

  // Carries every row over, by itself; those that the change refuses are deleted. Returns how many,
  // by table.
  std::map<std::size_t, std::uint64_t> admit_rows();

  // Rows as the model has them: one line each, in the order of `columns`.
  std::vector<std::vector<Value>> rows(Release view, std::size_t table,
                                       const std::vector<std::string>& columns,
                                       const std::vector<Key>& keys);
  std::vector<std::vector<Value>> all_rows(Release view, std::size_t table,
                                           const std::vector<std::string>& columns);
  // Any row, picked by a number; none: the table is empty.
  std::optional<Row> pick(Release view, std::size_t table, std::uint64_t number);
  // Literals as the columns of a key print them. Throws DatabaseError.
  Key key_text(const Statement& statement, const Key& literals);
  std::vector<Key> all_keys(Release view, std::size_t table);
  Row row(Release view, std::size_t table, const Key& key);

  // Whether these are two sides of one row: new = map(old), or old = back(new).
  bool agree(std::size_t table, const Key& key, const planner::Pairing& pairing,
             const Row& old_values, const Row& new_values);

  const Candidates& candidates() const { return *candidates_; }
  Session& session(Release view) { return view == Release::before ? *before_ : *after_; }
  const Shapes& shapes() const { return shapes_; }

 private:
  void begin();
  bool admit(std::size_t table, const Row& row);
  std::vector<Row> read(Release view, const TableShape& shape, const std::vector<Key>& keys);
  void try_proposed_rows(const Statement& statement);
  bool meets_others(const Statement& statement);
  // By a foreign key's CASCADE or SET NULL that only one of the two schemas has.
  bool takes_others_along(const Statement& statement);
  void carry(const Statement& statement, const std::vector<Row>& was, const std::vector<Row>& is);
  void refuse_open_copies(const Statement& statement) const;
  void keep_candidates(const Statement& statement, const std::vector<Row>& is);
  void carry_row(const Statement& statement, const Row* was, const Row& is);
  Row carried_to_after(const Statement& statement, const Row* was, const Row& is,
                       const std::optional<Row>& away);
  Row carried_to_before(const Statement& statement, const Row* was, const Row& is,
                        const std::optional<Row>& away);
  void mend(const TableShape& shape, const Row& before, Row& after);
  void may_be_mended(const Statement& statement, const Key& key, const std::string& column,
                     const Row& away, const Row& now);
  // By its old names.
  Row mended_row(const TableShape& shape, const Row& before);
  Row with_mended_names(const Statement& statement, const Row& is, Row old_row) const;
  // A column that went to another table: what one release wrote into its row, in the other's.
  void pass_on(const Statement& statement, const std::vector<Row>& was, const std::vector<Row>& is);
  void source_written(const MoveShape& move, const Statement& statement, const Row* was,
                      const Row& is);
  void target_written(const MoveShape& move, const Statement& statement, const Row* was,
                      const Row& is);
  // The moved column of the rows of one table that pair with a row of the other, by key.
  std::map<Key, Value> partners(const MoveShape& move, bool among_targets, const Row& row);
  std::string paired_with(const MoveShape& move, bool among_targets, const Row& row) const;
  void give_partner(const MoveShape& move, bool to_target, const Row& row, const Value& value);

  std::vector<Value> evaluate(const planner::Table& table, const Row& row,
                              const planner::Table* more, const Row* more_row,
                              const std::vector<std::string>& expressions);
  void write(Release view, const TableShape& shape, const Key& key, const Row& row, bool exists);

  const Shapes& shapes_;
  std::unique_ptr<Session> before_;
  std::unique_ptr<Session> after_;
  std::shared_ptr<Candidates> candidates_;
  bool parted_ = false;
  bool pairs_hold_ = false;
  bool open_ = false;
  std::size_t began_ = 0;  // what the candidates were then
  bool within_ = false;    // one transaction around all
};

}  // namespace segue::runtime::rehearsal
