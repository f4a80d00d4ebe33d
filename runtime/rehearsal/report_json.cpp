#include <nlohmann/json.hpp>

#include "codegen/checksum.hpp"
#include "runtime/rehearsal/coverage.hpp"
#include "runtime/rehearsal/report.hpp"

namespace segue::runtime::rehearsal {

namespace {

using Json = nlohmann::ordered_json;

Json write(const planner::LockUse& lock) {
  return {{"relation", quoted(lock.relation)}, {"mode", name_of(lock.mode)}};
}

Json write(const Trace& trace) {
  Json locks = Json::array();
  for (const HeldLock& lock : trace.locks) {
    Json one = write(lock.use);
    one["held_ms"] = lock.held_ms;
    locks.push_back(one);
  }
  return {{"locks", locks},          {"rewrites", trace.rewrites},
          {"scans", trace.scans},    {"index_builds", trace.index_builds},
          {"proofs", trace.proofs},  {"wal_bytes", trace.wal_bytes},
          {"ms", trace.milliseconds}};
}

Json write(const TracedStep& step) {
  Json declared = Json::array();
  for (const planner::LockUse& lock : step.declared_locks) declared.push_back(write(lock));
  Json json{{"id", step.id},
            {"title", step.title},
            {"phase", number_of(step.phase)},
            {"declared", {{"locks", declared}, {"scan", name_of(step.declared_scan)}}},
            {"traced", write(step.trace)}};
  if (step.projected_ms) json["projected_ms"] = *step.projected_ms;
  json["beyond"] = step.beyond;
  return json;
}

Json write(const Story& story) {
  Json lines = Json::array();
  for (const StoryLine& line : story.lines)
    lines.push_back({{"who", line.who}, {"what", line.what}, {"came", line.came}});
  return {{"promise", name_of(story.promise)},
          {"phase", number_of(story.phase)},
          {"step", story.step},
          {"lines", lines},
          {"saw", story.saw},
          {"should_see", story.should_see},
          {"because", story.because},
          {"seed", story.seed}};
}

Json write(const Waits& waits, int phase) {
  return {{"phase", phase},         {"statements", waits.statements},
          {"errors", waits.errors}, {"p50_ms", waits.p50_ms},
          {"p99_ms", waits.p99_ms}, {"longest_ms", waits.longest_ms}};
}

template <class Items, class Write>
Json list(const Items& items, Write write_one) {
  Json json = Json::array();
  for (const auto& item : items) json.push_back(write_one(item));
  return json;
}

}  // namespace

Json to_json(const Rehearsal& rehearsal) {
  Json checks = Json::object();
  for (const auto& [promise, times] : rehearsal.checks)
    checks[std::string{name_of(promise)}] = times;
  Json json{{"version", rehearsal_version},
            {"plan", rehearsal.plan},
            {"title", rehearsal.title},
            {"passed", rehearsal.passed()},
            {"covers", rehearsal.covers},
            {"covers_not", rehearsal.covers_not},
            {"digest", rehearsal.digest},
            {"checksums", rehearsal.checksums},
            {"server", rehearsal.server},
            {"server_note", rehearsal.server_note},
            {"apps", rehearsal.apps},
            {"seed", rehearsal.seed},
            {"seconds", rehearsal.seconds},
            {"rows", rehearsal.rows},
            {"target_rows", rehearsal.target_rows},
            {"checks", checks}};
  const auto write_one = [](const auto& one) { return write(one); };
  json["stories"] = list(rehearsal.stories, write_one);
  json["steps"] = list(rehearsal.steps, write_one);
  json["waits"] =
      list(rehearsal.waits, [](const auto& one) { return write(one.second, one.first); });
  json["tried"] = list(rehearsal.tried, [](const Tried& one) {
    return Json{{"what", one.what}, {"times", one.times}, {"failed", one.failed}};
  });
  json["timeline"] = list(rehearsal.timeline, [](const Stretch& one) {
    return Json{{"lane", one.lane}, {"label", one.label}, {"from", one.from}, {"to", one.to}};
  });
  json["notes"] = rehearsal.notes;
  json["seal"] = codegen::sha256(json.dump());
  return json;
}

}  // namespace segue::runtime::rehearsal
