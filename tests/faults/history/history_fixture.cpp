#include "history/history_fixture.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "codegen/backfill_sql.hpp"
#include "support/process.hpp"

namespace segue::test::history {

std::unique_ptr<runtime::ThrowawayServer> History::server_;
codegen::ReviewedPlan History::plan_;

void History::SetUpTestSuite() {
  if (server_) return;
  runtime::ServerOptions options;
  options.settings = {{"autovacuum", "off"}};
  server_ = std::make_unique<runtime::ThrowawayServer>(options);
  const TemporaryDirectory directory;
  const auto conninfo = server_->create_database("dual_written");
  for (const Subject& one : subjects()) runtime::connect(conninfo)->exec(one.schema);
  write_text(directory.path() / "histories.segue", change_of_all());
  const std::string plan = (directory.path() / "plan").string();
  const auto well = [&](const std::vector<std::string>& command) {
    const Finished finished = run(command, directory.path());
    if (finished.exit_code != 0) throw std::runtime_error(finished.both());
  };
  well({SEGUE_BINARY, "plan", "histories.segue", "--db", conninfo, "--out", plan});
  plan_ = codegen::read(plan);
  for (const char* phase : {"1", "2"})
    well({SEGUE_BINARY, "apply", plan, "--phase", phase, "--db", conninfo});
  runtime::connect(server_->conninfo())->exec("CREATE DATABASE filled TEMPLATE dual_written");
  well({SEGUE_BINARY, "apply", plan, "--phase", "3", "--db", server_->conninfo("filled")});
}

void History::TearDownTestSuite() {
  server_.reset();
}

std::string History::database(bool filled) {
  static int count = 0;
  const std::string name = fmt::format("histories_{}", ++count);
  runtime::connect(server_->conninfo())
      ->exec(
          fmt::format("CREATE DATABASE {} TEMPLATE {}", name, filled ? "filled" : "dual_written"));
  return server_->conninfo(name);
}

std::string History::fill_of(const Subject& subject, const std::string& condition) {
  for (const planner::Step& step : plan_.plan.steps) {
    const auto* pass = std::get_if<planner::BackfillPass>(&step.action);
    if (pass == nullptr || pass->table.name != subject.new_table()) continue;
    return fmt::format(
        "SET LOCAL segue.backfill = 'on'; {}{}",
        pass->silence_triggers ? "SET LOCAL session_replication_role = replica; " : "",
        codegen::batch_update(*pass, pass->table, condition));
  }
  throw std::logic_error("no pass over " + subject.new_table());
}

Table History::table(const Subject& subject, const std::string& conninfo, bool filled) {
  return {conninfo, filled, server_->directory() / "copied",
          [&subject](const std::string& rows) { return fill_of(subject, rows); }};
}

Schedule History::first_failure(Player& player, int histories) {
  for (int seed = 1; seed <= histories; ++seed) {
    const Schedule schedule = random_schedule(static_cast<std::uint64_t>(seed));
    if (!player.play(schedule).empty()) return player.shrink(schedule);
  }
  return {};
}

}  // namespace segue::test::history
