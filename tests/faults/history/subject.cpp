#include "history/subject.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace segue::test::history {
namespace {

// As split_part(text, ' ', n).
std::string word(const std::string& text, int n) {
  std::size_t from = 0;
  for (int i = 1; i < n; ++i) {
    const std::size_t space = text.find(' ', from);
    if (space == std::string::npos) return "";
    from = space + 1;
  }
  return text.substr(from, text.find(' ', from) - from);
}

Values words(const Value& text) {
  if (!text) return {std::nullopt, std::nullopt};
  return {word(*text, 1), word(*text, 2)};
}

Value two_or_three_words(int n) {
  return n % 7 == 1 ? fmt::format("a{0} b{0} c{0}", n) : fmt::format("a{0} b{0}", n);
}

Values joined(const Values& both) {
  if (!both[0] || !both[1]) return {std::nullopt};
  return {*both[0] + ' ' + *both[1]};
}

Values as_it_is(const Values& values) {
  return values;
}

Subject rename() {
  Subject one;
  one.name = "renamed";
  one.schema = "CREATE TABLE renamed (id bigint PRIMARY KEY, body text DEFAULT 'nobody', seen int)";
  one.change = "rename renamed.body -> text";
  one.old_columns = {"body"};
  one.new_columns = {"text"};
  one.old_default = {"nobody"};
  one.written = [](Release release, int n) {
    return Values{fmt::format("{}{}", release == Release::old_one ? "o" : "n", n)};
  };
  one.map = as_it_is;
  one.back = as_it_is;
  return one;
}

Subject split() {
  Subject one;
  one.name = "parted";
  one.schema =
      "CREATE TABLE parted (id bigint PRIMARY KEY, whole text DEFAULT 'no body', seen int)";
  one.change = R"(split parted.whole ->
  first text = (split_part(whole, ' ', 1)),
  last text = (split_part(whole, ' ', 2))
  back (first || ' ' || last))";
  one.old_columns = {"whole"};
  one.new_columns = {"first", "last"};
  one.old_default = {"no body"};
  // One word alone, or three, come back in other words: a map that loses something.
  one.written = [](Release release, int n) {
    if (release == Release::new_one) return Values{fmt::format("f{}", n), fmt::format("l{}", n)};
    if (n % 7 == 0) return Values{fmt::format("only{}", n)};
    return Values{two_or_three_words(n)};
  };
  one.map = [](const Values& old) { return words(old[0]); };
  one.back = joined;
  return one;
}

Subject merge() {
  Subject one;
  one.name = "joined";
  one.schema =
      "CREATE TABLE joined (id bigint PRIMARY KEY, first text DEFAULT 'no', last text DEFAULT "
      "'body', seen int)";
  one.change = R"(merge joined(first, last) -> whole text = (first || ' ' || last)
  back first = (split_part(whole, ' ', 1)), last = (split_part(whole, ' ', 2)))";
  one.old_columns = {"first", "last"};
  one.new_columns = {"whole"};
  one.old_default = {"no", "body"};
  one.written = [](Release release, int n) {
    if (release == Release::old_one) return Values{fmt::format("f{}", n), fmt::format("l{}", n)};
    return Values{two_or_three_words(n)};
  };
  one.map = joined;
  one.back = [](const Values& now) { return words(now[0]); };
  return one;
}

Subject retype() {
  Subject one;
  one.name = "priced";
  one.schema = "CREATE TABLE priced (id bigint PRIMARY KEY, cents integer DEFAULT 0, seen int)";
  one.change = R"(retype priced.cents -> numeric(18,2) as total
  using (cents / 100.0)
  back ((total * 100)::integer)
default priced.total 0)";
  one.old_columns = {"cents"};
  one.new_columns = {"total"};
  one.old_default = {"0"};
  const auto total = [](int cents) { return fmt::format("{}.{:02}", cents / 100, cents % 100); };
  one.written = [total](Release release, int n) {
    return Values{release == Release::old_one ? std::to_string(n * 37) : total(n * 37)};
  };
  one.map = [total](const Values& old) {
    return Values{old[0] ? Value(total(std::stoi(*old[0]))) : std::nullopt};
  };
  one.back = [](const Values& now) {
    if (!now[0]) return Values{std::nullopt};
    std::string digits = *now[0];
    std::erase(digits, '.');
    return Values{std::to_string(std::stoi(digits))};
  };
  return one;
}

// Loses zeros in front, and has no value for some words: those stay NULL, and the app is not told.
Subject lossy_retype() {
  Subject one;
  one.name = "coded";
  one.schema = "CREATE TABLE coded (id bigint PRIMARY KEY, code text DEFAULT '000', seen int)";
  one.change = R"(retype coded.code -> integer as number
  using (code::integer)
  back (number::text)
default coded.number 0)";
  one.old_columns = {"code"};
  one.new_columns = {"number"};
  one.old_default = {"000"};
  one.written = [](Release release, int n) {
    if (release == Release::old_one && n % 5 == 0) return Values{fmt::format("word {}", n)};
    return Values{fmt::format("{}{}", release == Release::old_one && n % 5 == 1 ? "00" : "", n)};
  };
  one.map = [](const Values& old) {
    if (!old[0] || old[0]->find_first_not_of("0123456789") != std::string::npos)
      return Values{std::nullopt};
    return Values{std::to_string(std::stoi(*old[0]))};
  };
  one.back = as_it_is;
  return one;
}

Subject required() {
  Subject one;
  one.name = "called";
  one.schema = "CREATE TABLE called (id bigint PRIMARY KEY, body text DEFAULT 'nobody', seen int)";
  one.change = "add called.phone text required\n  backfill 'unknown'";
  one.old_columns = {"body"};
  one.new_columns = {"phone"};
  one.old_default = {"nobody"};
  one.written = [](Release, int n) { return Values{fmt::format("v{}", n)}; };
  one.map = [](const Values&) { return Values{"unknown"}; };
  return one;
}

Subject move() {
  Subject one;
  one.name = "moved";
  one.schema = R"(CREATE TABLE moved (id bigint PRIMARY KEY, body text DEFAULT 'nobody', seen int);
CREATE TABLE moved_too (id bigint PRIMARY KEY REFERENCES moved ON DELETE CASCADE ON UPDATE CASCADE,
                        seen int))";
  one.change = "move moved.body -> moved_too.body on (moved_too.id = moved.id)";
  one.old_columns = {"body"};
  one.new_columns = {"body"};
  one.old_default = {"nobody"};
  one.written = [](Release release, int n) {
    return Values{fmt::format("{}{}", release == Release::old_one ? "o" : "n", n)};
  };
  one.map = as_it_is;
  one.back = as_it_is;
  one.touch_fills = false;
  one.other_table = true;
  return one;
}

}  // namespace

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> all{rename(),       split(),    merge(), retype(),
                                        lossy_retype(), required(), move()};
  return all;
}

const Subject& subject(const std::string& name) {
  const auto place = std::find_if(subjects().begin(), subjects().end(),
                                  [&](const Subject& one) { return one.name == name; });
  if (place == subjects().end()) throw std::logic_error("no subject " + name);
  return *place;
}

std::string change_of_all() {
  std::string text;
  for (const Subject& one : subjects()) text += one.change + "\n\n";
  return text;
}

}  // namespace segue::test::history
