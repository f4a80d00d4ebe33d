#include "broken_plans.hpp"

#include "broken_plans_parts.hpp"

namespace segue::test {

namespace {

using planner::Action;
using planner::ConcurrentIndex;
using planner::Phase;
using planner::Plan;
using planner::Transaction;
using runtime::rehearsal::Promise;

// ---- Phases 1 and 2
// ------------------------------------------------------------------

void early(std::vector<BrokenPlan>& plans) {
  plans.push_back({"NoTrigger",
                   "rename_plain",
                   [](Plan& plan) {
                     erase(plan, "2.1");
                     erase(plan, "3.3");
                     erase(plan, "3.4");
                     blind(plan);
                   },
                   {Promise::no_lost_write, Promise::complete},
                   "no step of phase 2 carries"});
  plans.push_back({"TriggerToTheNewSideOnly",
                   "rename_plain",
                   [](Plan& plan) { replace(sql(plan, "2.1"), "NEW.body := NEW.text;", "NULL;"); },
                   {Promise::no_lost_write, Promise::executable},
                   "2.1"});
  plans.push_back({"TriggerToTheOldSideOnly",
                   "rename_plain",
                   [](Plan& plan) {
                     replace(sql(plan, "2.1"), "NEW.text := NEW.body;", "NULL;");
                     erase(plan, "3.3");
                     erase(plan, "3.4");
                     blind(plan);
                   },
                   {Promise::no_lost_write, Promise::complete, Promise::end_state},
                   "2.1"});
  plans.push_back({"TriggerOnInsertOnly",
                   "rename_plain",
                   [](Plan& plan) {
                     replace(sql(plan, "2.1"), "BEFORE INSERT OR UPDATE ON", "BEFORE INSERT ON");
                     replace(sql(plan, "2.1"), "IF TG_OP = 'INSERT' THEN", "IF true THEN");
                     erase(plan, "3.3");
                     erase(plan, "3.4");
                     blind(plan);
                   },
                   {Promise::no_lost_write, Promise::complete},
                   "2.1"});
  plans.push_back({"TriggerOnUpdateOnly",
                   "rename_plain",
                   [](Plan& plan) {
                     replace(sql(plan, "2.1"), "BEFORE INSERT OR UPDATE ON", "BEFORE UPDATE ON");
                     erase(plan, "3.3");
                     erase(plan, "3.4");
                     blind(plan);
                   },
                   {Promise::no_lost_write, Promise::complete},
                   "2.1"});
  plans.push_back(
      {"TriggerForgetsExplicitNull",
       "rename_plain",
       [](Plan& plan) { replace(sql(plan, "2.1"), "  NEW.body := NULL;\n", "  NULL;\n"); },
       {Promise::no_lost_write},
       "2.1"});
  plans.push_back({"TriggerThatFails",
                   "rename_plain",
                   [](Plan& plan) {
                     replace(sql(plan, "2.1"), "NEW.text := NEW.body;",
                             "RAISE EXCEPTION 'not converted';");
                   },
                   {Promise::executable},
                   "2.1"});
  plans.push_back({"DefaultOnTheNewColumnTooEarly",
                   "rename_plain",
                   [](Plan& plan) {
                     sql(plan, "1.1") +=
                         "ALTER TABLE public.notes ALTER COLUMN text SET DEFAULT 'new';\n";
                   },
                   {Promise::no_lost_write},
                   "2.1"});
  plans.push_back({"NotNullTooEarly",
                   "rename_not_null",
                   [](Plan& plan) {
                     sql(plan, "1.1") +=
                         "ALTER TABLE public.users ADD CONSTRAINT early CHECK (display_name IS NOT "
                         "NULL) NOT VALID;\n";
                   },
                   {Promise::executable},
                   "1.1"});
  plans.push_back({"OldColumnGoesInExpand",
                   "rename_plain",
                   [](Plan& plan) {
                     sql(plan, "1.1") = "ALTER TABLE public.notes RENAME COLUMN body TO text;\n";
                   },
                   {Promise::executable, Promise::end_state, Promise::reversible},
                   "1.1"});
  plans.push_back({"FillForTheOldReleaseForgotten",
                   "add_required_backfill",
                   [](Plan& plan) { erase(plan, "2.1"); },
                   {Promise::executable, Promise::no_lost_write, Promise::end_state},
                   "3.2",
                   "3.3"});
  plans.push_back({"BackForTheOldReleaseForgotten",
                   "drop_with_back",
                   [](Plan& plan) { erase(plan, "2.1"); },
                   {Promise::executable, Promise::no_lost_write},
                   ""});
  plans.push_back({"OldColumnStaysRequired",
                   "drop_with_back",
                   [](Plan& plan) {
                     erase(plan, "1.1");
                     erase(plan, "2.1");
                   },
                   {Promise::executable},
                   ""});
}

// ---- Phase 3
// ------------------------------------------------------------------

void middle(std::vector<BrokenPlan>& plans) {
  plans.push_back({"BackfillBeforeTheTrigger",
                   "rename_plain",
                   [](Plan& plan) {
                     swap_phases(plan, "3.1", Phase::expand, "1.2");
                     erase(plan, "3.3");
                     erase(plan, "3.4");
                     blind(plan);
                   },
                   {Promise::no_lost_write, Promise::complete, Promise::end_state},
                   "1.2"});
  plans.push_back({"NoBackfill",
                   "rename_plain",
                   [](Plan& plan) {
                     erase(plan, "3.1");
                     erase(plan, "3.3");
                     erase(plan, "3.4");
                     blind(plan);
                   },
                   {Promise::complete, Promise::no_lost_write, Promise::end_state},
                   "no step fills"});
  plans.push_back({"BackfillOfHalfTheRows",
                   "rename_plain",
                   [](Plan& plan) {
                     pass(plan, "3.1").pending += " AND id % 2 = 0";
                     erase(plan, "3.3");
                     erase(plan, "3.4");
                     blind(plan);
                   },
                   {Promise::complete, Promise::no_lost_write, Promise::end_state},
                   "3.1"});
  plans.push_back({"BackfillByTheReverseMap",
                   "rename_plain",
                   [](Plan& plan) {
                     pass(plan, "3.1").set = {{"body", "text"}};
                   },
                   {Promise::no_lost_write, Promise::end_state, Promise::complete},
                   ""});
  plans.push_back({"BackfillOfAnotherValue",
                   "rename_plain",
                   [](Plan& plan) {
                     pass(plan, "3.1").set = {{"text", "upper(body)"}};
                     pass(plan, "3.1").pending = "text IS NULL AND body IS NOT NULL";
                     erase(plan, "3.3");
                     erase(plan, "3.4");
                     blind(plan);
                   },
                   {Promise::complete, Promise::end_state, Promise::no_lost_write},
                   ""});
  plans.push_back({"IndexForgotten",
                   "rename_plain",
                   [](Plan& plan) {
                     erase(plan, "3.2");
                     drop_line(sql(plan, "4.1"), "RENAME TO notes_body_idx");
                     drop_line(sql(plan, "4.1"), "COMMENT ON INDEX");
                   },
                   {Promise::end_state},
                   "4.1"});
  plans.push_back({"IndexOverTheOldColumn",
                   "rename_plain",
                   [](Plan& plan) {
                     replace(std::get<ConcurrentIndex>(step(plan, "3.2").action).sql, "(text)",
                             "(id)");
                   },
                   {Promise::end_state},
                   ""});
  plans.push_back({"ConcurrentlyInATransaction",
                   "rename_plain",
                   [](Plan& plan) {
                     step(plan, "3.2").action = Transaction{
                         "CREATE INDEX CONCURRENTLY segue_notes_body_idx_15da7129 ON public.notes "
                         "(text);\n"};
                   },
                   {Promise::end_state},
                   "3.2"});
  // Over in a millisecond on these rows, and hours on others.
  plans.push_back({"IndexWithoutConcurrently",
                   "rename_plain",
                   [](Plan& plan) {
                     replace(std::get<ConcurrentIndex>(step(plan, "3.2").action).sql,
                             " CONCURRENTLY", "");
                   },
                   {Promise::as_declared},
                   "3.2"});
  plans.push_back({"AStepThatCannotRunTwice",
                   "rename_plain",
                   [](Plan& plan) { step(plan, "3.3").done.clear(); },
                   {Promise::rerunnable, Promise::end_state},
                   "3.3"});
  plans.push_back(
      {"CheckWithTheOldName",
       "rename_check",
       [](Plan& plan) { replace(sql(plan, "3.2"), "(area % 2) = 0", "(area % 1) = 0"); },
       {Promise::end_state},
       ""});
}

// ---- More than was declared
// ------------------------------------------------------------------

void undeclared(std::vector<BrokenPlan>& plans) {
  plans.push_back(
      {"ALockStrongerThanDeclared",
       "rename_plain",
       [](Plan& plan) {
         sql(plan, "2.1").insert(0, "LOCK TABLE public.notes IN ACCESS EXCLUSIVE MODE;\n");
       },
       {Promise::as_declared},
       "2.1"});
  plans.push_back({"AScanThatIsNotDeclared",
                   "rename_plain",
                   [](Plan& plan) { replace(sql(plan, "3.3"), " NOT VALID", ""); },
                   {Promise::as_declared},
                   "3.3"});
}

// ---- Undo and phase 4
// ------------------------------------------------------------------

void late(std::vector<BrokenPlan>& plans) {
  plans.push_back({"UndoForgotten",
                   "rename_plain",
                   [](Plan& plan) { step(plan, "1.1").undo.clear(); },
                   {Promise::reversible},
                   ""});
  plans.push_back({"UndoLeavesTheTrigger",
                   "rename_plain",
                   [](Plan& plan) { step(plan, "2.1").undo.clear(); },
                   {Promise::reversible, Promise::executable},
                   ""});
  plans.push_back({"UndoThatDropsData",
                   "rename_plain",
                   [](Plan& plan) {
                     step(plan, "1.1")
                         .undo.insert(
                             step(plan, "1.1").undo.begin(),
                             Action{Transaction{"UPDATE public.notes SET body = NULL;\n"}});
                   },
                   {Promise::reversible},
                   ""});
  plans.push_back({"UndoThatDropsTheOldIndex",
                   "rename_plain",
                   [](Plan& plan) {
                     step(plan, "1.1")
                         .undo.emplace_back(
                             Transaction{"DROP INDEX IF EXISTS public.notes_body_idx;\n"});
                   },
                   {Promise::reversible},
                   ""});
  plans.push_back({"ContractKeepsTheTrigger",
                   "rename_plain",
                   [](Plan& plan) {
                     drop_line(sql(plan, "4.1"), "DROP TRIGGER IF EXISTS zz_segue_sync");
                     drop_line(sql(plan, "4.1"),
                               "DROP FUNCTION IF EXISTS segue.segue_public_notes_sync");
                   },
                   {Promise::executable, Promise::end_state},
                   ""});
  plans.push_back({"ContractKeepsTheOldColumn",
                   "rename_plain",
                   [](Plan& plan) {
                     drop_line(sql(plan, "4.1"), "DROP COLUMN IF EXISTS body");
                     step(plan, "4.1").done.clear();
                   },
                   {Promise::end_state, Promise::rerunnable},
                   ""});
  plans.push_back({"ContractForgetsNotNull",
                   "rename_not_null",
                   [](Plan& plan) {
                     drop_line(sql(plan, "4.1"), "SET NOT NULL");
                     step(plan, "4.1").done.clear();
                   },
                   {Promise::end_state, Promise::rerunnable},
                   ""});
  plans.push_back({"ContractForgetsTheIndexName",
                   "rename_plain",
                   [](Plan& plan) {
                     drop_line(sql(plan, "4.1"), "RENAME TO notes_body_idx");
                     drop_line(sql(plan, "4.1"), "COMMENT ON INDEX");
                   },
                   {Promise::end_state},
                   ""});
}

}  // namespace

std::vector<BrokenPlan> broken_plans() {
  std::vector<BrokenPlan> plans;
  early(plans);
  middle(plans);
  undeclared(plans);
  late(plans);
  by_hand(plans);
  return plans;
}

}  // namespace segue::test
