#include "codegen/plan_json.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "codegen/catalog_json.hpp"
#include "codegen/snapshot.hpp"
#include "codegen/step_sql.hpp"
#include "dsl/overloaded.hpp"

namespace segue::codegen {

namespace {

using Json = nlohmann::ordered_json;
using dsl::Overloaded;
using namespace planner;

Json write(const QualifiedName& name) {
  return Json::array({name.schema, name.name});
}

QualifiedName read_name(const Json& json) {
  return {json.at(0).get<std::string>(), json.at(1).get<std::string>()};
}

// Declared before the template: the values live in another namespace, where it would not look.
Json write(const SourceLine&);
Json write(const LockUse&);
Json write(const Action&);
Json write(const Step&);
Json write(const Hazard&);
Json write(const Verification&);
Json write(const OwnedObject&);
Json write(const OldColumn&);
Json write(const Assignment&);
Json write(const Pairing&);
Json write(const Mend&);

template <class Item>
Json write_list(const std::vector<Item>& items) {
  Json list = Json::array();
  for (const Item& item : items) list.push_back(write(item));
  return list;
}

template <class Read>
auto read_list(const Json& json, Read read) {
  std::vector<decltype(read(json))> items;
  for (const Json& item : json) items.push_back(read(item));
  return items;
}

// The value of an enumeration whose name_of gives `text`.
template <class Enum>
Enum enum_named(std::string_view text, int first, int last) {
  for (int i = first; i <= last; ++i) {
    if (name_of(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
  }
  throw SnapshotError("plan.json: unknown word \"" + std::string{text} + "\"");
}

Json write(const SourceLine& source) {
  return {{"line", source.line}, {"text", source.text}};
}

SourceLine read_source(const Json& json) {
  return {json.at("line").get<std::uint32_t>(), json.at("text").get<std::string>()};
}

Json write(const LockUse& lock) {
  return {{"relation", write(lock.relation)}, {"mode", name_of(lock.mode)}};
}

LockUse read_lock(const Json& json) {
  return {read_name(json.at("relation")),
          enum_named<LockMode>(json.at("mode").get<std::string>(), 0,
                               static_cast<int>(LockMode::access_exclusive))};
}

Json write(const Assignment& one) {
  return {{"column", one.column}, {"value", one.value}};
}

Assignment read_assignment(const Json& json) {
  return {json.at("column").get<std::string>(), json.at("value").get<std::string>()};
}

Json write_pass(const BackfillPass& pass) {
  Json json{{"table", write(pass.table)},
            {"leaves", write_list(pass.leaves)},
            {"set", write_list(pass.set)},
            {"pending", pass.pending},
            {"key", pass.key}};
  if (pass.journal) {
    json["journal"] = {{"table", write(pass.journal->table)},
                       {"key", pass.journal->key},
                       {"columns", pass.journal->columns}};
  }
  if (pass.lock_rows_first) json["lock_rows_first"] = true;
  json["silence_triggers"] = pass.silence_triggers;
  if (pass.triggers_may_fire) json["triggers_may_fire"] = true;
  if (pass.batch) json["batch"] = *pass.batch;
  if (pass.workers) json["workers"] = *pass.workers;
  return json;
}

BackfillPass read_pass(const Json& json) {
  BackfillPass pass;
  pass.table = read_name(json.at("table"));
  pass.leaves = read_list(json.at("leaves"), read_name);
  pass.set = read_list(json.at("set"), read_assignment);
  pass.pending = json.at("pending").get<std::string>();
  pass.key = json.at("key").get<std::vector<std::string>>();
  if (json.contains("journal")) {
    const Json& journal = json.at("journal");
    pass.journal =
        Journal{read_name(journal.at("table")), journal.at("key").get<std::vector<std::string>>(),
                journal.at("columns").get<std::vector<std::string>>()};
  }
  pass.lock_rows_first = json.value("lock_rows_first", false);
  pass.silence_triggers = json.at("silence_triggers").get<bool>();
  pass.triggers_may_fire = json.value("triggers_may_fire", false);
  if (json.contains("batch")) pass.batch = json.at("batch").get<std::uint32_t>();
  if (json.contains("workers")) pass.workers = json.at("workers").get<std::uint32_t>();
  return pass;
}

// `sql` is what the file holds; the fields beside it are what a machine needs to do it well.
Json write(const Action& action) {
  Json json{{"kind", kind_of(action)}, {"sql", action_sql(action)}};
  std::visit(Overloaded{[](const Transaction&) {},
                        [&](const ConcurrentIndex& one) {
                          json["table"] = write(one.table);
                          json["index"] = write(one.index);
                          json["drop"] = one.drop;
                          json["statement"] = one.sql;
                        },
                        [&](const BackfillPass& one) { json["backfill"] = write_pass(one); },
                        [&](const NoRows& one) {
                          json["table"] = write(one.table);
                          json["violators"] = one.violators;
                          json["columns"] = one.columns;
                          json["message"] = one.message;
                          json["hint"] = one.hint;
                          json["condition"] = one.condition;
                          json["gate"] = one.gate;
                        }},
             action);
  return json;
}

Action read_action(const Json& json) {
  const auto kind = json.at("kind").get<std::string>();
  if (kind == "transaction") return Transaction{json.at("sql").get<std::string>()};
  if (kind == "concurrent-index") {
    return ConcurrentIndex{read_name(json.at("table")), read_name(json.at("index")),
                           json.at("drop").get<bool>(), json.at("statement").get<std::string>()};
  }
  if (kind == "backfill") return read_pass(json.at("backfill"));
  if (kind == "no-rows") {
    NoRows check;
    check.table = read_name(json.at("table"));
    check.violators = json.at("violators").get<std::string>();
    check.columns = json.at("columns").get<std::vector<std::string>>();
    check.message = json.at("message").get<std::string>();
    check.hint = json.at("hint").get<std::string>();
    check.condition = json.at("condition").get<std::string>();
    check.gate = json.at("gate").get<bool>();
    return check;
  }
  throw SnapshotError("plan.json: unknown kind of step \"" + kind + "\"");
}

Json write(const Step& step) {
  Json json{{"id", step.id},
            {"phase", number_of(step.phase)},
            {"title", step.title},
            {"action", write(step.action)},
            {"transactional", is_transactional(step.action)},
            {"why", step.why},
            {"locks", write_list(step.locks)},
            {"scan", name_of(step.scan)},
            {"done", step.done},
            {"undo", write_list(step.undo)}};
  if (!step.undo_note.empty()) json["undo_note"] = step.undo_note;
  json["source"] = write_list(step.source);
  return json;
}

Step read_step(const Json& json) {
  Step step;
  step.id = json.at("id").get<std::string>();
  step.phase = static_cast<Phase>(json.at("phase").get<int>());
  step.title = json.at("title").get<std::string>();
  step.action = read_action(json.at("action"));
  step.why = json.at("why").get<std::string>();
  step.locks = read_list(json.at("locks"), read_lock);
  step.scan =
      enum_named<Scan>(json.at("scan").get<std::string>(), 0, static_cast<int>(Scan::builds_index));
  step.done = json.at("done").get<std::string>();
  step.undo = read_list(json.at("undo"), read_action);
  step.undo_note = json.value("undo_note", "");
  step.source = read_list(json.at("source"), read_source);
  return step;
}

Hazard read_hazard(const Json& json) {
  Hazard hazard;
  hazard.code = json.at("code").get<std::string>();
  hazard.level = enum_named<HazardLevel>(json.at("level").get<std::string>(), 0,
                                         static_cast<int>(HazardLevel::refuses));
  hazard.object = json.at("object").get<std::string>();
  hazard.message = json.at("message").get<std::string>();
  hazard.advice = json.at("advice").get<std::string>();
  if (json.contains("source")) hazard.source = read_source(json.at("source"));
  hazard.allowed = json.at("allowed").get<bool>();
  return hazard;
}

Json write(const Hazard& hazard) {
  return to_json(hazard);
}

Json write(const PhaseNotes& notes) {
  return {{"changes", notes.changes},
          {"may", notes.may},
          {"must_not", notes.must_not},
          {"watch", notes.watch}};
}

PhaseNotes read_notes(const Json& json) {
  const auto list = [&](const char* name) { return json.at(name).get<std::vector<std::string>>(); };
  return {list("changes"), list("may"), list("must_not"), list("watch")};
}

Json write(const Verification& one) {
  Json json{{"table", write(one.table)},
            {"leaves", write_list(one.leaves)},
            {"key", one.key},
            {"differs", one.differs},
            {"promise", one.promise},
            {"from", number_of(one.from)}};
  if (!one.proven_by.empty()) json["proven_by"] = one.proven_by;
  return json;
}

Verification read_verification(const Json& json) {
  return {read_name(json.at("table")),
          read_list(json.at("leaves"), read_name),
          json.at("key").get<std::vector<std::string>>(),
          json.at("differs").get<std::string>(),
          json.at("promise").get<std::string>(),
          static_cast<Phase>(json.at("from").get<int>()),
          json.value("proven_by", "")};
}

Json write(const OwnedObject& one) {
  return {{"kind", name_of(one.kind)}, {"table", write(one.table)}, {"name", one.name}};
}

OwnedObject read_owned(const Json& json) {
  return {enum_named<ObjectKind>(json.at("kind").get<std::string>(), 0,
                                 static_cast<int>(ObjectKind::type)),
          read_name(json.at("table")), json.at("name").get<std::string>()};
}

Json write(const OldColumn& one) {
  return {{"table", write(one.table)}, {"column", one.column}, {"replaced_by", one.replaced_by}};
}

OldColumn read_old(const Json& json) {
  return {read_name(json.at("table")), json.at("column").get<std::string>(),
          json.at("replaced_by").get<std::string>()};
}

Json write(const Pairing& one) {
  Json json{{"table", write(one.table)},
            {"old", one.old_columns},
            {"new", one.new_columns},
            {"map", write_list(one.map)},
            {"back", write_list(one.back)}};
  if (one.lossy) json["lossy"] = true;
  if (one.once) json["once"] = true;
  if (one.by_app) json["by_app"] = true;
  if (one.swaps) json["swaps"] = number_of(*one.swaps);
  if (!one.new_name.empty()) json["new_name"] = one.new_name;
  return json;
}

Pairing read_pairing(const Json& json) {
  Pairing one;
  one.table = read_name(json.at("table"));
  one.old_columns = json.at("old").get<std::vector<std::string>>();
  one.new_columns = json.at("new").get<std::vector<std::string>>();
  one.map = read_list(json.at("map"), read_assignment);
  one.back = read_list(json.at("back"), read_assignment);
  one.lossy = json.value("lossy", false);
  one.once = json.value("once", false);
  one.by_app = json.value("by_app", false);
  if (json.contains("swaps")) one.swaps = static_cast<Phase>(json.at("swaps").get<int>());
  one.new_name = json.value("new_name", "");
  return one;
}

Json write(const Mend& one) {
  Json json{{"table", write(one.table)},
            {"column", one.column},
            {"when", one.when},
            {"value", one.value},
            {"names", one.names_after ? "after" : "before"}};
  if (one.by_app) json["by_app"] = true;
  return json;
}

Mend read_mend(const Json& json) {
  return {read_name(json.at("table")),
          json.at("column").get<std::string>(),
          json.at("when").get<std::string>(),
          json.at("value").get<std::string>(),
          json.at("names").get<std::string>() == "after",
          json.value("by_app", false)};
}

Json write(const Meaning& meaning) {
  return {{"plain", meaning.plain},
          {"pairings", write_list(meaning.pairings)},
          {"mends", write_list(meaning.mends)}};
}

Meaning read_meaning(const Json& json) {
  return {json.at("plain").get<std::vector<std::string>>(),
          read_list(json.at("pairings"), read_pairing), read_list(json.at("mends"), read_mend)};
}

}  // namespace

nlohmann::ordered_json to_json(const Hazard& hazard) {
  Json json{{"code", hazard.code},
            {"level", name_of(hazard.level)},
            {"object", hazard.object},
            {"message", hazard.message},
            {"advice", hazard.advice}};
  if (hazard.source) json["source"] = write(*hazard.source);
  json["allowed"] = hazard.allowed;
  return json;
}

nlohmann::ordered_json to_json(const Plan& plan) {
  Json json{
      {"name", plan.name},   {"title", plan.title},
      {"flag", plan.flag},   {"soak_seconds", plan.soak.count()},
      {"after", plan.after}, {"source", {{"file", plan.source_name}, {"text", plan.source_text}}}};
  if (plan.tripwire) json["tripwire"] = true;
  Json notes = Json::array();
  for (const PhaseNotes& one : plan.notes) notes.push_back(write(one));
  json["notes"] = notes;
  json["steps"] = write_list(plan.steps);
  json["hazards"] = write_list(plan.hazards);
  json["verifications"] = write_list(plan.verifications);
  json["owned"] = write_list(plan.owned);
  json["old_columns"] = write_list(plan.old_columns);
  json["meaning"] = write(plan.meaning);
  json["baseline"] = to_json(plan.baseline, false);
  if (plan.surroundings != Catalog{}) json["surroundings"] = to_json(plan.surroundings, false);
  return json;
}

Plan plan_from_json(const nlohmann::ordered_json& json) {
  Plan plan;
  plan.name = json.at("name").get<std::string>();
  plan.title = json.at("title").get<std::string>();
  plan.flag = json.at("flag").get<std::string>();
  plan.soak = std::chrono::seconds{json.at("soak_seconds").get<std::int64_t>()};
  plan.tripwire = json.value("tripwire", false);
  plan.after = json.at("after").get<std::vector<std::string>>();
  plan.source_name = json.at("source").at("file").get<std::string>();
  plan.source_text = json.at("source").at("text").get<std::string>();
  for (std::size_t i = 0; i < plan.notes.size(); ++i)
    plan.notes.at(i) = read_notes(json.at("notes").at(i));
  plan.steps = read_list(json.at("steps"), read_step);
  plan.hazards = read_list(json.at("hazards"), read_hazard);
  plan.verifications = read_list(json.at("verifications"), read_verification);
  plan.owned = read_list(json.at("owned"), read_owned);
  plan.old_columns = read_list(json.at("old_columns"), read_old);
  if (json.contains("meaning")) plan.meaning = read_meaning(json.at("meaning"));
  plan.baseline = catalog_from_json(json.at("baseline"));
  if (json.contains("surroundings")) plan.surroundings = catalog_from_json(json.at("surroundings"));
  return plan;
}

}  // namespace segue::codegen
