// libpg_query's JSON as a plain value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace segue::dsl::sql {

// One value of the JSON: an array's elements and an object's members are both its parts, in the
// order of the text; a member knows its key. A part that is missing reads as null.
class Tree {
 public:
  enum class Kind { null, boolean, number, string, array, object };

  Tree() = default;
  Tree(Kind kind, std::string key) : kind_(kind), key_(std::move(key)) {}

  bool is_null() const { return kind_ == Kind::null; }
  bool is_array() const { return kind_ == Kind::array; }
  bool is_object() const { return kind_ == Kind::object; }
  bool is_string() const { return kind_ == Kind::string; }

  const std::string& key() const { return key_; }
  const std::string& text() const { return text_; }  // of a string
  std::int64_t number() const { return number_; }    // of a number; of a boolean 0 or 1

  bool empty() const { return parts_.empty(); }
  std::size_t size() const { return parts_.size(); }
  auto begin() const { return parts_.begin(); }
  auto end() const { return parts_.end(); }
  const Tree& back() const { return parts_.back(); }
  const Tree& operator[](std::size_t at) const { return parts_[at]; }
  const Tree& at(std::size_t at) const { return parts_.at(at); }

  const Tree* find(std::string_view key) const;
  bool contains(std::string_view key) const { return find(key) != nullptr; }
  std::string value(std::string_view key, const char* otherwise) const;
  bool value(std::string_view key, bool otherwise) const;

 private:
  friend class TreeBuilder;

  Kind kind_ = Kind::null;
  std::int64_t number_ = 0;
  std::string key_;
  std::string text_;
  std::vector<Tree> parts_;
};

// None for a text that is not JSON.
std::optional<Tree> read_tree(std::string_view json);

}  // namespace segue::dsl::sql
