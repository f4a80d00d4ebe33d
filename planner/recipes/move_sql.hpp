// The SQL that keeps a column of one table and its new place in another in step.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "planner/recipes/move_pairs.hpp"

namespace segue::planner {

struct Move {
  const Table* from = nullptr;
  const Table* to = nullptr;
  std::string old_column;
  std::string new_column;
  std::vector<PairedColumns> pairs;
};

// What one step of phase 2 puts on a table, and how it goes again.
struct MoveTriggers {
  std::string create;
  std::string drop;
  std::string last;         // a trigger that is there when all are
  std::string before_undo;  // SQL that undo runs in front of `drop`
};

class MoveSql {
 public:
  MoveSql(Context& context, const Move& move) : context_(context), move_(move) {}

  // Where pairs are noted whose target was written while the source's row could not be waited for
  // (move_owed.cpp). `last` is a trigger of that table itself.
  MoveTriggers owed_pairs();
  QualifiedName owed_table() const { return {"segue", function_name("owed")}; }
  // What brings a payer to its deferred trigger (move_paid.cpp).
  QualifiedName settling_table() const { return {"segue", function_name("settling")}; }
  // Writers of the source pay what is owed; going back waits until nothing is.
  MoveTriggers settling();
  // Deletes and key changes of the source empty the target.
  MoveTriggers source_gone();
  // What is written into the source reaches the target.
  MoveTriggers source_written();
  // What is written into the target reaches the source, and a new row there takes its value.
  MoveTriggers target_written();

  // Over a row of the target, by the table's own name.
  std::string value() const;    // the source's, its row held; NULL where somebody else holds it
  std::string pending() const;  // empty, and the source is not
  std::string differs() const;  // from its source, and is not owed
  // Over a row of the source: a value without a row to go to.
  std::string nowhere() const;

 private:
  std::string source_rows(const std::string& target_row) const;
  std::string target_rows(const std::string& source_row) const;
  std::string same_row(bool source, const std::string& row) const;  // of the trigger's own table
  std::string reread(bool source) const;
  std::string empties(const std::string& unless) const;
  std::string key(bool source, const std::string& row) const;
  // Whether the pair of a row of the source or of the target is owed.
  std::string is_owed(bool source, const std::string& row) const;
  std::string owed_rows(bool source, const std::string& row) const;
  std::string rows_of_debt(bool source) const;
  // " AND NOT …" for a row of the target; empty where no trigger owes anything.
  std::string unless_owed(const std::string& row) const;
  std::string keys_differ(bool source) const;
  std::string push_to_source() const;
  std::string holder_waits() const;
  std::string settling_place() const;
  std::string keep_place() const;
  std::string promise_to_settle() const;
  std::string settle() const;
  std::string pay_all() const;
  std::string pay_before_it_goes() const;
  void add_payment(MoveTriggers& made);
  void add_settling(MoveTriggers& made, bool source);
  void function(MoveTriggers& made, const std::string& what, const std::string& declarations,
                const std::string& body);
  void function(MoveTriggers& made, const std::string& what, const std::string& arguments,
                const std::string& result, const std::string& declarations, const std::string& body,
                std::string_view settings = "");
  void trigger(MoveTriggers& made, bool source, const std::string& what, const std::string& event,
               const std::string& when, const std::string& function,
               std::string_view label = "move");
  std::string function_name(const std::string& what) const;

  Context& context_;
  const Move& move_;
};

}  // namespace segue::planner
