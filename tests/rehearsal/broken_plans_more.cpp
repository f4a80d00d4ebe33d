// More of them: what people get wrong who write such a migration by hand.
#include "broken_plans.hpp"
#include "broken_plans_parts.hpp"

namespace segue::test {

using planner::Action;
using planner::ConcurrentIndex;
using planner::Phase;
using planner::Plan;
using planner::Transaction;
using runtime::rehearsal::Promise;

void by_hand(std::vector<BrokenPlan>& plans) {
  plans.push_back({"TriggerOnChangeOfTheOldSideOnly",
                   "rename_plain",
                   [](Plan& plan) {
                     replace(sql(plan, "2.1"),
                             "IF pg_catalog.record_image_ne(ROW(NEW.body), ROW(NEW.text)) THEN",
                             "IF pg_catalog.record_image_ne(ROW(NEW.body), ROW(NEW.text)) AND "
                             "(TG_OP = 'INSERT' OR pg_catalog.record_image_ne(ROW(OLD.body), "
                             "ROW(NEW.body))) THEN");
                   },
                   {Promise::no_lost_write},
                   ""});
  plans.push_back({"TriggerToTheNewSideOnlyOfAJoinTable",  // which has no key of its own
                   "rename_join_table",
                   [](Plan& plan) {
                     replace(sql(plan, "2.1"), "NEW.since := NEW.joined_on;", "NULL;");
                     erase(plan, "3.2");
                     erase(plan, "3.3");
                     blind(plan);
                   },
                   {Promise::no_lost_write},
                   "2.1"});
  plans.push_back({"TriggerMadeAndDisabled",
                   "rename_plain",
                   [](Plan& plan) {
                     replace(sql(plan, "2.1"), "ENABLE ALWAYS TRIGGER", "DISABLE TRIGGER");
                     step(plan, "2.1").done.clear();
                     erase(plan, "3.3");
                     erase(plan, "3.4");
                     blind(plan);
                   },
                   {Promise::no_lost_write},
                   ""});
  plans.push_back({"ColumnOfANarrowerType",
                   "rename_plain",
                   [](Plan& plan) {
                     replace(sql(plan, "1.1"), "ADD COLUMN text text",
                             "ADD COLUMN text varchar(9)");
                   },
                   {Promise::executable},
                   ""});
  plans.push_back({"ForeignKeyPairSwapped",
                   "rename_foreign_key_out",
                   [](Plan& plan) {
                     replace(sql(plan, "3.4"), "FOREIGN KEY (on_loan_from)",
                             "FOREIGN KEY (team_id)");
                   },
                   {Promise::end_state},
                   ""});
  plans.push_back(
      {"CheckBySubstring",
       "rename_check",
       [](Plan& plan) {
         sql(plan, "4.1") +=
             "ALTER TABLE public.rooms DROP CONSTRAINT rooms_kind_check, ADD CONSTRAINT "
             "rooms_kind_check CHECK (kind <> 'area') NOT VALID;\n";
       },
       {Promise::end_state},
       ""});
  plans.push_back({"ContractWithoutFinalCheck",
                   "rename_not_null",
                   [](Plan& plan) {
                     pass(plan, "3.1").pending += " AND id % 2 = 0";
                     blind(plan);
                   },
                   {Promise::end_state},
                   ""});
  plans.push_back({"ContractTooEarly",
                   "rename_plain",
                   [](Plan& plan) { swap_phases(plan, "4.1", Phase::backfill, "3.5"); },
                   {Promise::executable},
                   "3.5"});
  plans.push_back({"ALockThatIsNotDeclared",
                   "rename_plain",
                   [](Plan& plan) { step(plan, "2.1").locks.clear(); },
                   {Promise::as_declared},
                   "2.1"});
  plans.push_back(
      {"ALockOnAnotherTable",
       "rename_foreign_key_out",
       [](Plan& plan) { sql(plan, "1.1").insert(0, "LOCK TABLE public.teams IN SHARE MODE;\n"); },
       {Promise::as_declared},
       "1.1"});
  plans.push_back({"ARewriteThatIsNotDeclared",
                   "rename_plain",
                   [](Plan& plan) {
                     sql(plan, "1.1") +=
                         "ALTER TABLE public.notes ADD COLUMN luck double precision DEFAULT "
                         "random();\n"
                         "ALTER TABLE public.notes DROP COLUMN luck;\n";
                   },
                   {Promise::as_declared},
                   "1.1"});
  plans.push_back({"ALockThatIsHeldTooLong",
                   "rename_plain",
                   [](Plan& plan) { sql(plan, "2.1") += "SELECT pg_catalog.pg_sleep(2);\n"; },
                   {Promise::stall},
                   "2.1"});
  plans.push_back(
      {"UndoThatCannotRun",
       "rename_plain",
       [](Plan& plan) { step(plan, "2.1").undo = {Action{Transaction{"SELECT 1 / 0;\n"}}}; },
       {Promise::reversible},
       "2.1"});
  plans.push_back({"UndoThatDeletesRows",
                   "rename_plain",
                   [](Plan& plan) {
                     auto& undo = step(plan, "1.1").undo;
                     undo.insert(undo.begin(),
                                 Action{Transaction{"DELETE FROM public.notes WHERE text IS NOT "
                                                    "NULL AND id % 2 = 0;\n"}});
                   },
                   {Promise::reversible},
                   ""});
  plans.push_back({"AFirstStepThatCannotRunTwice",
                   "rename_plain",
                   [](Plan& plan) { step(plan, "1.1").done.clear(); },
                   {Promise::rerunnable},
                   "1.1"});
}

}  // namespace segue::test
