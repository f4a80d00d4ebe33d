#include "codegen/catalog_json.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "codegen/catalog_fields.hpp"
#include "codegen/snapshot.hpp"

namespace segue::codegen {

namespace {

using Json = nlohmann::ordered_json;

template <typename T>
concept Described = requires {
  Fields<T>::list;
};
template <typename T>
concept Worded = requires {
  Words<T>::list;
};

// ---- Writing
// -------------------------------------------------------------------------------------

class CatalogWriter {
 public:
  explicit CatalogWriter(bool statistics) : statistics_(statistics) {}

  Json write(const std::string& text) const { return text; }
  Json write(bool value) const { return value; }
  Json write(std::int32_t value) const { return value; }
  Json write(std::int64_t value) const { return value; }
  Json write(double value) const { return value; }
  Json write(const planner::QualifiedName& name) const { return planner::quoted(name); }
  template <Worded Enum>
  Json write(Enum value) const {
    return std::string(Words<Enum>::list.at(static_cast<std::size_t>(value)));
  }
  template <typename T>
  Json write(const std::optional<T>& value) const {
    return write(*value);  // an empty one is the default, and left out
  }
  template <typename T>
  Json write(const std::vector<T>& values) const {
    Json array = Json::array();
    for (const T& value : values) array.push_back(write(value));
    return array;
  }
  template <Described Struct>
  Json write(const Struct& value) const {
    static const Struct defaults{};
    Json object = Json::object();
    const auto one = [&](const auto& field) {
      const auto& member = value.*(field.member);
      if (field.statistic && !statistics_) return;
      if (member != defaults.*(field.member)) object[std::string(field.name)] = write(member);
    };
    std::apply([&](const auto&... fields) { (one(fields), ...); }, Fields<Struct>::list);
    return object;
  }

 private:
  bool statistics_;
};

// ---- Reading
// -------------------------------------------------------------------------------------

// Reads the first identifier of `text` off its front, up to a '.' or the end.
std::optional<std::string> take_identifier(std::string_view& text) {
  std::string name;
  if (!text.starts_with('"')) {
    const std::size_t dot = text.find('.');
    name = text.substr(0, dot);
    text.remove_prefix(name.size());
    return name;
  }
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      if (i + 1 == text.size() || text[i + 1] != '"') {
        text.remove_prefix(i + 1);
        return name;
      }
      ++i;
    }
    name += text[i];
  }
  return std::nullopt;
}

std::optional<planner::QualifiedName> parse_qualified(std::string_view text) {
  const std::optional<std::string> schema = take_identifier(text);
  if (!schema || !text.starts_with('.')) return std::nullopt;
  text.remove_prefix(1);
  const std::optional<std::string> name = take_identifier(text);
  if (!name || !text.empty()) return std::nullopt;
  return planner::QualifiedName{*schema, *name};
}

// Knows where in the document it is, for its messages.
template <typename Tree>
class CatalogReader {
 public:
  void read(const Tree& json, std::string& value) const {
    if (!json.is_string()) fail("not a string");
    value = json.template get_ref<const std::string&>();
  }
  void read(const Tree& json, bool& value) const {
    if (!json.is_boolean()) fail("not true or false");
    value = json.template get<bool>();
  }
  void read(const Tree& json, std::int64_t& value) const {
    if (!json.is_number_integer()) fail("not a whole number");
    value = json.template get<std::int64_t>();
  }
  void read(const Tree& json, std::int32_t& value) const {
    std::int64_t wide = 0;
    read(json, wide);
    if (wide < std::numeric_limits<std::int32_t>::min() ||
        wide > std::numeric_limits<std::int32_t>::max()) {
      fail("too large a number");
    }
    value = static_cast<std::int32_t>(wide);
  }
  void read(const Tree& json, double& value) const {
    if (!json.is_number()) fail("not a number");
    value = json.template get<double>();
  }
  void read(const Tree& json, planner::QualifiedName& value) const {
    if (json.is_array() && json.size() == 2 && json[0].is_string() && json[1].is_string()) {
      value = {json[0].template get<std::string>(), json[1].template get<std::string>()};
      return;
    }
    std::optional<planner::QualifiedName> name;
    if (json.is_string()) name = parse_qualified(json.template get_ref<const std::string&>());
    if (!name) fail("not a qualified name");
    value = *std::move(name);
  }
  template <Worded Enum>
  void read(const Tree& json, Enum& value) const {
    std::string word;
    read(json, word);
    for (std::size_t i = 0; i < Words<Enum>::list.size(); ++i) {
      if (Words<Enum>::list[i] == word) {
        value = static_cast<Enum>(i);
        return;
      }
    }
    fail(fmt::format("unknown word \"{}\"", word));
  }
  template <typename T>
  void read(const Tree& json, std::optional<T>& value) {
    read(json, value.emplace());
  }
  template <typename T>
  void read(const Tree& json, std::vector<T>& values) {
    if (!json.is_array()) fail("not a list");
    values.reserve(json.size());
    for (std::size_t i = 0; i < json.size(); ++i) {
      const Step step(*this, {}, i);
      read(json[i], values.emplace_back());
    }
  }
  template <Described Struct>
  void read(const Tree& json, Struct& value) {
    if (!json.is_object()) fail("not an object");
    std::size_t known = 0;
    const auto one = [&](const auto& field) {
      const auto found = json.find(field.name);
      if (found == json.end()) return;
      ++known;
      const Step step(*this, field.name, 0);
      read(*found, value.*(field.member));
    };
    std::apply([&](const auto&... fields) { (one(fields), ...); }, Fields<Struct>::list);
    if (known != json.size()) fail_on_unknown<Struct>(json);
  }

 private:
  // One level down, by field name or, where that is empty, by index.
  class Step {
   public:
    Step(CatalogReader& reader, std::string_view field, std::size_t index) : reader_(reader) {
      reader_.path_.emplace_back(field, index);
    }
    ~Step() { reader_.path_.pop_back(); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    CatalogReader& reader_;
  };

  template <typename Struct>
  void fail_on_unknown(const Tree& json) const {
    for (const auto& item : json.items()) {
      const bool is_known =
          std::apply([&](const auto&... fields) { return ((fields.name == item.key()) || ...); },
                     Fields<Struct>::list);
      if (!is_known) fail(fmt::format("unknown field \"{}\"", item.key()));
    }
  }

  [[noreturn]] void fail(const std::string& what) const {
    std::string place;
    for (const auto& [field, index] : path_) {
      if (field.empty()) {
        place += fmt::format("[{}]", index);
      } else {
        place += fmt::format("{}{}", place.empty() ? "" : ".", field);
      }
    }
    throw SnapshotError(place.empty() ? what : place + ": " + what);
  }

  std::vector<std::pair<std::string_view, std::size_t>> path_;
};

template <typename Tree>
planner::Catalog read_catalog_tree(const Tree& json) {
  planner::Catalog catalog;
  CatalogReader<Tree>().read(json, catalog);
  return catalog;
}

}  // namespace

nlohmann::ordered_json to_json(const planner::Catalog& catalog, bool statistics) {
  return CatalogWriter(statistics).write(catalog);
}

planner::Catalog catalog_from_json(const nlohmann::json& json) {
  return read_catalog_tree(json);
}
planner::Catalog catalog_from_json(const nlohmann::ordered_json& json) {
  return read_catalog_tree(json);
}

}  // namespace segue::codegen
