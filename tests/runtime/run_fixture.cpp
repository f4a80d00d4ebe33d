#include "run_fixture.hpp"

#include <fmt/format.h>

#include "codegen/checksum.hpp"

namespace segue::runtime::test {

using planner::Phase;

planner::Step transaction_step(const std::string& id, Phase phase, const std::string& sql,
                               const std::string& done, const std::string& undo) {
  planner::Step step;
  step.id = id;
  step.phase = phase;
  step.title = "Step " + id;
  step.action = planner::Transaction{sql};
  step.done = done;
  if (!undo.empty()) step.undo = {planner::Transaction{undo}};
  return step;
}

codegen::ReviewedPlan rename_plan(const std::string& table) {
  using planner::LockMode;
  const planner::QualifiedName name{"public", table};
  const std::string qualified = planner::quoted(name);
  const auto has_column = [&](const std::string& column) {
    return fmt::format(
        "EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('{}') AND attname = '{}' "
        "AND NOT attisdropped)",
        qualified, column);
  };
  codegen::ReviewedPlan reviewed;
  planner::Plan& plan = reviewed.plan;
  plan.name = "display_name";
  plan.title = "Show the name that people choose";
  plan.source_name = "display_name.segue";

  plan.steps.push_back(transaction_step(
      "1.1", Phase::expand, fmt::format("ALTER TABLE {} ADD COLUMN display_name text;", qualified),
      has_column("display_name"),
      fmt::format("ALTER TABLE {} DROP COLUMN IF EXISTS display_name;", qualified)));
  plan.steps.back().locks = {{name, LockMode::access_exclusive}};

  plan.steps.push_back(transaction_step(
      "2.1", Phase::dual_write,
      fmt::format(
          R"(CREATE OR REPLACE FUNCTION segue.display_name_sync() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.display_name IS NOT NULL THEN NEW.full_name := NEW.display_name; ELSE NEW.display_name := NEW.full_name; END IF;
  ELSIF NEW.display_name IS DISTINCT FROM OLD.display_name THEN NEW.full_name := NEW.display_name;
  ELSE NEW.display_name := NEW.full_name;
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS zz_segue_display_name ON {0};
CREATE TRIGGER zz_segue_display_name BEFORE INSERT OR UPDATE ON {0} FOR EACH ROW
  WHEN (record_image_ne(ROW(NEW.full_name), ROW(NEW.display_name))) EXECUTE FUNCTION segue.display_name_sync();
ALTER TABLE {0} ENABLE ALWAYS TRIGGER zz_segue_display_name;)",
          qualified),
      fmt::format("EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('{}') AND tgname = "
                  "'zz_segue_display_name')",
                  qualified),
      fmt::format("DROP TRIGGER IF EXISTS zz_segue_display_name ON {}; DROP FUNCTION IF EXISTS "
                  "segue.display_name_sync();",
                  qualified)));
  plan.steps.back().locks = {{name, LockMode::share_row_exclusive}};

  planner::Step fill;
  fill.id = "3.1";
  fill.phase = Phase::backfill;
  fill.title = "Fill display_name";
  fill.scan = planner::Scan::writes;
  planner::BackfillPass pass;
  pass.table = name;
  pass.leaves = {name};
  pass.set = {{"display_name", "full_name"}};
  pass.pending = "record_image_ne(ROW(display_name), ROW(full_name))";
  pass.key = {"id"};
  fill.action = pass;
  plan.steps.push_back(fill);

  planner::Step index;
  index.id = "3.2";
  index.phase = Phase::backfill;
  index.title = "Build users_display_name_idx";
  index.scan = planner::Scan::builds_index;
  index.action = planner::ConcurrentIndex{
      name,
      {"public", table + "_display_name_idx"},
      false,
      fmt::format("CREATE INDEX CONCURRENTLY {}_display_name_idx ON {} (display_name);", table,
                  qualified)};
  index.done = fmt::format(
      "EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('public.{}_display_name_idx') "
      "AND indisvalid)",
      table);
  index.undo = {planner::ConcurrentIndex{
      name,
      {"public", table + "_display_name_idx"},
      true,
      fmt::format("DROP INDEX CONCURRENTLY IF EXISTS public.{}_display_name_idx;", table)}};
  plan.steps.push_back(index);

  plan.steps.push_back(transaction_step(
      "4.1", Phase::contract,
      fmt::format(
          "DROP TRIGGER zz_segue_display_name ON {0}; DROP FUNCTION segue.display_name_sync();\n"
          "ALTER TABLE {0} DROP COLUMN full_name RESTRICT;",
          qualified),
      "NOT " + has_column("full_name")));
  plan.steps.back().locks = {{name, LockMode::access_exclusive}};

  plan.verifications.push_back({name,
                                {name},
                                {"id"},
                                "record_image_ne(ROW(display_name), ROW(full_name))",
                                "display_name is full_name",
                                Phase::backfill});
  plan.old_columns.push_back({name, "full_name", "display_name"});
  plan.owned = {{planner::ObjectKind::column, name, "display_name"},
                {planner::ObjectKind::trigger, name, "zz_segue_display_name"},
                {planner::ObjectKind::index, name, table + "_display_name_idx"}};
  reviewed.digest = codegen::sha256("a plan made by hand");
  reviewed.fingerprint = codegen::sha256("a catalogue");
  return reviewed;
}

std::unique_ptr<ThrowawayServer> RunTest::server_;

void RunTest::SetUpTestSuite() {
  if (!server_) server_ = std::make_unique<ThrowawayServer>();
}
void RunTest::TearDownTestSuite() {
  server_.reset();
}

void RunTest::SetUp() {
  static int number = 0;
  conninfo_ = server_->create_database(fmt::format("run_{}", ++number));
  plan_ = rename_plan();
}

void RunTest::make_users(int rows) const {
  open()->exec(fmt::format(
      "CREATE TABLE users (id bigint PRIMARY KEY, full_name text, note text); "
      "INSERT INTO users SELECT g, 'name ' || g, repeat('x', 60) FROM generate_series(1, {}) g; "
      "CREATE INDEX users_note_idx ON users (note); ANALYZE users;",
      rows));
}

ApplyReport RunTest::apply_with(int phase, ApplyOptions options) {
  options.phase = static_cast<Phase>(phase);
  return apply(plan_, options, connector(), real_clock(), recorder_);
}

ApplyOptions RunTest::watched() {
  ApplyOptions options;
  options.run.pacing.emplace();
  return options;
}

ApplyReport RunTest::apply_phase(int phase, const std::string& release) {
  ApplyOptions options;
  options.release = release;
  return apply_with(phase, options);
}

}  // namespace segue::runtime::test
