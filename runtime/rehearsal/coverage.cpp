#include "runtime/rehearsal/coverage.hpp"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "codegen/checksum.hpp"

namespace segue::runtime::rehearsal {

namespace {

using Json = nlohmann::ordered_json;

std::optional<Json> sealed(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  Json json = Json::parse(in, nullptr, false);
  if (!json.is_object() || !json.contains("seal")) return std::nullopt;
  const Json seal = json.at("seal");
  json.erase("seal");
  if (seal != codegen::sha256(json.dump()) || json.value("version", 0) != rehearsal_version)
    return std::nullopt;
  return json;
}

}  // namespace

std::optional<Objection> not_covered(const codegen::ReviewedPlan& plan,
                                     const std::filesystem::path& file) {
  const std::string again =
      fmt::format("Run `segue rehearse {}`, and review what it says.", plan.directory.string());
  const auto object = [&](std::string what) {
    return Objection{"rehearsal", std::move(what), again};
  };
  if (!std::filesystem::exists(file))
    return object(
        fmt::format("{} has not been rehearsed: there is no {}", plan.plan.name, file.string()));
  const std::optional<Json> json = sealed(file);
  if (!json)
    return object(
        fmt::format("{} is not what a rehearsal of this version of segue wrote", file.string()));
  if (!json->value("covers", false))
    return object(fmt::format("the rehearsal of {} covers nothing: {}", plan.plan.name,
                              json->value("covers_not", "")));
  if (!json->value("passed", false))
    return object(fmt::format("the rehearsal of {} failed", plan.plan.name));
  if (json->value("digest", "") != plan.digest)
    return object(fmt::format("{} was made anew after it was rehearsed: plan.json is another one",
                              plan.plan.name));
  for (const planner::Phase phase : planner::all_phases) {
    const std::string name = codegen::file_name(phase);
    const Json& checksums = json->at("checksums");
    if (checksums.contains(name) && checksums.at(name) == plan.checksum(phase)) continue;
    return object(fmt::format("{} is not the file that was rehearsed", name));
  }
  return std::nullopt;
}

}  // namespace segue::runtime::rehearsal
