#include "dsl/sql_json_tree.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace segue::dsl::sql {

const Tree* Tree::find(std::string_view key) const {
  if (!is_object()) return nullptr;
  const auto found = std::ranges::find(parts_, key, &Tree::key);
  return found == parts_.end() ? nullptr : &*found;
}

std::string Tree::value(std::string_view key, const char* otherwise) const {
  const auto* found = find(key);
  return found != nullptr && found->is_string() ? found->text_ : otherwise;
}

bool Tree::value(std::string_view key, bool otherwise) const {
  const auto* found = find(key);
  return found != nullptr && found->kind_ == Kind::boolean ? found->number_ != 0 : otherwise;
}

// nlohmann's event interface: no second tree, and no recursion in reading.
class TreeBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  Tree take() { return std::move(root_); }

  bool null() override {
    add(Tree::Kind::null);
    return true;
  }
  bool boolean(bool value) override {
    add(Tree::Kind::boolean).number_ = value ? 1 : 0;
    return true;
  }
  bool number_integer(std::int64_t value) override {
    add(Tree::Kind::number).number_ = value;
    return true;
  }
  bool number_unsigned(std::uint64_t value) override {
    add(Tree::Kind::number).number_ = static_cast<std::int64_t>(value);
    return true;
  }
  bool number_float(double /*value*/, const std::string& /*text*/) override {
    add(Tree::Kind::number);
    return true;
  }
  bool string(std::string& value) override {
    add(Tree::Kind::string).text_ = std::move(value);
    return true;
  }
  bool binary(nlohmann::json::binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return open(Tree::Kind::object); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t /*size*/) override { return open(Tree::Kind::array); }
  bool end_array() override { return close(); }
  bool key(std::string& value) override {
    key_ = std::move(value);
    return true;
  }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return false;
  }

 private:
  // A new part of the innermost open value. Its siblings may move, but none of those is open.
  Tree& add(Tree::Kind kind) {
    Tree node(kind, std::exchange(key_, {}));
    if (open_.empty()) return root_ = std::move(node);
    return open_.back()->parts_.emplace_back(std::move(node));
  }
  bool open(Tree::Kind kind) {
    open_.push_back(&add(kind));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  Tree root_;
  std::string key_;
  std::vector<Tree*> open_;
};

std::optional<Tree> read_tree(std::string_view json) {
  TreeBuilder builder;
  if (!nlohmann::json::sax_parse(json.begin(), json.end(), &builder)) return std::nullopt;
  return builder.take();
}

}  // namespace segue::dsl::sql
